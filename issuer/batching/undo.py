"""Undo a batch within the window of its institution: what waits is withdrawn, what is signed is revoked.

One transaction does all of it, so that no credential is left between the two, however far the worker is: a
row that it still holds in hand is no plan any more when it comes to store it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from issuer.batching.access import BatchState, Found, audit, find_batch
from issuer.credentials.owed_mail import LearnerMail
from issuer.deployment import Deployment
from issuer.errors import Conflict
from issuer.records import RevocationReason
from issuer.staff.roles import Act
from issuer.status import StatusAct, StatusOrder, change_statuses
from issuer.tables import BatchRow, CredentialRow, OutboxMailRow, StatusEntry


@dataclass(frozen=True)
class UndoOutlook:
    """What undoing would do now; `until` is None while the batch is being issued."""

    possible: bool
    until: datetime | None
    signed: int
    waiting: int
    mails_waiting: int
    mails_sent: int


def undo_until(found: Found) -> datetime | None:
    """Give the end of the window in which a finished batch can be undone; None before it is finished."""
    finished = found.batch.finished
    return finished + timedelta(hours=found.institution.undo_hours) if finished else None


def undo_outlook(desk: Deployment, batch_id: str) -> UndoOutlook:
    """Say what undoing a batch would do now. Raises NotFound."""
    with desk.reading() as session:
        found = find_batch(session, desk, batch_id, Act.APPROVE_BATCHES)
        mails = dict(
            session.exec(
                select(OutboxMailRow.state, func.count())
                .where(OutboxMailRow.credential_id == CredentialRow.id)
                .where(CredentialRow.batch_id == batch_id)
                .where(OutboxMailRow.kind == LearnerMail.AWARD.value)
                .group_by(OutboxMailRow.state)
            ).all()
        )
        rows = session.exec(
            select(func.count())
            .select_from(BatchRow)
            .where(BatchRow.batch_id == batch_id)
            .where(col(BatchRow.state).in_(("pending", "planned")))
        ).one()
        return UndoOutlook(
            possible=_refusal(found, desk.now()) is None,
            until=undo_until(found),
            signed=len(_standing(session, batch_id)),
            waiting=rows,
            mails_waiting=mails.get("queued", 0),
            mails_sent=mails.get("sent", 0),
        )


def undo(desk: Deployment, batch_id: str) -> int:
    """Undo a batch that is being or was issued; give how many credentials were revoked. Twice is once.

    Rows that wait and plans that are not signed are withdrawn, credentials are revoked as issued in error,
    mails that were not sent are withdrawn, and whoever had one is told. Raises NotFound, and Conflict once
    the window is over.
    """
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.APPROVE_BATCHES, to_change=True)
        if found.state is BatchState.UNDONE:
            return 0
        if (refusal := _refusal(found, desk.now())) is not None:
            raise refusal
        withdrawn = _withdraw_rows(session, batch_id)
        standing = _standing(session, batch_id)
        order = StatusOrder(StatusAct.REVOKE, RevocationReason.ERROR, bulk=batch_id)
        refusals = change_statuses(session, desk, standing, order)
        if refusals:  # all or nothing: nobody could tell what of the batch still stands
            raise next(iter(refusals.values()))
        before = found.batch.state
        found.batch.state, found.batch.undone = BatchState.UNDONE.value, desk.now()
        found.batch.undone_by = desk.actor.ref
        session.add(found.batch)
        told = {
            "state": "undone",
            "reason": RevocationReason.ERROR.value,
            "revoked": len(standing),
            "withdrawn": withdrawn,
        }
        audit(session, desk, found, "undo", before={"state": before}, after=told)
        return len(standing)


def _refusal(found: Found, now: datetime) -> Conflict | None:
    if found.state is BatchState.OPEN:
        return None
    if found.state is not BatchState.FINISHED:
        return Conflict("not_issued", "The batch was not issued, so there is nothing to undo.")
    until = undo_until(found)
    if until is None or now > until:
        hours = found.institution.undo_hours
        return Conflict(
            "too_late",
            f"A batch can be undone within {hours} hours after it was issued, and these are over. "
            "Single credentials can still be revoked.",
        )
    return None


def _standing(session: Session, batch_id: str) -> list[int]:
    """Give the keys of what was signed and not revoked since."""
    query = (
        select(CredentialRow.id)
        .where(CredentialRow.batch_id == batch_id)
        .where(CredentialRow.state == "issued")
        .where(CredentialRow.status != "revoked")
        .order_by(col(CredentialRow.id))
    )
    return [key for key in session.exec(query) if key is not None]


def _withdraw_rows(session: Session, batch_id: str) -> int:
    """Take back what is not signed: nobody outside has seen it. Give how many rows that are."""
    mine = select(BatchRow).where(BatchRow.batch_id == batch_id)
    planned = session.exec(mine.where(BatchRow.state == "planned")).all()
    plans = [row.credential_id for row in planned if row.credential_id is not None]
    for row in planned:
        row.state, row.credential_id = "withdrawn", None
        session.add(row)
    session.flush()
    for some in _slices(plans):
        session.exec(delete(StatusEntry).where(col(StatusEntry.credential_id).in_(some)))
        session.exec(delete(CredentialRow).where(col(CredentialRow.id).in_(some)))
    waiting = session.exec(
        update(BatchRow)
        .where(col(BatchRow.batch_id) == batch_id)
        .where(col(BatchRow.state) == "pending")
        .values(state="withdrawn")
    )
    return len(planned) + int(waiting.rowcount)


def _slices(ids: list[int], size: int = 500) -> list[list[int]]:
    """Cut into pieces that fit into one statement."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]
