"""The controlled vocabularies of the profile: which concepts there are and what they are called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from microcredential.errors import MicroCredentialError


class Vocabulary(StrEnum):
    """Name the lists; each is the file of that name under `data/vocabularies`."""

    ASSESSMENT_TYPE = "assessment-type"
    MODE = "mode-of-learning-and-assessment"
    QUALITY_ASSURANCE = "quality-assurance-type"
    SUPERVISION = "supervision-verification"
    CREDIT_SYSTEM = "credit-system-local"
    REFERENCING_BASIS = "referencing-basis"
    STACKABILITY = "stackability"
    RECOGNITION_OUTCOME = "recognition-outcome"
    RECOGNITION_PURPOSE = "recognition-purpose"
    RECOGNITION_BASIS = "recognition-basis"
    RECOGNITION_INDICATOR = "recognition-indicators"
    RECOGNITION_RATING = "recognition-rating"
    LEARNING_SETTING = "learning-setting"
    LEARNING_OPPORTUNITY = "learning-opportunity-type"
    ISCED_F = "isced-f"
    SKILL_TYPE = "skill-type"
    SKILL_REUSE_LEVEL = "skill-reuse-level"
    EQF_LEVEL = "eqf-level"
    NQF_LEVEL = "nqf-level"
    NQF_LEVEL_ASEAN = "nqf-level-asean"
    COUNTRY = "country"
    LANGUAGE = "language"
    CREDENTIAL_TYPE = "credential-type"
    CONTENT_ENCODING = "content-encoding"
    QA_INDICATOR = "qa-completeness-indicators"


@dataclass(frozen=True)
class Country:
    """Name one country: ISO 3166-1 alpha-2 code, IRI of the EU list, labels by language."""

    code: str
    iri: str
    labels: Mapping[str, str]


@cache
def document(name: str) -> dict[str, Any]:
    """Give one vocabulary as its file has it, with origin, licence and notes."""
    path = files("microcredential").joinpath("data", "vocabularies", f"{Vocabulary(name).value}.json")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


@cache
def concepts(name: str) -> dict[str, dict[str, Any]]:
    """Give the concepts of one vocabulary by IRI."""
    return {row["id"]: row for row in document(name)["concepts"]}


@cache
def _all_labels() -> dict[str, dict[str, str]]:
    return {iri: row["labels"] for name in Vocabulary for iri, row in concepts(name).items()}


def in_vocabulary(name: str, iri: str) -> bool:
    """Tell whether the IRI is a concept of that vocabulary."""
    return iri in concepts(name)


def labels(iri: str) -> Mapping[str, str]:
    """Give the labels of a concept by language; none for an unknown one."""
    return _all_labels().get(iri, {})


def label(iri: str, language: str = "en") -> str:
    """Give the label in the language, else in English, else in any; the IRI itself for an unknown concept."""
    known = labels(iri)
    return known.get(language) or known.get("en") or next(iter(known.values()), iri)


def concept(iri: str, languages: Iterable[str] = ()) -> dict[str, Any]:
    """Give the concept to embed, labelled in English and in those of the languages that have a label.

    Raises MicroCredentialError (`unknown_concept`) for an IRI that no vocabulary has.
    """
    known = labels(iri)
    if not known:
        raise MicroCredentialError(
            "unknown_concept",
            f"“{iri[:200]}” is not a concept of the profile's vocabularies.",
            fix="Take the IRI from the list for this field.",
        )
    wanted = dict.fromkeys(["en", *languages])
    return {"id": iri, "type": "Concept", "prefLabel": {tag: known[tag] for tag in wanted if tag in known}}


@cache
def countries() -> dict[str, Country]:
    """Give the countries by ISO 3166-1 alpha-2 code; rows of the EU list without such a code are left out."""
    rows = (row for row in document(Vocabulary.COUNTRY)["concepts"] if row["alpha2"])
    return {
        row["alpha2"]: Country(row["alpha2"], row["id"], row["labels"] | _OWN_NAMES.get(row["alpha2"], {}))
        for row in rows
    }


# As a country writes itself, where the EU list does otherwise.
_OWN_NAMES = {"VN": {"en": "Viet Nam"}}
