"""Renew a credential: the same award under the same id, in force from now on, signed anew (ADR 0019).

Only what names an address for its newest version can be renewed: whoever holds an earlier one learns of the
new one there. Nothing but the period changes. A correction of what it says is another credential, and the
first is revoked: a reader must be able to see that something was wrong.

The new version is linted, signed and read back without a transaction; one transaction then keeps the version
before and puts the new one in its place. Whoever is interrupted earlier has changed nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotAllowed, StatusRefused
from issuer.institutions import issuer_profile, published_did_document, signing_key
from issuer.keyring import Keyring
from issuer.lint import Lint, VerifierFactory, own_verifier, secure
from issuer.lookup import issued_row
from issuer.records import Status
from issuer.staff.roles import Act
from issuer.staff.within import may_within
from issuer.tables import (
    CredentialRow,
    DefinitionRow,
    DefinitionVersionRow,
    Institution,
    StatusEntry,
    StatusList,
    stored_id,
)
from issuer.version_tables import CredentialVersionRow
from keys import PublicKey
from keys.did import keys_from_did_document
from microcredential import CONTEXT_PATH, context
from microcredential.credential import rfc3339
from microcredential.durations import valid_until
from ob3 import Ob3Error, verify_proof
from ob3.strict_json import parse


@dataclass(frozen=True)
class _Held:
    """What is known of a credential when its renewal begins."""

    key: int
    urn: str
    text: str
    issuer_id: str
    country: str
    method: str
    public_key: PublicKey
    lists: dict[str, str]
    valid_for: str | None


def renew(
    deployment: Deployment,
    keyring: Keyring,
    named: str,
    *,
    until: datetime | None = None,
    by: str | None = None,
    verifier_factory: VerifierFactory = own_verifier,
) -> None:
    """Give a credential a new period from now on; `named` is its id, code or short code.

    It ends at `until`, or as long from now as its definition says. Raises NotFound, NotAllowed,
    StatusRefused for one that is not good, IssuerError for one that names no address for newer versions, a
    period that ends before it begins, or a process without keys, LintRefused, and Conflict where somebody
    else has changed it meanwhile.
    """
    deployment.actor.must(Act.CHANGE_STATUS)
    held, now = _held(deployment, named), deployment.now()
    unsigned = _renewed(held, now, until or valid_until(now, held.valid_for))
    contexts = {deployment.base_url + CONTEXT_PATH: context()}
    lint = Lint(
        base_url=deployment.base_url,
        issuer_id=held.issuer_id,
        method=held.method,
        country=held.country,
        verifier_factory=verifier_factory,
    )
    lint.check(unsigned, valid_from=now, lists=held.lists)
    text = secure(unsigned, signer=keyring.signer(held.method), created=now, contexts=contexts)
    _read_back(text, unsigned, held.public_key, contexts)
    _store(deployment, held, text, unsigned, by=(by or deployment.actor.name)[:200])


def _held(deployment: Deployment, named: str) -> _Held:
    with deployment.reading() as session:
        row = issued_row(session, named)
        if row.status != Status.GOOD:
            raise StatusRefused(
                "not_good", f"The credential is {row.status}; only one that stands is renewed."
            )
        version, faculty = _version_of(session, row)
        if not may_within(deployment.actor, Act.CHANGE_STATUS, faculty):
            raise NotAllowed("not_allowed", "It belongs to a faculty in which your roles do not allow this.")
        institution = session.exec(select(Institution).where(Institution.id == row.institution_id)).one()
        method = signing_key(session, institution).verification_method
        did = str(issuer_profile(institution)["id"])
        return _Held(
            key=stored_id(row),
            urn=row.urn,
            text=row.secured or "",
            issuer_id=did,
            country=institution.country,
            method=method,
            public_key=keys_from_did_document(published_did_document(session, institution), did)[method],
            lists=_lists(deployment, session, stored_id(row)),
            valid_for=parse(version.options).get("valid_for"),
        )


def _lists(deployment: Deployment, session: Session, credential_id: int) -> dict[str, str]:
    mine = (
        select(StatusList)
        .where(StatusEntry.credential_id == credential_id)
        .where(StatusEntry.status_list_id == StatusList.id)
    )
    return {deployment.status_list_url(one.public_id): one.purpose for one in session.exec(mine)}


def _version_of(session: Session, row: CredentialRow) -> tuple[DefinitionVersionRow, int | None]:
    """Give the wording that a credential repeats, and the faculty to which it belongs."""
    return session.exec(
        select(DefinitionVersionRow, DefinitionRow.faculty_id)
        .where(DefinitionVersionRow.id == row.definition_version_id)
        .where(DefinitionRow.id == DefinitionVersionRow.definition_id)
    ).one()


def _renewed(held: _Held, now: datetime, end: datetime | None) -> dict[str, Any]:
    """Give the unsigned document of the next version."""
    document: dict[str, Any] = {name: value for name, value in parse(held.text).items() if name != "proof"}
    if "refreshService" not in document:
        raise IssuerError(
            "not_refreshable",
            "The credential names no address for newer versions: its definition has not opted in. "
            "Issue another one instead.",
        )
    if end is not None and end <= now:
        raise IssuerError("until", "The new period would end before it begins. Name a later day.")
    if rfc3339(now) <= document["validFrom"]:
        raise IssuerError("clock_behind", "The credential began only now, or the clock is behind. Try again.")
    document["validFrom"] = rfc3339(now)
    document.pop("validUntil", None)
    return document if end is None else {**document, "validUntil": rfc3339(end)}


def _read_back(
    text: str, unsigned: dict[str, Any], public_key: PublicKey, contexts: dict[str, dict[str, Any]]
) -> None:
    """Read the bytes back as the world will, with the published key (THREATS I3)."""
    try:
        verified = verify_proof(parse(text), verification_key=public_key, extra_contexts=contexts)
    except Ob3Error as error:
        raise IssuerError("signed_wrong", f"What was signed does not verify: {error.message}") from error
    if verified.document != unsigned:
        raise IssuerError("signed_wrong", "What was signed is not what was planned.")


def _store(deployment: Deployment, held: _Held, text: str, unsigned: dict[str, Any], *, by: str) -> None:
    """Keep the version before, and put the new one in its place, unless somebody was quicker."""
    with deployment.writing() as session:
        row = session.exec(select(CredentialRow).where(CredentialRow.id == held.key)).one()
        if row.secured != held.text or row.status != Status.GOOD:
            raise Conflict("changed_meanwhile", "Somebody has changed the credential meanwhile. Look again.")
        before = {"validUntil": row.valid_until and rfc3339(row.valid_until)}
        session.add(_version(session, row, deployment.now(), by))
        session.exec(
            update(CredentialRow)
            .where(col(CredentialRow.id) == held.key)
            .values(
                secured=text,
                verification_method=held.method,
                created=_moment(unsigned["validFrom"]),
                valid_from=_moment(unsigned["validFrom"]),
                valid_until=_moment(unsigned["validUntil"]) if "validUntil" in unsigned else None,
            )
        )
        owner = session.exec(select(Institution).where(Institution.id == row.institution_id)).one()
        digest = hashlib.sha256(text.encode()).hexdigest()
        after = {"validUntil": unsigned.get("validUntil"), "key": held.method, "sha256": digest}
        act = AuditedAct("credential.renew", held.urn, before=before, after=after)
        record(session, deployment, act, institution=owner, by=by)


def _version(session: Session, row: CredentialRow, now: datetime, by: str) -> CredentialVersionRow:
    earlier = select(func.count()).where(CredentialVersionRow.credential_id == row.id)
    return CredentialVersionRow(
        institution_id=row.institution_id,
        credential_id=stored_id(row),
        number=session.exec(earlier).one() + 1,
        secured=row.secured or "",
        verification_method=row.verification_method,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        followed=now,
        followed_by=by,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
