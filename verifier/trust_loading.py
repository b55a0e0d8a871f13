"""Believe a trust list, or say why not.

A list counts only if

1. it is of its form (`ob3.trust_list`);
2. its publisher is one that whoever loads it has named, by a DID or by the key itself: a list never vouches
   for its own publisher;
3. its proof (`eddsa-jcs-2022`) is that publisher's, by a key that has not been retired;
4. it names itself by the address that it was read from, where it was read from an address;
5. it is in force at this moment;
6. it is not older than the one that was believed before, and no other list under the same number.

A list without a proof is the word of whoever hands it in, so the caller must say that it may be that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from keys import KeysError, PublicKey
from keys.did import did_web_url
from ob3 import Ob3Error, strict_json, verify_proof
from ob3.trust_list import InstitutionList, ListedInstitution, read_trust_list
from verifier.dates import day_text, read_stamp
from verifier.errors import TrustListRefused
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import objects_within
from verifier.policy import DEFAULT
from verifier.report import Outcome
from verifier.sources import Fetches, Sources, Unreadable
from verifier.trust import TrustEntry, trust_list

SUITE = "eddsa-jcs-2022"
_FETCHES = 2  # the publisher's DID document, and a redirect


@dataclass(frozen=True)
class LoadedList:
    """A list that is believed; `vouched_by` is the publisher as it was named, None for an unsigned one."""

    listing: InstitutionList
    entries: tuple[TrustEntry, ...]
    vouched_by: str | None


def load_trust_list(
    document: Mapping[str, Any],
    *,
    publishers: Collection[str],
    fetcher: Fetches | None,
    now: datetime,
    address: str | None = None,
    newest: InstitutionList | None = None,
    unsigned_too: bool = False,
    skew: timedelta = DEFAULT.skew,
) -> LoadedList:
    """Believe a list (parsed JSON) or refuse it.

    `publishers` are DIDs and Multikeys; `address` is where it was read, None for a file in hand; `newest` is
    the list of this address that was believed before; `unsigned_too` takes one without a proof for the word
    of whoever hands it in.
    Raises TrustListRefused: `list_malformed`, `list_unsigned`, `list_publisher`, `list_key`,
    `list_key_unread` (perhaps later), `list_signature`, `list_elsewhere`, `list_early`, `list_over`,
    `list_older`, `list_number_twice`.
    """
    try:
        listing = read_trust_list(document)
    except Ob3Error as error:
        raise TrustListRefused("list_malformed", error.message) from error
    vouched_by = None
    if "proof" in document or not unsigned_too:
        vouched_by = _signed_by(dict(document), listing, publishers, fetcher, now)
    if address is not None and listing.id != address:
        _refuse("list_elsewhere", f"The list says that it belongs at {listing.id}, not where it was read.")
    _check_period(listing, document, now, skew)
    if newest is not None:
        _check_order(listing, newest)
    return LoadedList(listing, entries_of(listing), vouched_by)


def entries_of(listing: InstitutionList) -> tuple[TrustEntry, ...]:
    """Give an entry for each id under which credentials may name an institution of a list."""
    return tuple(
        entry_of(one, issuer_id, listing.name)
        for one in listing.institutions
        for issuer_id in (one.id, *one.former_ids)
    )


def entry_of(one: ListedInstitution, issuer_id: str, list_name: str = "") -> TrustEntry:
    """Give the entry of an institution under one of its ids; a list of this service's own needs no name."""
    return TrustEntry(
        issuer_id=issuer_id,
        name=one.name,
        names=one.names,
        country=one.country,
        since=one.since,
        until=one.until,
        reason=one.reason,
        url=one.url,
        keys=one.keys,
        list_name=list_name,
    )


def _signed_by(
    document: dict[str, Any],
    listing: InstitutionList,
    publishers: Collection[str],
    fetcher: Fetches | None,
    now: datetime,
) -> str:
    """Give the named publisher whose signature is on the list."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        _refuse("list_unsigned", "The list is not signed, so anybody may have written it.")
    if proof.get("cryptosuite") != SUITE:
        _refuse("list_signature", f"The list is not signed with {SUITE}.")
    if listing.publisher_id in publishers:
        key = _learned(listing.publisher_id, proof, fetcher, now)
        if not _fits(document, key):
            _refuse("list_signature", "The signature does not fit: the list was changed after it was signed.")
        return listing.publisher_id
    named = [one for one in publishers if not one.startswith("did:") and _fits(document, _key(one))]
    if not named:
        _refuse(
            "list_publisher",
            f"The list says that {listing.publisher_id} publishes it. No publisher that was named here has "
            "signed it.",
        )
    return named[0]


def _learned(publisher: str, proof: Mapping[str, Any], fetcher: Fetches | None, now: datetime) -> PublicKey:
    sources = Sources(fetcher=fetcher, local=None, max_fetches=_FETCHES)
    keys = IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=now)
    method = proof.get("verificationMethod")
    learned = keys.learn(publisher, method if isinstance(method, str) else "")
    if learned.check.outcome is Outcome.unknown:
        _refuse(
            "list_key_unread",
            f"Whether {publisher} has signed the list could not be checked. {learned.check.message}",
        )
    if learned.public_key is None or learned.check.outcome is not Outcome.passed:
        _refuse("list_key", f"The key that signed the list is not that of {publisher}.")
    if publisher.startswith("did:web:") and _is_retired(sources, publisher, method, now):
        _refuse("list_key", f"The key that signed the list is one that {publisher} has retired.")
    return learned.public_key


def _is_retired(sources: Sources, publisher: str, method: object, now: datetime) -> bool:
    """Tell whether a key signs no more; what it signed before stays good, but a list is always of today."""
    try:  # the answer is at hand: the key was just read from it
        document = strict_json.parse(sources.read(did_web_url(publisher), accept="*/*").body)
    except (KeysError, Unreadable, Ob3Error):
        return False
    ends = [
        read_stamp(one.get("expires"))
        for one in objects_within(document)
        if isinstance(one.get("id"), str) and one["id"] in (method, f"#{str(method).partition('#')[2]}")
    ]
    return any(end is not None and end.moment <= now for end in ends)


def _key(multikey: str) -> PublicKey | None:
    try:
        return PublicKey.from_multikey(multikey)
    except KeysError:
        return None


def _fits(document: dict[str, Any], key: PublicKey | None) -> bool:
    if key is None:
        return False
    try:
        verify_proof(document, verification_key=key)
    except Ob3Error:
        return False
    return True


def _check_period(
    listing: InstitutionList, document: Mapping[str, Any], now: datetime, skew: timedelta
) -> None:
    stated = read_stamp(document.get("proof", {}).get("expires"))
    end = min(listing.valid_until, stated.moment) if stated else listing.valid_until
    if now + skew < listing.valid_from:
        _refuse("list_early", f"The list is in force only from {day_text(listing.valid_from)} on.")
    if now - skew >= end:
        _refuse("list_over", f"The list was in force until {day_text(end)}. Its publisher owes a newer one.")


def _check_order(listing: InstitutionList, newest: InstitutionList) -> None:
    """Refuse an older list in the place of a newer one, and two lists under one number."""
    if (listing.id, listing.publisher_id) != (newest.id, newest.publisher_id):
        return
    if listing.sequence < newest.sequence:
        _refuse(
            "list_older",
            f"This is number {listing.sequence} of the list; number {newest.sequence} was read before.",
        )
    if listing.sequence == newest.sequence and listing != newest:
        _refuse(
            "list_number_twice",
            f"Another list was read before under the same number, {listing.sequence}.",
        )


def _refuse(code: str, message: str) -> NoReturn:
    raise TrustListRefused(code, message)
