"""Write a refusal: a letter with the substantial differences, what they mean and how to appeal. Never signed
as a credential, never published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from microcredential.errors import MicroCredentialError
from microcredential.recognition.words import Basis, Indicator, Purpose
from microcredential.vocabulary import label


@dataclass(frozen=True)
class Difference:
    """Name one substantial difference: by which criterion, what it is, and what it means for the purpose."""

    criterion: Indicator
    difference: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Hold what a refusal must say.

    `only_indicative`: the badge's level is indicative, so that the level alone is no ground.
    Raises MicroCredentialError for a letter without reasons, reference or way to appeal.
    """

    course: str
    office: str
    decided: date
    purpose: Purpose
    bases: Sequence[Basis]
    differences: Sequence[Difference]
    reference: str
    appeal: str
    only_indicative: bool = False

    def __post_init__(self) -> None:
        if not self.differences or not all(
            one.difference.strip() and one.effect.strip() for one in self.differences
        ):
            raise MicroCredentialError(
                "no_difference",
                "A refusal shows a substantial difference and what it means for the purpose.",
                fix="Name the criterion, the difference and its effect.",
            )
        if self.only_indicative and {one.criterion for one in self.differences} == {Indicator.LEVEL}:
            raise MicroCredentialError(
                "level_alone",
                "An indicative level is no ground for a refusal by itself.",
                fix="Compare the outcomes, the workload or the assessment.",
            )
        if not self.reference.strip() or not self.appeal.strip():
            raise MicroCredentialError(
                "no_appeal", "A refusal has a reference and says how to appeal.", fix="Add both."
            )


def refusal_letter(refusal: Refusal, language: str = "en") -> str:
    """Give the letter as plain text; the salutation with the learner's name is the office's own."""
    lines = [
        refusal.office,
        f"Reference: {refusal.reference}",
        f"Date: {refusal.decided.isoformat()}",
        "",
        f"Decision: “{refusal.course}” is not recognised.",
        f"Purpose: {label(refusal.purpose.iri, language)}",
        "Basis: " + "; ".join(label(one.iri, language) for one in refusal.bases),
        "",
        "Substantial differences:",
    ]
    for one in refusal.differences:
        lines += [
            f"- {label(one.criterion.iri, language)}: {one.difference.strip()}",
            f"  What it means: {one.effect.strip()}",
        ]
    return "\n".join([*lines, "", f"How to appeal: {refusal.appeal}", ""])
