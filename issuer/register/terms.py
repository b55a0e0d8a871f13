"""The terms by which a version is found: words of its titles, fields, levels, languages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from issuer.catalogue_tables import LONGEST_TERM
from issuer.credentials.folding import folded
from microcredential.expansion import ECTS
from microcredential.levels_in_words import levels
from microcredential.shapes import concept_id, decimal, items, language_map, objects, text
from microcredential.vocabulary import Vocabulary, concepts

MOST_WORDS = 200  # of one entry
MOST_ASKED = 6  # words of one search
SHORTEST = 2  # letters of a word that is asked for
# Lao and Thai write sentences without spaces, and their vowel signs are no letters to `re`.
_BETWEEN = re.compile(r"[^\w\u0e00-\u0eff]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff]")


def terms_of(achievement: Mapping[str, Any], *, institution: str) -> set[tuple[str, str]]:
    """Give kind and term of everything by which a wording is found; `institution` is its name."""
    document = dict(achievement)
    found = {("word", word) for word in _words(document, institution)}
    found |= {("field", code) for code in _fields(document)}
    found |= {("level", f"{one.framework_id}:{one.code}") for one in levels(document) if one.framework_id}
    language = text(document.get("inLanguage")).lower()
    found |= {("language", language)} if language else set()
    return {(kind, term) for kind, term in found if 0 < len(term) <= LONGEST_TERM}


def asked_words(query: str) -> tuple[str, ...]:
    """Give the words of a search, folded as those that are stored; very short ones are left out."""
    words = (word[:LONGEST_TERM] for word in _BETWEEN.split(folded(query)))
    return tuple(dict.fromkeys(word for word in words if len(word) >= SHORTEST))[:MOST_ASKED]


def ects_hundredths(achievement: Mapping[str, Any]) -> int | None:
    """Give the ECTS of a wording in hundredths, None where it states none."""
    for _place, point in objects(achievement.get("creditPoint")):
        points = decimal(point.get("point"))
        if text(point.get("framework")) == ECTS and points is not None:
            return int(points * 100)
    return None


def _words(document: Mapping[str, Any], institution: str) -> list[str]:
    texts = [institution, text(document.get("humanCode")), text(document.get("name"))]
    texts += language_map(document.get("title")).values()
    texts += [text(one) for one in items(document.get("tag"))]
    found = dict.fromkeys(word for one in texts for word in _split(one))
    return list(found)[:MOST_WORDS]


def _split(value: str) -> Iterable[str]:
    for word in filter(None, _BETWEEN.split(folded(value))):
        yield word[:LONGEST_TERM]
        if _UNSPACED.search(word):  # a word of it may begin at any letter
            yield from (word[at : at + LONGEST_TERM] for at in range(1, len(word) - 1))


def _fields(document: Mapping[str, Any]) -> set[str]:
    """Give the codes of ISCED-F with those of the narrow and the broad field that they are part of."""
    known = concepts(Vocabulary.ISCED_F)
    codes = {known[iri]["code"] for iri in _field_ids(document) if iri in known}
    return {code[:length] for code in codes for length in (2, 3, 4) if len(code) >= length}


def _field_ids(document: Mapping[str, Any]) -> Iterable[str]:
    return (concept_id(one) for one in items(document.get("thematicArea")))
