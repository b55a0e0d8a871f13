"""Get the credential out of the file that somebody hands in: JSON, PNG, SVG, PDF or a compact JWS.

The kind is judged by the first bytes alone, never by a name or a stated type.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from ob3.baking import unbake
from ob3.errors import Ob3Error
from verifier.errors import ContainerRefused
from verifier.limited import run_limited
from verifier.pdf import attached_credential
from verifier.text_forms import is_json_text, token_in

INPUT_BYTES = 5 * 1024 * 1024


class ContainerKind(StrEnum):
    """The kinds of file in which a credential travels."""

    JSON = "json"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    JWT = "jwt"


class Extracted(NamedTuple):
    """The kind of file and the credential's text; bytes where they are not UTF-8 and so no JSON."""

    kind: ContainerKind
    text: str | bytes


_MAGIC = ((b"\x89PNG\r\n\x1a\n", ContainerKind.PNG), (b"%PDF-", ContainerKind.PDF))
_USE_ORIGINAL = "please use the original PNG, SVG, PDF or JSON file"
_FOREIGN = (
    (
        re.compile(rb"\xff\xd8\xff"),
        f"This is a JPEG picture, which cannot carry a credential; {_USE_ORIGINAL}.",
    ),
    (re.compile(rb"GIF8"), f"This is a GIF picture, which cannot carry a credential; {_USE_ORIGINAL}."),
    (
        re.compile(rb"RIFF....WEBP", re.DOTALL),
        f"This is a WebP picture, not the original badge; {_USE_ORIGINAL}.",
    ),
    (re.compile(rb"....ftyp(?:heic|heix|mif1|avif)", re.DOTALL), f"This is a photograph; {_USE_ORIGINAL}."),
    (
        re.compile(rb"PK\x03\x04"),
        "This is a ZIP archive or office document; please unpack it and use the file inside.",
    ),
    (
        re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"),
        "This is an archive; please use the file inside it.",
    ),
    (
        re.compile(rb"\s*(?:<!doctype\s+html|<html)", re.IGNORECASE),
        f"This is a web page and not the badge shown on it; {_USE_ORIGINAL}.",
    ),
    (
        re.compile(rb"\s*https?://", re.IGNORECASE),
        "This is a web address; please enter it in the field for addresses.",
    ),
)


def credential_from(data: bytes, kind: str | None = None, *, isolate: bool = True) -> Extracted:
    """Return the kind of `data`, at most 5 MiB, and the text of the one credential in it.

    `kind` may demand a kind. With `isolate` PNG and SVG are read in a limited child; a PDF always is. A
    signed token, found anywhere, has the kind `jwt`. Raise ContainerRefused where there is not exactly one
    credential or a limit was met, LimitHit where the child was stopped.
    """
    if len(data) > INPUT_BYTES:
        raise ContainerRefused("too_large", "The file is larger than 5 MiB, so it was not read.", limit=True)
    found = kind_of(data)
    if kind is not None and kind != found:
        raise ContainerRefused("kind_mismatch", f"The file was said to be {kind}, but it is {found}.")
    if found in (ContainerKind.JSON, ContainerKind.JWT):
        return _extracted(found, data)
    if found is ContainerKind.PDF:
        return _extracted(found, run_limited(attached_credential, data))
    return _extracted(found, run_limited(_unbaked, data) if isolate else _unbaked(data))


def kind_of(data: bytes) -> ContainerKind:
    """Return the kind of a file by its first bytes, or raise ContainerRefused with what it is instead."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    for pattern, sentence in _FOREIGN:
        if pattern.match(data):
            raise ContainerRefused("unknown_kind", sentence)
    if not data.strip():
        raise ContainerRefused("empty", f"There is nothing in it; {_USE_ORIGINAL}.")
    if is_json_text(data):
        return ContainerKind.JSON
    if token_in(data) is not None:
        return ContainerKind.JWT
    if data.removeprefix(b"\xef\xbb\xbf")[:4096].lstrip().startswith(b"<"):
        return ContainerKind.SVG
    raise ContainerRefused("unknown_kind", f"This is no file that can carry a credential; {_USE_ORIGINAL}.")


def _extracted(kind: ContainerKind, text: bytes) -> Extracted:
    token = token_in(text)
    if token is not None:
        return Extracted(ContainerKind.JWT, token)
    try:
        return Extracted(kind, text.decode("utf-8"))
    except UnicodeDecodeError:
        return Extracted(kind, text)


def _unbaked(image: bytes) -> bytes:
    """Return the credential in a PNG or SVG."""
    try:
        return unbake(image).encode("utf-8")
    except Ob3Error as error:
        raise ContainerRefused(error.code, error.message, limit=getattr(error, "limit", False)) from error
    except UnicodeEncodeError:
        raise ContainerRefused("text_form", "The credential in the picture is not proper text.") from None
