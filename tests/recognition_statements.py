"""The statements of recognition that tests sign, spoil and submit: a university, an office, one course."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from microcredential import CONTEXT_PATH, context
from microcredential.credential import status_entry
from microcredential.recognition import (
    Basis,
    Credits,
    Frame,
    Indicator,
    IndicatorRating,
    IndividualDecision,
    Kind,
    Outcome,
    Programme,
    Purpose,
    QualityStatement,
    StandingRecognition,
    Strength,
    TrustStatement,
    individual_decision,
    quality_statement,
    standing_recognition,
    trust_statement,
)

DOCUMENTS = Path(__file__).parent / "microcredential" / "documents"
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
VN = "https://w3id.org/testamur/ns/v1#credit-VN"
BASE = "https://badges.example-uni.eu"
LIST = f"{BASE}/status/recognition/1"
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
OFFICE = {
    "id": "did:web:badges.example-uni.eu:issuers:recognition",
    "type": ["Profile"],
    "name": "Example European University, Recognition Office",
    "url": "https://www.example-uni.eu",
    "address": {"type": ["Address"], "addressCountry": "Czechia", "addressCountryCode": "CZ"},
}
TOWARDS = Programme({"en": "MSc Finance"}, id="https://www.example-uni.eu/programmes/msc-finance")
CONTEXTS = {BASE + CONTEXT_PATH: context()}
END = datetime(2029, 5, 20, tzinfo=UTC)
ALL = tuple(IndicatorRating(one, Strength.SUBSTANTIAL, "Looked at.") for one in Indicator)


def worked_example():
    """Give the badge of the worked example."""
    return json.loads((DOCUMENTS / "credential-vn-3ects.json").read_text("utf-8"))


def worked_decision():
    """Give the decision of the worked example."""
    return json.loads((DOCUMENTS / "endorsement-recognition.json").read_text("utf-8"))


def frame(**changes):
    """Give the frame of a statement of the receiving university."""
    given = {
        "credential_id": "urn:uuid:9c1b1d0e-30c5-4b55-8f0f-58b9f0a3d921",
        "issuer_profile": OFFICE,
        "decided": date(2026, 9, 14),
        "valid_from": NOW,
        "status_entry": status_entry(list_url=LIST, index=88),
        "base_url": BASE,
    }
    return Frame(**(given | changes))


def trust(institution_id="did:web:badges.example.edu.vn:institutions:uef", **changes):
    """Give a T."""
    given = {
        "title": "Member of the consortium",
        "institution_id": institution_id,
        "mandate": "Member since 2025; awards micro-credentials under the agreement of the consortium.",
        "bases": [Basis.CONSORTIUM_AGREEMENT],
        "reference": "CMA-2025-07",
    }
    return TrustStatement(**(given | changes))


def quality(achievement_id="https://badges.example.edu.vn/achievements/mc-crs-2026", **changes):
    """Give a Q."""
    given = {
        "title": "Peer review of Credit Risk Analysis, version 2026-1",
        "achievement_id": achievement_id,
        "ratings": [one for one in ALL if one.indicator in ("quality", "assessment", "level")],
        "comment": "Read by two peers.",
    }
    return QualityStatement(**(given | changes))


def standing(achievement_id="https://badges.example.edu.vn/achievements/mc-crs-2026", **changes):
    """Give an R1."""
    given = {
        "title": "Elective in the MSc Finance",
        "achievement_id": achievement_id,
        "purpose": Purpose.CREDIT_TRANSFER,
        "bases": [Basis.CONSORTIUM_AGREEMENT],
        "credits": [Credits(ECTS, Decimal(3))],
        "towards": [TOWARDS],
        "conditions": "For grades of 6 or better.",
    }
    return StandingRecognition(**(given | changes))


def decision(credential_id="urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10", **changes):
    """Give an R2."""
    given = {
        "title": "Recognition decision",
        "credential_id": credential_id,
        "outcome": Outcome.FULL,
        "purpose": Purpose.CREDIT_TRANSFER,
        "bases": [Basis.CONSORTIUM_AGREEMENT, Basis.INSTITUTIONAL_RULES],
        "ratings": ALL,
        "reference": "REC-2026-0814",
        "appeal": "https://www.example-uni.eu/recognition/appeal",
        "credits": [Credits(ECTS, Decimal(3))],
        "towards": [TOWARDS],
    }
    return IndividualDecision(**(given | changes))


def statement(kind, receiver, about):
    """Give one of the four, not signed, of the receiver about something."""
    given = frame(
        issuer_profile=receiver.profile(),
        status_entry=receiver.entry(88),
        valid_until=None if kind is Kind.INDIVIDUAL else END,
    )
    make, content = {
        Kind.TRUST: (trust_statement, trust),
        Kind.QUALITY: (quality_statement, quality),
        Kind.STANDING: (standing_recognition, standing),
        Kind.INDIVIDUAL: (individual_decision, decision),
    }[kind]
    return make(content(about), given)
