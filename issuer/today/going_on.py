"""What is being issued now, what was done today, and what the last half year came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from issuer.audit.entries import AuditEntry, entry_of
from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.tables import Batch, BatchRow, CredentialRow, DefinitionVersionRow, OutboxMailRow
from issuer.today.waiting import titles_of

TERM = timedelta(days=180)
_SHOWN = 5
_LATEST = 10


@dataclass(frozen=True)
class Running:
    """A batch that is being issued: rows in all, signed, failed, and mails sent."""

    batch_id: str
    titles: Mapping[str, str]
    run: str
    total: int
    signed: int
    failed: int
    mailed: int


@dataclass(frozen=True)
class TermLine:
    """What the last half year came to for one micro-credential, all its versions together."""

    titles: Mapping[str, str]
    issued: int
    mailed: int
    opened: int
    revoked: int


def running(desk: Deployment) -> list[Running]:
    """List the batches that are being issued, the newest first."""
    if not desk.actor.may(Act.READ_BATCHES):
        return []
    with desk.reading() as session:
        query = within(
            select(Batch).where(Batch.state == "open"),
            desk.actor,
            Act.READ_BATCHES,
            version=Batch.definition_version_id,
        )
        rows = session.exec(query.order_by(col(Batch.created).desc(), col(Batch.id)).limit(_SHOWN)).all()
        titles = titles_of(session, [row.definition_version_id for row in rows])
        return [_progress(session, row, titles.get(row.definition_version_id, {})) for row in rows]


def just_done(desk: Deployment, since: datetime) -> list[AuditEntry]:
    """List the last acts since a time, for those who may read the audit.

    Signing is left out: five hundred entries of it follow from one approval, which is told. So are the
    single certificates of an act on many, of a batch that was undone for example: the act has its own entry.
    """
    of_many = and_(
        col(AuditEntryRow.subject).startswith("urn:"),
        func.coalesce(AuditEntryRow.after, "").contains('"bulk"'),
    )
    if not desk.actor.may(Act.READ_AUDIT):
        return []
    with desk.reading() as session:
        rows = session.exec(
            select(AuditEntryRow)
            .where(AuditEntryRow.institution_id == desk.tenant)
            .where(AuditEntryRow.at >= since)
            .where(AuditEntryRow.act != "credential.issue")
            .where(~of_many)
            .order_by(col(AuditEntryRow.number).desc())
            .limit(_LATEST)
        )
        return [entry_of(row) for row in rows]


def this_term(desk: Deployment) -> list[TermLine]:
    """Count what was issued in the last half year, by micro-credential, the most first.

    One walk through the index `ix_credential_term`, and one through the mails of those credentials.
    """
    if not desk.actor.may(Act.READ_CREDENTIALS):
        return []
    with desk.reading() as session:
        mailed = _mailed(session, desk)
        issued = col(CredentialRow.issued_at)
        counted: Any = select(
            CredentialRow.definition_version_id,
            func.count(issued),
            func.count(col(CredentialRow.opened)),
            func.sum(case((col(CredentialRow.status) == "revoked", 1), else_=0)),
        )
        counts = session.exec(_lately(counted, desk)).all()
        titles = titles_of(session, [version for version, *_numbers in counts])
        codes = _codes(session, list(titles))
    lines: dict[int, TermLine] = {}
    for version, count, opened, revoked in counts:
        before = lines.get(codes[version]) or TermLine(titles[version], 0, 0, 0, 0)
        lines[codes[version]] = TermLine(
            titles[version],
            before.issued + count,
            before.mailed + mailed.get(version, 0),
            before.opened + opened,
            before.revoked + int(revoked or 0),
        )
    return sorted(lines.values(), key=lambda line: -line.issued)


def _mailed(session: Session, desk: Deployment) -> dict[int, int]:
    query: Any = (
        select(
            CredentialRow.definition_version_id, func.count(func.distinct(col(OutboxMailRow.credential_id)))
        )
        .where(OutboxMailRow.credential_id == CredentialRow.id)
        .where(OutboxMailRow.kind == "award")
        .where(OutboxMailRow.state == "sent")
    )
    return dict(session.exec(_lately(query, desk)).all())


def _lately(query: Any, desk: Deployment) -> Any:
    query = query.where(CredentialRow.institution_id == desk.tenant).where(
        col(CredentialRow.issued_at) >= desk.now() - TERM
    )
    query = within(query, desk.actor, Act.READ_CREDENTIALS, version=CredentialRow.definition_version_id)
    return query.group_by(CredentialRow.definition_version_id)


def _codes(session: Session, version_ids: list[int]) -> dict[int, int]:
    rows = session.exec(
        select(DefinitionVersionRow.id, DefinitionVersionRow.definition_id).where(
            col(DefinitionVersionRow.id).in_(version_ids)
        )
    )
    return {key or 0: definition for key, definition in rows}


def _progress(session: Session, batch: Batch, titles: Mapping[str, str]) -> Running:
    states = session.exec(
        select(BatchRow.state, func.count()).where(BatchRow.batch_id == batch.id).group_by(BatchRow.state)
    )
    counts = dict(states.all())
    mailed = session.exec(
        select(func.count())
        .where(OutboxMailRow.credential_id == CredentialRow.id)
        .where(CredentialRow.batch_id == batch.id)
        .where(OutboxMailRow.kind == "award")
        .where(OutboxMailRow.state == "sent")
    ).one()
    return Running(
        batch_id=batch.id,
        titles=titles,
        run=batch.run,
        total=sum(counts.values()),
        signed=counts.get("issued", 0) + counts.get("already", 0),
        failed=counts.get("failed", 0),
        mailed=mailed,
    )
