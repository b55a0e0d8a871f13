"""What an active context says about its terms, read from PyLD once, in a form that is quick to use."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from pyld.jsonld import JsonLdProcessor

from ob3.errors import Ob3Error
from ob3.iri import is_absolute_iri
from ob3.nquads import iri
from ob3.statements import value_literal

if TYPE_CHECKING:
    from ob3.direct.plans import Plan
    from ob3.direct.tables import Reading

_CONTAINERS = frozenset({"@set", "@list", "@graph", "@language"})
_ALONE = frozenset({"@list", "@graph", "@language"})


class Declined(Exception):  # noqa: N818 - no error: the general path answers
    """Say that a document has a part for which there are no tables."""


class Shape(Enum):
    """How the value of a member becomes objects of statements."""

    set = "@set"
    list = "@list"
    graph = "@graph"
    language = "@language"
    json = "@json"


class Texts(Enum):
    """What a text is as the value of a member."""

    id = "an IRI"
    vocab = "a term or an IRI"
    literal = "a literal"


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """An active context of PyLD, and those of its terms that were read."""

    active: Any
    terms: dict[str, Term] = field(default_factory=dict)

    def is_prefix(self, name: str) -> bool:
        """Tell whether a name shortens IRIs under this context."""
        mapping = self.active["mappings"].get(name)
        return mapping is not None and bool(mapping.get("_prefix"))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A member's definition.

    `inner` is the context of its values; `is_literal` says that texts are literals, with `ending` after their
    quotes, and `is_plain` that each text makes one statement besides. `plans` and `languages` hold what was
    found out about the objects that stood here, by their members.
    """

    name: str | None
    predicate: str
    shape: Shape
    texts: Texts
    datatype: str | None
    is_literal: bool
    is_plain: bool
    ending: str
    direction: str | None
    inner: Context
    is_scoped: bool
    plans: dict[Hashable, Plan] = field(default_factory=dict)
    languages: dict[Hashable, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def top_of(context: Context) -> Term:
    """Make what stands for a definition where there is no member: the whole document."""
    return Term(
        name=None,
        predicate="",
        shape=Shape.set,
        texts=Texts.literal,
        datatype=None,
        is_literal=False,
        is_plain=False,
        ending="",
        direction=None,
        inner=context,
        is_scoped=False,
    )


def term_of(reading: Reading, outer: Context, name: str, meaning: str) -> Term:
    """Read the definition of a member whose name means an IRI.

    Values are read in the member's own context, which may define its name anew. Raises Declined.
    """
    scoped = definition(outer, name, "@context")
    inner = outer if scoped is None else reading.context(outer, scoped, override=True)
    inner_meaning = reading.expander.meaning(inner.active, name)
    if not is_absolute_iri(meaning) or str(inner_meaning).startswith("@"):
        raise Declined
    for context in (outer, inner):
        if (context.active["mappings"].get(name) or {}).get("reverse"):
            raise Declined
    coerced = definition(inner, name, "@type")
    texts = {"@id": Texts.id, "@vocab": Texts.vocab}.get(coerced, Texts.literal)
    datatype = None if coerced in ("@id", "@vocab", "@none") else coerced
    shape, ending = _shape(outer, inner, name), _ending(inner, name, datatype)
    is_literal = texts is Texts.literal and ending is not None
    return Term(
        name=name,
        predicate=iri(meaning),
        shape=shape,
        texts=texts,
        datatype=datatype,
        is_literal=is_literal,
        is_plain=is_literal and shape is Shape.set,
        ending=ending or "",
        direction=definition(outer, name, "@direction"),
        inner=inner,
        is_scoped=scoped is not None,
    )


def definition(context: Context, name: str | None, part: str) -> Any:
    """Give a part of a term's definition, or None."""
    return JsonLdProcessor.get_context_value(context.active, name, part)


def _shape(outer: Context, inner: Context, name: str) -> Shape:
    """Read the container; JSON counts as one, and what would be read in two ways is declined."""
    inner_container, container = (
        frozenset(JsonLdProcessor.arrayify(definition(context, name, "@container") or []))
        for context in (inner, outer)
    )
    is_json = definition(outer, name, "@type") == "@json"
    if (definition(inner, name, "@type") == "@json") != is_json or ("@list" in inner_container - container):
        raise Declined
    special = container & _ALONE
    if container - _CONTAINERS or len(special) + is_json > 1:
        raise Declined
    if is_json:
        return Shape.json
    return Shape(next(iter(special), "@set"))


def _ending(inner: Context, name: str, datatype: str | None) -> str | None:
    """Give what follows the quoted text of a plain text here; None for a double, whose text is looked at."""
    value: dict[str, Any] = {"@value": ""}
    if datatype is not None:
        value["@type"] = datatype
    else:
        tags = {part: definition(inner, name, part) for part in ("@language", "@direction")}
        value |= {part: tag for part, tag in tags.items() if tag is not None}
    try:
        return value_literal(value).removeprefix('""')
    except Ob3Error:
        return None
