"""Texts with a language or a direction (VCDM 2.0, sections 4.6 and 11.1), wherever they stand."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ob3.places import walk
from verifier.json_types import as_list

# RFC 5646, section 2.1, in outline: subtags of up to eight letters and digits, the first of letters
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
_MEMBERS = frozenset({"@value", "@language", "@direction"})
_NAMED = ("name", "description")


def value_object_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give place and rule of every text that is written otherwise than the data model allows."""
    for place, part in walk(document):
        if isinstance(part, dict) and "@value" in part:
            for rule in _rules_broken(part):
                yield str(place), rule
    for owner, at in ((document, ""), (document.get("issuer"), "/issuer")):
        if isinstance(owner, dict):
            yield from _names(owner, at)


def _names(owner: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """Section 4.6: a text, or texts with their languages."""
    for name in _NAMED:
        values = as_list(owner[name]) if name in owner and owner[name] is not None else []
        one_text = len(values) == 1 and isinstance(values[0], str)
        with_language = bool(values) and all(isinstance(one, dict) and "@value" in one for one in values)
        if name in owner and not one_text and not with_language:
            yield f"{place}/{name}", "must be a text, or texts with their languages."


def _rules_broken(part: Mapping[str, Any]) -> Iterator[str]:
    if not part.keys() <= _MEMBERS:
        yield "must have @value, @language and @direction alone."
    if not isinstance(part["@value"], str):
        yield "must hold a text in @value."
    language = part.get("@language", "en")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        yield "must name a language in @language."
    if part.get("@direction", "ltr") not in ("ltr", "rtl"):
        yield "must have ltr or rtl as @direction."
