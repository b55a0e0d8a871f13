"""M11 quality assurance: of which type, by whom, until when."""

from __future__ import annotations

from collections.abc import Iterator

from microcredential.findings import Finding, block, warn
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, mapping, moment, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary

NO_QA = "https://w3id.org/testamur/ns/v1#noQA"
INTERNAL_QA = "https://w3id.org/testamur/ns/v1#internalQA"
EXTERNAL_PREFIX = "http://data.europa.eu/snb/accreditation/"


@rule("M11")
def quality_is_assured(matter: Matter) -> Iterator[Finding]:
    """Ask for quality assurance of a type in the list, and another than none."""
    entries = objects(matter.achievement.get("qualityAssurance"))
    if not entries:
        yield block(
            "qualityAssurance",
            "no_quality",
            "The quality assurance is missing.",
            "Name at least one kind of it.",
        )
    for place, entry in entries:
        path = f"qualityAssurance[{place}]"
        kind = concept_id(entry.get("qaType"))
        if kind == NO_QA:
            yield block(
                path,
                "without_quality",
                "A micro-credential without quality assurance is not awarded.",
                "Name what assures it.",
            )
        elif not in_vocabulary(Vocabulary.QUALITY_ASSURANCE, kind):
            yield block(
                f"{path}.qaType",
                "unknown_quality",
                "This type of quality assurance is not in the list.",
                "Choose one.",
            )
        elif kind.startswith(EXTERNAL_PREFIX) and not text(
            mapping(entry.get("accreditingAgent")).get("name")
        ):
            yield block(
                f"{path}.accreditingAgent",
                "no_agent",
                "External quality assurance names no agent.",
                "Name the agency.",
            )


@rule("M11", indicators=("QC-02",))
def more_than_internal(matter: Matter) -> Iterator[Finding]:
    """Warn when all assurance is internal."""
    kinds = {
        concept_id(entry.get("qaType")) for _, entry in objects(matter.achievement.get("qualityAssurance"))
    }
    if kinds == {INTERNAL_QA}:
        yield warn(
            "qualityAssurance",
            "internal_only",
            "The quality assurance is internal only.",
            "Name the accreditation of the institution as well, if there is one.",
        )


@rule("M11", Scope.CREDENTIAL, indicators=("QC-02",))
def in_force_at_award(matter: Matter) -> Iterator[Finding]:
    """Ask each accreditation to be in force on the day of award."""
    awarded = moment(matter.credential.get("awardedDate"))
    for place, entry in objects(matter.achievement.get("qualityAssurance")):
        if "expiryDate" not in entry or awarded is None:
            continue
        expiry = moment(entry["expiryDate"])
        if expiry is None or expiry <= awarded:
            yield block(
                f"credentialSubject.achievement.qualityAssurance[{place}].expiryDate",
                "accreditation_ended",
                "The accreditation ended before the award, or its end is not a date.",
                "Renew the entry in a new version.",
            )
