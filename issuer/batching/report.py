"""What became of each recipient of a batch: waiting, planned, signed, mailed, opened, downloaded, or not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from issuer.batches import loaded_row
from issuer.batching.access import audit, find_batch
from issuer.credentials.owed_mail import LearnerMail
from issuer.deployment import Deployment
from issuer.staff.roles import Act
from issuer.tables import BatchRow, CredentialRow, Learner, OutboxMailRow


class RecipientState(StrEnum):
    """How far a recipient's credential has come; in the order in which they follow each other."""

    FAILED = "failed"
    MAIL_FAILED = "mail_failed"
    WAITING = "waiting"
    PLANNED = "planned"
    SIGNED = "signed"
    MAILED = "mailed"
    OPENED = "opened"
    DOWNLOADED = "downloaded"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ALREADY = "already"
    WITHDRAWN = "withdrawn"


ORDER = {state: place for place, state in enumerate(RecipientState)}
_OF_ROWS = {
    "pending": RecipientState.WAITING,
    "planned": RecipientState.PLANNED,
    "failed": RecipientState.FAILED,
    "already": RecipientState.ALREADY,
    "withdrawn": RecipientState.WITHDRAWN,
}


@dataclass(frozen=True)
class Recipient:
    """One line of the report; `code` leads to the credential, `name` is empty once it was forgotten."""

    line: int
    name: str
    student_number: str
    language: str
    state: RecipientState
    reason: str = ""
    signed: datetime | None = None
    mailed: datetime | None = None
    opened: datetime | None = None
    downloaded: datetime | None = None
    code: str = ""


def recipients(desk: Deployment, batch_id: str) -> list[Recipient]:
    """List what became of each line that was to be issued, in the order of the file. Raises NotFound."""
    with desk.reading() as session:
        find_batch(session, desk, batch_id, Act.READ_BATCHES)
        return _recipients(session, batch_id)


def exported_recipients(desk: Deployment, batch_id: str) -> list[Recipient]:
    """Give the same for taking away, which the audit notes. Raises NotFound."""
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.READ_BATCHES)
        told = _recipients(session, batch_id)
        audit(session, desk, found, "export", after={"what": "report", "lines": len(told)})
        return told


def _recipients(session: Session, batch_id: str) -> list[Recipient]:
    mails = _mails(session, batch_id)
    query = (
        select(BatchRow, CredentialRow, Learner)
        .outerjoin(CredentialRow, col(BatchRow.credential_id) == col(CredentialRow.id))
        .outerjoin(Learner, col(CredentialRow.learner_id) == col(Learner.id))
        .where(BatchRow.batch_id == batch_id)
        .order_by(col(BatchRow.line))
    )
    return [
        _unsigned(row, learner)
        if credential is None or credential.state != "issued"
        else _signed(row, credential, learner, mails.get(credential.id or 0))
        for row, credential, learner in session.exec(query)
    ]


def _mails(session: Session, batch_id: str) -> dict[int, OutboxMailRow]:
    """Give the last mail about each credential."""
    query = (
        select(OutboxMailRow)
        .where(OutboxMailRow.credential_id == CredentialRow.id)
        .where(CredentialRow.batch_id == batch_id)
        .where(OutboxMailRow.kind == LearnerMail.AWARD.value)
        .order_by(col(OutboxMailRow.id))
    )
    return {mail.credential_id or 0: mail for mail in session.exec(query)}


def _unsigned(row: BatchRow, learner: Learner | None) -> Recipient:
    given = loaded_row(row.input) if row.input else None
    state, reason = _OF_ROWS.get(row.state, RecipientState.WAITING), row.reason or ""
    if given is not None:
        return Recipient(row.line, given.name, given.student_number, given.language or "", state, reason)
    if learner is not None:
        return Recipient(row.line, learner.name, learner.student_number, learner.language, state, reason)
    return Recipient(row.line, "", "", "", state, reason)


def _signed(
    row: BatchRow, credential: CredentialRow, learner: Learner, mail: OutboxMailRow | None
) -> Recipient:
    state, reason = _state(credential, mail)
    return Recipient(
        line=row.line,
        name=learner.name,
        student_number=learner.student_number,
        language=learner.language,
        state=state,
        reason=reason,
        signed=credential.issued_at,
        mailed=mail.sent if mail else None,
        opened=credential.opened,
        downloaded=credential.downloaded,
        code=credential.code,
    )


def _state(credential: CredentialRow, mail: OutboxMailRow | None) -> tuple[RecipientState, str]:
    if credential.status == "revoked":
        return RecipientState.REVOKED, ""
    if credential.status == "suspended":
        return RecipientState.SUSPENDED, ""
    if credential.downloaded:
        return RecipientState.DOWNLOADED, ""
    if credential.opened:
        return RecipientState.OPENED, ""
    if mail is not None and mail.state == "failed":
        return RecipientState.MAIL_FAILED, mail.error or ""
    mailed = mail is not None and mail.state == "sent"
    return (RecipientState.MAILED if mailed else RecipientState.SIGNED), ""
