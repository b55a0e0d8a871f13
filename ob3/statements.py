"""From the expanded form of a document to its statements, with every part accounted for.

Source: JSON-LD 1.1 API, section 8 (RDF serialization); where implementations disagree, the value is refused.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any, NoReturn

import rfc8785

from ob3.errors import JsonRefused, MalformedIri, UndefinedTerm
from ob3.iri import is_absolute_iri
from ob3.nquads import RDF, XSD, Quad, iri, literal

_TYPE, _FIRST, _REST, _NIL = (iri(RDF + name) for name in ("type", "first", "rest", "nil"))
_DOUBLE = XSD + "double"
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_LARGEST_DECIMAL = 1e21  # from here on a whole number is written as a double (JSON-LD 1.1 API, section 8.6)
_SHORT_BELOW = 1e-6  # below this JavaScript writes a number with an exponent
_EVEN, _UP = (Context(prec=16, rounding=rounding) for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP))
_NODE_KEYWORDS = frozenset({"@id", "@type", "@graph"})


def statements(expanded: Any) -> set[Quad]:
    """Give the statements that an expanded document makes.

    Raises UndefinedTerm for parts that make none, MalformedIri for IRIs and language tags that are not well
    formed, JsonRefused for numbers that implementations write differently.
    """
    writer = _Writer()
    for node in expanded if isinstance(expanded, list) else [expanded]:
        writer.node(node, "")
    if not writer.quads:
        raise UndefinedTerm("nothing_to_sign", "The document makes no statement.")
    return writer.quads


class _Writer:
    def __init__(self) -> None:
        self.quads: set[Quad] = set()
        self.labels: dict[str, str] = {}
        self.made = 0

    def node(self, node: Any, graph: str) -> str:
        """Write what is said about a node and give its name."""
        if not isinstance(node, dict) or "@value" in node or "@list" in node:
            _lost("A value stands where only an object can be said something about.")
        name = self.name(node.get("@id"))
        for kind in node.get("@type", ()):
            self.quads.add(Quad(name, _TYPE, self.reference(kind), graph))
        if "@graph" in node:
            for inner in node["@graph"]:
                self.node(inner, name)
                if not any(values for key, values in inner.items() if key != "@id"):
                    _lost("An object that stands in a graph says nothing; not even its id would be signed.")
        for key, values in node.items():
            if key in _NODE_KEYWORDS:
                continue
            if not is_absolute_iri(key):
                _lost(f"The member {key[:200]} has no place in a signed document.")
            for value in values:
                self.quads.add(Quad(name, iri(key), self.object(value, graph), graph))
        return name

    def object(self, value: Any, graph: str) -> str:
        if not isinstance(value, dict):  # left bare where a member's own context makes its name a keyword
            _lost("A value stands under a member that means a keyword inside.")
        if "@value" in value:
            return value_literal(value)
        if "@list" in value:
            if value.keys() != {"@list"}:
                _lost("A list has members that cannot be signed.")
            return self.list(value["@list"], graph)
        return self.node(value, graph)

    def list(self, items: list[Any], graph: str) -> str:
        """Write a list and give the name of its first cell."""
        rest = _NIL
        for item in reversed(items):
            cell = self.blank()
            self.quads.add(Quad(cell, _FIRST, self.object(item, graph), graph))
            self.quads.add(Quad(cell, _REST, rest, graph))
            rest = cell
        return rest

    def name(self, identifier: Any) -> str:
        return self.blank() if identifier is None else self.reference(identifier)

    def reference(self, identifier: Any) -> str:
        if isinstance(identifier, str) and identifier.startswith("_:"):
            if identifier not in self.labels:
                self.labels[identifier] = self.blank()
            return self.labels[identifier]
        if not is_absolute_iri(identifier):
            raise MalformedIri("malformed_iri", f"{str(identifier)[:200]!r} is not a complete IRI.")
        return iri(identifier)

    def blank(self) -> str:
        self.made += 1
        return f"_:b{self.made - 1}"


def value_literal(value: dict[str, Any]) -> str:
    """Write a value object as a literal."""
    if value.keys() - {"@value", "@type", "@language", "@direction"}:
        _lost("A value has members that cannot be signed.")
    content, datatype, language = value["@value"], value.get("@type"), value.get("@language")
    if datatype == "@json":
        return literal(_json(content), datatype=RDF + "JSON")
    if datatype is not None and (not is_absolute_iri(datatype) or datatype == RDF + "langString"):
        raise MalformedIri(
            "malformed_datatype", f"The type {str(datatype)[:200]!r} of a value is not an IRI."
        )
    if language is not None and (not isinstance(language, str) or not _LANGUAGE.fullmatch(language)):
        raise MalformedIri("malformed_language", f"{str(language)[:60]!r} is not a language tag (BCP 47).")
    if isinstance(content, bool):
        return literal("true" if content else "false", datatype=datatype or XSD + "boolean")
    if isinstance(content, int | float):
        return _number(content, datatype)
    if not isinstance(content, str):
        _lost("A value is neither text, number nor truth value.")
    if datatype == _DOUBLE:
        _check_double(content)
    if "@direction" in value:
        return literal(content, datatype=f"https://www.w3.org/ns/i18n#{language or ''}_{value['@direction']}")
    return literal(content, datatype=datatype or "", language=language or "")


def _json(content: Any) -> str:
    """Write a JSON literal in the form of RFC 8785, which knows whole numbers below 2^53 alone."""
    try:
        return rfc8785.dumps(content).decode()
    except rfc8785.CanonicalizationError as error:
        raise JsonRefused(
            "number_not_portable", "A JSON value holds a number that other programs read differently."
        ) from error


def _number(value: float, datatype: str | None) -> str:
    if isinstance(value, float) and (abs(value) >= _LARGEST_DECIMAL or not value.is_integer()):
        return literal(_double(value), datatype=datatype or _DOUBLE)
    if datatype == _DOUBLE:
        return literal(_double(float(value)), datatype=datatype)
    return literal(str(int(value)), datatype=datatype or XSD + "integer")


def _double(value: float) -> str:
    """Write a double as XSD's canonical form with 16 digits, as JSON-LD asks.

    Refused are three rare kinds that other programs write differently: numbers below 1e-6 with one digit
    before the exponent (jsonld.js writes 1e-7 as 0), numbers that lie just between two texts of 16 digits
    (Python rounds to the even one, JavaScript up), and minus zero (JavaScript writes it without its sign).
    """
    exact = Decimal(value)
    between = _EVEN.plus(exact) != _UP.plus(exact)
    if between or repr(value) == "-0.0" or (abs(value) < _SHORT_BELOW and "." not in repr(value)):
        raise JsonRefused(
            "number_not_portable",
            f"The number {value!r} is written differently by other programs; write it as a text.",
        )
    mantissa, exponent = f"{value:.15E}".split("E")
    short = mantissa.rstrip("0")
    return f"{short}{'0' if short.endswith('.') else ''}E{int(exponent)}"


def _check_double(text: str) -> None:
    try:
        same = _double(float(text)) == text
    except (ValueError, OverflowError):
        same = False
    if not same:
        raise JsonRefused(
            "number_not_portable", f"The text {text[:60]!r} is not the canonical form of a double (XSD 1.1)."
        )


def _lost(message: str) -> NoReturn:
    raise UndefinedTerm("unsigned_part", message)
