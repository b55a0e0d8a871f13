"""How far the issuing of a batch is, counted from its rows: the queue may forget, the rows do not."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from issuer.batching.access import BatchState, find_batch
from issuer.credentials.owed_mail import LearnerMail
from issuer.deployment import Deployment
from issuer.staff.roles import Act
from issuer.tables import BatchRow, CredentialRow, OutboxMailRow

_MOST_FAILURES = 50


@dataclass(frozen=True)
class Failure:
    """A line that could not be issued, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class IssuingProgress:
    """Numbers of rows and mails; `moved` is when something happened last."""

    state: BatchState
    total: int
    signed: int
    waiting: int
    failed: int
    already: int
    withdrawn: int
    mails_sent: int
    mails_waiting: int
    mails_failed: int
    moved: datetime
    failures: tuple[Failure, ...] = ()

    @property
    def done(self) -> int:
        """How many rows the worker is done with."""
        return self.total - self.waiting


def issuing_progress(desk: Deployment, batch_id: str) -> IssuingProgress:
    """Say how far a batch is. Raises NotFound."""
    with desk.reading() as session:
        found = find_batch(session, desk, batch_id, Act.READ_BATCHES)
        rows = row_counts(session, [batch_id]).get(batch_id, {})
        mails = _mail_counts(session, batch_id)
        last = session.exec(
            select(func.max(CredentialRow.issued_at)).where(CredentialRow.batch_id == batch_id)
        ).one()
        batch = found.batch
        return IssuingProgress(
            state=found.state,
            total=sum(rows.values()),
            signed=rows.get("issued", 0),
            waiting=rows.get("pending", 0) + rows.get("planned", 0),
            failed=rows.get("failed", 0),
            already=rows.get("already", 0),
            withdrawn=rows.get("withdrawn", 0),
            mails_sent=mails.get("sent", 0),
            mails_waiting=mails.get("queued", 0),
            mails_failed=mails.get("failed", 0),
            moved=max(each for each in (last, batch.approved, batch.created) if each is not None),
            failures=_failures(session, batch_id),
        )


def row_counts(session: Session, batch_ids: list[str]) -> dict[str, dict[str, int]]:
    """Count the rows of batches by their state."""
    found: dict[str, dict[str, int]] = {}
    query = (
        select(BatchRow.batch_id, BatchRow.state, func.count())
        .where(col(BatchRow.batch_id).in_(batch_ids))
        .group_by(BatchRow.batch_id, BatchRow.state)
    )
    for batch_id, state, count in session.exec(query):
        found.setdefault(batch_id, {})[state] = count
    return found


def _mail_counts(session: Session, batch_id: str) -> dict[str, int]:
    query = (
        select(OutboxMailRow.state, func.count())
        .where(OutboxMailRow.credential_id == CredentialRow.id)
        .where(CredentialRow.batch_id == batch_id)
        .where(OutboxMailRow.kind == LearnerMail.AWARD.value)
        .group_by(OutboxMailRow.state)
    )
    return dict(session.exec(query).all())


def _failures(session: Session, batch_id: str) -> tuple[Failure, ...]:
    query = (
        select(BatchRow.line, BatchRow.reason)
        .where(BatchRow.batch_id == batch_id)
        .where(BatchRow.state == "failed")
        .order_by(col(BatchRow.line))
        .limit(_MOST_FAILURES)
    )
    return tuple(Failure(line, reason or "") for line, reason in session.exec(query))
