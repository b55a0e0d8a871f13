"""Walk a document once, along the tables of its contexts, and write its statements.

Blank nodes are numbered in the order in which the general path meets them, members by their names: what is
written here is what `ob3.statements` writes, label for label, so even a work limit is reached alike.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from ob3.direct.parts import DEEPEST_PART, Part
from ob3.direct.plans import TYPE, Plan
from ob3.direct.tables import Reading, tables_of
from ob3.direct.terms import Context, Declined, Shape, Term, Texts
from ob3.direct.values import json_literal, number_literal, text_literal, value_object
from ob3.expansion import ContextSet, is_bearable
from ob3.iri import is_absolute_iri
from ob3.lossless import context_urls
from ob3.nquads import RDF, Statement, iri
from ob3.places import DEEPEST

_FIRST, _REST, _NIL = (iri(RDF + name) for name in ("first", "rest", "nil"))


def direct_statements(
    document: Any, contexts: ContextSet, *, allow_keywords: bool = False
) -> Set[Statement] | None:
    """Give the statements of a document, or None for one that the general path must read.

    They stand in the order in which they were found, which is the same for the same part of a document. Each
    is subject, predicate, object and graph as they are written (`ob3.nquads`). Never raises.
    """
    try:
        urls = context_urls(document.get("@context"), contexts)
        walk = _Walk(tables_of(contexts).reading(urls, allow_keywords=allow_keywords))
        walk.node(document, walk.reading.top, "", 0)
        return walk.result()
    except Exception:  # noqa: BLE001 - declined, or no document at all: the general path answers in words
        return None


class _Walk:
    """One document on its way."""

    __slots__ = ("_labels", "_plans", "_quads", "reading")

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._quads: list[Statement] = []
        self._plans: set[Plan] = set()
        self._labels = 0

    def result(self) -> Set[Statement]:
        """Give the statements of a document that needs no more contexts than one may."""
        if not self._quads or not is_bearable(frozenset().union(*(plan.processed for plan in self._plans))):
            raise Declined
        return dict.fromkeys(self._quads).keys()

    def node(self, written: dict[str, Any], term: Term, graph: str, level: int) -> str:
        """Write what an object says and give its name."""
        if level + 1 >= DEEPEST:  # its types may be a list, which stands one deeper
            raise Declined
        plan = self._plan(written, term, level)
        own = plan.id_member
        name = self._blank() if own is None else _reference(written[own], plan.context)
        add = self._quads.append
        for kind in plan.types:
            add((name, TYPE, kind, graph))
        for member, found in plan.members:
            value = written[member]
            if found.is_plain and type(value) is str:
                add((name, found.predicate, text_literal(value, found.ending), graph))
            else:
                self._member(name, value, found, graph, level + 1)
        return name

    def _part(self, written: dict[str, Any], term: Term, graph: str, level: int) -> str:
        """Do what `node` does, or repeat what the same object made at the same place before."""
        parts, plans, first = self.reading.parts, self._plans, len(self._quads)
        key = parts.key(written, term, graph, level, self._labels)
        part = parts.known(key, term)
        if part is not None:
            self._quads += part.statements
            self._labels = part.labels
        else:
            self._plans = set()
            name = self.node(written, term, graph, level)
            part = Part(name, self._quads[first:], frozenset(self._plans), self._labels)
            parts.keep(key, part)
        self._plans = plans | part.plans
        return part.name

    def _plan(self, written: dict[str, Any], term: Term, level: int) -> Plan:
        """Find the plan for objects with these members and types."""
        types = written.get("type")
        context = written.get("@context") if level else None
        look = (
            tuple(written),
            tuple(types) if type(types) is list else types,
            tuple(context) if type(context) is list else context,
        )
        plan = term.plans.get(look)
        if plan is None:
            plan = self.reading.plan(term, written, look)
        self._plans.add(plan)
        return plan

    def _member(self, name: str, value: Any, term: Term, graph: str, level: int) -> None:
        """Write what a member says; `level` is how deep its value stands."""
        if term.shape is Shape.json:
            self._add(name, term, json_literal(value, self.reading, level), graph)
        elif term.shape is Shape.language and type(value) is dict:
            self._languages(name, value, term, graph, level)
        elif type(value) is list:
            self._values(name, value, term, graph, level + 1)
        else:
            self._values(name, [value], term, graph, level)

    def _values(self, name: str, values: list[Any], term: Term, graph: str, level: int) -> None:
        if term.shape is Shape.list:
            self._add(name, term, self._list(values, term, graph, level), graph)
        elif term.shape is Shape.graph:
            for value in values:
                self._add(name, term, self._graph(value, term, level), graph)
        else:
            for value in values:
                self._add(name, term, self._object(value, term, graph, level), graph)

    def _object(self, value: Any, term: Term, graph: str, level: int) -> str:
        """Write what a value says, if it is an object, and give it as the object of a statement."""
        kind = type(value)
        if kind is str:
            return self._text(value, term)
        if kind is dict and "@value" not in value:
            read = self.node if level >= DEEPEST_PART else self._part
            return read(value, term, graph, level)
        if kind is dict and self.reading.allow_keywords and not term.is_scoped and level < DEEPEST:
            return value_object(value)
        return number_literal(value, term.datatype)

    def _text(self, text: str, term: Term) -> str:
        if term.texts is Texts.id:
            return _reference(text, term.inner)
        if term.texts is Texts.vocab:
            return iri(self.reading.expander.reference(term.inner.active, text, vocab=True))
        if not term.is_literal:
            raise Declined
        return text_literal(text, term.ending)

    def _list(self, values: list[Any], term: Term, graph: str, level: int) -> str:
        """Write a list from its end and give the name of its first cell."""
        rest = _NIL
        for value in reversed(values):
            cell = self._blank()
            self._quads.append((cell, _FIRST, self._object(value, term, graph, level), graph))
            self._quads.append((cell, _REST, rest, graph))
            rest = cell
        return rest

    def _graph(self, value: Any, term: Term, level: int) -> str:
        """Write an object in a graph of its own and give the graph's name."""
        graph = self._blank()
        before = len(self._quads)
        self.node(value, term, graph, level)
        if len(self._quads) == before:
            raise Declined
        return graph

    def _languages(self, name: str, value: dict[str, Any], term: Term, graph: str, level: int) -> None:
        """Write the texts of a language map."""
        if level + 1 >= DEEPEST:
            raise Declined
        look = tuple(value)
        endings = term.languages.get(look)
        if endings is None:
            endings = self.reading.languages(term, value, look)
        for language, ending in endings:
            texts = value[language]
            for text in texts if type(texts) is list else [texts]:
                self._add(name, term, text_literal(text, ending), graph)

    def _add(self, name: str, term: Term, thing: str, graph: str) -> None:
        self._quads.append((name, term.predicate, thing, graph))

    def _blank(self) -> str:
        self._labels += 1
        return f"_:b{self._labels - 1}"


def _reference(text: Any, context: Context) -> str:
    """Give an id as it stands; one that is no complete IRI, or that a prefix would change, is declined."""
    if type(text) is not str or not is_absolute_iri(text):
        raise Declined
    prefix, _, rest = text.partition(":")
    if context.is_prefix(prefix) and not rest.startswith("//"):
        raise Declined
    return f"<{text}>"
