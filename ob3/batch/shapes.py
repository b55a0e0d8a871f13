"""The shapes of documents that were met, a bounded number, and what two documents of one shape teach."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ob3 import rdfc
from ob3.batch.look import Look, differences
from ob3.batch.slots import Mark, Path, Slot, marks_for, may_differ, slots_of, value_at, with_marks
from ob3.batch.template import Template
from ob3.copying import copied
from ob3.direct import direct_statements
from ob3.expansion import ContextSet

_MOST_SHAPES = 16
_WORTH_A_TEMPLATE = 6  # documents: to make a template takes as long as to sign so many in the ordinary way
_MOST_GAPS = 128  # texts that may differ in one shape; what differs in more is of another
_MOST_TRIED = 16  # texts that are tried one by one where not all of them can be marked at once


@dataclass(frozen=True)
class Form:
    """A document of a known shape: its canonical form in UTF-8, and what writes it as JSON."""

    canonical: bytes
    look: Look
    texts: Sequence[str]

    def json(self) -> str:
        """Write the document as `ob3.strict_json.dump` does."""
        return self.look.json(self.texts)


@dataclass(eq=False)
class _Shape:
    """One document, the places at which others differ from it, and what was made of both.

    `constant` are places at which texts differ that no template can hold open: they make shapes of their own.
    `missed` counts documents since a template was made, and `is_wider` says that they differed elsewhere too.
    """

    example: dict[str, Any]
    differing: dict[Path, None] = field(default_factory=dict)
    constant: set[Path] = field(default_factory=set)
    missed: int = 0
    is_wider: bool = False
    made: tuple[Look, Template] | None = None


class Shapes:
    """Remembers the shapes of documents under one set of contexts; may be used by several threads."""

    def __init__(self, contexts: ContextSet) -> None:
        self._contexts = contexts
        self._shapes: list[_Shape] = []
        self._lock = threading.Lock()

    def form(self, document: Any) -> Form | None:
        """Give the canonical form of a document of a known shape, or None: then nothing is said of it.

        What it gives is what `ob3.canonicalize` gives without `allow_keywords`, for a document in which
        `ob3.strict_json.dump` finds nothing to refuse.
        """
        return self._form(lambda look: look.texts(document))

    def form_of_text(self, text: str) -> Form | None:
        """Give the same for the document that is written in a text, if it is as `dump` writes it."""
        return self._form(lambda look: look.texts_in(text))

    def _form(self, texts_of: Callable[[Look], list[str] | None]) -> Form | None:
        for shape in self._shapes:
            if shape.made is None:
                continue
            look, template = shape.made
            texts = texts_of(look)
            if texts is not None:
                self._put_first(shape)
                canonical = template.canonical(texts)
                return None if canonical is None else Form(canonical, look, texts)
        return None

    def learn(self, document: dict[str, Any]) -> None:
        """Learn from a document that can be signed and that had no form here."""
        with self._lock:
            for shape in self._shapes:
                places = differences(shape.example, document)
                if places is not None and self._holds(shape, places):
                    return
            self._shapes = [_Shape(copied(document)), *self._shapes[: _MOST_SHAPES - 1]]

    def _put_first(self, shape: _Shape) -> None:
        """Let the shapes that were not met for longest be the first to be forgotten."""
        if self._shapes[0] is not shape:
            with self._lock:
                self._shapes = [shape, *(one for one in self._shapes if one is not shape)][:_MOST_SHAPES]

    def _holds(self, shape: _Shape, places: Sequence[Path]) -> bool:
        """Tell whether documents that differ there are of a shape; make its template anew if worth it."""
        if not all(map(may_differ, places)) or not shape.constant.isdisjoint(places):
            return False
        differing = shape.differing | dict.fromkeys(places)
        if len(differing) > _MOST_GAPS:
            return False
        shape.is_wider |= len(differing) > len(shape.differing)
        shape.differing = differing
        shape.missed += 1
        if shape.is_wider and shape.missed >= _WORTH_A_TEMPLATE:
            shape.made = self._made(shape)
            shape.missed, shape.is_wider = 0, False
        return shape.constant.isdisjoint(places)

    def _made(self, shape: _Shape) -> tuple[Look, Template] | None:
        """Make what the shape's documents have in common, once more with the places that are new."""
        marks, slots = self._marked(shape.example, list(shape.differing))
        shape.constant |= shape.differing.keys() - {mark.path for mark in marks}
        marked = with_marks(shape.example, marks)
        statements = direct_statements(marked, self._contexts)
        plain = direct_statements(shape.example, self._contexts)
        if not marks or statements is None or plain is None:
            return None
        template = Template(statements, marks, slots)
        form = template.canonical([value_at(shape.example, slot.path) for slot in slots])
        if template.is_hopeless or form not in (None, rdfc.canonical_form(plain).encode()):
            return None
        return Look(marked, marks), template

    def _marked(self, example: dict[str, Any], paths: Sequence[Path]) -> tuple[list[Mark], list[Slot]]:
        """Mark texts, leaving out those that no template can hold open."""
        marks = marks_for(example, paths)
        while marks:
            found = direct_statements(with_marks(example, marks), self._contexts)
            slots = self._alone(example, marks) if found is None else slots_of(marks, found, self._contexts)
            sound = [slot for slot in slots if slot is not None]
            if found is not None and len(sound) == len(marks):
                return marks, sound
            left = [mark for mark, slot in zip(marks, slots, strict=True) if slot is not None]
            marks = left if len(left) < len(marks) else []
        return [], []

    def _alone(self, example: dict[str, Any], marks: Sequence[Mark]) -> list[Slot | None]:
        """Try each mark by itself, where the direct path would not have all of them at once."""
        slots: list[Slot | None] = []
        for mark in marks[:_MOST_TRIED]:
            found = direct_statements(with_marks(example, [mark]), self._contexts)
            slots += [None] if found is None else slots_of([mark], found, self._contexts)
        return slots + [None] * (len(marks) - len(slots))
