"""Parts of documents that were read before, byte for byte, at the same place: they say the same again.

What an object says follows from its own bytes, from the definition of the member in which it stands, from the
graph, from how deep it stands, and from how many blank nodes were numbered before it: from nothing else in
the document. All of that is the key, so nothing is guessed. Credentials of a class have the achievement and
the issuer in common, most of each of them. A part is kept once it was met twice, and only a few are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ob3.recent import Recent, exact_key

if TYPE_CHECKING:
    from ob3.direct.plans import Plan
    from ob3.direct.terms import Term
    from ob3.nquads import Statement

DEEPEST_PART = 3  # how deep the parts of a document stand that are large enough and the same in others
_SMALLEST, _LARGEST = 256, 32 * 1024  # bytes of a key; small objects are quicker read than looked up
_KEPT = 32
_MET_ONCE = 256
_IN_VAIN = 8  # times; then a member whose objects are never the same is asked again now and then
_NOW_AND_THEN = 32


@dataclass(frozen=True, slots=True)
class Part:
    """What an object made: its name, its statements, the plans they took, the next blank node's number."""

    name: str
    statements: Sequence[Statement]
    plans: frozenset[Plan]
    labels: int


class Parts:
    """Remembers the parts of documents of one reading; threads may share it."""

    def __init__(self) -> None:
        self._known = Recent[Part](entries=_KEPT)
        self._met = Recent[bool](entries=_MET_ONCE)
        self._in_vain: dict[Term, int] = {}

    def key(
        self, written: dict[str, Any], term: Term, graph: str, level: int, labels: int
    ) -> Hashable | None:
        """Give all that the statements of an object follow from, or None where it is not worth while."""
        asked = self._in_vain.get(term, 0)
        if asked > _IN_VAIN and asked % _NOW_AND_THEN:
            self._in_vain[term] = asked + 1
            return None
        exact = exact_key(written)
        if exact is None or not _SMALLEST <= len(exact) <= _LARGEST:
            return None
        self._in_vain[term] = asked + 1
        return exact, term, graph, level, labels

    def known(self, key: Hashable | None, term: Term) -> Part | None:
        """Give what the same object made before."""
        found = self._known.get(key)
        if found is not None:
            self._in_vain[term] = 0
        return found

    def keep(self, key: Hashable | None, part: Part) -> None:
        """Remember what an object made, if it stood there before."""
        if key is None:
            return
        once = hash(key)  # of another object with this hash as much is kept too early, and nothing is wrong
        if self._met.get(once):
            self._known.put(key, part)
        else:
            self._met.put(once, True)
