"""Step 13: praise inside a badge counts only when each endorsement is verified with all rules (P10).

An endorsement that is false makes the badge false. One that has lapsed or was withdrawn no longer counts,
and the reader is told. One that cannot be checked, or is of a form that we do not read, leaves the question
open: it is never passed over in silence.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from verifier.json_types import as_list, as_object, has_type, id_of, objects_within
from verifier.report import Check, failed, passed, skipped, unknown, warning
from verifier.shape import ENDORSEMENT
from verifier.verdict import Verdict

Document = Mapping[str, Any]
Examine = Callable[[dict[str, Any]], Verdict]
_GONE = frozenset({Verdict.revoked, Verdict.suspended, Verdict.expired, Verdict.not_yet_valid})


def check_endorsements(document: Document, *, examine: Examine | None, most: int) -> Check:
    """Judge all endorsements in a document.

    `examine` verifies one of them; None inside an endorsement, where nothing deeper is followed.
    """
    found = list(_endorsements(document))
    if not found:
        return skipped("endorsements", "no_endorsements")
    if len(found) > most:
        return failed("endorsements", "limit_count", what=f"more than {most} endorsements")
    if examine is None or not all(isinstance(one, dict) for _, one in found):
        return unknown("endorsements", "endorsement_not_read")
    return _judged(document, [(holder, one) for holder, one in found], examine)


def _endorsements(document: Document) -> Iterator[tuple[Document, Any]]:
    """Give every outermost endorsement with the object that holds it."""
    inner = {
        id(deeper)
        for node in objects_within(document)
        for one in as_list(node.get("endorsement"))
        for deeper in objects_within(one)
    }
    for node in objects_within(document):
        if id(node) in inner:
            continue
        for name in ("endorsement", "endorsementJwt"):
            yield from ((node, one) for one in as_list(node.get(name)))


def _judged(document: Document, found: list[tuple[Document, dict[str, Any]]], examine: Examine) -> Check:
    if not all(has_type(one, ENDORSEMENT) for _, one in found):
        return failed("endorsements", "endorsement_false")
    verdicts = [examine(one) for _, one in found]
    if Verdict.invalid in verdicts:
        return failed("endorsements", "endorsement_false")
    if set(verdicts) - _GONE - {Verdict.valid}:
        return unknown("endorsements", "endorsement_unclear")
    if _GONE & set(verdicts):
        return warning("endorsements", "endorsement_lapsed")
    if not all(_is_about(one, holder, document) for holder, one in found):
        return warning("endorsements", "endorsement_elsewhere")
    return passed("endorsements", "endorsements_good", count=str(len(found)))


def _is_about(endorsement: Document, holder: Document, document: Document) -> bool:
    """Tell whether an endorsement speaks of what holds it, or of the badge, its subject or its
    achievement."""
    subject = as_object(document.get("credentialSubject"))
    achievement = as_object(subject.get("achievement"))
    about = id_of(endorsement.get("credentialSubject"))
    return about in {one.get("id") for one in (holder, document, subject, achievement)} - {None}
