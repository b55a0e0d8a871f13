"""See at once that nothing is wrong with a JSON value, level by level and in the speed of C.

It says how many members there are, or nothing. Where it says nothing, slower looks find what is wrong and
where; so it may do that too often, and never say a number for what they would refuse.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import orjson

from ob3.places import DEEPEST

# Integers beyond this are read differently by JavaScript (RFC 8259, section 6; RFC 7493, section 2.2).
LARGEST_INTEGER = 2**53

_KINDS = frozenset({dict, list, str, int, float, bool, type(None)})
_MANY = 100_000
_SHORT = 32 * 1024  # bytes: most credentials
_PRINTED = bytes(range(0x20, 0x7F))  # nearly all there is, and never unsound
_ESCAPED = re.compile(rb'\\[\\"tnr]')  # what is left of the others, once it is written, is never looked for
# Between these no writer of JSON uses an exponent, so all of them write a number in one way.
_LEAST_PLAIN, _MOST_PLAIN = 1e-4, 1e16

_Level = dict[type, list[Any]]


def is_sound(value: Any, *, unsound: re.Pattern[str]) -> bool:
    """Tell whether a value is JSON and nothing else; `unsound` as below."""
    return sound_members(value, unsound=unsound) is not None


def sound_members(
    value: Any,
    *,
    unsound: re.Pattern[str],
    depth: int = DEEPEST,
    values: int = _MANY,
    objects: int = _MANY,
) -> int | None:
    """Give how many members the objects have in a value that is JSON and nothing else; None for any other.

    `unsound` are the characters that may not stand in texts and names: none that Python calls printable, no
    tab and no end of a line. Objects and lists are counted among the values, and limited are depth and
    number. Numbers that are written with an exponent are left to slower looks as well.
    """
    members = 0
    for parts in _levels(value, depth, values, objects):
        if parts is None or not parts.keys() <= _KINDS or not _are_plain_numbers(parts.get(float, ())):
            return None
        members += sum(map(len, parts.get(dict, ())))
    return members if _is_readable(value, unsound) else None


def fits(value: Any, written: bytes, *, depth: int, values: int, objects: int) -> bool:
    """Tell whether JSON is no deeper, and has no more values and objects, than that; `written` is its compact
    text."""
    if _surely_fits(value, written, depth, values, objects):
        return True
    return None not in _levels(value, depth, values, objects)


def _surely_fits(value: Any, written: bytes, depth: int, values: int, objects: int) -> bool:
    """See so of what is far within the limits, for a value takes two characters of the text at least.

    In lines, two spaces stand before each value for each level, and no text has the end of a line within it.
    What looks like an object in a text only adds to the count.
    """
    if len(written) > min(_SHORT, values) or written.count(b"{") > objects or depth < 1:
        return False
    return b"\n" + b"  " * depth not in orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _levels(value: Any, depth: int, values: int, objects: int) -> Iterator[_Level | None]:
    """Give all values level by level, each time sorted by their types; None where it is too much."""
    parts: list[Any] = [value]
    for _ in range(depth + 1):
        level: _Level = defaultdict(list)
        for part in parts:
            level[type(part)].append(part)
        values, objects = values - len(parts), objects - len(level[dict])
        if values < 0 or objects < 0:
            break
        yield level
        if not level[dict] and not level[list]:
            return
        parts = [*chain.from_iterable(map(dict.values, level[dict])), *chain.from_iterable(level[list])]
    yield None


def _are_plain_numbers(numbers: Iterable[float]) -> bool:
    return all(number == 0 or _LEAST_PLAIN <= abs(number) < _MOST_PLAIN for number in numbers)


def _is_readable(value: Any, unsound: re.Pattern[str]) -> bool:
    """Look for characters in what is written, without those that need no look, since a pattern is slow."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except TypeError:  # half of a surrogate pair, a name that is no text, a whole number that is too large
        return False
    if b"\\" in written and b"\\" in _ESCAPED.sub(b"", written):
        return False
    if written.isascii() and b"\x7f" not in written:
        return True
    left = written.translate(None, _PRINTED).decode()
    return left.isprintable() or unsound.search(left) is None
