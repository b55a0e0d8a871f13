"""Typst, with one compiler kept for each thread and template: what turns data into pages and pictures.

All text goes in as JSON, never into the source of a template. It is a file beside the templates, in a folder
of the thread's own: Typst then remembers what of a page the last one had too, which it does not with its
`sys_inputs`. System fonts and the fonts that Typst brings along are left out, so a page looks the same on
every machine.
"""

import json
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from issuer.errors import IssuerError
from issuer.fonts import FONTS, check_printable

TEMPLATES = FONTS.parent
_DATA = "data.json"
_kept = threading.local()

# Members that are files of their own, not text to be set.
_FILES = frozenset({"credential", "qr_svg", "logo_svg"})


class TypesettingRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Typst could not set the page: the data do not fit its template, or a logo is not a picture."""


def typeset(
    template: str, data: Mapping[str, Any], *, form: Literal["pdf", "png", "svg"], ppi: float | None = None
) -> bytes:
    """Set `data` with the template of that file name and return the file, the same bytes for the same data.

    A PDF is PDF/A-3a and PDF/UA-1; of PNG and SVG there is one page. Raises UnprintableCharacter before
    anything is set, TypesettingRefused for whatever Typst refuses.
    """
    _check_texts(data)
    options: dict[str, Any] = {"format": form}
    if form == "pdf":
        options["pdf_standards"] = ["a-3a", "ua-1"]
    if ppi is not None:
        options["ppi"] = ppi
    try:
        pages = _compiled(template, json.dumps(data, ensure_ascii=False), options)
    except OSError as error:
        raise TypesettingRefused(
            "page_storage", f"There is no place to set a page in: {error.strerror}."
        ) from error
    except typst.TypstError as error:
        raise TypesettingRefused("page_refused", f"The page could not be set: {error.message}.") from error
    if isinstance(pages, list):
        raise TypesettingRefused("page_overfull", f"The text does not fit one page; it takes {len(pages)}.")
    return bytes(pages)


@dataclass
class _Desk:
    """Where one thread of one process sets its pages: a folder with the templates, a compiler for each."""

    folder: Path
    process: int
    compilers: dict[str, Any] = field(default_factory=dict)


def _compiled(template: str, data: str, options: Mapping[str, Any]) -> Any:
    file = _desk().folder / _DATA
    try:
        file.write_text(data, encoding="utf-8")
        return _compiler(template).compile(**options)
    finally:
        file.unlink(missing_ok=True)  # it holds what is known of a learner


def _compiler(template: str) -> Any:
    desk = _desk()
    if template not in desk.compilers:
        desk.compilers[template] = typst.Compiler(
            str(desk.folder / template), root=str(desk.folder), font_paths=_fonts()
        )
    return desk.compilers[template]


def _desk() -> _Desk:
    """Give the desk of this thread; a process that was forked makes its own, or two would write one file."""
    desk: _Desk | None = getattr(_kept, "desk", None)
    if desk is None or desk.process != os.getpid():
        desk = _kept.desk = _Desk(Path(tempfile.mkdtemp(prefix="testamur-pages-")), os.getpid())
        weakref.finalize(desk, _remove, desk.folder, desk.process)
        for source in TEMPLATES.glob("*.typ"):
            shutil.copy(source, desk.folder)
    return desk


def _remove(folder: Path, process: int) -> None:
    if process == os.getpid():  # and not a fork of it, which forgets what it inherited
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _fonts() -> Any:
    return typst.Fonts(font_paths=[str(FONTS)], include_system_fonts=False, include_embedded_fonts=False)


_check_text = lru_cache(maxsize=512)(check_printable)  # most of them stand on every page of a class


def _check_texts(value: Any) -> None:
    """Look at every text: a picture would silently show boxes where a PDF standard makes Typst complain."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name not in _FILES:
                _check_texts(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _check_texts(member)
