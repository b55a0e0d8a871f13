"""Small documents of the usual kinds, to prepare a process for real ones: their contexts are processed once.

What costs most of a first canonical form is the processing of contexts, one for each type; so these name each
type that badges and our micro-credentials usually have. Nothing in them says anything.
"""

import contextlib
from typing import Any

from microcredential import CONTEXT_PATH, context
from ob3 import Ob3Error, canonicalize
from ob3.contexts import OB3, OB3_EXTENSIONS, VC2

_ID = "urn:uuid:00000000-0000-4000-8000-000000000000"
_DAY = "2026-01-01T00:00:00Z"
_ADDRESS = "https://www.example/"
_PROFILE: dict[str, Any] = {
    "id": "did:web:www.example",
    "type": ["Profile"],
    "name": "x",
    "address": {"type": ["Address"], "addressCountryCode": "VN"},
    "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "x", "identifierType": "ext:x"}],
    "image": {"id": _ADDRESS, "type": "Image"},
}
_IDENTITY = {"type": ["IdentityObject"], "hashed": False, "identityHash": "x", "identityType": "sisSourcedId"}
_ALIGNMENT = {"type": ["Alignment"], "targetName": "x", "targetUrl": _ADDRESS}
_DESCRIPTION = {
    "id": _ADDRESS + "#result",
    "type": ["ResultDescription"],
    "name": "x",
    "resultType": "RawScore",
    "alignment": [_ALIGNMENT],
    "rubricCriterionLevel": [{"id": _ADDRESS + "#level", "type": ["RubricCriterionLevel"], "name": "x"}],
}
_ACHIEVEMENT: dict[str, Any] = {
    "id": _ADDRESS,
    "type": ["Achievement"],
    "name": "x",
    "criteria": {"id": _ADDRESS + "#criteria", "narrative": "x"},
    "alignment": [_ALIGNMENT],
    "resultDescription": [_DESCRIPTION],
    "related": [{"id": _ADDRESS + "before", "type": ["Related"]}],
    "creator": _PROFILE,
    "image": {"id": _ADDRESS, "type": "Image"},
}
_BADGE: dict[str, Any] = {
    "@context": [VC2, OB3],
    "id": _ID,
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "x",
    "issuer": _PROFILE,
    "validFrom": _DAY,
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [_IDENTITY],
        "achievement": _ACHIEVEMENT,
        "result": [{"type": ["Result"], "resultDescription": _ADDRESS + "#result", "value": "1"}],
    },
    "evidence": [{"type": ["Evidence"], "name": "x"}],
    "credentialStatus": {
        "id": _ADDRESS + "#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": _ADDRESS,
    },
}
_EXTENSIONS: dict[str, Any] = {
    "@context": [VC2, OB3, OB3_EXTENSIONS],
    "credentialSchema": [{"id": _ADDRESS, "type": "1EdTechJsonSchemaValidator2019"}],
    "refreshService": {"id": _ADDRESS + "refresh", "type": "1EdTechCredentialRefresh"},
}
_CONCEPT = {"id": _ADDRESS + "concept", "type": "Concept", "prefLabel": {"en": "x"}}
_OUTCOME = {"id": _ADDRESS + "#lo1", "type": "LearningOutcome", "title": {"en": "x"}, "skillType": _CONCEPT}
_QUALITY = {
    "type": "QualityAssurance",
    "title": {"en": "x"},
    "qaType": _CONCEPT,
    "accreditingAgent": {"id": _ADDRESS, "type": ["Profile"], "name": "x"},
}
_OUR_ACHIEVEMENT: dict[str, Any] = {
    **_ACHIEVEMENT,
    "type": ["Achievement", "MicroCredentialAchievement"],
    "title": {"en": "x"},
    "creditPoint": [{"type": "CreditPoint", "framework": _ADDRESS, "point": "1"}],
    "learningOutcome": [_OUTCOME],
    "mode": [_CONCEPT],
    "entryRequirement": {"type": "Note", "noteLiteral": {"en": "x"}},
    "qualityAssurance": [_QUALITY],
    "isPartOf": [{"id": _ADDRESS, "type": "LearningSpecification", "title": {"en": "x"}}],
    "alignment": [
        _ALIGNMENT,
        {**_ALIGNMENT, "type": ["Alignment", "LevelAlignment"], "referencingBasis": _CONCEPT},
    ],
    "resultDescription": [
        {
            **_DESCRIPTION,
            "type": ["ResultDescription", "AssessmentDescription"],
            "assessmentType": [_CONCEPT],
            "supervision": _CONCEPT,
        },
        _DESCRIPTION,
    ],
}


def usual_badges() -> list[dict[str, Any]]:
    """Give unsigned badges with the types that Open Badges 3.0 has, without and with its extensions."""
    return [_BADGE, {**_BADGE, **_EXTENSIONS}]


def usual_micro_credential(base_url: str) -> dict[str, Any]:
    """Give an unsigned micro-credential with the types of our profile, of the deployment at this address."""
    ours = base_url + CONTEXT_PATH
    subject = {**_BADGE["credentialSubject"], "type": ["AchievementSubject", "Profile"]}
    return {
        **_BADGE,
        **_EXTENSIONS,
        "@context": [*_EXTENSIONS["@context"], ours],
        "relatedResource": [{"id": ours, "mediaType": "application/ld+json"}],
        "credentialSubject": {**subject, "achievement": _OUR_ACHIEVEMENT},
    }


def process_usual_contexts(base_url: str | None = None) -> None:
    """Canonicalise documents of the usual kinds, so that what they need is at hand from now on.

    `base_url` is that of a deployment whose own credentials will be met.
    """
    with contextlib.suppress(Ob3Error):  # it would only be slower
        for badge in usual_badges():
            canonicalize(badge)
        if base_url is not None:
            extra = {base_url + CONTEXT_PATH: context()}
            canonicalize(usual_micro_credential(base_url), extra_contexts=extra)
