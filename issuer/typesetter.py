"""Typst, with one compiler kept for each thread and template: what turns data into pages and pictures.

All text goes in as JSON, never into the source of a template. System fonts and the fonts that Typst brings
along are left out, so a page looks the same on every machine.
"""

import json
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import typst

from issuer.errors import IssuerError
from issuer.fonts import FONTS, check_printable

TEMPLATES = FONTS.parent
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
        pages = _compiler(template).compile(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **options
        )
    except typst.TypstError as error:
        raise TypesettingRefused("page_refused", f"The page could not be set: {error.message}.") from error
    if isinstance(pages, list):
        raise TypesettingRefused("page_overfull", f"The text does not fit one page; it takes {len(pages)}.")
    return bytes(pages)


def _compiler(template: str) -> Any:
    compilers: dict[str, Any] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_fonts()
        )
    return compilers[template]


@cache
def _fonts() -> Any:
    return typst.Fonts(font_paths=[str(FONTS)], include_system_fonts=False, include_embedded_fonts=False)


def _check_texts(value: Any) -> None:
    """Look at every text: a picture would silently show boxes where a PDF standard makes Typst complain."""
    if isinstance(value, str):
        check_printable(value)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name not in _FILES:
                _check_texts(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _check_texts(member)
