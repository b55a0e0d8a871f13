"""Search the audit of the institution that somebody acts for, or of the consortium."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, or_, select

from issuer.audit.entries import AuditEntry, entry_of
from issuer.audit.record import CONSORTIUM
from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.staff.roles import Act

_ORDERS: dict[str, Any] = {
    "number": AuditEntryRow.number,
    "act": AuditEntryRow.act,
    "who": AuditEntryRow.actor_name,
}


@dataclass(frozen=True)
class AuditSearch:
    """What is looked for: `text` in person, act or subject; `limit` None for everything."""

    text: str = ""
    act: str = ""
    since: datetime | None = None
    order: str = "number"
    descending: bool = True
    offset: int = 0
    limit: int | None = 50


@dataclass(frozen=True)
class FoundEntries:
    """One page of entries and how many there are in all."""

    entries: tuple[AuditEntry, ...]
    total: int


def search(deployment: Deployment, asked: AuditSearch) -> FoundEntries:
    """Find entries of the actor's own chain. Raises NotAllowed."""
    deployment.actor.must(Act.READ_AUDIT)
    order = col(_ORDERS.get(asked.order, AuditEntryRow.number))
    query = _matching(deployment, asked)
    with deployment.reading() as session:
        total = session.exec(select(func.count()).select_from(query.subquery())).one()
        ordered = query.order_by(
            order.desc() if asked.descending else order, col(AuditEntryRow.number).desc()
        )
        rows = session.exec(ordered.offset(asked.offset).limit(asked.limit))
        return FoundEntries(tuple(entry_of(row) for row in rows), int(total))


def acts_of(deployment: Deployment) -> list[str]:
    """List the acts that occur in the actor's own chain."""
    deployment.actor.must(Act.READ_AUDIT)
    mine = select(AuditEntryRow.act).where(AuditEntryRow.chain == _chain(deployment))
    with deployment.reading() as session:
        return sorted(session.exec(mine.distinct()))


def _matching(deployment: Deployment, asked: AuditSearch) -> Any:
    query = select(AuditEntryRow).where(AuditEntryRow.chain == _chain(deployment))
    if asked.act:
        query = query.where(AuditEntryRow.act == asked.act)
    if asked.since is not None:
        query = query.where(AuditEntryRow.at >= asked.since)
    for word in asked.text.split():
        like = f"%{_escaped(word.casefold())}%"
        query = query.where(
            or_(
                *(
                    func.lower(column).like(like, escape="\\")
                    for column in (AuditEntryRow.actor_name, AuditEntryRow.act, AuditEntryRow.subject)
                )
            )
        )
    return query


def _escaped(word: str) -> str:
    """Take the meaning from what LIKE reads as wildcards."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _chain(deployment: Deployment) -> str:
    return deployment.actor.slug or CONSORTIUM
