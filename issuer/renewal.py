"""Renew a credential: the same award under the same id, in force from now on, signed anew (ADR 0019).

Only what names an address for its newest version can be renewed: whoever holds an earlier one learns of the
new one there. Nothing but the period changes, and the form of the proof stays that of the first version,
whatever the institution has chosen since (ADR 23). A correction of what it says is another credential, and
the first is revoked: a reader must be able to see that something was wrong.

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
from issuer.institutions import issuer_profile
from issuer.keyring import Keyring
from issuer.lint import Lint, VerifierFactory, own_verifier
from issuer.lookup import issued_row
from issuer.proof_forms import ProofForm
from issuer.records import Status
from issuer.sealing import Seal, institution_seal
from issuer.shown_text import unsigned_in
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
from microcredential.credential import rfc3339
from microcredential.durations import valid_until
from ob3.strict_json import dump, parse


@dataclass(frozen=True)
class _Held:
    """What is known of a credential when its renewal begins."""

    key: int
    urn: str
    text: str
    issuer_id: str
    country: str
    seal: Seal
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
    held, now = _held(deployment, keyring, named), deployment.now()
    unsigned = _renewed(held, now, until or valid_until(now, held.valid_for))
    lint = Lint(
        base_url=deployment.base_url,
        issuer_id=held.issuer_id,
        method=held.seal.signer.id,
        country=held.country,
        verifier_factory=verifier_factory,
        form=held.seal.form,
        kid=held.seal.kid,
    )
    planned = dump(unsigned)
    lint.check(planned, valid_from=now, lists=held.lists)
    text = held.seal.secure_text(planned, created=now)
    held.seal.read_back(text, unsigned)
    _store(deployment, held, text, unsigned, by=(by or deployment.actor.name)[:200])


def _held(deployment: Deployment, keyring: Keyring, named: str) -> _Held:
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
        form = ProofForm(row.proof_form)
        return _Held(
            key=stored_id(row),
            urn=row.urn,
            text=row.secured or "",
            issuer_id=str(issuer_profile(institution)["id"]),
            country=institution.country,
            seal=institution_seal(deployment, keyring, session, institution, form),
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
    document = unsigned_in(held.text)
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
                verification_method=held.seal.signer.id,
                created=_moment(unsigned["validFrom"]),
                valid_from=_moment(unsigned["validFrom"]),
                valid_until=_moment(unsigned["validUntil"]) if "validUntil" in unsigned else None,
            )
        )
        owner = session.exec(select(Institution).where(Institution.id == row.institution_id)).one()
        digest = hashlib.sha256(text.encode()).hexdigest()
        after = {"validUntil": unsigned.get("validUntil"), "key": held.seal.signer.id, "sha256": digest}
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
