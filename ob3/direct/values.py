"""Values as literals: plain texts by what their term adds to them, the rest as the general path does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ob3.direct.terms import Declined
from ob3.lossless import check_members, check_value
from ob3.nquads import is_plain, quoted
from ob3.places import DEEPEST, Place
from ob3.statements import value_literal

if TYPE_CHECKING:
    from ob3.direct.tables import Reading

_IN_VALUES = frozenset({"@value", "@language", "@direction"})
_DIRECTIONS = frozenset({"ltr", "rtl"})


def text_literal(text: str, ending: str) -> str:
    """Write a text, with what follows its quotes. Raises JsonRefused for half characters."""
    if is_plain(text):
        return f'"{text}"{ending}'
    check_value(text, Place())
    return quoted(text) + ending


def number_literal(value: Any, datatype: str | None) -> str:
    """Write a number or truth value. Raises Declined, JsonRefused and MalformedIri."""
    if type(value) not in (bool, int, float):
        raise Declined
    check_value(value, Place())
    return value_literal({"@value": value} if datatype is None else {"@value": value, "@type": datatype})


def value_object(written: dict[str, Any]) -> str:
    """Write a value object: a text or number, perhaps with a language and direction.

    Raises Declined, UndefinedTerm, JsonRefused and MalformedIri. Source: JSON-LD 1.1, section 9.5.
    """
    value = dict(written)
    if not value.keys() <= _IN_VALUES or type(value["@value"]) not in (str, bool, int, float):
        raise Declined
    check_value(value["@value"], Place())
    tagged = len(value) > 1
    if tagged and (type(value["@value"]) is not str or value.get("@direction", "ltr") not in _DIRECTIONS):
        raise Declined
    if "@language" in value:
        value["@language"] = value["@language"].lower()  # what is no text raises here as well
    return value_literal(value)


def json_literal(value: Any, reading: Reading, level: int) -> str:
    """Write JSON as a literal. Raises Declined, and what the general path refuses parts of it with.

    Source: JSON-LD 1.1, section 10.2; RFC 8785.
    """
    _check_json(value, reading, level)
    return value_literal({"@type": "@json", "@value": value})


def _check_json(value: Any, reading: Reading, level: int) -> None:
    """Decline what is no plain JSON, or has lists in lists or contexts in it."""
    if type(value) is dict:
        if level >= DEEPEST or "@context" in value:
            raise Declined
        check_members(value, Place(), reading.terms, reading.allow_keywords)
        for part in value.values():
            _check_json(part, reading, level + 1)
    elif type(value) is list:
        if level >= DEEPEST or any(type(part) is list for part in value):
            raise Declined
        for part in value:
            _check_json(part, reading, level + 1)
    elif type(value) in (str, bool, int, float):
        check_value(value, Place())
    else:
        raise Declined
