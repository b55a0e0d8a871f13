"""The audit as it is read, exported and read back: one frozen value for each entry."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlmodel import Session, col, select

from issuer.audit.record import CONSORTIUM
from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.staff.roles import Act

_AT_ONCE = 500


@dataclass(frozen=True)
class AuditEntry:
    """One act as it was written; `before` and `after` are the JSON texts that the hash covers."""

    chain: str
    number: int
    at: str
    actor_kind: str
    actor: str
    actor_name: str
    act: str
    subject: str
    before: str | None
    after: str | None
    previous: str
    hash: str
    seal: str

    @property
    def time(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.at)

    def line(self) -> str:
        """Write the entry as one line of an export, JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def entry_of(row: AuditEntryRow) -> AuditEntry:
    """Turn a row into the value that leaves the office."""
    values = {field.name: getattr(row, field.name) for field in fields(AuditEntry)}
    return AuditEntry(**{**values, "at": row.at.isoformat()})


def exported_entry(line: str) -> AuditEntry:
    """Read one line of an export; raises IssuerError for what is not one."""
    try:
        entry = AuditEntry(**json.loads(line))
        _check_values(entry)
    except (ValueError, TypeError, RecursionError) as error:
        message = "A line of the file is not an entry of an audit export."
        raise IssuerError("not_an_export", message) from error
    return entry


def _check_values(entry: AuditEntry) -> None:
    """Raise ValueError or TypeError for a value that no entry has."""
    if type(entry.number) is not int or not 0 < entry.number < 2**53:
        raise ValueError("number")
    if entry.time.tzinfo is None:
        raise ValueError("at")
    for name, value in asdict(entry).items():
        if name != "number" and not (value is None and name in ("before", "after")):
            str.encode(value)  # a lone surrogate cannot be hashed


def entries_of(session: Session, chain: str, *, after: int = 0) -> Iterator[AuditEntry]:
    """Give the entries of a chain in their order, a few hundred at a time."""
    while True:
        rows = session.exec(
            select(AuditEntryRow)
            .where(AuditEntryRow.chain == chain)
            .where(AuditEntryRow.number > after)
            .order_by(col(AuditEntryRow.number))
            .limit(_AT_ONCE)
        ).all()
        for row in rows:
            yield entry_of(row)
        session.expunge_all()
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].number


def export(deployment: Deployment) -> Iterator[str]:
    """Give the lines of an export of the actor's own chain. Raises NotAllowed."""
    deployment.actor.must(Act.READ_AUDIT)
    with deployment.reading() as session:
        for entry in entries_of(session, deployment.actor.slug or CONSORTIUM):
            yield entry.line()
