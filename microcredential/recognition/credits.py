"""Convert credits by hours: between two systems the hours of study decide, and nothing else.

How many hours a credit has is written in the vocabulary where a source was read, and otherwise asked of the
receiving institution, which answers with a reference. No figure is ever assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.recognition.statements import Credits
from microcredential.recognition.words import settled
from microcredential.shapes import decimal, mapping, objects, text
from microcredential.vocabulary import Vocabulary, concepts, label

_HOURS = re.compile(r"PT([1-9][0-9]{0,4})H", re.ASCII)


@dataclass(frozen=True)
class HoursPerCredit:
    """Say how many hours one credit of a system has, and where that is written.

    Raises MicroCredentialError for no hours, for hours outside what the system itself allows, and for an
    answer without a reference.
    """

    system: str
    hours: Decimal
    reference: str

    def __post_init__(self) -> None:
        if self.system not in concepts(Vocabulary.CREDIT_SYSTEM):
            raise MicroCredentialError("unknown_credits", "This credit system is not in the list.")
        least, most = allowed_hours(self.system) or (Decimal("0.5"), Decimal(200))
        if not least <= self.hours <= most:
            raise MicroCredentialError(
                "hours_per_credit",
                f"A credit of {label(self.system)} has {least} to {most} hours, not {self.hours}.",
                fix="Correct the hours.",
            )
        if not self.reference.strip():
            raise MicroCredentialError(
                "no_reference", "Nothing says where the hours are written.", fix="Name the rule or the page."
            )


@dataclass(frozen=True)
class Conversion:
    """What credits of another system come to, and how that was found.

    `credits` is None where it could not be found; `reason` is a sentence, `code` its machine word.
    """

    credits: Credits | None
    code: str
    reason: str


def converted(
    achievement: Mapping[str, Any], *, system: str, hours_per_credit: HoursPerCredit | None = None
) -> Conversion:
    """Say how many credits of the receiver's `system` (an IRI) the hours of a course come to.

    Credits of the same system stay as they are; any others are worked out from the hours, rounded down to
    half a credit. Raises MicroCredentialError (`unknown_credits`) for a system that is not in the list.
    """
    if system not in concepts(Vocabulary.CREDIT_SYSTEM):
        raise MicroCredentialError("unknown_credits", "This credit system is not in the list.")
    own = stated_credits(achievement).get(same_system(system))
    if own is not None:
        return Conversion(
            Credits(system, own), "same_system", f"The certificate states {own} {label(system)}."
        )
    hours = stated_hours(achievement)
    if hours is None:
        return Conversion(None, "no_hours", "The certificate states no hours of study: ask its issuer.")
    if hours_per_credit is None or same_system(hours_per_credit.system) != same_system(system):
        return Conversion(
            None, "ask_hours", f"How many hours has one credit of {label(system)} with you? {_range(system)}"
        )
    points = rounded_down(hours / hours_per_credit.hours)
    reason = (
        f"{hours} hours at {hours_per_credit.hours} hours a credit ({hours_per_credit.reference}), "
        f"rounded down to half a credit: {points}."
    )
    if points == 0:
        return Conversion(None, "less_than_half", reason)
    return Conversion(Credits(system, points), "by_hours", reason)


def stated_hours(achievement: Mapping[str, Any]) -> Decimal | None:
    """Give the hours of study that a badge states, or None."""
    match = _HOURS.fullmatch(text(achievement.get("volumeOfLearning")))
    return Decimal(match[1]) if match else None


def stated_credits(achievement: Mapping[str, Any]) -> dict[str, Decimal]:
    """Give the credits that a badge states, by system; of two numbers for one system the smaller."""
    found: dict[str, Decimal] = {}
    for _, one in objects(achievement.get("creditPoint")):
        system, points = same_system(text(one.get("framework"))), decimal(one.get("point"))
        if points is not None and points > 0:
            found[system] = min(points, found.get(system, points))
    return found


def credits_of(document: object) -> list[Credits]:
    """Give the credits that a statement recognises; those that are no number are left out."""
    given = objects(mapping(mapping(document).get("credentialSubject")).get("creditRecognised"))
    points = [(text(one.get("framework")), decimal(one.get("point"))) for _, one in given]
    return [Credits(system, number) for system, number in points if number is not None]


def same_system(system: str) -> str:
    """Give the IRI under which a system is known that has two (`exactMatch` in the vocabulary)."""
    matched: str = concepts(Vocabulary.CREDIT_SYSTEM).get(system, {}).get("exactMatch", system)
    return matched


def allowed_hours(system: str) -> tuple[Decimal, Decimal] | None:
    """Give the least and the most hours of a credit, None where no source was read."""
    row = concepts(Vocabulary.CREDIT_SYSTEM).get(same_system(system), {}).get("hoursPerCredit")
    return (Decimal(row["min"]), Decimal(row["max"])) if row else None


def rounded_down(points: Decimal) -> Decimal:
    """Give the largest number of half credits that is not more."""
    step = Decimal(settled()["parameters"]["credit_step"])
    down = points // step * step
    return down.quantize(Decimal(1)) if down == down.to_integral_value() else down


def _range(system: str) -> str:
    known = allowed_hours(system)
    return f"It has {known[0]} to {known[1]}." if known else "Give the rule where it is written."
