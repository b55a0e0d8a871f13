"""What becomes of a credential after it was issued: revoke, suspend, reinstate.

good -> suspended -> good, and from both to revoked, which is final. Suspension exists only where the
definition has opted in, because only then has the credential an entry in a suspension list.
"""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import StatusRefused
from issuer.institutions import institution_row
from issuer.lookup import issued_row
from issuer.records import RevocationReason, Status, StatusChangeRecord
from issuer.status_places import REVOCATION, SUSPENSION
from issuer.tables import (
    CredentialRow,
    Institution,
    OutboxMailRow,
    StatusChange,
    StatusEntry,
    StatusList,
    stored_id,
)


@dataclass(frozen=True)
class _Act:
    """One way to change a status: from where, to where, and which bit becomes what."""

    name: str
    allowed_from: frozenset[Status]
    becomes: Status
    purpose: str
    bit: bool


_REVOKE = _Act("revoke", frozenset({Status.GOOD, Status.SUSPENDED}), Status.REVOKED, REVOCATION, True)
_SUSPEND = _Act("suspend", frozenset({Status.GOOD}), Status.SUSPENDED, SUSPENSION, True)
_REINSTATE = _Act("reinstate", frozenset({Status.SUSPENDED}), Status.GOOD, SUSPENSION, False)


def revoke(
    deployment: Deployment, named: str, *, reason: RevocationReason, by: str, slug: str | None = None
) -> None:
    """Revoke for good; a mail that was not sent yet is withdrawn. Raises NotFound or StatusRefused."""
    _change(deployment, named, _REVOKE, reason=reason, by=by, slug=slug)


def suspend(deployment: Deployment, named: str, *, by: str, slug: str | None = None) -> None:
    """Suspend until reinstated. Raises NotFound, or StatusRefused where the definition has not opted in."""
    _change(deployment, named, _SUSPEND, reason=None, by=by, slug=slug)


def reinstate(deployment: Deployment, named: str, *, by: str, slug: str | None = None) -> None:
    """Lift a suspension. Raises NotFound or StatusRefused."""
    _change(deployment, named, _REINSTATE, reason=None, by=by, slug=slug)


def status_history(deployment: Deployment, named: str) -> list[StatusChangeRecord]:
    """List what became of a credential, the oldest first; raises NotFound."""
    with deployment.reading() as session:
        row = issued_row(session, named)
        changes = (
            select(StatusChange).where(StatusChange.credential_id == row.id).order_by(col(StatusChange.id))
        )
        return [
            StatusChangeRecord(
                each.act, RevocationReason(each.reason) if each.reason else None, each.done_by, each.done_at
            )
            for each in session.exec(changes)
        ]


def _change(
    deployment: Deployment,
    named: str,
    act: _Act,
    *,
    reason: RevocationReason | None,
    by: str,
    slug: str | None,
) -> None:
    with deployment.writing() as session:
        institution = institution_row(session, slug) if slug is not None else None
        row = issued_row(session, named, institution=institution)
        session.refresh(row, with_for_update=True)
        _refuse(row, act)
        _set_bit(session, row, act)
        before = row.status
        row.status, row.status_since, row.status_by = act.becomes.value, deployment.now(), by[:200]
        row.status_reason = reason.value if reason else None
        session.add(row)
        session.add(
            StatusChange(
                institution_id=row.institution_id,
                credential_id=stored_id(row),
                act=act.name,
                reason=row.status_reason,
                done_by=by[:200],
                done_at=deployment.now(),
            )
        )
        if act is _REVOKE:
            _withdraw_mail(session, row)
        told = {"status": row.status, "reason": row.status_reason}
        record(
            session,
            deployment,
            AuditedAct(f"credential.{act.name}", row.urn, before={"status": before}, after=told),
            institution=session.get_one(Institution, row.institution_id),
            by=by,
        )


def _refuse(row: CredentialRow, act: _Act) -> None:
    status = Status(row.status)
    if status in act.allowed_from:
        return
    if status is Status.REVOKED:
        raise StatusRefused("already_revoked", "The credential is revoked, and that is final.")
    if act is _REINSTATE:
        raise StatusRefused("not_suspended", "The credential is not suspended.")
    raise StatusRefused("already_suspended", "The credential is suspended already.")


def _set_bit(session: Session, row: CredentialRow, act: _Act) -> None:
    """Set the entry, and count the change, so that the worker signs the list anew."""
    entry = session.exec(
        select(StatusEntry)
        .where(StatusEntry.credential_id == row.id)
        .where(StatusEntry.purpose == act.purpose)
    ).first()
    if entry is None:
        raise StatusRefused(
            "no_suspension", "Credentials of this definition cannot be suspended: it has not opted in."
        )
    entry.is_set = act.bit
    session.add(entry)
    session.exec(
        update(StatusList)
        .where(col(StatusList.id) == entry.status_list_id)
        .values(changes=col(StatusList.changes) + 1)
    )


def _withdraw_mail(session: Session, row: CredentialRow) -> None:
    session.exec(
        update(OutboxMailRow)
        .where(col(OutboxMailRow.credential_id) == row.id)
        .where(col(OutboxMailRow.state) == "queued")
        .values(state="withdrawn")
    )
