"""What may stand before the root of an SVG: no document type with declarations of its own, and UTF-8 only.

Entities can be declared nowhere else, so a checked prolog leaves the XML parser nothing to expand.
"""

import re

from ob3.baking.refusal import ImageRefused

_DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*["']1\.[0-9]+["'](?:\s+encoding\s*=\s*["']([A-Za-z0-9._-]+)["'])?"""
    r"""(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>""",
    re.ASCII,
)
# A name and at most a pointer to the public SVG DTD, which is never loaded; 1EdTech's own samples have one.
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+svg(?:\s+(?:PUBLIC\s+(?:"[^"<>\[]*"|'[^'<>\[]*')|SYSTEM)\s+(?:"[^"<>\[]*"|'[^'<>\[]*'))?\s*>""",
    re.ASCII,
)
_SPACE = re.compile(r"[ \t\r\n]*")


def check_prolog(document: bytes) -> None:
    """Refuse another encoding than UTF-8, and a document type that declares anything.

    Raises BakingRefused `svg_encoding`, `svg_doctype` or `malformed_svg`.
    """
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImageRefused("svg_encoding", "The SVG picture is not UTF-8 text.") from error
    at = _after_declaration(text)
    seen_doctype = False
    while (end := _after_misc(text, at)) != at or text.startswith("<!", at):
        if end == at:
            end = _after_doctype(text, at, seen_doctype)
            seen_doctype = True
        at = end


def _after_declaration(text: str) -> int:
    if not text.startswith("<?xml") or text[5:6] not in " \t\r\n":
        return 0
    match = _DECLARATION.match(text)
    if match is None:
        raise ImageRefused("malformed_svg", "The XML declaration of the SVG picture cannot be read.")
    if (match[1] or "utf-8").lower() not in {"utf-8", "us-ascii", "ascii"}:
        raise ImageRefused("svg_encoding", "The SVG picture declares another encoding than UTF-8.")
    return match.end()


def _after_misc(text: str, at: int) -> int:
    """Give the place after white space, a comment or a processing instruction; `at` when there is none."""
    match = _SPACE.match(text, at)
    if match is not None and match.end() > at:
        return match.end()
    for start, stop in (("<!--", "-->"), ("<?", "?>")):
        if text.startswith(start, at):
            end = text.find(stop, at + len(start))
            if end < 0:
                raise ImageRefused(
                    "malformed_svg", "The SVG picture has a comment or instruction without end."
                )
            return end + len(stop)
    return at


def _after_doctype(text: str, at: int, seen_doctype: bool) -> int:
    match = _DOCTYPE.match(text, at)
    if match is None or seen_doctype:
        raise ImageRefused(
            "svg_doctype", "The SVG picture has a document type with declarations; pictures may not have one."
        )
    return match.end()
