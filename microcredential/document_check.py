"""Check a file, whatever of the profile it holds: a definition, an Achievement, a credential, a statement."""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from microcredential import definition_text
from microcredential.checking import check_achievement, check_credential
from microcredential.errors import MicroCredentialError
from microcredential.findings import Finding, Severity, in_order
from microcredential.indicators import Standing, standing
from microcredential.reading import read_as_far, told_already
from microcredential.recognition import check_statement
from microcredential.rules import Scope
from microcredential.shapes import has_type, mapping, objects
from microcredential.terms import achievement_part, unknown_terms
from ob3.errors import JsonRefused
from ob3.strict_json import parse

# What a description says nothing of: it belongs to the learner, to the institution or to the day.
OF_THE_CREDENTIAL = ("M1", "M3", "M5", "O3")
_MOST_UNKNOWN = 20


class Kind(StrEnum):
    """Say what a file was taken for."""

    DEFINITION = "definition"
    ACHIEVEMENT = "achievement"
    CREDENTIAL = "credential"
    STATEMENT = "statement"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class DocumentCheck:
    """Hold what was found, the blocking findings first, and how the indicators stand, if anything was read.

    `not_judged` are the elements and indicators for which such a document has no data.
    """

    kind: Kind
    findings: tuple[Finding, ...]
    indicators: Standing | None = None

    @property
    def not_judged(self) -> tuple[str, ...]:
        """Give what a document of this kind does not show."""
        described = self.kind in (Kind.DEFINITION, Kind.ACHIEVEMENT)
        elements = OF_THE_CREDENTIAL if described and self.indicators else ()
        return (*elements, *(self.indicators.not_judged if self.indicators else ()))

    @property
    def counts(self) -> Mapping[Severity, int]:
        """Give how many findings there are of each severity."""
        found = Counter(one.severity for one in self.findings)
        return {severity: found[severity] for severity in Severity}


@dataclass(frozen=True)
class _Known:
    """What is known beside the file."""

    country: str | None
    now: datetime | None


def check_document(data: bytes, *, country: str | None = None, now: datetime | None = None) -> DocumentCheck:
    """Check the bytes of a JSON or YAML file.

    `country` (ISO 3166-1 alpha-2) is that of the institution, `now` an aware time; what is not given is not
    judged. Text that cannot be read safely, or describes no micro-credential, is `unreadable`, with one
    finding that says why. Never raises for what the bytes hold.
    """
    known = _Known(country, now)
    try:
        document = _read(data)
    except (MicroCredentialError, JsonRefused) as error:
        fix = error.fix if isinstance(error, MicroCredentialError) else "Correct the file."
        why = Finding("file", Severity.BLOCK, str(error.path), error.message, fix, error.code)
        return DocumentCheck(Kind.UNREADABLE, (why,))
    if has_type(document, "EndorsementCredential"):
        return DocumentCheck(Kind.STATEMENT, tuple(check_statement(document, now=known.now)))
    if _is_credential(document):
        return _credential(document, known)
    if has_type(document, "Achievement") and "achievement" not in document:
        return _achievement(document, known)
    return _definition(document, known)


def _read(data: bytes) -> dict[str, Any]:
    """Read JSON within the limits of a credential, anything else as the YAML of a definition."""
    if data.lstrip()[:1] != b"{":
        return definition_text.read(data, "yaml")
    document = parse(data)
    return mapping(document)


def _is_credential(document: dict[str, Any]) -> bool:
    kinds = ("VerifiableCredential", "OpenBadgeCredential", "AchievementCredential")
    return "credentialSubject" in document or any(has_type(document, kind) for kind in kinds)


def _credential(document: dict[str, Any], known: _Known) -> DocumentCheck:
    subject = mapping(document.get("credentialSubject"))
    achievement = mapping(subject.get("achievement"))
    found = [
        *check_credential(document, institution_country=known.country, now=known.now),
        *_undefined(achievement, "credentialSubject.achievement"),
    ]
    results = [one for _, one in objects(subject.get("result"))]
    stands = standing(found, scope=Scope.CREDENTIAL, achievement=achievement, results=results)
    return DocumentCheck(Kind.CREDENTIAL, tuple(in_order(found)), stands)


def _achievement(document: dict[str, Any], known: _Known) -> DocumentCheck:
    judged = check_achievement(document, institution_country=known.country, now=known.now)
    described = {term: value for term, value in document.items() if term != "@context"}
    found = [*judged, *_undefined(described, "")]
    stands = standing(found, scope=Scope.ACHIEVEMENT, achievement=document)
    return DocumentCheck(Kind.ACHIEVEMENT, tuple(in_order(found)), stands)


def _definition(document: dict[str, Any], known: _Known) -> DocumentCheck:
    whole = "definition" in document or "achievement" in document
    trial = copy.deepcopy(document) if whole else {"definition": {}, "achievement": copy.deepcopy(document)}
    if whole and isinstance(trial.get("achievement"), dict):
        trial["achievement"].setdefault("achievementType", "MicroCredential")  # an empty one is read too
    reading = read_as_far(trial)
    if reading.definition is None:
        nothing = reading.faults[-1].code in ("no_achievement", "too_large")
        kind = Kind.UNREADABLE if nothing else Kind.DEFINITION
        return DocumentCheck(kind, _placed(reading.faults, whole=whole))
    achievement = reading.definition.achievement
    judged = check_achievement(achievement, institution_country=known.country, now=known.now)
    left = [one for one in judged if not told_already(one, reading.faults)]
    found = [*reading.faults, *(dataclasses.replace(one, path=f"achievement.{one.path}") for one in left)]
    stands = standing(found, scope=Scope.ACHIEVEMENT, achievement=achievement)
    return DocumentCheck(Kind.DEFINITION, _placed(in_order(found), whole=whole), stands)


def _placed(findings: list[Finding] | tuple[Finding, ...], *, whole: bool) -> tuple[Finding, ...]:
    """Give each its place in the file: a description without options stands at the top of it."""
    if whole:
        return tuple(findings)
    return tuple(
        dataclasses.replace(one, path=one.path.removeprefix("achievement").removeprefix("."))
        for one in findings
    )


def _undefined(achievement: dict[str, Any], path: str) -> Iterator[Finding]:
    """Block words that no context defines: a signature would not cover what they say."""
    found = unknown_terms(achievement, achievement_part(short=False), path)
    for (place, key, _), _number in zip(found, range(_MOST_UNKNOWN), strict=False):
        yield Finding(
            "O5",
            Severity.BLOCK,
            place,
            f"“{key}” has no meaning in the contexts, so no signature would cover it.",
            "Correct the word, or leave it out.",
            "unknown_key",
        )
