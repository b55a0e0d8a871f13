"""JSON Pointers, and the part of a document that a set of them selects.

Source: RFC 6901; VC-DI-ECDSA 1.0, section 3.4, jsonPointerToPaths, createInitialSelection, selectPaths and
selectJsonLd. Stricter than these where they would guess: an index has one spelling, a pointer ends at a value
that is there, and no pointer reaches into a text or number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ob3.errors import JsonRefused

_ESCAPED = re.compile(r"~([01])")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_MOST_POINTERS = 1_000
_LONGEST_POINTER = 2_000  # characters
_MOST_NAMED = 12  # members that a message lists

# What goes with a node on the way to something selected: without them the statements would change their
# subject or their meaning. `@context` stands there in an embedded credential.
_ALWAYS_WITH = frozenset({"@context", "id", "type", "@id", "@type"})


@dataclass(frozen=True)
class Selection:
    """A part of a document as fresh objects, and where each of its objects stands in the whole.

    `places` maps `id(object)` to a JSON Pointer; it holds as long as `document` does.
    """

    document: dict[str, Any]
    places: dict[int, str] = field(repr=False)


class _All:
    """Everything below a place."""


_Marks = dict[str | int, Any]


def read_pointer(text: object) -> tuple[str, ...]:
    """Give the steps of a JSON Pointer; none for the whole document.

    Raises JsonRefused (`malformed_pointer`).
    """
    if not isinstance(text, str) or len(text) > _LONGEST_POINTER:
        _malformed(text, f"is no text of at most {_LONGEST_POINTER} characters")
    if text and not text.startswith("/"):
        _malformed(text, "does not begin with a slash")
    steps = text.split("/")[1:]
    if any("~" in _ESCAPED.sub("", step) for step in steps):
        _malformed(text, "holds a ~ that is written neither ~0 nor ~1")
    return tuple(_ESCAPED.sub(lambda found: "~/"[int(found[1])], step) for step in steps)


def write_pointer(steps: Iterable[str | int]) -> str:
    """Write steps as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def whole(document: Mapping[str, Any]) -> Selection:
    """Give a fresh copy of a document with the places of its objects."""
    return _Selector(lambda place: True).select(document, _All)


def select(
    document: Mapping[str, Any], pointers: Iterable[str], *, is_node: Callable[[str], bool]
) -> Selection | None:
    """Give what JSON Pointers select, with the ids and types on the way; None if there are none.

    `is_node` tells of the place of an object whether it is a node, and not, say, a text in several languages.
    Raises JsonRefused: `malformed_pointer`, `pointer_not_found`, `pointer_into_value`, `too_many_pointers`.
    """
    marks: Any = {}
    count = 0
    for count, pointer in enumerate(pointers, start=1):
        if count > _MOST_POINTERS:
            raise JsonRefused(
                "too_many_pointers", f"More than {_MOST_POINTERS} pointers are given.", limit=True
            )
        marks = _mark(marks, _found(document, pointer))
    return _Selector(is_node).select(document, marks) if count else None


def _found(document: Mapping[str, Any], pointer: str) -> tuple[str | int, ...]:
    """Give the steps of a pointer, array indexes as numbers, once it is known that they lead somewhere."""
    value: Any = document
    found: list[str | int] = []
    for step in read_pointer(pointer):
        if isinstance(value, dict):
            if step not in value:
                _not_found(pointer, found, f"has no member {step[:100]!r}", value)
            found.append(step)
        elif isinstance(value, list):
            if not _INDEX.fullmatch(step) or int(step) >= len(value):
                _not_found(pointer, found, f"is a list of {len(value)}, without a {step[:100]!r}", {})
            found.append(int(step))
        else:
            raise JsonRefused(
                "pointer_into_value",
                f"The pointer {pointer[:200]} goes into the value at {write_pointer(found)}, "
                "which can be shown only as a whole.",
                pointer,
            )
        value = value[found[-1]]
    return tuple(found)


def _mark(marks: Any, steps: tuple[str | int, ...]) -> Any:
    if not steps or marks is _All:
        return _All
    inner: _Marks = marks
    for step in steps[:-1]:
        if inner.get(step) is _All:
            return marks
        inner = inner.setdefault(step, {})
    inner[steps[-1]] = _All
    return marks


class _Selector:
    """Copies what is marked; every object is made anew, so that none stands in two places."""

    def __init__(self, is_node: Callable[[str], bool]) -> None:
        self._is_node = is_node
        self._places: dict[int, str] = {}

    def select(self, document: Mapping[str, Any], marks: Any) -> Selection:
        return Selection(self._copy(document, marks, ""), self._places)

    def _copy(self, value: Any, marks: Any, place: str) -> Any:
        if isinstance(value, Mapping):
            copied = self._members(value, marks, place)
            self._places[id(copied)] = place
            return copied
        if isinstance(value, list):
            wanted = range(len(value)) if marks is _All else sorted(marks)
            return [
                self._copy(value[index], _All if marks is _All else marks[index], f"{place}/{index}")
                for index in wanted
            ]
        return value

    def _members(self, value: Mapping[str, Any], marks: Any, place: str) -> dict[str, Any]:
        wanted: Any = dict.fromkeys(value, _All) if marks is _All else marks
        if marks is not _All and self._is_node(place):
            wanted = {**marks, **dict.fromkeys(_ALWAYS_WITH, _All)}
        return {
            name: self._copy(inner, wanted[name], place + write_pointer([name]))
            for name, inner in value.items()
            if name in wanted
        }


def _malformed(text: object, what: str) -> NoReturn:
    raise JsonRefused("malformed_pointer", f"The pointer {str(text)[:200]!r} {what} (RFC 6901).")


def _not_found(pointer: str, found: list[str | int], what: str, value: Mapping[str, Any]) -> NoReturn:
    at = write_pointer(found) or "The document"
    names = ", ".join(list(value)[:_MOST_NAMED])
    there = f" It has: {names}{', ...' if len(value) > _MOST_NAMED else ''}." if names else ""
    raise JsonRefused(
        "pointer_not_found", f"The pointer {pointer[:200]} leads nowhere: {at[:200]} {what}.{there}", pointer
    )
