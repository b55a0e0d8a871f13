"""The outbox: mails that are owed, sent at least once, and as seldom twice as can be.

A row is made in the commit that issues its credential (THREATS I4). Before each try the next one is entered,
so that a crash while sending leads to a later repeat with the same Message-ID and not to a loss.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from issuer.award_mail import award_mail
from issuer.deployment import Deployment
from issuer.links import LinkSecret
from issuer.lookup import by_urn
from issuer.records import MailState, OutboxMail
from issuer.tables import CredentialRow, Institution, OutboxMailRow

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
BACK_OFF = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR)
TRIES = len(BACK_OFF) + 1


class MailNotTaken(Exception):  # noqa: N818  (an answer of the other side, not a fault of ours)
    """A transport could not hand a mail over; `permanent` means that trying again is of no use."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent


Send = Callable[[OutboxMail], None]


@dataclass(frozen=True)
class Delivery:
    """What one round of sending came to, in numbers of mails."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0


def deliver(deployment: Deployment, links: LinkSecret, send: Send, *, at_most: int = 200) -> Delivery:
    """Send what is due; `send` raises MailNotTaken for what the other side does not take."""
    sent = deferred = failed = 0
    for mail_id in _due(deployment, at_most):
        if not _claim(deployment, mail_id):
            continue
        outcome = _try(deployment, links, send, mail_id)
        sent += outcome is MailState.SENT
        deferred += outcome is MailState.QUEUED
        failed += outcome is MailState.FAILED
    return Delivery(sent, deferred, failed)


def outbox(deployment: Deployment, links: LinkSecret, *, at_most: int = 200) -> list[OutboxMail]:
    """List mails with their words, the newest first."""
    with deployment.reading() as session:
        ids = session.exec(
            select(OutboxMailRow.id).order_by(col(OutboxMailRow.id).desc()).limit(at_most)
        ).all()
    return [outbox_mail(deployment, links, mail_id) for mail_id in ids if mail_id is not None]


def outbox_mail(deployment: Deployment, links: LinkSecret, mail_id: int) -> OutboxMail:
    """Give one mail with its words, made anew: no secret link is kept in the database."""
    with deployment.reading() as session:
        row, urn, slug = session.exec(
            select(OutboxMailRow, CredentialRow.urn, Institution.slug)
            .where(OutboxMailRow.id == mail_id)
            .where(OutboxMailRow.credential_id == CredentialRow.id)
            .where(OutboxMailRow.institution_id == Institution.id)
        ).one()
    words = award_mail(deployment, links, by_urn(deployment, urn))
    return OutboxMail(
        id=mail_id,
        institution=slug,
        credential=urn,
        message_id=row.message_id,
        recipient=row.recipient,
        state=MailState(row.state),
        attempts=row.attempts,
        next_attempt=row.next_attempt,
        error=row.error,
        created=row.created,
        sent=row.sent,
        subject=words.subject,
        text=words.text,
        html=words.html,
    )


def _due(deployment: Deployment, at_most: int) -> list[int]:
    with deployment.reading() as session:
        ids = session.exec(
            select(OutboxMailRow.id)
            .where(OutboxMailRow.state == "queued")
            .where(OutboxMailRow.next_attempt <= deployment.now())
            .order_by(col(OutboxMailRow.next_attempt), col(OutboxMailRow.id))
            .limit(at_most)
        )
        return [mail_id for mail_id in ids if mail_id is not None]


def _claim(deployment: Deployment, mail_id: int) -> bool:
    """Enter the try before it is made; another worker that comes now finds nothing due."""
    with deployment.writing() as session:
        row = session.exec(select(OutboxMailRow).where(OutboxMailRow.id == mail_id).with_for_update()).one()
        if row.state != "queued" or row.next_attempt > deployment.now():
            return False
        if row.attempts >= TRIES:  # the last try was cut short
            row.state = MailState.FAILED.value
            session.add(row)
            return False
        row.attempts += 1
        row.next_attempt = _next_attempt(row.attempts, deployment.now())
        session.add(row)
        return True


def _try(deployment: Deployment, links: LinkSecret, send: Send, mail_id: int) -> MailState:
    mail = outbox_mail(deployment, links, mail_id)
    try:
        send(mail)
    except MailNotTaken as refused:
        final = refused.permanent or mail.attempts >= TRIES
        state = MailState.FAILED if final else MailState.QUEUED
        _note(deployment, mail_id, state=state.value, error=refused.message[:500])
        return state
    _note(deployment, mail_id, state=MailState.SENT.value, error=None, sent=deployment.now())
    return MailState.SENT


def _note(deployment: Deployment, mail_id: int, **values: str | datetime | None) -> None:
    with deployment.writing() as session:
        session.exec(update(OutboxMailRow).where(col(OutboxMailRow.id) == mail_id).values(**values))


def _next_attempt(attempts: int, now: datetime) -> datetime:
    return now + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
