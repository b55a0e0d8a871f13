"""The 35 indicators of quality: what each asks, and which of them a document could answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from microcredential.findings import Finding, Severity
from microcredential.outcome_matrix import matrix_of
from microcredential.rules import Scope
from microcredential.rules.registry import registered
from microcredential.shapes import objects
from microcredential.vocabulary import Vocabulary, document


class Judge(StrEnum):
    """Say who judges an indicator: a machine, a person, or both."""

    MACHINE = "M"
    PERSON = "H"
    BOTH = "X"


@dataclass(frozen=True)
class Indicator:
    """Describe one indicator, in the words of the project's list (`qa-completeness-indicators`).

    `severity` and `data` are words for people, such as “block if none, else warn”.
    """

    id: str
    group: str
    label: str
    judge: Judge
    severity: str
    data: str
    basis: str
    certainty: str


# Why no document can show these. A test holds that every indicator is judged by a rule or named here.
OUTSIDE: dict[str, str] = {
    "QC-01": "The register of institutions knows it, with the evidence.",
    "QC-04": "A person reads whether the procedure names micro-credentials.",
    "QC-06": "A person says who outside took part; it stands in the record of the course.",
    "QC-09": "The record of each run has it.",
    "QC-10": "A person looks for the route on the course page.",
    "QC-14": "The record of each run has the hours that learners reported.",
    "QC-21": "The office asks before it issues, for it knows when the version was published.",
    "QC-25": "The record of the course has the examiners.",
    "QC-28": "The owner of the programme confirms the published version by a signed statement.",
    "QC-29": "A person reads what the catalogue tells before enrolment.",
    "QC-30": "A test of each release downloads all three and asks other verifiers.",
    "QC-31": "Whoever verifies a signature asks for the key and the register.",
    "QC-33": "The record of enrolment has it, never the badge.",
    "QC-34": "Publishing makes the catalogue entry from this very document.",
    "QC-35": "A person looks for the rules of the institution.",
}


@dataclass(frozen=True)
class Standing:
    """Say which indicators a document meets, which it leaves unmet, and which it cannot show."""

    met: tuple[str, ...]
    unmet: tuple[str, ...]
    not_judged: tuple[str, ...]

    def by_group(self) -> Mapping[str, tuple[int, int]]:
        """Give for each group how many are met and how many were judged; never one number for all."""
        judged = {*self.met, *self.unmet}
        found: dict[str, tuple[int, int]] = {}
        for one in indicators():
            met, asked = found.get(one.group, (0, 0))
            found[one.group] = (met + (one.id in self.met), asked + (one.id in judged))
        return found


@cache
def indicators() -> tuple[Indicator, ...]:
    """Give the indicators in the order of their numbers."""
    return tuple(
        Indicator(
            id=row["code"],
            group=row["group"],
            label=row["labels"]["en"],
            judge=Judge(row["check"]),
            severity=row["severity"],
            data=row["data"],
            basis=row["basis"],
            certainty=row["certainty"],
        )
        for row in document(Vocabulary.QA_INDICATOR)["concepts"]
    )


def standing(
    findings: Iterable[Finding], *, scope: Scope, achievement: dict[str, Any], results: Any = None
) -> Standing:
    """Say how the indicators stand after a check of that scope.

    `achievement` is what was checked, `results` those of its learner, if any. What only tells something
    (`info`) leaves nothing unmet.
    """
    told = [one for one in findings if one.severity is not Severity.INFO]
    unmet = {one for finding in told for one in finding.indicators}
    judged = {one for each in registered(scope) for one in each.indicators} - _absent(achievement, results)
    judged |= unmet
    order = [one.id for one in indicators()]
    return Standing(
        met=tuple(one for one in order if one in judged - unmet),
        unmet=tuple(one for one in order if one in unmet),
        not_judged=tuple(one for one in order if one not in judged),
    )


def _absent(achievement: dict[str, Any], results: Any) -> set[str]:
    """Name the indicators whose data this document does not carry."""
    carried = {
        "QC-20": matrix_of(achievement) is not None,
        "QC-26": bool(objects(results)),
        "QC-27": bool(objects(achievement.get("endorsement"))),
    }
    return {one for one, is_there in carried.items() if not is_there}
