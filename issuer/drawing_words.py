"""What a drawing for a badge may hold: elements, attributes and properties, and the form of their values."""

import re

_ID = r"[A-Za-z_][A-Za-z0-9_.-]{0,99}"

# Sets of characters and no grammar: renderers read the numbers, and a set is never searched for long.
REFERENCE = re.compile(rf"url\(#{_ID}\)", re.ASCII)
_NUMBERS = re.compile(r"[0-9A-Za-z\s,.%+-]*", re.ASCII)
_PATH = re.compile(r"[MmZzLlHhVvCcSsQqTtAaEe0-9\s,.+-]*", re.ASCII)
_WORD = re.compile(r"[A-Za-z\s-]{1,80}", re.ASCII)
_COLOUR = r"(?:#[0-9A-Fa-f]{3,8}|[A-Za-z-]{1,30}|(?:rgb|rgba|hsl|hsla)\([0-9\s,.%/+-]{1,60}\))"
_PAINT = re.compile(rf"(?:{_COLOUR}|url\(#{_ID}\)(?:\s{{1,3}}{_COLOUR})?)", re.ASCII)
_TRANSFORM = re.compile(
    r"(?:(?:matrix|translate|scale|rotate|skewX|skewY)\s{0,3}\([0-9eE\s,.+-]{0,200}\)[\s,]{0,5}){0,20}",
    re.ASCII,
)
_CLIP = re.compile(rf"none|url\(#{_ID}\)", re.ASCII)

ELEMENTS = frozenset(
    (
        "svg",
        "g",
        "defs",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "image",
        "title",
        "desc",
    )
)

PROPERTIES = {
    **dict.fromkeys(("fill", "stroke", "color", "stop-color"), _PAINT),
    **dict.fromkeys(
        (
            "fill-opacity",
            "stroke-opacity",
            "stop-opacity",
            "opacity",
            "stroke-width",
            "stroke-miterlimit",
            "stroke-dashoffset",
        ),
        _NUMBERS,
    ),
    **dict.fromkeys(
        (
            "fill-rule",
            "clip-rule",
            "stroke-linecap",
            "stroke-linejoin",
            "display",
            "visibility",
            "overflow",
            "paint-order",
            "shape-rendering",
            "image-rendering",
        ),
        _WORD,
    ),
    "stroke-dasharray": _NUMBERS,
    "clip-path": _CLIP,
}

ATTRIBUTES = {
    **dict.fromkeys(
        (
            "x",
            "y",
            "width",
            "height",
            "cx",
            "cy",
            "r",
            "rx",
            "ry",
            "x1",
            "y1",
            "x2",
            "y2",
            "fx",
            "fy",
            "fr",
            "offset",
            "points",
            "pathLength",
        ),
        _NUMBERS,
    ),
    **dict.fromkeys(("transform", "gradientTransform"), _TRANSFORM),
    **dict.fromkeys(("gradientUnits", "clipPathUnits", "spreadMethod", "preserveAspectRatio"), _WORD),
    "d": _PATH,
    "id": re.compile(_ID, re.ASCII),
}
