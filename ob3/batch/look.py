"""What documents of one shape have in common, member by member, and the texts in which they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # the types leave it out
from json.encoder import encode_basestring
from typing import Any

from ob3.batch.slots import Mark, Path
from ob3.recent import exact_key

_Step = tuple[int, Any]


class Look:
    """A document with gaps, and its JSON text with the same gaps.

    Documents fit that are equal to it outside the gaps: the same members in the same order, the same numbers
    of the same kind, lists of the same length. In the gaps stand texts.
    """

    def __init__(self, marked: dict[str, Any], marks: Sequence[Mark]) -> None:
        self._members = tuple(marked)
        self._inner: list[tuple[int, Any, type, Any]] = []
        self._gaps: list[_Step] = [(0, "")] * len(marks)
        self._small: list[_Step] = []
        self._large: list[_Step] = []
        self._above = {mark.path[:length] for mark in marks for length in range(len(mark.path))}
        self._gather(marked, 0, (), {mark.path: number for number, mark in enumerate(marks)})
        found = self._found(marked) or []
        # Small parts first: other documents of nearly this shape mostly differ in one of them.
        self._same = [
            (steps, exact_key([found[at][step] for at, step in steps]))
            for steps in (self._small, self._large)
        ]
        self._around, self._order = _around_gaps(marked, marks)
        self._text = "%s".join([part.replace("%", "%%") for part in self._around])
        self.context = marked.get("@context")  # never a gap, nor anything in it

    def texts(self, document: Any) -> list[str] | None:
        """Give the texts in the gaps, in the order of the marks; None for a document that does not fit."""
        found = self._found(document)
        if found is None:
            return None
        texts = [found[at][step] for at, step in self._gaps]
        if any(type(text) is not str for text in texts):
            return None
        for steps, key in self._same:
            if key is None or exact_key([found[at][step] for at, step in steps]) != key:
                return None
        return texts

    def json(self, texts: Sequence[str]) -> str:
        """Write the document with these texts in its gaps, as `ob3.strict_json.dump` does."""
        return self._text % tuple([encode_basestring(texts[number]) for number in self._order])

    def texts_in(self, text: str) -> list[str] | None:
        """Give the texts for which `json` gives exactly this; None where there are none."""
        texts = [""] * len(self._order)
        first, *others = self._around
        if not text.startswith(first):
            return None
        end = len(first)
        for number, behind in zip(self._order, others, strict=True):
            start = end
            try:
                texts[number], end = scanstring(text, start + 1)
            except ValueError:
                return None
            if encode_basestring(texts[number]) != text[start:end] or not text.startswith(behind, end):
                return None
            end += len(behind)
        return texts if end == len(text) else None

    def _found(self, document: Any) -> list[Any] | None:
        """Give the document, and the objects and lists in it that have gaps inside, if they look right."""
        if type(document) is not dict or tuple(document) != self._members:
            return None
        found: list[Any] = [document]
        for at, step, kind, form in self._inner:
            part = found[at][step]
            if type(part) is not kind or _form(part) != form:
                return None
            found.append(part)
        return found

    def _gather(self, part: Any, at: int, path: Path, gaps: dict[Path, int]) -> None:
        """Sort what stands in an object or list into gaps, what has gaps inside, and what is the same."""
        for step, value in part.items() if isinstance(part, dict) else enumerate(part):
            place = (*path, step)
            if place in gaps:
                self._gaps[gaps[place]] = at, step
            elif place in self._above:
                self._inner.append((at, step, type(value), _form(value)))
                self._gather(value, len(self._inner), place, gaps)
            else:
                (self._large if isinstance(value, dict | list) else self._small).append((at, step))


def differences(one: Any, other: Any, path: Path = ()) -> list[Path] | None:
    """Give the places at which two JSON values have different texts; None if they differ in anything else.

    Anything else is also the order of members, and a number that is equal but of another kind.
    """
    if type(one) is not type(other):
        return None
    if type(one) is dict:
        steps: Iterable[Any] = one
        if tuple(one) != tuple(other):
            return None
    elif type(one) is list:
        steps = range(len(one))
        if len(one) != len(other):
            return None
    elif type(one) is str:
        return [] if one == other else [path]
    else:
        return [] if repr(one) == repr(other) else None
    found: list[Path] = []
    for step in steps:
        inside = differences(one[step], other[step], (*path, step))
        if inside is None:
            return None
        found += inside
    return found


def _form(part: Any) -> Any:
    """Give the names of an object's members in their order, or the length of a list."""
    return tuple(part) if type(part) is dict else len(part)


def _around_gaps(marked: dict[str, Any], marks: Sequence[Mark]) -> tuple[list[str], list[int]]:
    """Give what stands around the gaps in the JSON text, and the number of the mark for each gap in turn."""
    text = json.dumps(marked, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    numbers = {f'"{mark.text}"': number for number, mark in enumerate(marks)}
    parts = re.split(f"({'|'.join(map(re.escape, numbers))})", text)
    return parts[::2], [numbers[part] for part in parts[1::2]]
