"""The batches of an institution as a list: where each stands, of what, how many, by whom, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from issuer.batching.access import BatchState
from issuer.batching.lines import ISSUED
from issuer.batching.progress import row_counts
from issuer.deployment import Deployment
from issuer.office_tables import BatchLineRow
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.tables import Batch, DefinitionRow, DefinitionVersionRow

SORTED = ("created", "run", "definition", "state")
_ORDERS: Mapping[str, Any] = {
    "created": Batch.created,
    "run": func.lower(Batch.run),
    "definition": DefinitionRow.code,
    "state": Batch.state,
}


@dataclass(frozen=True)
class BatchQuery:
    """Which batches are asked for: in a state, with words in run, definition or file, in an order."""

    state: str = ""
    query: str = ""
    sort: str = "created"
    descending: bool = True


@dataclass(frozen=True)
class BatchItem:
    """A batch in the list; `rows` are numbers of rows by state, `ready` the lines of a draft to be issued."""

    id: str
    state: BatchState
    run: str
    code: str
    version: str
    file_name: str
    by: str
    created: datetime
    sent: datetime | None
    ready: int
    rows: Mapping[str, int] = field(default_factory=dict)
    own: bool = False


def count_batches(desk: Deployment, asked: BatchQuery) -> int:
    """Count the batches that fit. Raises NotAllowed."""
    desk.actor.must(Act.READ_BATCHES)
    with desk.reading() as session:
        fitting = _fitting(desk, asked, select(func.count()).select_from(Batch))
        return int(session.exec(fitting).one())


def list_batches(
    desk: Deployment, asked: BatchQuery, *, offset: int = 0, at_most: int = 50
) -> list[BatchItem]:
    """List the batches that fit, in the order asked for. Raises NotAllowed."""
    desk.actor.must(Act.READ_BATCHES)
    order: Any = _ORDERS.get(asked.sort, Batch.created)
    columns: Any = (Batch, DefinitionRow.code, DefinitionVersionRow.version)
    query = _fitting(desk, asked, select(*columns))
    query = query.order_by(order.desc() if asked.descending else order.asc(), col(Batch.id))
    with desk.reading() as session:
        found = session.exec(query.offset(offset).limit(at_most)).all()
        ids = [batch.id for batch, _, _ in found]
        rows, ready = row_counts(session, ids), _ready(session, ids)
        return [
            _item(desk, batch, code, version, rows.get(batch.id, {}), ready.get(batch.id, 0))
            for batch, code, version in found
        ]


def waiting_for(desk: Deployment) -> list[BatchItem]:
    """List the lists that the actor may approve now, the one that waits longest first."""
    if not desk.actor.may(Act.APPROVE_BATCHES):
        return []
    asked = BatchQuery(state=BatchState.APPROVAL.value, descending=False)
    return [item for item in list_batches(desk, asked, at_most=200) if not item.own]


def _fitting(desk: Deployment, asked: BatchQuery, query: Any) -> Any:
    query = query.where(Batch.definition_version_id == DefinitionVersionRow.id).where(
        DefinitionVersionRow.definition_id == DefinitionRow.id
    )
    query = within(query, desk.actor, Act.READ_BATCHES)
    if asked.state:
        query = query.where(Batch.state == asked.state)
    else:
        query = query.where(Batch.state != BatchState.DISCARDED.value)
    for word in asked.query.split()[:10]:
        texts = (Batch.run, DefinitionRow.code, func.coalesce(Batch.file_name, ""), Batch.started_by)
        query = query.where(or_(*(_holds(text, word) for text in texts)))
    return query


def _holds(text: Any, word: str) -> Any:
    return func.lower(text).contains(word.lower(), autoescape=True)


def _ready(session: Session, ids: list[str]) -> dict[str, int]:
    query = (
        select(BatchLineRow.batch_id, func.count())
        .where(col(BatchLineRow.batch_id).in_(ids))
        .where(col(BatchLineRow.state).in_([state.value for state in ISSUED]))
        .group_by(col(BatchLineRow.batch_id))
    )
    return dict(session.exec(query).all())


def _item(
    desk: Deployment, batch: Batch, code: str, version: str, rows: Mapping[str, int], ready: int
) -> BatchItem:
    return BatchItem(
        id=batch.id,
        state=BatchState(batch.state),
        run=batch.run,
        code=code,
        version=version,
        file_name=batch.file_name or "",
        by=batch.started_by,
        created=batch.created,
        sent=batch.sent,
        ready=ready,
        rows=rows,
        own=f'"{desk.actor.ref}"' in (batch.handled_by or ""),
    )
