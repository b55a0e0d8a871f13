"""See at once that nothing is wrong with a JSON value, level by level and in the speed of C.

It says how many members there are, or nothing. Where it says nothing, slower looks find what is wrong and
where; so it may do that too often, and never say a number for what they would refuse.
"""

from __future__ import annotations

import math
import re
from itertools import chain
from typing import Any

from ob3.places import DEEPEST

# Integers beyond this are read differently by JavaScript (RFC 8259, section 6; RFC 7493, section 2.2).
LARGEST_INTEGER = 2**53

_KINDS = frozenset({dict, list, str, int, float, bool, type(None)})
_MANY = 100_000


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

    `unsound` are the characters that may not stand in texts and names: none that Python calls printable.
    Objects and lists are counted among the values, and limited are depth and number.
    """
    parts: list[Any] = [value]
    members = 0
    for level in range(depth + 1):
        kinds = set(map(type, parts))
        maps = [part for part in parts if type(part) is dict]
        lists = [part for part in parts if type(part) is list]
        values, objects = values - len(parts), objects - len(maps)
        if values < 0 or objects < 0 or not kinds <= _KINDS or not _all_sound(parts, kinds, maps, unsound):
            return None
        if not maps and not lists:
            return members
        members += sum(map(len, maps))
        if level < depth:
            parts = [*chain.from_iterable(map(dict.values, maps)), *chain.from_iterable(lists)]
    return None


def _all_sound(
    parts: list[Any], kinds: set[type], maps: list[dict[Any, Any]], unsound: re.Pattern[str]
) -> bool:
    """Look at the names, texts and numbers of one level."""
    names = list(chain.from_iterable(maps))
    if not set(map(type, names)) <= {str}:
        return False
    text = "".join([*names, *(part for part in parts if type(part) is str)])
    if not text.isprintable() and unsound.search(text):
        return False
    if float in kinds and not all(math.isfinite(part) for part in parts if type(part) is float):
        return False
    return int not in kinds or all(abs(part) <= LARGEST_INTEGER for part in parts if type(part) is int)
