"""Step 14: does a micro-credential say all that the European approach requires?

Completeness is not authenticity: the answer is at most a warning and never changes the verdict.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from microcredential import Finding, MicroCredentialError, Severity, check_credential
from verifier.json_types import as_object, has_type
from verifier.report import Check, passed, skipped, warning
from verifier.trust import TrustEntry

_ELEMENTS = {
    "M1": "the learner",
    "M2": "the title",
    "M3": "the country of the issuer",
    "M4": "the awarding body",
    "M5": "the date of issue",
    "M6": "the learning outcomes",
    "M7": "the workload",
    "M8": "the level",
    "M9": "the assessment",
    "M10": "the form of participation",
    "M11": "the quality assurance",
}


def check_profile(credential: Mapping[str, Any], *, entry: TrustEntry | None, now: datetime) -> Check:
    """Judge the eleven mandatory elements of a verified micro-credential; other badges are not asked for
    them."""
    if not _is_micro_credential(credential):
        return skipped("profile", "profile_not_used")
    try:
        findings = check_credential(
            dict(credential), institution_country=entry.country if entry else None, now=now
        )
    except MicroCredentialError as error:
        return warning("profile", "profile_unreadable", reason=error.message[:300])
    missing = _lacking(findings)
    if missing:
        return warning("profile", "elements_missing", elements=", ".join(missing), count=str(len(missing)))
    return passed("profile", "elements_complete")


def _is_micro_credential(credential: Mapping[str, Any]) -> bool:
    achievement = as_object(as_object(credential.get("credentialSubject")).get("achievement"))
    marked = has_type(achievement, "MicroCredentialAchievement")
    return marked or achievement.get("achievementType") == "MicroCredential"


def _lacking(findings: list[Finding]) -> list[str]:
    """Name the elements that block, each once, in their order; an indicator of quality is no element."""
    blocking = {one.id for one in findings if one.severity is Severity.BLOCK and one.id[:3] != "QC-"}
    known = [name for number, name in _ELEMENTS.items() if number in blocking]
    return known + sorted(blocking - set(_ELEMENTS))
