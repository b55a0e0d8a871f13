"""A small badge that is accepted, to be spoiled one member at a time."""

import copy

OB3_CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]

_BADGE = {
    "@context": OB3_CONTEXTS,
    "id": "urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Reading maps",
    "issuer": {
        "id": "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
        "type": ["Profile"],
        "name": "Univerzita Příklad",
    },
    "validFrom": "2026-07-03T02:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://badges.example.edu/achievements/1",
            "type": ["Achievement"],
            "name": "Reading maps",
            "description": "Reads a map.",
            "criteria": {"narrative": "A walk."},
        },
    },
}

ENDORSEMENT = {
    "@context": OB3_CONTEXTS,
    "id": "urn:uuid:9a1e1a4d-0a3e-4e58-9a1e-5b2f6a520a3e",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "issuer": {"id": "did:example:board", "type": ["Profile"]},
    "validFrom": "2026-07-03T02:00:00Z",
    "credentialSubject": {
        "id": "https://badges.example.edu/achievements/1",
        "type": ["EndorsementSubject"],
        "endorsementComment": "Good.",
    },
}


def badge(**changes):
    """Give a fresh copy of the badge, with these top members set; None takes a member away."""
    document = {**copy.deepcopy(_BADGE), **changes}
    return {key: value for key, value in document.items() if value is not None}
