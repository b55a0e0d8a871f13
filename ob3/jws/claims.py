"""The claims of a token beside its credential: what is said twice must be said alike (THREATS T4)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ob3.contexts import VC1

REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
_STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,18})?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
# NumericDates outside the years 1 to 9999 are no dates that a credential can have
_EARLIEST, _LATEST = -62_135_596_800, 253_402_300_799


class ClaimFault(StrEnum):
    """How a claim fails to repeat what the credential says."""

    absent = "absent"
    differs = "differs"
    malformed = "malformed"


@dataclass(frozen=True)
class ClaimFinding:
    """One claim and what is the matter with it."""

    claim: str
    fault: ClaimFault


def claims_for(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Give the claims that repeat a credential: `iss`, `sub`, `jti` as text, `nbf`, `exp` in whole seconds.

    What the credential does not say, or says in no form that a claim can have, is left out.
    Source: Open Badges 3.0, "JWT Payload Format"; for VCDM 1.1 the dates are `issuanceDate` and
    `expirationDate`.
    """
    start, end = _date_members(credential)
    said = {
        "iss": _id_of(credential.get("issuer")),
        "sub": _id_of(credential.get("credentialSubject"), text=False),
        "jti": _text(credential.get("id")),
        "nbf": seconds_of(credential.get(start)),
        "exp": seconds_of(credential.get(end)),
    }
    return {claim: value for claim, value in said.items() if value is not None}


def compare_claims(payload: Mapping[str, Any], credential: Mapping[str, Any]) -> tuple[ClaimFinding, ...]:
    """Compare the claims of a payload with its credential; every claim at fault is given.

    Dates are compared to the second. An `exp` beside a credential without an end is no fault: it ends the
    credential (Open Badges 3.0, "Verify a Credential VC-JWT Signature").
    """
    return tuple(_findings(payload, credential))


def lone_expiry(payload: Mapping[str, Any], credential: Mapping[str, Any]) -> str | None:
    """Give the moment of `exp` as RFC 3339 text where the credential has no end of its own."""
    seconds = _numeric_date(payload.get("exp"))
    if seconds is None or not _has_no_end(credential):
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def claim_of(payload: Mapping[str, Any], claim: str) -> object:
    """Give a registered claim: text, whole seconds, or text or texts for `aud`; None for any other kind."""
    return _READERS[claim](payload.get(claim))


def seconds_of(stamp: object) -> int | None:
    """Give the whole seconds since 1970 of an XSD dateTime, one without a zone as UTC; None for no date."""
    if not isinstance(stamp, str) or not _STAMP.fullmatch(stamp):
        return None
    try:
        moment = datetime.fromisoformat(stamp)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return math.floor(moment.replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        return None


def _findings(payload: Mapping[str, Any], credential: Mapping[str, Any]) -> Iterator[ClaimFinding]:
    expected = claims_for(credential)
    for claim, read in _READERS.items():
        if claim not in payload:
            if claim in expected:
                yield ClaimFinding(claim, ClaimFault.absent)
            continue
        value = read(payload[claim])
        if value is None:
            yield ClaimFinding(claim, ClaimFault.malformed)
        elif claim in _NOT_COMPARED or (claim == "exp" and _has_no_end(credential)):
            continue
        elif value != expected.get(claim):
            yield ClaimFinding(claim, ClaimFault.differs)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _numeric_date(value: object) -> int | None:
    """Read a NumericDate (RFC 7519, section 2), which may have a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _EARLIEST <= value <= _LATEST:
        return None
    return math.floor(value)


def _audience(value: object) -> object:
    several = value if isinstance(value, list) else [value]
    return value if all(isinstance(one, str) for one in several) else None


_READERS: Mapping[str, Callable[[object], object]] = {
    "iss": _text,
    "sub": _text,
    "jti": _text,
    "nbf": _numeric_date,
    "exp": _numeric_date,
    "iat": _numeric_date,
    "aud": _audience,
}
# when a token was made, and for whom: no member of a credential says either
_NOT_COMPARED = frozenset({"iat", "aud"})


def _date_members(credential: Mapping[str, Any]) -> tuple[str, str]:
    if is_first_edition(credential):
        return "issuanceDate", "expirationDate"
    return "validFrom", "validUntil"


def is_first_edition(credential: Mapping[str, Any]) -> bool:
    """Tell whether the first context of a credential is that of VCDM 1.1."""
    sequence = credential.get("@context")
    return (sequence[:1] if isinstance(sequence, list) else [sequence]) == [VC1]


def _has_no_end(credential: Mapping[str, Any]) -> bool:
    return _date_members(credential)[1] not in credential


def _id_of(value: object, *, text: bool = True) -> str | None:
    found = value.get("id") if isinstance(value, Mapping) else value if text else None
    return _text(found)
