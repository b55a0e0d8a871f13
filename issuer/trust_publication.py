"""Publish the trust list of this deployment: its institutions, signed by the consortium.

A number is used once: the list gets the next one when its content changes, and when it is renewed because it
would run out. An institution that was withdrawn stays on it with the day, so that readers learn of it.
"""

import json
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from issuer.audit.record import AuditedAct, record
from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import institution_row
from issuer.keyring import Keyring
from issuer.tables import Institution
from issuer.transactions import run
from issuer.trust_files import Consortium, TrustFiles, Withdrawal
from keys import KeysError, SecretKey
from keys.did import KeyRecord, did_web
from ob3 import Ob3Error, add_proof, verify_proof
from ob3.strict_json import dump
from ob3.trust_list import InstitutionList, ListedInstitution, trust_list_document
from ob3.trust_list_members import is_web_address
from verifier import TrustEntry
from verifier.trust_loading import entry_of

PATH = "/trust-list.json"
SUITE = "eddsa-jcs-2022"
VALID_FOR = timedelta(days=14)
RENEW_BEFORE = timedelta(days=7)  # what is left of a list when it is renewed
_Rows = tuple[tuple[Any, ...], ...]
_Withdrawn = tuple[tuple[str, Withdrawal], ...]
_OF = plain_columns(Institution)
_WITH_A_KEY: Any = (
    select(_OF.slug, _OF.did, _OF.name, _OF.names, _OF.country, _OF.profile, _OF.created)
    .where(_OF.did.is_not(None))
    .order_by(_OF.name)
)


def publish(
    deployment: Deployment, keyring: Keyring, files: TrustFiles, *, name: str
) -> InstitutionList | None:
    """Sign the list anew where it changed or would run out; None where that was not needed.

    `name` is that of the list and its publisher. Nothing is published while no institution has a key.
    Raises IssuerError.
    """
    with files.alone():
        listed = listed_institutions(deployment, files)
        if not listed:
            return None
        consortium = _consortium(deployment, keyring, files)
        before = files.published()
        newer = _next(deployment, consortium, listed, name, before)
        ours = consortium.key.verification_method == files.signed_by()
        if ours and before and _says_the_same(before, newer) and not _runs_out(before, deployment):
            return None
        files.keep_list(dump(_signed(newer, consortium, keyring, deployment)))
        return newer


def replace_key(deployment: Deployment, keyring: Keyring, files: TrustFiles) -> Consortium:
    """Make a new key of the consortium; the one before signs no list any more, so it is published no more.

    Raises IssuerError on loopback, where the DID is the key.
    """
    if deployment.is_loopback:
        raise IssuerError(
            "rotation_needs_https",
            "On a loopback address the consortium is known by did:key, which is the key: a new key would be "
            "another publisher. It can be replaced where TESTAMUR_BASE_URL begins with https.",
        )
    with files.alone():
        return _new_consortium(deployment, keyring, files)


def unsigned_list(deployment: Deployment, files: TrustFiles, *, name: str) -> dict[str, Any]:
    """Give the document that `publish` would sign now. Raises IssuerError where no key was made yet."""
    consortium = files.consortium()
    if consortium is None:
        raise IssuerError("no_key", "No list was published yet: run `testamur trust publish`.")
    listed = listed_institutions(deployment, files)
    return _document(_next(deployment, consortium, listed, name, files.published()))


def listed_institutions(deployment: Deployment, files: TrustFiles) -> tuple[ListedInstitution, ...]:
    """Give the institutions that have a key as the list shows them, withdrawn ones with their day."""
    return _all_listed(*_read(deployment, files))


def own_entries(deployment: Deployment, files: TrustFiles) -> tuple[TrustEntry, ...]:
    """Give the institutions as this deployment trusts them, the same tuple for the same rows."""
    return _entries(*_read(deployment, files))


def withdraw(deployment: Deployment, files: TrustFiles, slug: str, *, reason: str, by: str) -> None:
    """Vouch for an institution no longer, from today on. Raises IssuerError, NotFound."""
    reason = reason.strip()
    if len(reason) > 300 or not reason.isprintable():
        raise IssuerError("reason", "The reason must be a line of at most 300 characters.")
    _change(deployment, files, slug, Withdrawal(deployment.now().date(), reason), by)


def readmit(deployment: Deployment, files: TrustFiles, slug: str, *, by: str) -> None:
    """Vouch for an institution again. Raises IssuerError, NotFound."""
    _change(deployment, files, slug, None, by)


def _change(
    deployment: Deployment, files: TrustFiles, slug: str, withdrawal: Withdrawal | None, by: str
) -> None:
    with files.alone(), deployment.writing() as session:
        institution_row(session, slug)
        withdrawn = files.withdrawals()
        if (slug in withdrawn) is (withdrawal is not None):
            stands = "withdrawn already" if slug in withdrawn else "not withdrawn"
            raise IssuerError("trust_unchanged", f"{slug} is {stands}.")
        left = {name: one for name, one in withdrawn.items() if name != slug}
        told = {"until": withdrawal.until.isoformat(), "reason": withdrawal.reason} if withdrawal else None
        act = AuditedAct("trust.withdraw" if withdrawal else "trust.readmit", slug, after=told)
        record(session, deployment, act, institution=None, by=by)
        files.keep_withdrawals({**left, slug: withdrawal} if withdrawal else left)


def _read(deployment: Deployment, files: TrustFiles) -> tuple[_Rows, _Withdrawn]:
    """Read the rows of institutions with a key, and who is no longer vouched for."""
    withdrawn = files.withdrawals()
    with deployment.reading() as session:
        rows = tuple(map(tuple, run(session, _WITH_A_KEY, {}).all()))
    return rows, tuple(withdrawn.items())


@lru_cache(maxsize=8)  # every page with a verdict asks for all of them, and they change once in years
def _all_listed(rows: _Rows, withdrawn: _Withdrawn) -> tuple[ListedInstitution, ...]:
    days = dict(withdrawn)
    return tuple(_listed(row, days.get(row[0])) for row in rows)


@lru_cache(maxsize=8)
def _entries(rows: _Rows, withdrawn: _Withdrawn) -> tuple[TrustEntry, ...]:
    return tuple(entry_of(one, one.id) for one in _all_listed(rows, withdrawn))


def _listed(row: tuple[Any, ...], withdrawal: Withdrawal | None) -> ListedInstitution:
    """Read a row; `names` and `profile` are JSON."""
    _slug, did, name, names, country, profile, created = row
    url = json.loads(profile)["url"]
    return ListedInstitution(
        id=did,
        name=name,
        names=json.loads(names),
        country=country,
        url=url if is_web_address(url, schemes=("https", "http")) else None,
        since=created.date(),
        until=withdrawal.until if withdrawal else None,
        reason=withdrawal.reason or None if withdrawal else None,
    )


def _next(
    deployment: Deployment,
    consortium: Consortium,
    listed: tuple[ListedInstitution, ...],
    name: str,
    before: InstitutionList | None,
) -> InstitutionList:
    now = deployment.now()
    return InstitutionList(
        id=deployment.base_url + PATH,
        name=name,
        publisher_id=consortium.did,
        publisher_name=name,
        sequence=before.sequence + 1 if before else 1,
        valid_from=now,
        valid_until=now + VALID_FOR,
        institutions=listed,
    )


def _says_the_same(before: InstitutionList, newer: InstitutionList) -> bool:
    return (
        replace(newer, sequence=before.sequence, valid_from=before.valid_from, valid_until=before.valid_until)
        == before
    )


def _runs_out(before: InstitutionList, deployment: Deployment) -> bool:
    return before.valid_until - deployment.now() <= RENEW_BEFORE


def _signed(
    newer: InstitutionList, consortium: Consortium, keyring: Keyring, deployment: Deployment
) -> dict[str, Any]:
    document = _document(newer)
    created = document["validFrom"]
    signer = keyring.signer(consortium.key.verification_method)
    try:
        signed = add_proof(document, signer=signer, created=created, cryptosuite=SUITE)
        verify_proof(signed, verification_key=consortium.key.public_key)
    except (Ob3Error, KeysError) as error:
        raise IssuerError("trust_list", f"The trust list cannot be signed. {error.message}") from error
    return signed


def _document(given: InstitutionList) -> dict[str, Any]:
    try:
        return trust_list_document(given)
    except Ob3Error as error:
        raise IssuerError("trust_list", f"The trust list cannot be written. {error.message}") from error


def _consortium(deployment: Deployment, keyring: Keyring, files: TrustFiles) -> Consortium:
    """Give who signs, making the key at first; a deployment that moved to another address is another one."""
    kept = files.consortium()
    did = _did(deployment)
    if kept is not None and (kept.did == did if did else kept.did.startswith("did:key:")):
        return kept
    return _new_consortium(deployment, keyring, files)


def _did(deployment: Deployment) -> str | None:
    return None if deployment.is_loopback else did_web(deployment.base_url)


def _new_consortium(deployment: Deployment, keyring: Keyring, files: TrustFiles) -> Consortium:
    """Put the key into the store first: a key that nobody notes is harmless, a note without a key is not."""
    secret_key = SecretKey.generate()
    did = _did(deployment) or secret_key.public_key.did_key
    method = f"{did}#{secret_key.public_key.multikey}"
    keyring.add(method, secret_key)
    made = Consortium(did, _record(method, secret_key, deployment))
    with deployment.writing() as session:
        record(session, deployment, AuditedAct("key.create", method), institution=None)
    files.keep_consortium(made)
    return made


def _record(method: str, secret_key: SecretKey, deployment: Deployment) -> KeyRecord:
    return KeyRecord(verification_method=method, public_key=secret_key.public_key, created=deployment.now())
