"""The form of a trust list: a registry of institutions as plain JSON, which its publisher signs.

    {"type": "InstitutionTrustList", "format": 1,
     "id": "https://badges.example.edu/trust-list.json", "name": "Example Consortium",
     "publisher": {"id": "did:web:badges.example.edu", "name": "Example Consortium"},
     "sequence": 7, "validFrom": "2026-07-03T02:00:00Z", "validUntil": "2026-07-17T02:00:00Z",
     "institutions": [{"id": "did:web:uef.example", "name": "University of Economics", "names": {"vi": "..."},
       "country": "VN", "url": "https://uef.example", "since": "2026-03-02", "until": "2027-01-31",
       "reason": "Closed", "keys": ["z6Mk..."], "formerIds": ["did:key:z6Mk..."]}],
     "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", ...}}

It has no contexts, so that nothing can be redefined behind the signature, and no member that is not named
here, so that nothing is signed that nobody reads. Whether a publisher is believed is a question for the
verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ob3 import strict_json
from ob3.errors import TrustListInvalid
from ob3.strict_json import JsonLimits
from ob3.trust_list_members import Members

TRUST_LIST_TYPE = "InstitutionTrustList"
FORMAT = 1
MAX_BYTES = 2 * 1024 * 1024
MAX_INSTITUTIONS = 10_000
_LIMITS = JsonLimits(size=MAX_BYTES, depth=8, objects=3 * MAX_INSTITUTIONS, values=40 * MAX_INSTITUTIONS)


@dataclass(frozen=True, kw_only=True)
class ListedInstitution:
    """One institution of a list.

    `id` is the DID or https address in its credentials, `former_ids` those in older ones; `names` by BCP 47
    language; `country` ISO 3166-1 alpha-2; `until` the first day on which it is no longer listed, with the
    `reason`; `keys` are Multikeys that the list vouches for, needed only for an https `id`.
    """

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    country: str | None = None
    url: str | None = None
    since: date | None = None
    until: date | None = None
    reason: str | None = None
    keys: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InstitutionList:
    """A trust list as read; `id` is its address, the times are in UTC."""

    id: str
    name: str
    publisher_id: str
    publisher_name: str
    sequence: int
    valid_from: datetime
    valid_until: datetime
    institutions: tuple[ListedInstitution, ...]


def is_trust_list(document: object) -> bool:
    """Tell whether a JSON value claims to be a trust list of this form."""
    return isinstance(document, dict) and document.get("type") == TRUST_LIST_TYPE


def parse_list(data: bytes | str) -> Any:
    """Read the JSON of a list of institutions, of this form or another, within the limits of lists.

    Raises JsonRefused.
    """
    return strict_json.parse(data, limits=_LIMITS)


def read_trust_list(document: object) -> InstitutionList:
    """Read a trust list; whether its proof is good is not looked at.

    Raises TrustListInvalid, which names the entry and the member.
    """
    members = Members(document, "the list")
    if members.given("type") != TRUST_LIST_TYPE:
        members.refuse("type", f"must be {TRUST_LIST_TYPE}")
    if members.number("format") != FORMAT:
        members.refuse("format", f"must be {FORMAT}; a list of a later form needs a newer program")
    if not isinstance(members.given("proof", {}), dict):
        members.refuse("proof", "must be one object")
    publisher = members.inner("publisher", "the publisher")
    read = InstitutionList(
        id=members.address("id"),
        name=members.text("name"),
        publisher_id=publisher.issuer_id("id"),
        publisher_name=publisher.text("name"),
        sequence=members.number("sequence"),
        valid_from=members.moment("validFrom"),
        valid_until=members.moment("validUntil"),
        institutions=_institutions(members),
    )
    publisher.refuse_others()
    members.refuse_others()
    if read.valid_until <= read.valid_from:
        members.refuse("validUntil", "must be later than validFrom")
    return read


def trust_list_document(given: InstitutionList) -> dict[str, Any]:
    """Write a list as the document that its publisher signs; it reads back equal.

    Raises TrustListInvalid for what `read_trust_list` would refuse.
    """
    document = {
        "type": TRUST_LIST_TYPE,
        "format": FORMAT,
        "id": given.id,
        "name": given.name,
        "publisher": {"id": given.publisher_id, "name": given.publisher_name},
        "sequence": given.sequence,
        "validFrom": _stamp(given.valid_from),
        "validUntil": _stamp(given.valid_until),
        "institutions": [_written(one) for one in given.institutions],
    }
    read_trust_list(document)
    return document


def _institutions(members: Members) -> tuple[ListedInstitution, ...]:
    listed = members.given("institutions")
    if not isinstance(listed, list):
        members.refuse("institutions", "must be a list")
    if len(listed) > MAX_INSTITUTIONS:
        members.refuse("institutions", f"holds more than {MAX_INSTITUTIONS:,} entries")
    seen: dict[str, int] = {}
    return tuple(_institution(one, number, seen) for number, one in enumerate(listed, start=1))


def _institution(value: object, number: int, seen: dict[str, int]) -> ListedInstitution:
    members = Members(value, f"institution {number}", f"/institutions/{number - 1}")
    read = ListedInstitution(
        id=members.issuer_id("id"),
        name=members.text("name"),
        names=members.names("names"),
        country=members.country("country"),
        url=members.optional("url", members.address),
        since=members.optional("since", members.day),
        until=members.optional("until", members.day),
        reason=members.optional("reason", members.text),
        keys=members.multikeys("keys"),
        former_ids=members.issuer_ids("formerIds"),
    )
    members.refuse_others()
    if read.until and read.since and read.until < read.since:
        members.refuse("until", "must not be earlier than since")
    if read.reason and not read.until:
        members.refuse("reason", "is given for an institution that was withdrawn: until is missing")
    for name, one in [("id", read.id), *(("formerIds", former) for former in read.former_ids)]:
        if one in seen:
            members.refuse(name, f"is the same as in entry {seen[one]}", code="duplicate_id")
        seen[one] = number
    return read


def _written(one: ListedInstitution) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "names": dict(one.names),
        "country": one.country,
        "url": one.url,
        "since": one.since and one.since.isoformat(),
        "until": one.until and one.until.isoformat(),
        "reason": one.reason,
        "keys": list(one.keys),
        "formerIds": list(one.former_ids),
    }
    return {name: value for name, value in written.items() if value}


def _stamp(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise TrustListInvalid("malformed", "The times of a list need a zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
