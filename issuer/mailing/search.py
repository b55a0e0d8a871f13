"""Find mails of an institution: by learner, state and kind, and one with everything that became of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from issuer.credentials.folding import folded
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.mailing.kinds import MailKind
from issuer.mailing.tries import MailTry, tries_of
from issuer.records import MailState
from issuer.staff.actor import Actor
from issuer.staff.roles import Act
from issuer.staff.within import condition_within, may_within
from issuer.staff_tables import Person, StaffTokenRow
from issuer.tables import CredentialRow, Learner, OutboxMailRow

SORTS = ("created", "name", "state", "tries", "next")
_PAGE = 50


@dataclass(frozen=True)
class MailLine:
    """A mail as lists show it; `name` and `student_number` are of its learner, empty for staff."""

    id: int
    kind: MailKind
    recipient: str
    name: str
    student_number: str
    state: MailState
    attempts: int
    next_attempt: datetime
    answer: str
    created: datetime
    sent: datetime | None

    @property
    def masked(self) -> str:
        """The address as far as a list shows it: enough to tell it from others."""
        local, _, domain = self.recipient.rpartition("@")
        return f"{local[:1]}…{local[-1:]}@{domain}" if len(local) > 2 else f"…@{domain}"

    @property
    def shown_answer(self) -> str:
        """The last answer as far as a list shows it: servers like to repeat the whole address."""
        return re.sub(re.escape(self.recipient), lambda _: self.masked, self.answer, flags=re.IGNORECASE)


@dataclass(frozen=True)
class MailRecord:
    """One mail with its tries, the oldest first; `credential` is the id of what it is about."""

    line: MailLine
    message_id: str
    number: int
    credential: str
    learner_id: int | None
    tries: tuple[MailTry, ...]


@dataclass(frozen=True)
class MailSearch:
    """What is asked of the list of mails; `limit` None means all."""

    text: str = ""
    state: str = ""
    kind: str = ""
    order: str = "created"
    descending: bool = True
    offset: int = 0
    limit: int | None = _PAGE


@dataclass(frozen=True)
class FoundMails:
    """A page of a search and how many there are in all."""

    mails: tuple[MailLine, ...]
    total: int


def search_mails(desk: Deployment, asked: MailSearch) -> FoundMails:
    """Find mails that the actor may read. Raises NotAllowed."""
    desk.actor.must(Act.READ_MAIL)
    with desk.reading() as session:
        total = session.exec(_filtered(select(func.count(col(OutboxMailRow.id))), desk.actor, asked)).one()
        query = _filtered(_columns(), desk.actor, asked).order_by(*_order(asked)).offset(asked.offset)
        rows = session.exec(query if asked.limit is None else query.limit(asked.limit)).all()
        return FoundMails(tuple(_line(*row[:3]) for row in rows), int(total))


def mail_record(desk: Deployment, mail_id: int) -> MailRecord:
    """Give one mail. Raises NotAllowed, NotFound."""
    desk.actor.must(Act.READ_MAIL)
    with desk.reading() as session:
        mail, learner, person, credential = readable_row(session, desk.actor, Act.READ_MAIL, mail_id)
        return MailRecord(
            line=_line(mail, learner, person),
            message_id=mail.message_id,
            number=mail.number,
            credential=credential.urn if credential else "",
            learner_id=learner.id if learner else None,
            tries=tries_of(mail.tries),
        )


def readable_row(session: Session, actor: Actor, act: Act, mail_id: int) -> Any:
    """Give mail, learner, person and credential of an id within what the actor may do; raises NotFound."""
    query = _of(_columns(), actor, act).where(OutboxMailRow.id == mail_id)
    found = session.exec(query).first()
    if found is None:
        raise NotFound("unknown_mail", "There is no such mail.")
    return found


def _columns() -> Any:
    return select(OutboxMailRow, Learner, Person, CredentialRow)


def _of(query: Any, actor: Actor, act: Act) -> Any:
    """Join what a mail is about, and keep what is for the actor's eyes.

    A learner's mail is for those who may read the credential too, in their faculties; mails to staff are for
    those who manage people, who need not see any learner.
    """
    joined = (
        query.select_from(OutboxMailRow)
        .outerjoin(CredentialRow, col(OutboxMailRow.credential_id) == col(CredentialRow.id))
        .outerjoin(Learner, col(CredentialRow.learner_id) == col(Learner.id))
        .outerjoin(StaffTokenRow, col(OutboxMailRow.staff_token_id) == col(StaffTokenRow.id))
        .outerjoin(Person, col(StaffTokenRow.person_id) == col(Person.id))
    )
    found = [
        condition_within(actor, each, version=CredentialRow.definition_version_id)
        for each in (act, Act.READ_CREDENTIALS)
    ]
    learners = [col(OutboxMailRow.credential_id).is_not(None), *(each for each in found if each is not None)]
    if not may_within(actor, Act.MANAGE_PEOPLE, None):
        return joined.where(*learners)
    return joined.where(or_(col(OutboxMailRow.staff_token_id).is_not(None), and_(*learners)))


def _filtered(query: Any, actor: Actor, asked: MailSearch) -> Any:
    query = _of(query, actor, Act.READ_MAIL)
    if asked.state:
        query = query.where(OutboxMailRow.state == asked.state)
    if asked.kind:
        query = query.where(OutboxMailRow.kind == asked.kind)
    for word in folded(asked.text).split():
        query = query.where(col(Learner.search).contains(word, autoescape=True))
    return query


def _order(asked: MailSearch) -> list[Any]:
    columns: dict[str, Any] = {
        "name": col(Learner.search),
        "state": col(OutboxMailRow.state),
        "tries": col(OutboxMailRow.attempts),
        "next": col(OutboxMailRow.next_attempt),
    }
    key = col(OutboxMailRow.id)
    chosen = columns.get(asked.order)
    ordered = [key] if chosen is None else [chosen, key]
    return [each.desc() if asked.descending else each.asc() for each in ordered]


def _line(mail: OutboxMailRow, learner: Learner | None, person: Person | None) -> MailLine:
    tries = tries_of(mail.tries)
    return MailLine(
        id=mail.id or 0,
        kind=MailKind(mail.kind),
        recipient=mail.recipient,
        name=learner.name if learner else person.name if person else "",
        student_number=learner.student_number if learner else "",
        state=MailState(mail.state),
        attempts=mail.attempts,
        next_attempt=mail.next_attempt,
        answer=mail.error or (tries[-1].answer if tries else ""),
        created=mail.created,
        sent=mail.sent,
    )
