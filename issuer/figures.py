"""Figures of the whole office for whoever keeps it running: what waits, how long, and how much there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.status_lists import DIFFERED
from issuer.tables import Batch, BatchRow, CredentialRow, OutboxMailRow, StatusList


@dataclass(frozen=True)
class Figures:
    """Counts by state, and ages in seconds of what has waited longest; 0 where nothing waits."""

    batches: Mapping[str, int]
    rows: Mapping[str, int]
    mails: Mapping[str, int]
    credentials: Mapping[str, int]
    oldest_due_mail: float
    oldest_waiting_batch: float
    unsigned_list_changes: int
    oldest_status_list: float
    status_lists_differed: int


def figures(deployment: Deployment) -> Figures:
    """Count what there is; no learner, name or institution is in it."""
    now = deployment.now()
    with deployment.reading() as session:
        return Figures(
            batches=_by(session, Batch, Batch.state),
            rows=_rows(session),
            mails=_by(session, OutboxMailRow, OutboxMailRow.state),
            credentials=_by(session, CredentialRow, CredentialRow.status),
            oldest_due_mail=_age(now, _oldest_due_mail(session, now)),
            oldest_waiting_batch=_age(now, _oldest_waiting_batch(session)),
            unsigned_list_changes=_unsigned_changes(session),
            oldest_status_list=_age(now, session.exec(select(func.min(StatusList.valid_from))).one()),
            status_lists_differed=_differed(session),
        )


def _by(session: Session, table: type, column: str) -> dict[str, int]:
    counted = session.exec(select(column, func.count()).select_from(table).group_by(col(column)))
    return {state: int(count) for state, count in counted}


def _rows(session: Session) -> dict[str, int]:
    """Count the rows of batches that are not done with: the others only grow."""
    counted = session.exec(
        select(BatchRow.state, func.count())
        .where(BatchRow.batch_id == Batch.id)
        .where(Batch.state == "open")
        .group_by(BatchRow.state)
    )
    return {state: int(count) for state, count in counted}


def _oldest_due_mail(session: Session, now: datetime) -> datetime | None:
    due = select(func.min(OutboxMailRow.next_attempt)).where(OutboxMailRow.state == "queued")
    return session.exec(due.where(OutboxMailRow.next_attempt <= now)).one()


def _oldest_waiting_batch(session: Session) -> datetime | None:
    began = func.coalesce(Batch.approved, Batch.created)
    return session.exec(select(func.min(began)).where(Batch.state == "open")).one()


def _unsigned_changes(session: Session) -> int:
    waiting = select(func.count()).where(StatusList.changes > StatusList.signed_changes)
    return int(session.exec(waiting).one())


def _differed(session: Session) -> int:
    told = select(func.count()).select_from(AuditEntryRow).where(AuditEntryRow.act == DIFFERED)
    return int(session.exec(told).one())


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
