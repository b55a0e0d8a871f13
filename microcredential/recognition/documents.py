"""Write the four statements as EndorsementCredentials, not signed yet.

Open Badges 3.0 has a place for who speaks (`issuer`), of what (`credentialSubject.id`) and in which words
(`endorsementComment`). What a machine must read is the extra type `RecognitionDecision` of our context, which
the credential names with its digest, so that a verifier needs no fetch. Which of the four a document is
follows from what it says and needs no word of its own: see `kind_of`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from microcredential.credential import SCHEMA_TYPE, rfc3339
from microcredential.errors import MicroCredentialError
from microcredential.expansion import plain_number
from microcredential.publication import (
    CONTEXT_MEDIA_TYPE,
    CONTEXT_PATH,
    RECOGNITION_SCHEMA_PATH,
    context_digest,
)
from microcredential.recognition.statements import (
    Credits,
    Frame,
    IndicatorRating,
    IndividualDecision,
    Kind,
    Programme,
    QualityStatement,
    StandingRecognition,
    TrustStatement,
)
from microcredential.recognition.words import Indicator, Outcome
from microcredential.shapes import concept_id, has_type, mapping, objects, text
from microcredential.vocabulary import concept
from ob3.contexts import OB3, OB3_EXTENSIONS, VC2

OB3_ENDORSEMENT_SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json-ld/ob_v3p0_endorsementcredential_schema.json"
)
_TYPES = ["EndorsementSubject", "RecognitionDecision"]


def trust_statement(statement: TrustStatement, frame: Frame) -> dict[str, Any]:
    """Give the T of a consortium or agency about an institution."""
    return _credential(
        frame,
        name=statement.title,
        subject={
            "id": statement.institution_id,
            "endorsementComment": statement.mandate,
            "recognitionBasis": _concepts(statement.bases),
            "indicatorResult": _results([statement.quality] if statement.quality else []),
            "decisionReference": statement.reference,
        },
    )


def quality_statement(statement: QualityStatement, frame: Frame) -> dict[str, Any]:
    """Give the Q of an agency or panel about one version of a course."""
    return _credential(
        frame,
        name=statement.title,
        subject={
            "id": statement.achievement_id,
            "endorsementComment": statement.comment,
            "recognitionBasis": _concepts(statement.bases),
            "indicatorResult": _results(statement.ratings),
            "decisionReference": statement.reference,
        },
    )


def standing_recognition(statement: StandingRecognition, frame: Frame) -> dict[str, Any]:
    """Give the R1 of a receiving university about one version of a course."""
    return _credential(
        frame,
        name=statement.title,
        subject={
            "id": statement.achievement_id,
            "endorsementComment": statement.conditions,
            "recognitionPurpose": concept(statement.purpose.iri),
            "recognitionBasis": _concepts(statement.bases),
            "creditRecognised": _credits(statement.credits),
            "recognisedTowards": _programmes(statement.towards),
            "decisionReference": statement.reference,
        },
    )


def individual_decision(decision: IndividualDecision, frame: Frame) -> dict[str, Any]:
    """Give the R2 of a receiving university about one credential.

    Raises MicroCredentialError (`refusal_is_a_letter`) for a refusal: that is never a credential.
    """
    if decision.outcome is Outcome.NOT_RECOGNISED:
        raise MicroCredentialError(
            "refusal_is_a_letter",
            "A refusal is a letter with reasons and the way to appeal, and never a credential.",
            fix="Write the letter.",
        )
    return _credential(
        frame,
        name=decision.title,
        description=decision.description,
        subject={
            "id": decision.credential_id,
            "endorsementComment": decision.comment,
            "recognitionOutcome": concept(decision.outcome.iri),
            "recognitionPurpose": concept(decision.purpose.iri),
            "recognitionBasis": _concepts(decision.bases),
            "creditRecognised": _credits(decision.credits),
            "recognisedTowards": _programmes(decision.towards),
            "indicatorResult": _results(decision.ratings),
            "decisionReference": decision.reference,
            "appealInformation": decision.appeal,
        },
    )


def is_statement(document: object) -> bool:
    """Tell whether a document says that it is one of the four, signed or not."""
    return has_type(document, "EndorsementCredential") and has_type(
        mapping(document).get("credentialSubject"), "RecognitionDecision"
    )


def kind_of(document: object) -> Kind | None:
    """Say which of the four a document is, by what it says; None for none of them.

    Whatever speaks of an outcome, of an appeal or of a credential's id is taken for an individual decision:
    that is the one that must never be published, so every doubt falls there.
    """
    if not is_statement(document):
        return None
    subject = mapping(mapping(document).get("credentialSubject"))
    if subject.keys() & {"recognitionOutcome", "appealInformation"} or text(subject.get("id")).startswith(
        "urn:"
    ):
        return Kind.INDIVIDUAL
    if "recognitionPurpose" in subject:
        return Kind.STANDING
    rated = {text(one.get("indicator")) for _, one in objects(subject.get("indicatorResult"))}
    if rated - {Indicator.QUALITY.iri}:
        return Kind.QUALITY
    return Kind.TRUST if "recognitionBasis" in subject else None


def subject_id(document: object) -> str:
    """Give the id that a statement speaks of, or nothing."""
    return concept_id(mapping(document).get("credentialSubject"))


def _credential(frame: Frame, *, name: str, subject: dict[str, Any], description: str = "") -> dict[str, Any]:
    base = frame.base_url.rstrip("/")
    content = {term: value for term, value in subject.items() if value}
    made: dict[str, Any] = {
        "@context": [VC2, OB3, OB3_EXTENSIONS, base + CONTEXT_PATH],
        "id": frame.credential_id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": name,
        "description": description,
        "issuer": copy.deepcopy(frame.issuer_profile),
        "awardedDate": rfc3339(frame.decided),
        "validFrom": rfc3339(frame.valid_from),
        "validUntil": rfc3339(frame.valid_until) if frame.valid_until else None,
        "relatedResource": [
            {"id": base + CONTEXT_PATH, "digestMultibase": context_digest(), "mediaType": CONTEXT_MEDIA_TYPE}
        ],
        "credentialSubject": {"id": content.pop("id", None), "type": list(_TYPES), **content},
        "credentialStatus": dict(frame.status_entry),
        "credentialSchema": [
            {"id": OB3_ENDORSEMENT_SCHEMA, "type": SCHEMA_TYPE},
            {"id": base + RECOGNITION_SCHEMA_PATH, "type": SCHEMA_TYPE},
        ],
    }
    return {term: value for term, value in made.items() if value}


def _concepts(words: Iterable[Any]) -> list[dict[str, Any]]:
    return [concept(word.iri) for word in words]


def _credits(credits_: Sequence[Credits]) -> list[dict[str, Any]]:
    return [
        {"type": "CreditPoint", "framework": one.system, "point": str(plain_number(one.points))}
        for one in credits_
    ]


def _programmes(programmes: Sequence[Programme]) -> list[dict[str, Any]]:
    given = [
        {
            "id": one.id,
            "type": "LearningSpecification",
            "title": dict(one.title),
            "qualificationCode": one.qualification_code,
        }
        for one in programmes
    ]
    return [{term: value for term, value in one.items() if value} for one in given]


def _results(ratings: Sequence[IndicatorRating]) -> list[dict[str, Any]]:
    made = [
        {
            "type": "IndicatorResult",
            "indicator": one.indicator.iri,
            "rating": concept(one.strength.iri),
            "narrative": one.narrative,
        }
        for one in ratings
    ]
    return [{term: value for term, value in one.items() if value} for one in made]
