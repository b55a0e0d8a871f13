"""The tables of a set of contexts: made when a document first needs them, shared by threads, bounded.

What stands in a table follows from frozen contexts alone and never changes. Two threads may make the same
entry at once; they are equal, and one of them stays. When there are too many entries, all are forgotten, and
documents that are being read keep theirs until they are done.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from ob3.direct.parts import Parts
from ob3.direct.plans import Plan, language_endings, make_plan
from ob3.direct.terms import Context, Declined, Term, term_of, top_of
from ob3.expansion import ContextSet, Expander

Made = TypeVar("Made")

_MOST_ENTRIES = 6_000  # plans and terms of one set; sixty badges with all that the schema knows need 1,700
_OF_A_CONTEXT = 16  # so many entries count for a context, which has a copy of all definitions
_LONGEST_LOOK = 2_000  # characters in the names and types of an object; longer ones are not remembered


class Reading:
    """The tables for documents that name one sequence of contexts, read in one mode.

    Sequence and mode decide what an object may hold, so no table is shared between readings.
    """

    def __init__(self, tables: Tables, urls: tuple[str, ...], allow_keywords: bool) -> None:
        self.contexts = tables.contexts
        self.urls = urls
        self.allow_keywords = allow_keywords
        self.terms = self.contexts.terms(urls)
        self.expander = Expander(self.contexts, strict=not allow_keywords)
        self._tables = tables
        self.parts = Parts()
        self._known: dict[int, Context] = {}
        self.top = top_of(self.known(self.contexts.root(urls)))

    def plan(self, term: Term, written: dict[str, Any], look: Hashable) -> Plan:
        """Make the plan of an object that looks like this as the value of a term, and remember it.

        Raises Declined.
        """
        return term.plans.setdefault(look, self._entry(make_plan, term, written, look))

    def languages(self, term: Term, written: dict[str, Any], look: Hashable) -> tuple[tuple[str, str], ...]:
        """Find out what follows each text of a language map with these languages, and remember it.

        Raises Declined.
        """
        return term.languages.setdefault(look, self._entry(language_endings, term, written, look))

    def _entry(
        self,
        make: Callable[[Reading, Term, dict[str, Any]], Made],
        term: Term,
        written: dict[str, Any],
        look: Hashable,
    ) -> Made:
        try:
            if sum(map(len, _names_in(look))) > _LONGEST_LOOK:
                raise Declined
            made = make(self, term, written)
        except Exception as error:  # hostile documents reach corners of PyLD that raise anything at all
            raise Declined from error
        self._tables.count()
        return made

    def term(self, context: Context, name: str, meaning: str) -> Term:
        """Give what a context says about a member's name. Raises Declined."""
        found = context.terms.get(name)
        if found is None:
            self._tables.count()
            found = context.terms.setdefault(name, term_of(self, context, name, meaning))
        return found

    def context(
        self, outer: Context, local: Any, *, override: bool = False, propagate: bool = True
    ) -> Context:
        """Give the context that a local one makes of another."""
        return self.known(self.contexts.process(outer.active, local, override=override, propagate=propagate))

    def known(self, active: Any) -> Context:
        """Give the table of an active context, which stands in it, so that its identity stays its own."""
        found = self._known.get(id(active))
        if found is None:
            self._tables.count(_OF_A_CONTEXT)
            found = self._known.setdefault(id(active), Context(active))
        return found


class Tables:
    """Everything that was made for one set of contexts."""

    def __init__(self, contexts: ContextSet) -> None:
        self.contexts = contexts
        self._readings: dict[tuple[tuple[str, ...], bool], Reading] = {}
        self._entries = 0

    def reading(self, urls: tuple[str, ...], *, allow_keywords: bool) -> Reading:
        """Give the tables for documents that name these contexts."""
        found = self._readings.get((urls, allow_keywords))
        if found is None:
            made = Reading(self, urls, allow_keywords)
            found = self._readings.setdefault((urls, allow_keywords), made)
        return found

    def count(self, entries: int = 1) -> None:
        """Count entries, and forget all of them when there are too many."""
        self._entries += entries
        if self._entries > _MOST_ENTRIES and self.contexts.tables is self:
            self.contexts.tables = None


def tables_of(contexts: ContextSet) -> Tables:
    """Give the tables of a set of contexts; they live as long as it does."""
    found = contexts.tables
    if not isinstance(found, Tables):
        found = contexts.tables = Tables(contexts)
    return found


def _names_in(look: Any) -> list[str]:
    """Give the texts in what tells one look from another."""
    return [look] if isinstance(look, str) else [text for part in look or () for text in _names_in(part)]
