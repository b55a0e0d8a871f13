"""The words of recognition, as the vocabularies have them: outcomes, purposes, bases, criteria, scale."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

NS = "https://w3id.org/testamur/ns/v1#"


class _Word(StrEnum):
    """A concept of one of the vocabularies, by its code."""

    @property
    def iri(self) -> str:
        """Give the concept's IRI."""
        return NS + self.value


class Outcome(_Word):
    """What comes of an application. `NOT_RECOGNISED` is written in letters and never signed."""

    FULL = "full"
    PARTIAL = "partial"
    ALTERNATIVE = "alternative"
    CONDITIONAL = "conditional"
    NOT_RECOGNISED = "notRecognised"


class Purpose(_Word):
    """What the recognition is for: a decision is always for a purpose."""

    ADMISSION = "admission"
    CREDIT_TRANSFER = "creditTransfer"
    PARTIAL_QUALIFICATION = "partialQualification"
    EMPLOYMENT = "employment"
    INFORMATION_ONLY = "informationOnly"


class Basis(_Word):
    """The law or contract on which a statement rests."""

    LRC = "LRC"
    TOKYO_CONVENTION = "TokyoConvention"
    GLOBAL_CONVENTION = "GlobalConvention"
    CONSORTIUM_AGREEMENT = "consortiumAgreement"
    BILATERAL_AGREEMENT = "bilateralAgreement"
    INSTITUTIONAL_RULES = "institutionalRules"
    RPL = "RPL"


class Indicator(_Word):
    """One of the seven criteria."""

    QUALITY = "quality"
    VERIFICATION = "verification"
    LEVEL = "level"
    LEARNING_OUTCOMES = "learningOutcomes"
    WORKLOAD = "workload"
    ASSESSMENT = "assessment"
    IDENTIFICATION = "identification"

    @property
    def iri(self) -> str:
        """Give the concept's IRI."""
        return f"{NS}indicator-{self.value}"


class Strength(_Word):
    """The scale, the best first. Ratings are weighed by purpose and never added up."""

    STRONG = "strong"
    SUBSTANTIAL = "substantial"
    WEAK = "weak"
    NONE = "none"

    @property
    def rank(self) -> int:
        """Give 3 for strong to 0 for none."""
        return len(Strength) - 1 - list(Strength).index(self)

    def at_least(self, other: Strength) -> bool:
        """Tell whether this is as good as the other, or better."""
        return self.rank >= other.rank


CREDIT_PURPOSES = frozenset({Purpose.CREDIT_TRANSFER, Purpose.PARTIAL_QUALIFICATION})


@cache
def settled() -> dict[str, Any]:
    """Give what the partners have agreed on: shares, steps, time limits and the guidance to a decision."""
    written = files("microcredential").joinpath("data", "recognition.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(written)
    return content


def not_asked_on_site() -> frozenset[Indicator]:
    """Give the criteria that a course on site need not meet (Micro-Evaluator)."""
    return frozenset(Indicator(code) for code in settled()["notAskedOnSite"])
