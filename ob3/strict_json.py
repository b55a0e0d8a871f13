"""Read and write the JSON of credentials strictly: one text, one reading.

A secured credential is written by `dump`: compact, members in the order they have, characters as themselves
and not as `\\u` escapes, in UTF-8. The signature covers the statements and not these bytes, yet they are
fixed once written: what was stored is served, attached and baked byte for byte.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from ob3.errors import JsonRefused
from ob3.places import DEEPEST, Place, walk
from ob3.soundness import LARGEST_INTEGER as LARGEST_INTEGER
from ob3.soundness import fits, is_sound, sound_members
from ob3.text import UNSIGNABLE, check_text

# Strings are matched first, so that brackets inside them do not count. The closing quote is optional: a
# string that never ends is then one match as well, which keeps the scan linear.
_STRINGS_AND_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_SPACED_COLON = re.compile(r'"[ \t\n\r]+:')
_SPACED_QUOTES = ('" ', '"\n', '"\r', '"\t')  # looked for first, since most texts have none of them
_BACKSLASH = b"\\"
_NUL = b"\\u0000"  # may also be an escaped backslash and five letters; then slower looks tell
_UNREAD = object()


@dataclass(frozen=True)
class JsonLimits:
    """How much is read: size in bytes of UTF-8, nesting depth, number of objects and of all values."""

    size: int = 1024 * 1024
    depth: int = DEEPEST
    objects: int = 1_000
    values: int = 20_000


DEFAULT_LIMITS = JsonLimits()


def parse(data: bytes | str, *, limits: JsonLimits = DEFAULT_LIMITS) -> Any:
    """Read one JSON text and give its value.

    Refuses what two readers could read differently: other encodings than UTF-8 and a byte order mark, members
    named twice, NaN and Infinity, integers beyond 2^53, numbers too large for a double, NUL and half
    surrogate pairs. Raises JsonRefused, whose `limit` tells a safety limit from a malformed text.
    Source: RFC 8259, RFC 7493 (I-JSON).
    """
    data = _encoded(data, limits)
    value = _read_as_written(data, limits)
    if value is not _UNREAD:
        return value
    text = _text(data)
    value = _read_at_once(text, limits)
    if value is _UNREAD:  # slower, and it knows the reason
        _check_depth(text, limits.depth)
        value = _decode(text)
        _check_counts(value, limits)
    return value


def dump(value: Any) -> str:
    """Write a value as the compact JSON text that gets stored and served.

    Raises JsonRefused for anything that `parse` would not read back equal, and for control characters.
    """
    if is_sound(value, unsound=UNSIGNABLE):
        return orjson.dumps(value).decode()
    for path, part in walk(value):
        _check_part(part, path)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def check_number(value: float, path: str | Place = "") -> None:
    """Refuse a number that implementations read differently: beyond 2^53 when whole, or not finite."""
    if isinstance(value, float):
        if not math.isfinite(value):
            _refuse(
                "number_not_finite", f"The number at {path or 'the top'} is too large or is no number.", path
            )
    elif abs(value) > LARGEST_INTEGER:
        _refuse("integer_out_of_range", f"The whole number at {path or 'the top'} lies beyond 2^53.", path)


def _encoded(data: bytes | str, limits: JsonLimits) -> bytes:
    if isinstance(data, str):
        try:
            data = data.encode()
        except UnicodeEncodeError:
            _refuse(
                "lone_surrogate", "The text holds half of a surrogate pair; it cannot be written as UTF-8."
            )
    if len(data) > limits.size:
        _refuse("too_large", f"The text is larger than {limits.size} bytes.", limit=True)
    if data.startswith(b"\xef\xbb\xbf"):
        _refuse("byte_order_mark", "The text begins with a byte order mark; save it as UTF-8 without one.")
    return data


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        _refuse("not_utf8", f"The text is not UTF-8: byte {error.start + 1} does not fit.")


def _read_as_written(data: bytes, limits: JsonLimits) -> Any:
    """Give the value of a text that is, byte for byte, what is written of the value: so `dump` writes.

    Then it says nothing that was not read: no member stands twice, no number is read as another. What is left
    to see is NUL, which is written as it is read, and the limits.
    """
    try:
        value = orjson.loads(data)
        if orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER) != data:
            return _UNREAD
        if _BACKSLASH in data and _NUL in data:  # the first is found, or not, at once
            return _UNREAD
    except (ValueError, TypeError):  # no JSON, too deep, or a whole number that is too large
        return _UNREAD
    is_small = fits(value, data, depth=limits.depth, values=limits.values, objects=limits.objects)
    return value if is_small else _UNREAD


def _read_at_once(text: str, limits: JsonLimits) -> Any:
    """Give the value of a text in which nothing is wrong; anything else is for the slower looks to name.

    A member that stands twice is read once. With no space before its colon each member writes `":` once,
    and these may stand within texts too: where there are as many as members were read, none stands twice.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _UNREAD
    members = sound_members(
        value, unsound=_NO_TEXT, depth=limits.depth, values=limits.values, objects=limits.objects
    )
    if members is None or members != text.count('":'):
        return _UNREAD
    if any(spaced in text for spaced in _SPACED_QUOTES) and _SPACED_COLON.search(text):
        return _UNREAD
    return value


def _check_depth(text: str, limit: int) -> None:
    """Count brackets before parsing, so that no parser meets a depth it was not asked to bear."""
    depth = 0
    for match in _STRINGS_AND_BRACKETS.finditer(text):
        mark = text[match.start()]
        if mark in "[{":
            depth += 1
            if depth > limit:
                _refuse("too_deep", f"The text is nested deeper than {limit} levels.", limit=True)
        elif mark in "]}":
            depth -= 1


def _decode(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=lambda word: _refuse("not_a_number", f"{word} is not a JSON number."),
        )
    except json.JSONDecodeError as error:
        _refuse(
            "not_json", f"The text is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        )


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(members)
    if len(result) != len(members):
        seen: set[str] = set()
        twice = next(key for key, _ in members if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _refuse("duplicate_key", f"The member {_shown(twice)} stands twice in one object.")
    return result


def _integer(digits: str) -> int:
    if len(digits) > len(str(-LARGEST_INTEGER)) or abs(int(digits)) > LARGEST_INTEGER:
        _refuse(
            "integer_out_of_range", f"The whole number {digits[:30]} lies beyond 2^53; write it as a text."
        )
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse("number_not_finite", f"The number {digits[:30]} is too large to be read.")
    return value


def _check_counts(value: Any, limits: JsonLimits) -> None:
    """Count objects and values and look at every text; the depth is known to be small by now."""
    values = objects = 0
    waiting = [value]
    while waiting:
        part = waiting.pop()
        values += 1
        if isinstance(part, str):
            _check_readable(part)
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            objects += 1
            waiting += part.values()
            for key in part:
                _check_readable(key)
        if values + len(waiting) > limits.values or objects > limits.objects:
            _refuse("too_many_values", "The text holds more objects or values than are read.", limit=True)


def _check_readable(text: str) -> None:
    if _NO_TEXT.search(text):
        _refuse("unreadable_character", f"{_shown(text)} holds NUL or half of a surrogate pair.")


def _check_part(part: Any, path: Place) -> None:
    """Refuse what JSON cannot hold, or Python's writer would change on the way."""
    if isinstance(part, str):
        check_text(part, path)
    elif isinstance(part, dict):
        for key in part:
            if not isinstance(key, str):
                _refuse("not_json", f"The object at {path or 'the top'} has a name that is no text.", path)
            check_text(key, path)
    elif part is None or isinstance(part, bool | list):
        return
    elif isinstance(part, int | float):
        check_number(part, path)
    else:
        _refuse("not_json", f"The value at {path or 'the top'} is a {type(part).__name__}, not JSON.", path)


def _shown(text: str) -> str:
    return repr(text[:60])


def _refuse(code: str, message: str, path: str | Place = "", *, limit: bool = False) -> NoReturn:
    raise JsonRefused(code, message, path, limit=limit)
