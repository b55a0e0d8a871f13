"""What a credential says, in parts that a page or a certificate can show.

All of it comes from the document alone. Each text carries its own language where that is known, so that
pages can mark it. Sentences of ours are English (`lang` "en"); the codes beside them let the application
say them otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """Hold words with their language (BCP 47), None where the document does not say."""

    text: str
    lang: str | None = None


@dataclass(frozen=True)
class Institution:
    """Describe the issuer or another awarding body as the document names it."""

    id: str
    name: str
    url: str
    country_code: str
    country: Text | None
    region: str
    locality: str


@dataclass(frozen=True)
class Credits:
    """Give credits of one system: `points` as written, `framework` the IRI, `name` what it is called."""

    points: str
    framework: str
    name: Text
    is_ects: bool


@dataclass(frozen=True)
class Workload:
    """Tell how much study it was; `sentence` is for people: "3 ECTS credits, 90 hours of study in all"."""

    ects: str | None
    hours: int | None
    credits: tuple[Credits, ...]
    reason: Text | None
    sentence: Text


@dataclass(frozen=True)
class Level:
    """Tell a level and on what the claim rests.

    `basis` is legislated, referenced, institutional or indicative (None where the document says nothing
    or another word); `kind` is the target type (`ext:NQF`); `country_code` only where our list of
    frameworks knows it. `not_referenced` is the id of the national framework that no adopted report links to
    the EQF, where the level is an indicative one of the EQF.
    """

    code: str
    name: str
    framework: str
    framework_id: str
    kind: str
    iri: str
    country_code: str | None
    text: Text
    basis: str | None
    basis_text: Text | None
    not_referenced: str | None = None


@dataclass(frozen=True)
class Assessment:
    """Describe one assessment.

    `supervision` is the IRI of the concept, `supervised` and `identity_checked` are its meaning.
    """

    id: str
    name: Text
    types: tuple[Text, ...]
    modes: tuple[Text, ...]
    weight: int | None
    supervision: str | None
    supervision_text: Text | None
    supervised: bool | None
    identity_checked: bool | None


@dataclass(frozen=True)
class Quality:
    """Describe one kind of quality assurance."""

    title: Text | None
    kind: str
    kind_text: Text | None
    external: bool
    agent: str
    agent_url: str
    decision: str
    report: str
    issued: datetime | None
    expires: datetime | None


@dataclass(frozen=True)
class Result:
    """Tell one result: `final` for the overall grade, bounds as the scale of the definition has them."""

    key: str
    name: Text
    value: str
    final: bool
    minimum: str | None
    maximum: str | None
    required: str | None
    status: str | None


@dataclass(frozen=True)
class Evidence:
    """Name one piece of evidence."""

    url: str
    name: str
    narrative: str


@dataclass(frozen=True)
class Programme:
    """Name a programme that the micro-credential counts towards."""

    title: Text
    code: str


@dataclass(frozen=True)
class Description:
    """Hold everything that a page or certificate shows of one credential.

    Grades (`results`) and `evidence` stand apart, so that a page can leave them out; `other_titles` are
    the title in the languages that `title` is not in. What the document does not say is None, "" or ().
    """

    language: str
    learner: str
    student_number: str
    title: Text | None
    other_titles: tuple[Text, ...]
    summary: Text | None
    institution: Institution
    awarding_bodies: tuple[Institution, ...]
    awarded: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    started: datetime | None
    ended: datetime | None
    term: str
    certificate_number: str
    credits_earned: str
    workload: Workload | None
    levels: tuple[Level, ...]
    outcomes: tuple[Text, ...]
    assessments: tuple[Assessment, ...]
    participation: tuple[Text, ...]
    language_of_instruction: str
    language_name: Text | None
    setting: Text | None
    offer: Text | None
    fields_of_study: tuple[Text, ...]
    entry_requirement: Text | None
    quality: tuple[Quality, ...]
    stackability: str | None
    stackability_text: Text | None
    programmes: tuple[Programme, ...]
    criteria: str
    criteria_url: str
    notes: tuple[Text, ...]
    code: str
    version: str
    achievement_id: str
    is_profile: bool
    results: tuple[Result, ...]
    evidence: tuple[Evidence, ...]
