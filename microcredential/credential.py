"""Build the unsigned credential of one learner, in the layout of the profile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.expansion import plain_number
from microcredential.part_ids import result_keys
from microcredential.publication import CONTEXT_MEDIA_TYPE, CONTEXT_PATH, SCHEMA_PATH, context_digest
from ob3.contexts import OB3, OB3_EXTENSIONS, VC2
from ob3.copying import copied

REFRESH_TYPE = "1EdTechCredentialRefresh"
SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"
OB3_SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json-ld/ob_v3p0_achievementcredential_schema.json"
)
_SALT_BYTES = 16


@dataclass(frozen=True)
class Evidence:
    """Name one piece of work that the learner handed in; `url` is https."""

    url: str
    name: str | None = None


@dataclass(frozen=True)
class Subject:
    """Say who earned it and how.

    Either `name` or both `family_name` and `given_name`. `results` are values by the short key of the
    definition (`exam`). `email` is written only as a hash with `email_salt` (16 random bytes or more,
    from the caller), and only if both are given: it is a wish of the institution. Days count from
    midnight UTC.
    """

    student_number: str
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    additional_name: str | None = None
    id: str | None = None
    email: str | None = None
    email_salt: bytes | None = None
    started: date | datetime | None = None
    ended: date | datetime | None = None
    term: str | None = None
    credits_earned: float | None = None
    certificate_number: str | None = None
    results: Mapping[str, str] | None = None
    evidence: Sequence[Evidence] = ()


def build_credential(
    *,
    credential_id: str,
    issuer_profile: dict[str, Any],
    achievement: dict[str, Any],
    subject: Subject,
    awarded: date | datetime,
    valid_from: datetime,
    status_entries: Sequence[dict[str, Any]],
    base_url: str,
    valid_until: datetime | None = None,
    refresh_url: str | None = None,
) -> dict[str, Any]:
    """Give the credential without proof; it holds `issuer_profile` and `achievement` themselves.

    `achievement` comes from `bind`, `status_entries` from `status_entry`. At `refresh_url`, if there is one,
    its newest version will be found (1EdTech Credential Refresh Service 1.0).
    Raises MicroCredentialError for a result that the definition does not describe, a salt that is too
    short, or a time without a zone. Whether dates and values fit is for `check_credential` to say.
    """
    base = base_url.rstrip("/")
    credential: dict[str, Any] = {
        "@context": [VC2, OB3, OB3_EXTENSIONS, base + CONTEXT_PATH],
        "id": credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": issuer_profile,
        "awardedDate": rfc3339(awarded),
        "validFrom": rfc3339(valid_from),
    }
    if valid_until is not None:
        credential["validUntil"] = rfc3339(valid_until)
    credential["relatedResource"] = [
        {"id": base + CONTEXT_PATH, "digestMultibase": context_digest(), "mediaType": CONTEXT_MEDIA_TYPE}
    ]
    credential["credentialSubject"] = _subject(subject, achievement, issuer_profile)
    if subject.evidence:
        credential["evidence"] = [_evidence(one) for one in subject.evidence]
    if status_entries:
        entries = [dict(entry) for entry in status_entries]
        credential["credentialStatus"] = entries[0] if len(entries) == 1 else entries
    if refresh_url is not None:
        credential["refreshService"] = {"id": refresh_url, "type": REFRESH_TYPE}
    credential["credentialSchema"] = [
        {"id": OB3_SCHEMA, "type": SCHEMA_TYPE},
        {"id": base + SCHEMA_PATH, "type": SCHEMA_TYPE},
    ]
    return credential


def status_entry(*, list_url: str, index: int, purpose: str = "revocation") -> dict[str, Any]:
    """Give one BitstringStatusListEntry (Bitstring Status List 1.0, section 2.1)."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def rfc3339(value: date | datetime) -> str:
    """Give the time in RFC 3339; a day is its midnight in UTC, whole seconds, UTC written as Z."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    offset = value.utcoffset()
    if offset is None:
        raise MicroCredentialError(
            "no_zone", "A time without a zone cannot be signed.", fix="Give its offset."
        )
    return _rfc3339(value, offset)


@lru_cache(maxsize=64)  # the credentials of a class share most of theirs
def _rfc3339(value: datetime, _offset: timedelta) -> str:
    """Write a time; those of the same moment in other zones are equal, so the offset tells them apart."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def hashed_email(email: str, salt: bytes) -> dict[str, Any]:
    """Give the IdentityObject of an e-mail address: SHA-256 over it in lower case and the salt in hex.

    Raises MicroCredentialError (`short_salt`) for less than 128 bits. Source: Open Badges 3.0,
    IdentityHash.
    """
    if len(salt) < _SALT_BYTES:
        raise MicroCredentialError(
            "short_salt", "The salt has less than 128 bits.", fix="Draw 16 random bytes."
        )
    written = salt.hex()
    digest = hashlib.sha256((email.strip().lower() + written).encode("utf-8")).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": written,
    }


def _subject(subject: Subject, achievement: dict[str, Any], issuer_profile: dict[str, Any]) -> dict[str, Any]:
    name = subject.name or " ".join(filter(None, (subject.given_name, subject.family_name)))
    credits_earned = subject.credits_earned
    parts: dict[str, Any] = {
        "id": subject.id,
        "type": ["AchievementSubject", "Profile"],
        "name": name or None,
        "familyName": subject.family_name,
        "givenName": subject.given_name,
        "additionalName": subject.additional_name,
        "identifier": _identifiers(subject),
        "activityStartDate": rfc3339(subject.started) if subject.started else None,
        "activityEndDate": rfc3339(subject.ended) if subject.ended else None,
        "term": subject.term,
        "creditsEarned": None if credits_earned is None else plain_number(credits_earned),
        "licenseNumber": subject.certificate_number,
        "source": _source(achievement, issuer_profile),
        "achievement": achievement,
        "result": _results(subject, achievement) or None,
    }
    return {term: value for term, value in parts.items() if value is not None}


def _identifiers(subject: Subject) -> list[dict[str, Any]]:
    number = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": subject.student_number,
        "identityType": "sisSourcedId",
    }
    if subject.email and subject.email_salt is not None:
        return [number, hashed_email(subject.email, subject.email_salt)]
    return [number]


def _source(achievement: dict[str, Any], issuer_profile: dict[str, Any]) -> dict[str, Any] | None:
    """Give the body that assessed when it is not the issuer (MAPPING, M4)."""
    creator = achievement.get("creator")
    if isinstance(creator, dict) and creator.get("id") != issuer_profile.get("id"):
        source: dict[str, Any] = copied(creator)
        return source
    return None


def _results(subject: Subject, achievement: dict[str, Any]) -> list[dict[str, Any]]:
    known = result_keys(achievement)
    for key in subject.results or {}:
        if key not in known:
            raise MicroCredentialError(
                "unknown_result",
                f"The definition describes no result “{key[:60]}”.",
                path=f"result.{key[:60]}",
                fix=f"Use one of: {', '.join(known) or 'none'}.",
            )
    given = subject.results or {}
    return [
        {"type": ["Result"], "resultDescription": known[key], "value": given[key]}
        for key in known
        if key in given
    ]


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"id": one.url, "type": ["Evidence"]} | ({"name": one.name} if one.name else {})
