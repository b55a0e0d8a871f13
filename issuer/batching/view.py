"""A batch as its pages show it: where it stands, what it holds, who had it in hand, what may be done."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from issuer.batching.access import BatchState, Found, audit, find_batch, names_of
from issuer.batching.approval import why_not
from issuer.batching.lines import ISSUED, LineState
from issuer.batching.reading import load_listed, read_listed
from issuer.batching.undo import undo_until
from issuer.class_list_columns import Choice, choices, recognised
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.office_tables import BatchLineRow
from issuer.staff.roles import Act

_SAMPLES = 3  # first values of a column


@dataclass(frozen=True)
class BatchView:
    """A batch; `counts` are its lines by state, `by` the people by what they did (`prepared`, `sent`, ...).

    `mapped` tells whether its columns are understood, `own` whether the reader had the list in hand and
    `why_not` why they may not approve it, empty if they may.
    """

    id: str
    state: BatchState
    run: str
    file_name: str
    code: str
    version: str
    title: str
    published: datetime
    achievement: str
    awarded: date | None
    header: tuple[str, ...]
    mapping: Mapping[str, str]
    mapped: bool
    notes: tuple[str, ...]
    counts: Mapping[LineState, int]
    revision: int
    needs_approval: bool
    undo_hours: int
    undo_until: datetime | None
    own: bool
    why_not: str
    note: str
    created: datetime
    sent: datetime | None
    approved: datetime | None
    finished: datetime | None
    undone: datetime | None
    by: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many lines the file has."""
        return sum(self.counts.values())

    @property
    def certificates(self) -> int:
        """How many of them would be issued."""
        return sum(self.counts.get(state, 0) for state in ISSUED)

    @property
    def is_draft(self) -> bool:
        """Tell whether the list may be changed."""
        return self.state is BatchState.DRAFT


@dataclass(frozen=True)
class HeaderColumn:
    """A column of a file: its header, what it means, and its first values."""

    place: int
    header: str
    column: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ColumnsView:
    """The columns of a file, what each may be said to mean, and why they do not suffice yet."""

    columns: tuple[HeaderColumn, ...]
    choices: tuple[Choice, ...]
    fault: str


def batch_view(desk: Deployment, batch_id: str) -> BatchView:
    """Give a batch as its pages show it. Raises NotFound."""
    with desk.reading() as session:
        return _view(session, desk, find_batch(session, desk, batch_id, Act.READ_BATCHES))


def columns_view(desk: Deployment, batch_id: str) -> ColumnsView:
    """Give the columns of a draft's file. Raises NotFound."""
    with desk.reading() as session:
        found = find_batch(session, desk, batch_id, Act.PREPARE_BATCHES)
        listed = load_listed(session, found)
    read = read_listed(listed, desk.now().date())
    table, keys = listed.table, {scale.key: scale.name for scale in listed.scales}
    meant = recognised(table.header, result_keys=keys, mapping=listed.mapping)
    columns = tuple(
        HeaderColumn(place, header, meant.get(place, ""), _samples(table, place))
        for place, header in enumerate(table.header)
    )
    return ColumnsView(columns, choices([scale.key for scale in listed.scales]), read.fault)


def left_out_file(desk: Deployment, batch_id: str, kind: str) -> bytes:
    """Write the lines that are left out, with the reasons, as `csv` or `xlsx`; the audit notes it.

    Raises NotFound if there are none.
    """
    with desk.reading() as session:
        listed = load_listed(session, find_batch(session, desk, batch_id, Act.READ_BATCHES))
    read = read_listed(listed, desk.now().date()).class_list
    if read is None or not read.rejected:
        raise NotFound("none_left_out", "No line of this list is left out.")
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.READ_BATCHES)
        audit(session, desk, found, "export", after={"what": "left out", "lines": len(read.rejected)})
    return read.rejects_xlsx() if kind == "xlsx" else read.rejects_csv()


def _view(session: Session, desk: Deployment, found: Found) -> BatchView:
    batch, version = found.batch, found.version
    document = json.loads(version.document)
    return BatchView(
        id=batch.id,
        state=found.state,
        run=batch.run,
        file_name=batch.file_name or "",
        code=found.definition.code,
        version=version.version,
        title=str(document.get("name", found.definition.code)),
        published=version.created,
        achievement=version.public_id,
        awarded=date.fromisoformat(batch.awarded) if batch.awarded else None,
        header=tuple(json.loads(batch.header or "[]")),
        mapping=json.loads(batch.mapping or "{}"),
        mapped=batch.mapping is not None,
        notes=tuple(json.loads(batch.notes or "[]")),
        counts=_counts(session, batch.id),
        revision=batch.revision,
        needs_approval=found.institution.needs_approval,
        undo_hours=found.institution.undo_hours,
        undo_until=undo_until(found),
        own=desk.actor.ref in found.handled_by,
        why_not=why_not(found, desk),
        note=batch.note or "",
        created=batch.created,
        sent=batch.sent,
        approved=batch.approved,
        finished=batch.finished,
        undone=batch.undone,
        by=_people(session, found),
    )


def _people(session: Session, found: Found) -> dict[str, str]:
    batch = found.batch
    told = {
        "prepared": batch.prepared_by,
        "sent": batch.sent_by,
        "approved": batch.approved_by,
        "undone": batch.undone_by,
    }
    names = names_of(session, told.values())
    known = {what: names[ref] for what, ref in told.items() if ref in names}
    return {"prepared": batch.started_by, **known}


def _counts(session: Session, batch_id: str) -> dict[LineState, int]:
    rows = session.exec(
        select(BatchLineRow.state, func.count())
        .where(BatchLineRow.batch_id == batch_id)
        .group_by(col(BatchLineRow.state))
    )
    return {LineState(state): count for state, count in rows}


def _samples(table: object, place: int) -> tuple[str, ...]:
    found: Counter[str] = Counter()
    for line in getattr(table, "lines", ()):
        if place < len(line.cells) and line.cells[place].strip():
            found[line.cells[place].strip()[:60]] += 1
        if len(found) == _SAMPLES:
            break
    return tuple(found)
