"""See at once that nothing is wrong with a JSON value, level by level and in the speed of C.

It says yes or no. Where it says no, slower looks find what is wrong and where; so it may say no too often,
and never yes for what they would refuse.
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


def is_sound(
    value: Any,
    *,
    unsound: re.Pattern[str],
    depth: int = DEEPEST,
    values: int = _MANY,
    objects: int = _MANY,
) -> bool:
    """Tell whether a value is JSON and nothing else, within limits of depth and number.

    `unsound` are the characters that may not stand in texts and names: none that Python calls printable.
    Objects and lists are counted among the values.
    """
    parts: list[Any] = [value]
    for level in range(depth + 1):
        kinds = set(map(type, parts))
        maps = [part for part in parts if type(part) is dict]
        lists = [part for part in parts if type(part) is list]
        values, objects = values - len(parts), objects - len(maps)
        if values < 0 or objects < 0 or not kinds <= _KINDS or not _all_sound(parts, kinds, maps, unsound):
            return False
        if not maps and not lists:
            return True
        if level < depth:
            parts = [*chain.from_iterable(map(dict.values, maps)), *chain.from_iterable(lists)]
    return False


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
