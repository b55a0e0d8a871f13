"""Step 4: the outline without which nothing in a document means anything: its kind, its issuer, its subject.

What each part must hold beyond that is for the schema (step 5), which a reader is told apart.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.json_types import as_object, has_type, id_of
from verifier.report import Check, failed, passed

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")
BADGE, ENDORSEMENT, LEARNER_RECORD = "AchievementCredential", "EndorsementCredential", "ClrCredential"

Document = Mapping[str, Any]


def kind_of(document: Document) -> str | None:
    """Give the schema kind of a credential, or None where it is no badge, endorsement or learner record.

    A learner record that calls itself a badge as well would be read as either, so it is neither.
    """
    if not has_type(document, "VerifiableCredential"):
        return None
    if has_type(document, ENDORSEMENT):
        return ENDORSEMENT
    is_badge = any(has_type(document, one) for one in BADGE_TYPES)
    if has_type(document, LEARNER_RECORD):
        return None if is_badge else LEARNER_RECORD
    return BADGE if is_badge else None


def check_shape(document: object) -> Check:
    """Judge what a document must have to be a badge, or an endorsement, at all."""
    if not isinstance(document, dict):
        return failed("shape", "not_an_object")
    for code in _faults(document):
        return failed("shape", code)
    return passed("shape", "complete")


def issuer_id(document: object) -> str | None:
    """Give the id that a document claims for its issuer."""
    return id_of(as_object(document).get("issuer"))


def _faults(document: Document) -> Iterator[str]:
    """Give every fault; the first is reported."""
    kind, subject = kind_of(document), document.get("credentialSubject")
    if kind is None:
        yield "not_a_badge"
    if not issuer_id(document):
        yield "no_issuer"
    if not isinstance(subject, dict):
        yield "no_subject"
    elif kind == BADGE and not has_type(subject.get("achievement"), "Achievement"):
        yield "no_achievement"
    elif kind == ENDORSEMENT and not id_of(subject):
        yield "no_subject"
