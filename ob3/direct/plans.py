"""What is known of an object by its members' names, its types and its place alone: nearly everything.

The steps are those of PyLD's expansion of a node object, taken once for all objects that look the same.
Source: JSON-LD 1.1 API, section 5.1.2, steps 7 to 13.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ob3.direct.terms import Context, Declined, Term, definition
from ob3.lossless import check_members, check_nested_context
from ob3.nquads import RDF, iri
from ob3.places import Place
from ob3.statements import value_literal

if TYPE_CHECKING:
    from ob3.direct.tables import Reading

TYPE = iri(RDF + "type")
_TYPE_MEMBER = "type"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How objects of one look become statements: `members` stand in the order of expansion.

    `processed` are the contexts that were processed for it, of which one document may need so many.
    """

    context: Context
    id_member: str | None
    types: tuple[str, ...]
    members: tuple[tuple[str, Term], ...]
    processed: frozenset[int]


def make_plan(reading: Reading, term: Term, written: dict[str, Any]) -> Plan:
    """Find out how objects that look like this one become statements, as the value of this term.

    Raises Declined, and whatever the general path would refuse the object with.
    """
    is_top = term.name is None
    check_members(written, Place(), reading.terms, reading.allow_keywords)
    made: list[Context] = []
    outer = _entered(reading, term, written, made)
    if "@context" in written and not is_top:
        place = Place() / term.name
        check_nested_context(written, place, reading.urls[0], reading.contexts, reading.allow_keywords)
        outer = _kept(made, reading.context(outer, written["@context"]))
    context = _typed(reading, outer, written, made)
    id_member, members = _members(reading, context, written)
    made += [found.inner for _, found in members if found.is_scoped]
    return Plan(
        context=context,
        id_member=id_member,
        types=tuple(_types(reading, outer, written)),
        members=members,
        processed=frozenset(id(one.active) for one in made),
    )


def language_endings(reading: Reading, term: Term, written: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the languages of a map in the order of expansion, each with what follows a quoted text in it.

    Raises Declined, and whatever the general path would refuse the map with.
    Source: JSON-LD 1.1 API, section 5.1.2, step 13.7.
    """
    check_members(written, Place(), reading.terms, reading.allow_keywords)
    endings: list[tuple[str, str]] = []
    for language in sorted(written):
        if str(reading.expander.meaning(term.inner.active, language)) == "@none":
            raise Declined
        value = {"@value": "", "@language": language.lower()}
        if term.direction:
            value["@direction"] = term.direction
        endings.append((language, value_literal(value).removeprefix('""')))
    return tuple(endings)


def _entered(reading: Reading, term: Term, written: dict[str, Any], made: list[Context]) -> Context:
    """Leave the context of the types around the object, unless it is a mere name, and enter the term's."""
    context = term.inner
    scoped = definition(context, term.name, "@context")
    previous = context.active.get("previousContext")
    if previous is not None:
        # Value objects, which stay in it too, come here never: no context may give `@value` another name.
        meanings = [reading.expander.meaning(context.active, name) for name in written]
        if meanings != ["@id"]:
            context = reading.known(previous)
    return context if scoped is None else _kept(made, reading.context(context, scoped, override=True))


def _typed(reading: Reading, outer: Context, written: dict[str, Any], made: list[Context]) -> Context:
    """Enter the contexts of the object's types, in the order of their names."""
    context = outer
    for name in sorted(written):
        if reading.expander.meaning(context.active, name) != "@type":
            continue
        if name != _TYPE_MEMBER:
            raise Declined
        for kind in sorted(_texts(written[name])):
            scoped = definition(outer, kind, "@context")
            if scoped is not None and scoped is not False:
                context = _kept(made, reading.context(context, scoped, propagate=False))
    return context


def _members(
    reading: Reading, context: Context, written: dict[str, Any]
) -> tuple[str | None, tuple[tuple[str, Term], ...]]:
    """Give the member that names the object, and the terms of those that say something about it."""
    id_member = None
    members: dict[str, tuple[str, Term]] = {}
    for name in sorted(written):
        if name == "@context":
            continue
        meaning = reading.expander.meaning(context.active, name)
        if meaning == "@id" and id_member is None:
            id_member = name
        elif meaning == "@type" and name == _TYPE_MEMBER:
            continue
        elif isinstance(meaning, str) and meaning not in members:
            members[meaning] = name, reading.term(context, name, meaning)
        else:
            raise Declined
    if _TYPE_MEMBER in written and reading.expander.meaning(context.active, _TYPE_MEMBER) != "@type":
        raise Declined
    return id_member, tuple(members.values())


def _types(reading: Reading, outer: Context, written: dict[str, Any]) -> Iterator[str]:
    for kind in _texts(written.get(_TYPE_MEMBER, [])):
        yield iri(reading.expander.reference(outer.active, kind, vocab=True))


def _texts(value: Any) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise Declined
    return texts


def _kept(made: list[Context], context: Context) -> Context:
    made.append(context)
    return context
