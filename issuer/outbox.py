"""The outbox: mails that are owed, sent at least once, and as seldom twice as can be.

A row is made in the commit that makes its matter (THREATS I4). Before each try the next one is entered,
so that a crash while sending leads to a later repeat with the same Message-ID and not to a loss.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound, StorageFailed
from issuer.links import LinkSecret
from issuer.mailing.composing import composed
from issuer.mailing.matters import gone
from issuer.mailing.subjects import audit_subject
from issuer.mailing.tries import LONGEST_ANSWER, Outcome, begun, ended
from issuer.mailing.turns import due_mails
from issuer.records import MailState, OutboxMail
from issuer.tables import Institution, OutboxMailRow

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
BACK_OFF = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR)
TRIES = len(BACK_OFF) + 1
OUTAGE_PAUSE = 5 * _MINUTE  # while the server takes no mail at all, which costs no mail a try
CUTS_IN_A_ROW = 3  # tries without an answer after which a round ends: each may have waited long


class MailNotTaken(Exception):  # noqa: N818  (an answer of the other side, not a fault of ours)
    """A transport could not hand a mail over; `permanent` means that trying again is of no use.

    `outage` means that the server takes no mail at all now, `cut` that it went silent during this one.
    """

    def __init__(self, message: str, *, permanent: bool, outage: bool = False, cut: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.outage = outage
        self.cut = cut


Send = Callable[[OutboxMail], str | None]  # gives the server's answer, if there is one to keep


@runtime_checkable
class KeepsConnection(Protocol):
    """A transport that keeps its connection for the next mail, and is told when a round is over."""

    def hang_up(self) -> None: ...


@dataclass(frozen=True)
class Delivery:
    """What one round of sending came to, in numbers of mails."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0


def deliver(deployment: Deployment, links: LinkSecret, send: Send, *, at_most: int = 200) -> Delivery:
    """Send what is due, each institution in turn; `send` raises MailNotTaken for what is not taken."""
    counts: Counter[MailState] = Counter()
    cuts = 0
    try:
        for mail_id in due_mails(deployment, at_most=at_most):
            if not _claim(deployment, mail_id):
                continue
            state, refused = _try(deployment, links, send, mail_id)
            counts[state] += 1
            cuts = cuts + 1 if refused is not None and refused.cut else 0
            if cuts >= CUTS_IN_A_ROW or (refused is not None and refused.outage):
                break
    finally:
        if isinstance(send, KeepsConnection):
            send.hang_up()
    return Delivery(counts[MailState.SENT], counts[MailState.QUEUED], counts[MailState.FAILED])


def outbox(deployment: Deployment, links: LinkSecret, *, at_most: int = 200) -> list[OutboxMail]:
    """List mails with their words, the newest first; one whose words cannot be made is left out."""
    with deployment.reading() as session:
        ids = session.exec(
            select(OutboxMailRow.id).order_by(col(OutboxMailRow.id).desc()).limit(at_most)
        ).all()
    found = (_readable(deployment, links, mail_id) for mail_id in ids if mail_id is not None)
    return [mail for mail in found if mail is not None]


def outbox_mail(deployment: Deployment, links: LinkSecret, mail_id: int) -> OutboxMail:
    """Give one mail with its words, made anew: no secret link is kept in the database.

    Raises IssuerError where its words cannot be made.
    """
    with deployment.reading() as session:
        row = session.exec(select(OutboxMailRow).where(OutboxMailRow.id == mail_id)).first()
    if row is None:
        raise NotFound("unknown_mail", "There is no such mail.")
    try:
        return composed(deployment, links, row)
    except IssuerError:
        raise
    except Exception as error:  # one mail's matter, whatever is wrong with it, holds up no other
        reason = f"The words of this mail could not be made ({type(error).__name__})."
        raise IssuerError("no_words", reason) from error


def _readable(deployment: Deployment, links: LinkSecret, mail_id: int) -> OutboxMail | None:
    try:
        return outbox_mail(deployment, links, mail_id)
    except StorageFailed:
        raise
    except IssuerError:
        return None


def _claim(deployment: Deployment, mail_id: int) -> bool:
    """Enter the try before it is made; another worker that comes now finds nothing due."""
    with deployment.writing() as session:
        row = session.exec(select(OutboxMailRow).where(OutboxMailRow.id == mail_id).with_for_update()).one()
        now = deployment.now()
        if row.state != "queued" or row.next_attempt > now:
            return False
        session.add(row)
        if gone(session, deployment, row):
            row.state = MailState.WITHDRAWN.value
            return False
        if row.attempts >= TRIES:  # the last try was cut short
            _fail(session, deployment, row, row.error or "The last try was not finished.")
            return False
        row.attempts += 1
        row.next_attempt = now + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
        row.tries = begun(row.tries, now)
        return True


def _try(
    deployment: Deployment, links: LinkSecret, send: Send, mail_id: int
) -> tuple[MailState, MailNotTaken | None]:
    try:
        mail = outbox_mail(deployment, links, mail_id)
        answer = send(mail)
    except StorageFailed:
        raise
    except MailNotTaken as refused:
        return _note_refusal(deployment, mail_id, refused), refused
    except IssuerError as error:
        wordless = MailNotTaken(error.message, permanent=True)
        return _note_refusal(deployment, mail_id, wordless), wordless
    _note_sent(deployment, mail_id, answer or "")
    return MailState.SENT, None


def _note_sent(deployment: Deployment, mail_id: int, answer: str) -> None:
    with deployment.writing() as session:
        row = _row(session, mail_id)
        row.state, row.error, row.sent = MailState.SENT.value, None, deployment.now()
        row.tries = ended(row.tries, Outcome.SENT, answer)


def _note_refusal(deployment: Deployment, mail_id: int, refused: MailNotTaken) -> MailState:
    said = refused.message[:LONGEST_ANSWER]
    with deployment.writing() as session:
        row = _row(session, mail_id)
        row.error = said
        if refused.outage:
            row.attempts -= 1
            _put_all_off(session, deployment.now(), row, said)
        final = not refused.outage and (refused.permanent or row.attempts >= TRIES)
        row.tries = ended(row.tries, Outcome.REFUSED if refused.permanent else Outcome.DEFERRED, said)
        if final:
            _fail(session, deployment, row, said)
        return MailState.FAILED if final else MailState.QUEUED  # or withdrawn meanwhile, and left so


def _put_all_off(session: Session, now: datetime, row: OutboxMailRow, said: str) -> None:
    """Let everything wait that is due: a server that is down must cost nobody a mail."""
    row.next_attempt = now + OUTAGE_PAUSE
    session.exec(
        update(OutboxMailRow)
        .where(col(OutboxMailRow.state) == "queued")
        .where(col(OutboxMailRow.next_attempt) <= now)
        .where(col(OutboxMailRow.id) != row.id)
        .values(next_attempt=now + OUTAGE_PAUSE, error=said)
    )


def _fail(session: Session, deployment: Deployment, row: OutboxMailRow, said: str) -> None:
    """Give a mail up, and let the audit tell of it."""
    if row.state != MailState.WITHDRAWN.value:
        row.state = MailState.FAILED.value
    row.error = said
    owner = session.get(Institution, row.institution_id) if row.institution_id is not None else None
    after = {"mail": row.id, "kind": row.kind, "tries": row.attempts}
    act = AuditedAct("mail.failed", audit_subject(session, row), after=after)
    record(session, deployment, act, institution=owner)


def _row(session: Session, mail_id: int) -> OutboxMailRow:
    row = session.exec(select(OutboxMailRow).where(OutboxMailRow.id == mail_id).with_for_update()).one()
    session.add(row)
    return row
