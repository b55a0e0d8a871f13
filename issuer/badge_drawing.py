"""Drawings for badges: an SVG written anew from a list of what a drawing may hold.

There is no list of what is forbidden: an element, attribute or value that is not named here does not get in.
What other programs add for themselves (foreign namespaces) is left out; what would change the picture, run or
reach out is refused, so that nobody signs another picture than they uploaded (THREATS U2).
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from issuer.drawing_words import ATTRIBUTES, ELEMENTS, PROPERTIES, REFERENCE
from issuer.errors import IssuerError

MAX_BYTES = 512 * 1024
MAX_ELEMENTS = 5_000
_MAX_DEPTH = 32
_MAX_PICTURES = 4
_MAX_DRAWN = 20_000  # elements that copies draw
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_NAMESPACE: Any = {None: _SVG}
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,6})?)(?:px|pt|mm)?\s*")
_NUMBER = r"[+-]?(?:\d{1,6}(?:\.\d{0,9})?|\.\d{1,9})"
_VIEW_BOX = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")

_ADVICE = {
    "script": "Take the script out.",
    "style": "Save the drawing with its colours as attributes in place of a style sheet.",
    "foreignObject": "Take the embedded page out.",
    "text": "Turn the letters into outlines: not every reader has their font.",
    "filter": "Flatten the effect, or upload a PNG picture.",
    "mask": "Flatten the mask, or upload a PNG picture.",
    "pattern": "Flatten the pattern, or upload a PNG picture.",
}


def rebuilt_svg(data: bytes, *, embedded: Callable[[bytes], bytes]) -> tuple[bytes, int, int]:
    """Write a drawing anew and give it with its width and height in its own units, rounded.

    `embedded` makes a clean PNG of a picture inside the drawing or raises IssuerError. Raises IssuerError
    `picture_too_large`, `svg_declarations`, `svg_malformed`, `svg_too_complex`, `svg_element`,
    `svg_attribute`, `svg_reference` or `svg_size`.
    """
    if len(data) > MAX_BYTES:
        raise IssuerError(
            "picture_too_large",
            f"The drawing has {len(data):,} bytes; {MAX_BYTES:,} are allowed. Simplify it, or upload a PNG.",
        )
    if _DECLARES.search(data):
        raise IssuerError(
            "svg_declarations",
            "The drawing has a document type or entities. Save it as “plain SVG”, without them.",
        )
    root = _parsed(data)
    size = _size(root)
    builder = _Builder(embedded)
    made = builder.element(root, 1)
    if made is None:
        raise _no_drawing()
    for outer in ("x", "y", "width", "height"):
        made.attrib.pop(outer, "")
    made.set("viewBox", " ".join(f"{number:g}" for number in size))
    _check_references(made)
    written: bytes = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    return written, max(1, round(size[2])), max(1, round(size[3]))


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise IssuerError(
            "svg_malformed",
            "The drawing is not well-formed XML. Open it in a drawing program and save it anew.",
        ) from None  # the library's message quotes the hostile text
    if root.tag != f"{{{_SVG}}}svg":
        raise _no_drawing()
    return root


def _no_drawing() -> IssuerError:
    return IssuerError(
        "svg_malformed", "The file is XML, but no SVG drawing. Upload a PNG, JPEG, WebP or SVG."
    )


def _size(root: etree._Element) -> tuple[float, float, float, float]:
    box = _VIEW_BOX.fullmatch(root.get("viewBox", ""))
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if box:
        size = (float(box[1]), float(box[2]), float(box[3]), float(box[4]))
    elif sides[0] and sides[1]:
        size = (0.0, 0.0, float(sides[0][1]), float(sides[1][1]))
    else:
        size = (0.0, 0.0, 0.0, 0.0)
    width, height = size[2], size[3]
    if not (all(map(math.isfinite, size)) and 1 <= width <= 100_000 and 1 <= height <= 100_000):
        raise IssuerError("svg_size", "The drawing does not say how large it is. Save it with a “viewBox”.")
    return size


class _Builder:
    """Build the new tree, counting what it holds."""

    def __init__(self, embedded: Callable[[bytes], bytes]) -> None:
        self._embedded = embedded
        self._elements = 0
        self._pictures = 0

    def element(self, source: etree._Element, depth: int) -> etree._Element | None:
        """Write one element anew with what stands in it; None for what belongs to another program."""
        if not isinstance(source.tag, str):
            raise IssuerError(
                "svg_declarations", "The drawing uses an entity. Save it as “plain SVG”, without entities."
            )
        name = _name(source.tag)
        if name.namespace != _SVG or name.localname == "metadata":
            return None
        self._count(depth)
        if name.localname not in ELEMENTS or (name.localname == "svg" and depth > 1):
            advice = _ADVICE.get(name.localname, "Simplify the drawing, or upload a PNG picture.")
            raise IssuerError("svg_element", f"The drawing has “{name.localname[:40]}” in it. {advice}")
        made = etree.Element(f"{{{_SVG}}}{name.localname}", nsmap=_NAMESPACE)
        for key, value in self._attributes(source, name.localname).items():
            made.set(key, value)
        if name.localname in ("title", "desc"):
            made.text = "".join(part for part in source.itertext() if isinstance(part, str))[:500]
            return made
        for child in source:
            below = self.element(child, depth + 1)
            if below is not None:
                made.append(below)
        return made

    def _count(self, depth: int) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or depth > _MAX_DEPTH:
            raise IssuerError(
                "svg_too_complex",
                f"The drawing has more than {MAX_ELEMENTS:,} parts or {_MAX_DEPTH} levels. Upload a PNG.",
            )

    def _attributes(self, source: etree._Element, element: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for raw, value in source.attrib.items():
            name = _name(str(raw))
            if name.namespace in (None, "", _XLINK) and name.localname == "href":
                found["href"] = self._reference(str(value), element)
            elif name.namespace:
                continue  # another program's notes, or xml:space: nothing of the picture
            elif name.localname == "style":
                found |= _declarations(str(value))
            elif name.localname not in _LEFT_OUT and not name.localname.startswith(_OF_LETTERS):
                found[name.localname] = _value(name.localname, str(value))
        return found

    def _reference(self, value: str, element: str) -> str:
        if element == "image":
            return self._picture(value)
        if REFERENCE.fullmatch(f"url({value.strip()})"):
            return value.strip()
        raise _outside(value)

    def _picture(self, value: str) -> str:
        match = _EMBEDDED.fullmatch(value.strip())
        if match is None:
            raise _outside(value)
        self._pictures += 1
        if self._pictures > _MAX_PICTURES:
            raise IssuerError("svg_too_complex", "The drawing holds too many pictures. Upload a PNG picture.")
        try:
            data = base64.b64decode("".join(match[1].split()), validate=True)
        except (binascii.Error, ValueError):
            raise _outside(value) from None
        return "data:image/png;base64," + base64.b64encode(self._embedded(data)).decode("ascii")


# Said anew by the root, or of no effect in a picture without style sheets, letters and scripts.
_LEFT_OUT = frozenset(
    {"viewBox", "version", "baseProfile", "class", "role", "focusable", "enable-background"}
)
_OF_LETTERS = ("data-", "aria-", "font", "text-", "letter-", "word-", "line-", "writing-", "baseline-")


def _value(name: str, value: str) -> str:
    """Check one attribute; what acts is refused, what is merely unknown too."""
    pattern = ATTRIBUTES.get(name) or PROPERTIES.get(name)
    if pattern is not None and pattern.fullmatch(value):
        return value
    shown = f"{name[:40]}=“{value[:60]}”"
    if "url(" in value.lower() or ":" in value:
        raise _outside(value)
    raise IssuerError(
        "svg_attribute",
        f"The drawing has {shown}, which is not allowed. Take it out, or upload a PNG picture.",
    )


def _declarations(style: str) -> dict[str, str]:
    """Turn a style attribute into attributes; properties that are not of a drawing are left out."""
    found: dict[str, str] = {}
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in PROPERTIES:
            found[name] = _value(name, value)
        elif "(" in value or "\\" in style or "@" in style:
            raise _outside(declaration)
    return found


def _outside(value: str) -> IssuerError:
    return IssuerError(
        "svg_reference",
        f"The drawing points outside itself (“{value.strip()[:60]}”). Put everything into the drawing, "
        "pictures in it as PNG.",
    )


class _Name(NamedTuple):
    namespace: str | None
    localname: str


def _name(tag: str) -> _Name:
    """Take a name of the parser apart; lxml's QName refuses namespaces with braces, which a file may have."""
    namespace, brace, localname = tag.rpartition("}")
    return _Name(namespace[1:] if brace else None, localname)


def _check_references(root: etree._Element) -> None:
    """Refuse drawings that multiply themselves: what is used or clips may not use or be clipped in turn."""
    drawn = 0
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    for element in root.iter():
        reference = element.get("href", "")
        target = by_id.get(reference.removeprefix("#")) if reference.startswith("#") else None
        is_use = etree.QName(element).localname == "use"
        inside = target if is_use else element if etree.QName(element).localname == "clipPath" else None
        drawn += sum(1 for _ in target.iter()) if is_use and target is not None else 0
        if drawn > _MAX_DRAWN or (inside is not None and any(_reuses(one) for one in inside.iter())):
            raise IssuerError(
                "svg_too_complex",
                "The drawing repeats parts that repeat others. Turn the copies into shapes of their own.",
            )


def _reuses(element: etree._Element) -> bool:
    return etree.QName(element).localname == "use" or element.get("clip-path", "none") != "none"
