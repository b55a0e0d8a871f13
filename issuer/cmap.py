"""Which characters a TrueType font has: a reader of the `cmap` table, and of nothing else.

Only fonts that this project carries are read, so a damaged file is a programming error and may raise
struct.error.
"""

import struct
from collections.abc import Iterator


def characters(font: bytes) -> frozenset[int]:
    """Return the code points for which the font has a glyph.

    Source: OpenType specification, "cmap", formats 4 and 12 (the two that Unicode fonts carry).
    """
    offset = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, offset + 2)
    found: set[int] = set()
    for record in range(count):
        (subtable,) = struct.unpack_from(">I", font, offset + 4 + 8 * record + 4)
        found.update(_subtable(font, offset + subtable))
    return frozenset(found)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for entry in range(12, 12 + 16 * count, 16):
        if font[entry : entry + 4] == tag:
            return int(struct.unpack_from(">I", font, entry + 8)[0])
    raise ValueError(f"the font has no {tag.decode()} table")


def _subtable(font: bytes, start: int) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", font, start)
    if kind == 4:
        yield from _format_4(font, start)
    elif kind == 12:
        yield from _format_12(font, start)


def _format_4(font: bytes, start: int) -> Iterator[int]:
    """Segments of the Basic Multilingual Plane; glyph 0 means that there is none."""
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    words = f">{count}H"
    ends, starts, deltas, offsets = (
        struct.unpack_from(words, font, start + at)
        for at in (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    )
    for i, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offset:
                at = start + 16 + 6 * count + 2 * i + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, at)
                if not glyph:
                    continue
            if (glyph + delta) % 65536 and code != 0xFFFF:
                yield code


def _format_12(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for group in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * count]):
        first, last, glyph = group
        yield from (code for code in range(first, last + 1) if glyph + code - first)
