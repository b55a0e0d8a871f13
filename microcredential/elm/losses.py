"""Read a document and keep account of it: what no reader took is lost, and is told by name.

A mapping asks a `Part` for what it carries over; asking takes the leaf off the account. What is left at the
end is what the mapping loses, so nothing can be lost silently, not even a member that nobody has thought of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.shapes import decimal, items, text
from ob3.errors import JsonRefused
from ob3.places import walk

Place = tuple[str | int, ...]
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}", re.ASCII)
_SHOWN = 80  # characters of a lost value that are told


@dataclass(frozen=True)
class Loss:
    """Name something that a mapping does not carry over, or carries in another form (`changed`).

    `path` is its place in the document that was read (`credentialSubject.result[0].status`), `what` the
    value, shortened, `why` a sentence.
    """

    path: str
    what: str
    why: str
    changed: bool = False


class Account:
    """Hold a document, or a part of one that stands at `base`, and what has been taken of it."""

    def __init__(self, document: dict[str, Any], *, base: Place = ()) -> None:
        """Open the account; raises MicroCredentialError (`too_deep`) for a document without an end."""
        try:
            for _ in walk(document):
                pass
        except JsonRefused as error:
            raise MicroCredentialError(error.code, error.message, path=error.path) from error
        self._document = document
        self._base = base
        self._taken: set[Place] = set()
        self._changed: dict[Place, str] = {}

    @property
    def whole(self) -> Part:
        """Give the document as the part that has all others."""
        return Part(self._document, self._base, self)

    def take(self, place: Place) -> None:
        """Note that the leaf at this place is carried over."""
        self._taken.add(place)

    def change(self, place: Place, why: str) -> None:
        """Note that what stands here is carried over in another form."""
        self._changed[place] = why

    def losses(self, reason: Callable[[tuple[str, ...]], str]) -> tuple[Loss, ...]:
        """Give what was not taken, in the order of the document.

        `reason` gives the sentence for a place, by the names on the way to it.
        """
        found: list[tuple[Place, Any]] = []
        self._look(self._document, self._base, found)
        return tuple(self._told(found, reason))

    def _told(
        self, found: list[tuple[Place, Any]], reason: Callable[[tuple[str, ...]], str]
    ) -> Iterator[Loss]:
        for place, value in found:
            names = tuple(step for step in place if isinstance(step, str))
            changed = self._changed.get(place)
            yield Loss(written(place), shown(value), changed or reason(names), changed is not None)

    def _look(self, value: Any, place: Place, found: list[tuple[Place, Any]]) -> tuple[int, int]:
        """Add what is told of one part, in one line if nothing was taken; count its leaves and those lost."""
        if not isinstance(value, dict | list):
            return self._look_at_leaf(value, place, found)
        begins, leaves, lost = len(found), 0, 0
        steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for step, one in steps:
            below = self._look(one, (*place, step), found)
            leaves, lost = leaves + below[0], lost + below[1]
        if place != self._base and leaves and lost == leaves:
            found[begins:] = [(place, value)]
        elif place in self._changed:
            found.insert(begins, (place, value))
        return leaves, lost

    def _look_at_leaf(self, value: Any, place: Place, found: list[tuple[Place, Any]]) -> tuple[int, int]:
        if value is None:  # says nothing, in JSON-LD too
            return 0, 0
        is_lost = place not in self._taken
        if is_lost or place in self._changed:
            found.append((place, value))
        return 1, int(is_lost)


@dataclass(frozen=True, eq=False)
class Part:
    """One part of the document: its value, its place and the account that it is taken from."""

    value: Any
    place: Place
    account: Account

    def __bool__(self) -> bool:
        return self.value not in (None, "", [], {})

    def __getitem__(self, term: str) -> Part:
        """Give the member of that name, empty where there is none."""
        value = self.value.get(term) if isinstance(self.value, dict) else None
        return Part(value, (*self.place, term), self.account)

    def each(self, term: str) -> list[Part]:
        """Give the items of a member; a single value counts as a list of one, as in JSON-LD."""
        member = self[term]
        if isinstance(member.value, list):
            return [Part(one, (*member.place, step), self.account) for step, one in enumerate(member.value)]
        return [member] if member.value is not None else []

    def members(self) -> list[Part]:
        """Give the members of an object, in order."""
        return [self[term] for term in self.value] if isinstance(self.value, dict) else []

    def words(self) -> str:
        """Take a text; empty for anything else."""
        found = text(self.value)
        return self._took(found) if found else ""

    def number(self) -> str:
        """Take a number or a text that is one, without a needless fraction; empty for anything else."""
        found = decimal(self.value)
        return self._took(f"{found.normalize():f}") if found is not None else ""

    def language_map(self) -> dict[str, str]:
        """Take the texts by language that are not empty; what is under no language tag is left."""
        tagged = [one for one in self.members() if _TAG.fullmatch(str(one.place[-1]))]
        told = {str(one.place[-1]): one.words() for one in tagged}
        return {tag: words for tag, words in told.items() if words}

    def iri(self) -> str:
        """Take the IRI of an embedded concept or of a bare one, leaving its other members."""
        return self["id"].words() if isinstance(self.value, dict) else self.words()

    def repeats(self, *expected: object) -> bool:
        """Take a value that says again what is carried elsewhere; tell whether it does."""
        same = any(self.value == one and type(self.value) is type(one) for one in expected)
        if same:
            self.account.take(self.place)
        return same

    def types(self, *known: str) -> None:
        """Take the type words that the other document says in its own way."""
        member = self["type"]
        for step, one in enumerate(items(member.value)):
            if one in known:
                self.account.take((*member.place, step) if isinstance(member.value, list) else member.place)

    def same_as(self, other: Any) -> None:
        """Take every leaf that stands at the same place in a part which is carried already."""
        if isinstance(self.value, dict) and isinstance(other, dict):
            for member in self.members():
                member.same_as(other.get(str(member.place[-1])))
        elif isinstance(self.value, list) and isinstance(other, list):
            for step, (one, like) in enumerate(zip(self.value, other, strict=False)):
                Part(one, (*self.place, step), self.account).same_as(like)
        elif self.value is not None:
            self.repeats(other)

    def change(self, why: str) -> None:
        """Note that this part is carried over in another form; its leaves are taken by themselves."""
        self.account.change(self.place, why)

    def _took(self, found: str) -> str:
        self.account.take(self.place)
        return found


def written(place: Place) -> str:
    """Write a place as findings do: `credentialSubject.result[0].value`."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def shown(value: Any) -> str:
    """Write a value in one short line."""
    line = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
