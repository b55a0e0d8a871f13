"""What one credential is, and everything that became of it, for those who answer for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.lookup import credential_record, issued_row
from issuer.outbox import BACK_OFF
from issuer.records import CredentialRecord, RevocationReason
from issuer.staff.actor import ActorKind
from issuer.staff.roles import Act
from issuer.staff.within import may_within
from issuer.staff_tables import Person
from issuer.status import StatusAct, refusal_of, standings
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionRow,
    DefinitionVersionRow,
    Institution,
    Learner,
    OutboxMailRow,
    StatusChange,
    StatusEntry,
    StatusList,
    stored_id,
)
from ob3.status_list import BitstringStatusList
from ob3.strict_json import parse


class Who(StrEnum):
    """What kind of somebody an event is owed to; `person` has a name."""

    PERSON = "person"
    LEARNER = "learner"
    MAIL_SERVER = "mail_server"
    SERVICE = "service"


class What(StrEnum):
    """What happened; `Event.detail` says more."""

    UPLOADED = "uploaded"
    SENT_FOR_APPROVAL = "sent_for_approval"
    APPROVED = "approved"
    SIGNED = "signed"
    MAIL_OWED = "mail_owed"
    MAIL_TAKEN = "mail_taken"
    MAIL_REFUSED = "mail_refused"
    MAIL_WITHDRAWN = "mail_withdrawn"
    OPENED = "opened"
    DOWNLOADED = "downloaded"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    OTHER = "other"


@dataclass(frozen=True)
class Event:
    """One line of a history. `detail`, `number` and `link` are what the kind of event has to tell."""

    at: datetime
    who: Who
    name: str
    what: What
    detail: str = ""
    number: int | None = None
    link: str = ""
    reason: RevocationReason | None = None
    note: str = ""


@dataclass(frozen=True)
class Place:
    """A credential's place in a status list, and whether the list as signed shows its state of today."""

    purpose: str
    list_id: str
    index: int
    is_set: bool
    published: bool
    signed: datetime | None


@dataclass(frozen=True)
class CredentialFile:
    """Everything that the console shows of one credential; `refused` says why an act is not possible."""

    record: CredentialRecord
    certificate_number: str | None
    mail_address: str
    batch_id: str | None
    places: tuple[Place, ...]
    opened: datetime | None
    downloaded: datetime | None
    events: tuple[Event, ...]
    refused: dict[StatusAct, IssuerError]

    @property
    def published(self) -> bool:
        """Tell whether the lists that the public reads show the state that is written here."""
        return all(place.published for place in self.places)


def credential_file(desk: Deployment, named: str) -> CredentialFile:
    """Give everything about a credential, by its id, code or short code.

    Raises NotAllowed without a role for it, NotFound for one of another institution or faculty.
    """
    desk.actor.must(Act.READ_CREDENTIALS)
    with desk.reading() as session:
        row = issued_row(session, named)
        learner = session.exec(select(Learner).where(Learner.id == row.learner_id)).one()
        version = session.exec(
            select(DefinitionVersionRow).where(DefinitionVersionRow.id == row.definition_version_id)
        ).one()
        institution = session.exec(select(Institution).where(Institution.id == row.institution_id)).one()
        faculty = session.exec(
            select(DefinitionRow.faculty_id).where(DefinitionRow.id == version.definition_id)
        ).one()
        if not may_within(desk.actor, Act.READ_CREDENTIALS, faculty):
            raise NotFound("unknown_credential", "There is no certificate with that code here.")
        events = sorted(_events(session, row), key=lambda event: event.at, reverse=True)
        return CredentialFile(
            record=credential_record(desk, (row, learner, version, institution)),
            certificate_number=row.certificate_number,
            mail_address=masked(learner.email),
            batch_id=row.batch_id,
            places=tuple(_places(session, row)),
            opened=row.opened,
            downloaded=row.downloaded,
            events=tuple(events),
            refused=_refused(session, desk, stored_id(row)),
        )


def masked(address: str) -> str:
    """Give a mail address by which one can recognise it but not write to it: `n…u@student.example`."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{local[-1:] if len(local) > 1 else ''}{at}{domain}"


def _refused(session: Session, desk: Deployment, key: int) -> dict[StatusAct, IssuerError]:
    found = {}
    for act in StatusAct:
        (standing,) = standings(session, [key], act)
        refusal = refusal_of(desk, standing, act)
        if refusal is not None:
            found[act] = refusal
    return found


def _places(session: Session, row: CredentialRow) -> Iterator[Place]:
    rows = session.exec(
        select(StatusEntry, StatusList)
        .where(StatusEntry.credential_id == row.id)
        .where(StatusEntry.status_list_id == StatusList.id)
        .order_by(col(StatusEntry.purpose))
    )
    for entry, listed in rows:
        shown = listed.text is not None and _signed_bit(listed.text, entry.list_index) == entry.is_set
        yield Place(entry.purpose, listed.public_id, entry.list_index, entry.is_set, shown, listed.valid_from)


def _signed_bit(text: str, index: int) -> bool:
    """Read the list as the public does: what it shows is what was signed, not what is written here."""
    document: Any = parse(text)
    return BitstringStatusList.decode(document["credentialSubject"]["encodedList"]).get(index)


def _events(session: Session, row: CredentialRow) -> Iterator[Event]:
    """Collect what the rows tell; the order within one second is that of the way a credential goes."""
    yield from _changes(session, row)
    yield from _acts(session, row)
    if row.downloaded:
        yield Event(row.downloaded, Who.LEARNER, "", What.DOWNLOADED)
    if row.opened:
        yield Event(row.opened, Who.LEARNER, "", What.OPENED)
    yield from _mails(session, row)
    if row.issued_at:
        key = (row.verification_method or "").rpartition("#")[2]
        index = session.exec(
            select(StatusEntry.list_index)
            .where(StatusEntry.credential_id == row.id)
            .where(StatusEntry.purpose == "revocation")
        ).first()
        yield Event(row.issued_at, Who.SERVICE, "", What.SIGNED, detail=key, number=index)
    yield from _batch(session, row)


_CHANGED = {
    StatusAct.REVOKE: What.REVOKED,
    StatusAct.SUSPEND: What.SUSPENDED,
    StatusAct.REINSTATE: What.REINSTATED,
}


def _changes(session: Session, row: CredentialRow) -> Iterator[Event]:
    changes = session.exec(
        select(StatusChange).where(StatusChange.credential_id == row.id).order_by(col(StatusChange.id).desc())
    )
    for each in changes:
        yield Event(
            each.done_at,
            Who.PERSON,
            each.done_by,
            _CHANGED[StatusAct(each.act)],
            reason=RevocationReason(each.reason) if each.reason else None,
            note=each.note or "",
        )


def _acts(session: Session, row: CredentialRow) -> Iterator[Event]:
    """Give what the audit tells beside signing and changes of status, which have rows of their own."""
    told = {f"credential.{act.value}" for act in StatusAct} | {"credential.issue"}
    entries = session.exec(
        select(AuditEntryRow)
        .where(AuditEntryRow.subject == row.urn)
        .where(col(AuditEntryRow.act).not_in(told))
        .order_by(col(AuditEntryRow.number).desc())
    )
    for each in entries:
        who = Who.SERVICE if each.actor_kind == ActorKind.SERVICE.value else Who.PERSON
        number = json.loads(each.after or "{}").get("number")
        yield Event(each.at, who, each.actor_name, What.OTHER, detail=each.act, number=number)


def _mails(session: Session, row: CredentialRow) -> Iterator[Event]:
    mails = session.exec(
        select(OutboxMailRow)
        .where(OutboxMailRow.credential_id == row.id)
        .order_by(col(OutboxMailRow.id).desc())
    )
    for mail in mails:
        yield _mail(mail, row)


def _mail(mail: OutboxMailRow, row: CredentialRow) -> Event:
    """Tell how a mail has fared; `link` says what kind of mail it is, `number` which try or repeat."""
    address, kind, error = masked(mail.recipient), mail.kind, mail.error or ""
    if mail.state == "sent" and mail.sent:
        return Event(mail.sent, Who.MAIL_SERVER, "", What.MAIL_TAKEN, address, mail.number, kind)
    if mail.state == "failed":
        return Event(
            _last_try(mail), Who.MAIL_SERVER, "", What.MAIL_REFUSED, address, mail.attempts, kind, note=error
        )
    if mail.state == "withdrawn":
        when = row.status_since or mail.created  # what withdrew it was the end of the credential
        return Event(when, Who.SERVICE, "", What.MAIL_WITHDRAWN, address, mail.number, kind)
    return Event(_last_try(mail), Who.SERVICE, "", What.MAIL_OWED, address, mail.attempts, kind, note=error)


def _last_try(mail: OutboxMailRow) -> datetime:
    """Give when a mail was last tried: the next try is entered, a fixed while later, before each."""
    if not mail.attempts:
        return mail.created
    return max(mail.created, mail.next_attempt - BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1])


def _batch(session: Session, row: CredentialRow) -> Iterator[Event]:
    batch = session.exec(select(Batch).where(Batch.id == row.batch_id)).first() if row.batch_id else None
    if batch is None:
        return
    names = _names(session, [batch.prepared_by, batch.sent_by, batch.approved_by])
    if batch.approved and batch.approved_by:
        yield Event(
            batch.approved, Who.PERSON, names.get(batch.approved_by, ""), What.APPROVED, link=batch.id
        )
    if batch.sent and batch.sent_by:
        yield Event(
            batch.sent, Who.PERSON, names.get(batch.sent_by, ""), What.SENT_FOR_APPROVAL, link=batch.id
        )
    line = session.exec(
        select(BatchRow.line).where(BatchRow.batch_id == batch.id).where(BatchRow.credential_id == row.id)
    ).first()
    by = names.get(batch.prepared_by or "", batch.started_by)
    yield Event(batch.created, Who.PERSON, by, What.UPLOADED, batch.file_name or "", line, batch.id)


def _names(session: Session, public_ids: list[str | None]) -> dict[str, str]:
    rows = session.exec(select(Person.public_id, Person.name).where(col(Person.public_id).in_(public_ids)))
    return dict(rows.all())
