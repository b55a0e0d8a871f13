"""Indicators of quality (QC-..) that a document shows and no rule of an element asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from microcredential.findings import Finding, block, info, warn
from microcredential.outcome_matrix import matrix_of
from microcredential.rules.assessment import assessments
from microcredential.rules.quality import EXTERNAL_PREFIX, INTERNAL_QA
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, has_type, items, mapping, moment, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary

_PEER_REVIEW = "https://w3id.org/testamur/ns/v1#consortiumPeerReview"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
# RECOGNITION, section 5, QC-07: at most twelve months ahead. A day is left for the zone of the writer.
_REVIEW_WITHIN = timedelta(days=367)
_SCALE_OF_ITSELF = frozenset({"Status"})  # its values are those of Open Badges, and passing is one of them


def _assurances(matter: Matter, kind: str) -> list[tuple[int, dict[str, Any]]]:
    return [
        (place, one)
        for place, one in objects(matter.achievement.get("qualityAssurance"))
        if concept_id(one.get("qaType")).startswith(kind)
    ]


@rule("QC-02", sees_time=True)
def external_assurance_lasts(matter: Matter) -> Iterator[Finding]:
    """Warn when no external assurance is named, or none says until when; M11 blocks one that has ended."""
    external = _assurances(matter, EXTERNAL_PREFIX)
    if not external and _assurances(matter, _PEER_REVIEW):
        yield warn(
            "qualityAssurance",
            "no_external",
            "No agency outside the consortium assures the quality.",
            "Name the accreditation of the institution as well, if there is one.",
        )
    if external and not any("expiryDate" in one for _, one in external):
        yield warn(
            f"qualityAssurance[{external[0][0]}].expiryDate",
            "no_expiry",
            "Nothing says until when the external quality assurance is in force.",
            "Give the last day of the accreditation.",
        )
    ends = [end for _, one in external if (end := moment(one.get("expiryDate"))) is not None]
    if ends and matter.now is not None and not matter.is_awarded and max(ends) <= matter.now:
        yield warn(
            f"qualityAssurance[{external[0][0]}].expiryDate",
            "external_ended",
            "The external quality assurance has ended.",
            "Renew the entry: credentials awarded now would be refused.",
        )


@rule("QC-03")
def decision_can_be_looked_up(matter: Matter) -> Iterator[Finding]:
    """Warn of external assurance without an address at which its decision can be read."""
    for place, one in _assurances(matter, EXTERNAL_PREFIX):
        if not text(one.get("report")):
            yield warn(
                f"qualityAssurance[{place}].report",
                "no_report",
                "The decision of this agency cannot be looked up.",
                "Give the address of its report.",
            )


@rule("QC-05")
def approval_is_named(matter: Matter) -> Iterator[Finding]:
    """Ask for the approval of the institution: which body decided; whether it may is for a person to say."""
    entries = objects(matter.achievement.get("qualityAssurance"))
    if entries and not _assurances(matter, INTERNAL_QA):
        yield block(
            "qualityAssurance",
            "no_approval",
            "Nothing says which body of the institution approved the micro-credential.",
            "Add internal quality assurance with the decision: who, reference, day.",
        )


@rule("QC-07", sees_time=True)
def review_is_due(matter: Matter) -> Iterator[Finding]:
    """Warn when no review is due within twelve months, or one is overdue."""
    internal = _assurances(matter, INTERNAL_QA)
    if not internal:
        return
    path = f"qualityAssurance[{internal[0][0]}].reviewDate"
    dates = [date for _, one in internal if (date := moment(one.get("reviewDate"))) is not None]
    if not dates:
        yield warn(path, "no_review", "No day is set for the next review.", "Set one within twelve months.")
    elif matter.now is not None:
        yield from _review_at(path, max(dates), matter.now)


def _review_at(path: str, due: datetime, now: datetime) -> Iterator[Finding]:
    if due < now:
        yield warn(path, "review_overdue", "The review is overdue.", "Review it, and set the next day.")
    elif due - now > _REVIEW_WITHIN:
        yield warn(
            path,
            "review_too_late",
            "The next review is more than twelve months ahead.",
            "Set an earlier day.",
        )


@rule("QC-08")
def version_is_named(matter: Matter) -> Iterator[Finding]:
    """Warn of a description without version: nobody could say which of its revisions was awarded."""
    if not text(matter.achievement.get("version")):
        yield warn("version", "no_version", "The version is not named.", "Give one such as 2026-1.")


@rule("QC-12")
def each_outcome_is_linked(matter: Matter) -> Iterator[Finding]:
    """Warn of each outcome without a link where others have one; M6 warns where none has."""
    outcomes = objects(matter.achievement.get("learningOutcome"))
    linked = [bool(one.get("relatedESCOSkill") or one.get("relatedSkill")) for _, one in outcomes]
    for (place, _), has_link in zip(outcomes, linked, strict=True):
        if any(linked) and not has_link:
            yield warn(
                f"learningOutcome[{place}]",
                "outcome_not_linked",
                "This outcome is tied to no skill of ESCO or another framework.",
                "Add relatedESCOSkill or relatedSkill where one fits.",
            )


@rule("QC-17")
def field_is_coded(matter: Matter) -> Iterator[Finding]:
    """Warn when the field of study has no code of ISCED-F."""
    areas = [concept_id(one) for one in items(matter.achievement.get("thematicArea"))]
    if not any(in_vocabulary(Vocabulary.ISCED_F, area) for area in areas):
        yield warn(
            "thematicArea", "no_field", "The field of study has no code.", "Choose one of ISCED-F 2013."
        )


@rule("QC-18")
def language_is_told(matter: Matter) -> Iterator[Finding]:
    """Warn when the language of instruction is not told as a language tag."""
    if not _LANGUAGE.fullmatch(text(matter.achievement.get("inLanguage"))):
        yield warn(
            "inLanguage",
            "no_language",
            "The language of instruction is missing or not a language tag.",
            "Write a tag such as en, vi, lo or cs.",
        )


@rule("QC-20")
def outcomes_are_assessed(matter: Matter) -> Iterator[Finding]:
    """Ask, where assessments say which outcomes they assess, that none is left out and none is unknown."""
    matrix = matrix_of(matter.achievement)
    if matrix is None:
        return
    for place in matrix.not_assessed:
        yield block(
            f"learningOutcome[{place}]",
            "not_assessed",
            "No assessment covers this outcome.",
            "Name it in “assesses” of an assessment.",
        )
    for place in matrix.unknown:
        yield block(
            f"resultDescription[{place}].assesses",
            "unknown_outcome",
            "The assessment names an outcome that there is not.",
            "Name outcomes by their short names, such as lo1.",
        )


@rule("QC-23")
def scales_are_given(matter: Matter) -> Iterator[Finding]:
    """Ask each assessment for its scale and for what passing takes."""
    for place, one in assessments(matter.achievement):
        if text(one.get("resultType")) in _SCALE_OF_ITSELF:
            continue
        ends = text(one.get("valueMin")) and text(one.get("valueMax"))
        if not (ends or items(one.get("allowedValue")) or objects(one.get("rubricCriterionLevel"))):
            yield block(
                f"resultDescription[{place}].valueMax",
                "no_scale",
                "The assessment has no scale.",
                "Give its lowest and highest value, or the values that there are.",
            )
        if not (text(one.get("requiredValue")) or text(one.get("requiredLevel"))):
            yield block(
                f"resultDescription[{place}].requiredValue",
                "no_threshold",
                "Nothing says what passing this assessment takes.",
                "Give the value that is required.",
            )


@rule("QC-27")
def recognitions_are_counted(matter: Matter) -> Iterator[Finding]:
    """Tell how many statements of recognition the description itself carries."""
    found = [
        one
        for _, one in objects(matter.achievement.get("endorsement"))
        if has_type(mapping(one.get("credentialSubject")), "RecognitionDecision")
    ]
    if found:
        issuers = {concept_id(one.get("issuer")) for one in found}
        yield info(
            "endorsement",
            "recognised_by",
            f"{len(issuers)} other institutions recognise it in {len(found)} statements, not verified here.",
            "Verify the credential to learn whether they hold.",
        )


@rule("QC-32", Scope.CREDENTIAL)
def status_can_be_asked(matter: Matter) -> Iterator[Finding]:
    """Ask for an entry in a list of revocations; whether the list answers is for the verifier to say."""
    entries = [
        one
        for _, one in objects(matter.credential.get("credentialStatus"))
        if one.get("type") == "BitstringStatusListEntry" and one.get("statusPurpose") == "revocation"
    ]
    if not any(text(one.get("statusListCredential")) for one in entries):
        yield block(
            "credentialStatus",
            "no_status",
            "The credential names no list in which a revocation would stand.",
            "Add a BitstringStatusListEntry with the purpose revocation.",
        )
