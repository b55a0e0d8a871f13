"""What waits for one person, by their roles, the most urgent first; each kind is one short query.

Nothing here is written down as a task: an item is there as long as the rows say so, and gone when it is done.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.office_tables import BatchLineRow, DefinitionDraftRow
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.staff_tables import ApiTokenRow, Person, StaffTokenRow
from issuer.status_lists import RENEWAL
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionVersionRow,
    OutboxMailRow,
    StatusList,
)

SHOWN = 5  # of each kind one by one; the others are counted
WORKER_SILENT = timedelta(minutes=2)  # it looks around every minute
TOKEN_ENDS_IN = timedelta(days=14)
INVITED_FOR = timedelta(days=3)


class Kind(StrEnum):
    """What waits, in the order of urgency."""

    WORKER = "worker"
    LIST_OLD = "list_old"
    APPROVE = "approve"
    MAILS_FAILED = "mails_failed"
    BATCH_BACK = "batch_back"
    DRAFT_BACK = "draft_back"
    REVIEW = "review"
    PUBLISH = "publish"
    BATCH_COLUMNS = "batch_columns"
    BATCH_ERRORS = "batch_errors"
    TOKENS = "tokens"
    INVITATIONS = "invitations"


@dataclass(frozen=True)
class Item:
    """One thing that waits.

    `count` says of how many, `since` for how long, `subject` is the id in the address of its page; `titles`
    by language, `run`, `by` and `numbers` say what it is about.
    """

    kind: Kind
    count: int
    since: datetime | None
    subject: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    by: str = ""
    note: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    others: int = 0


def waiting(desk: Deployment, *, sends_mail: bool) -> list[Item]:
    """List what waits for whoever acts; `sends_mail` says that a mail server is named, so mails must go."""
    with desk.reading() as session:
        items: list[Item] = []
        for look in _LOOKS:
            items += look(session, desk)
        if _answers_for_machine(desk):
            items += _worker(session, desk, sends_mail=sends_mail)
    order = list(Kind)
    return sorted(items, key=lambda item: order.index(item.kind))


def _answers_for_machine(desk: Deployment) -> bool:
    return desk.actor.may(Act.MANAGE_INSTITUTION) or desk.actor.may(Act.APPROVE_BATCHES)


def _worker(session: Session, desk: Deployment, *, sends_mail: bool) -> list[Item]:
    """Say that nobody does what was ordered minutes ago."""
    limit = desk.now() - WORKER_SILENT
    began = func.coalesce(Batch.approved, Batch.created)
    pending = exists().where(
        col(BatchRow.batch_id) == col(Batch.id), col(BatchRow.state).in_(("pending", "planned"))
    )
    signed_lately = exists().where(
        col(CredentialRow.batch_id) == col(Batch.id), col(CredentialRow.issued_at) > limit
    )
    batches = session.exec(
        select(func.min(began)).where(Batch.state == "open", began < limit, pending, ~signed_lately)
    ).one()
    mails = session.exec(
        select(func.min(OutboxMailRow.next_attempt))
        .where(OutboxMailRow.state == "queued")
        .where(OutboxMailRow.next_attempt < limit)
    ).one()
    items = []
    since = [each for each in (batches, mails if sends_mail else None) if each is not None]
    if since:
        items.append(Item(Kind.WORKER, 1, min(since)))
    old = session.exec(
        select(func.min(StatusList.valid_from)).where(
            col(StatusList.valid_from) < desk.now() - RENEWAL - WORKER_SILENT
        )
    ).one()
    if old is not None:
        items.append(Item(Kind.LIST_OLD, 1, old))
    return items


def _approvals(session: Session, desk: Deployment) -> list[Item]:
    if not desk.actor.may(Act.APPROVE_BATCHES):
        return []
    others = ~col(Batch.handled_by).contains(f'"{desk.actor.ref}"', autoescape=True)
    query = select(Batch).where(Batch.state == "approval").where(col(Batch.handled_by).is_(None) | others)
    return _batches(session, desk, query, Kind.APPROVE, Act.APPROVE_BATCHES)


def _own_batches(session: Session, desk: Deployment) -> list[Item]:
    if not desk.actor.may(Act.PREPARE_BATCHES):
        return []
    mine = select(Batch).where(Batch.state == "draft").where(Batch.prepared_by == desk.actor.ref)
    unread = mine.where(col(Batch.mapping).is_(None))  # its columns are not understood
    read = mine.where(col(Batch.mapping).is_not(None))
    back = read.where(col(Batch.note).is_not(None))
    left_out = exists().where(
        col(BatchLineRow.batch_id) == col(Batch.id), col(BatchLineRow.state) == "left_out"
    )
    bad = read.where(col(Batch.note).is_(None)).where(left_out)
    return [
        *_batches(session, desk, back, Kind.BATCH_BACK, Act.PREPARE_BATCHES),
        *_batches(session, desk, unread, Kind.BATCH_COLUMNS, Act.PREPARE_BATCHES),
        *_batches(session, desk, bad, Kind.BATCH_ERRORS, Act.PREPARE_BATCHES),
    ]


def _batches(session: Session, desk: Deployment, query: Any, kind: Kind, act: Act) -> list[Item]:
    query = within(query, desk.actor, act, version=Batch.definition_version_id)
    waits = func.coalesce(Batch.sent, Batch.created)
    rows = session.exec(query.order_by(waits, col(Batch.id)).limit(SHOWN)).all()
    others = _others(session, query, len(rows))
    titles = titles_of(session, [row.definition_version_id for row in rows])
    names = _names(session, [row.sent_by or row.prepared_by for row in rows])
    lines = _line_counts(session, [row.id for row in rows])
    return [
        Item(
            kind=kind,
            count=sum(lines.get(row.id, {}).get(state, 0) for state in ("ready", "check")),
            since=row.sent or row.created,
            subject=row.id,
            titles=titles.get(row.definition_version_id, {}),
            run=row.run,
            by=names.get(row.sent_by or row.prepared_by or "", ""),
            note=row.note or "",
            numbers=lines.get(row.id, {}),
            others=others if row is rows[-1] else 0,
        )
        for row in rows
    ]


def _mails_failed(session: Session, desk: Deployment) -> list[Item]:
    """Count learners whose last mail about an award was refused for good and was not sent again since."""
    if not (desk.actor.may(Act.READ_MAIL) and desk.actor.may(Act.READ_CREDENTIALS)):
        return []
    later = aliased(OutboxMailRow)
    newer = exists().where(
        later.credential_id == OutboxMailRow.credential_id,  # type: ignore[arg-type]
        later.kind == OutboxMailRow.kind,  # type: ignore[arg-type]
        later.number > OutboxMailRow.number,  # type: ignore[arg-type]
        later.institution_id == desk.tenant,  # type: ignore[arg-type]
    )
    query = (
        select(func.count(), func.min(OutboxMailRow.created))
        .join(CredentialRow, col(CredentialRow.id) == col(OutboxMailRow.credential_id))
        .where(OutboxMailRow.state == "failed")
        .where(~newer)
    )
    for act in (Act.READ_MAIL, Act.READ_CREDENTIALS):
        query = within(query, desk.actor, act, version=CredentialRow.definition_version_id)
    count, since = session.exec(query).one()
    return [Item(Kind.MAILS_FAILED, count, since)] if count else []


def _reviews(session: Session, desk: Deployment) -> list[Item]:
    if not desk.actor.may(Act.REVIEW_DEFINITIONS):
        return []
    me = desk.actor.ref
    found: list[Item] = []
    for state, kind in (("review", Kind.REVIEW), ("approved", Kind.PUBLISH)):
        query = (
            select(DefinitionDraftRow)
            .where(DefinitionDraftRow.state == state)
            .where(DefinitionDraftRow.written_by != me)
            .where(DefinitionDraftRow.saved_by != me)
        )
        found += _drafts(session, desk, query, kind, Act.REVIEW_DEFINITIONS)
    return found


def _own_drafts(session: Session, desk: Deployment) -> list[Item]:
    if not desk.actor.may(Act.WRITE_DEFINITIONS):
        return []
    me = desk.actor.ref
    query = (
        select(DefinitionDraftRow)
        .where(DefinitionDraftRow.state == "draft")
        .where(col(DefinitionDraftRow.note).is_not(None))
        .where((col(DefinitionDraftRow.written_by) == me) | (col(DefinitionDraftRow.sent_by) == me))
    )
    return _drafts(session, desk, query, Kind.DRAFT_BACK, Act.WRITE_DEFINITIONS)


def _drafts(session: Session, desk: Deployment, query: Any, kind: Kind, act: Act) -> list[Item]:
    faculties = desk.actor.faculties(act)
    if faculties is not None:
        query = query.where(col(DefinitionDraftRow.faculty_id).in_(faculties))
    ordered = query.order_by(col(DefinitionDraftRow.saved), col(DefinitionDraftRow.id))
    rows = session.exec(ordered.limit(SHOWN)).all()
    others = _others(session, query, len(rows))
    names = _names(session, [row.sent_by or row.written_by for row in rows])
    return [
        Item(
            kind=kind,
            count=1,
            since=row.saved,
            subject=row.public_id,
            titles={"": row.title},
            run=row.version,
            by=names.get(row.sent_by or row.written_by, ""),
            note=row.note or "",
            others=others if row is rows[-1] else 0,
        )
        for row in rows
    ]


def _tokens(session: Session, desk: Deployment) -> list[Item]:
    if not desk.actor.may(Act.MANAGE_TOKENS):
        return []
    now = desk.now()
    count, ends = session.exec(
        select(func.count(), func.min(ApiTokenRow.expires))
        .where(col(ApiTokenRow.revoked).is_(None))
        .where(ApiTokenRow.expires > now)
        .where(ApiTokenRow.expires < now + TOKEN_ENDS_IN)
    ).one()
    return [Item(Kind.TOKENS, count, ends)] if count else []


def _invitations(session: Session, desk: Deployment) -> list[Item]:
    """Count people who were invited days ago and have not come."""
    if not desk.actor.may(Act.MANAGE_PEOPLE):
        return []
    came = aliased(StaffTokenRow)
    has_come = exists().where(
        came.person_id == StaffTokenRow.person_id,  # type: ignore[arg-type]
        came.institution_id == desk.tenant,  # type: ignore[arg-type]
        came.used.is_not(None),  # type: ignore[union-attr]
    )
    invited = (
        select(func.count(func.distinct(StaffTokenRow.person_id)), func.min(StaffTokenRow.created))
        .where(StaffTokenRow.kind == "invitation")
        .where(col(StaffTokenRow.used).is_(None))
        .where(StaffTokenRow.created < desk.now() - INVITED_FOR)
        .where(~has_come)
    )
    count, since = session.exec(invited).one()
    return [Item(Kind.INVITATIONS, count, since)] if count else []


_LOOKS: tuple[Callable[[Session, Deployment], list[Item]], ...] = (
    _approvals,
    _mails_failed,
    _own_batches,
    _own_drafts,
    _reviews,
    _tokens,
    _invitations,
)


def titles_of(session: Session, version_ids: list[int]) -> dict[int, Mapping[str, str]]:
    """Give the titles of versions of definitions, by language."""
    rows = session.exec(
        select(DefinitionVersionRow.id, DefinitionVersionRow.document).where(
            col(DefinitionVersionRow.id).in_(version_ids)
        )
    )
    return {key or 0: _titles(json.loads(document)) for key, document in rows}


def _titles(document: Mapping[str, Any]) -> Mapping[str, str]:
    titles = document.get("title")
    return titles if isinstance(titles, dict) and titles else {"en": str(document.get("name", ""))}


def _others(session: Session, query: Any, shown: int) -> int:
    if shown < SHOWN:
        return 0
    return int(session.exec(select(func.count()).select_from(query.subquery())).one()) - shown


def _names(session: Session, public_ids: list[str | None]) -> dict[str, str]:
    rows = session.exec(select(Person.public_id, Person.name).where(col(Person.public_id).in_(public_ids)))
    return dict(rows.all())


def _line_counts(session: Session, batch_ids: list[str]) -> dict[str, dict[str, int]]:
    rows = session.exec(
        select(BatchLineRow.batch_id, BatchLineRow.state, func.count())
        .where(col(BatchLineRow.batch_id).in_(batch_ids))
        .group_by(col(BatchLineRow.batch_id), col(BatchLineRow.state))
    )
    counts: dict[str, dict[str, int]] = {}
    for batch_id, state, count in rows:
        counts.setdefault(batch_id, {})[state] = count
    return counts
