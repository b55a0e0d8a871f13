"""Walk through a JSON value and say where each part stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ob3.errors import JsonRefused

DEEPEST = 64
_LONGEST_STEP = 200


class Place:
    """A place in a document, written as a JSON Pointer (RFC 6901) only when somebody reads it.

    Made for every part of a hostile document, so it must cost nothing: one step and a reference to the rest.
    """

    __slots__ = ("_parent", "_step")

    def __init__(self, parent: Place | None = None, step: object = None) -> None:
        self._parent = parent
        self._step = step

    def __str__(self) -> str:
        steps: list[str] = []
        place = self
        while place._parent is not None:
            steps.append(_step(place._step))
            place = place._parent
        return "".join(reversed(steps))

    def __bool__(self) -> bool:
        """Tell whether this is a place inside the document, and not the whole."""
        return self._parent is not None

    def __truediv__(self, step: object) -> Place:
        return Place(self, step)


def walk(value: Any, *, depth: int = DEEPEST) -> Iterator[tuple[Place, Any]]:
    """Give every value inside a JSON value with its place, outermost first.

    Raises JsonRefused (`too_deep`, a limit) beyond `depth` levels, so a value that contains itself ends too.
    """
    waiting: list[tuple[Place, Any, int]] = [(Place(), value, 0)]
    while waiting:
        place, part, level = waiting.pop()
        yield place, part
        if isinstance(part, dict | list) and level >= depth:
            raise JsonRefused(
                "too_deep", f"The document is nested deeper than {depth} levels.", place, limit=True
            )
        if isinstance(part, dict):
            waiting.extend((place / key, item, level + 1) for key, item in part.items())
        elif isinstance(part, list):
            waiting.extend((place / index, item, level + 1) for index, item in enumerate(part))


def _step(step: object) -> str:
    text = str(step).replace("~", "~0").replace("/", "~1")
    return "/" + (text if len(text) <= _LONGEST_STEP else text[:_LONGEST_STEP] + "…")
