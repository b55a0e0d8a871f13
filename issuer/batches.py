"""Batches: a class list taken in for a run of a definition, and where it stands."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.awards import Awarded, awarded_before
from issuer.batching.criteria import criteria_told
from issuer.cells import CellRefused, text_cell
from issuer.class_list import ClassList, LearnerRow, read_class_list
from issuer.definitions import definition_record, find_version
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_row
from issuer.records import BatchResult, DefinitionVersion, RefusedRow
from issuer.register.retiring import refuse_retired
from issuer.scales import scales
from issuer.tables import Batch, BatchRow, CredentialRow, DefinitionVersionRow, stored_id

_DATES = ("awarded", "start", "end")
_AT_ONCE = 500  # rows to a statement: more take memory, twenty thousand as much as the class list itself


@dataclass(frozen=True)
class ImportPreview:
    """What a file would do: nothing is stored yet.

    `already` are the student numbers on it that have this credential from this run.
    """

    slug: str
    definition: DefinitionVersion
    run: str
    class_list: ClassList
    already: frozenset[str]

    @property
    def new_rows(self) -> tuple[LearnerRow, ...]:
        """The rows for which a credential would be issued."""
        return tuple(row for row in self.class_list.rows if row.student_number not in self.already)


def preview_class_list(
    deployment: Deployment, slug: str, definition: str, run: str, data: bytes, *, awarded: date | None = None
) -> ImportPreview:
    """Read a class list against a published definition (`CODE` or `CODE@VERSION`).

    Raises NotFound, ClassListRefused for a file that cannot be read, IssuerError for the run's name.
    """
    run = run_name(run)
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        row = find_version(session, institution, definition)
        refuse_retired(session, row)
        version = definition_record(row, institution)
        awarded_to = awarded_numbers(session, row, run)
    listed = read_class_list(
        data,
        known_scales=scales(version.achievement),
        credits_available=credits_available(version.achievement),
        today=deployment.now().date(),
        awarded=awarded,
    )
    named = {row.student_number for row in listed.rows}
    return ImportPreview(slug, version, run, listed, frozenset(named & awarded_to.keys()))


def awarded_numbers(session: Session, version: DefinitionVersionRow, run: str) -> Awarded:
    """Give the student numbers that have, had or are about to get this credential from this run.

    With each comes its revocation for cause, or None where there is none.
    """
    return awarded_before(session, version.institution_id, stored_id(version), run)


def credits_available(achievement: Mapping[str, Any]) -> Decimal | None:
    """Give the credits that an achievement offers, if it says so."""
    available = achievement.get("creditsAvailable")
    return None if available is None else Decimal(str(available))


def start_batch(deployment: Deployment, preview: ImportPreview, *, by: str, criteria: str = "") -> str:
    """Store the good rows of a preview for issuing and give the batch's id.

    `criteria` says where the criteria could be read, if learning began before the version was published.
    Raises IssuerError if there is no good row, or if that is not said where it must be.
    """
    if not preview.class_list.rows:
        raise IssuerError("no_rows", "The file holds no row that can be issued.")
    stated = criteria_told(preview.new_rows, preview.definition.created, criteria)
    batch_id = str(uuid.UUID(int=deployment.random.getrandbits(128), version=4))
    with deployment.writing() as session:
        institution = institution_row(session, preview.slug)
        version = find_version(session, institution, preview.definition.achievement_id)
        refuse_retired(session, version)
        batch = Batch(
            id=batch_id,
            institution_id=version.institution_id,
            definition_version_id=stored_id(version),
            run=preview.run,
            state="open",
            file_digest=preview.class_list.digest,
            started_by=by[:200],
            created=deployment.now(),
        )
        session.add(batch)
        session.flush()
        insert_rows(session, batch, preview.class_list.rows)
        told = {"state": "open", "certificates": len(preview.class_list.rows), "run": preview.run, **stated}
        record(
            session,
            deployment,
            AuditedAct("batch.approve", batch_id, after=told),
            institution=institution,
            by=by,
        )
    return batch_id


def insert_rows(session: Session, batch: Batch, rows: Sequence[LearnerRow]) -> None:
    """Store what is to be issued, within the transaction that opens the batch."""
    for at in range(0, len(rows), _AT_ONCE):
        stored = [
            {
                "institution_id": batch.institution_id,
                "batch_id": batch.id,
                "line": row.line,
                "state": "pending",
                "input": stored_row(row),
            }
            for row in rows[at : at + _AT_ONCE]
        ]
        session.exec(insert(BatchRow), params=stored)


def open_batches(deployment: Deployment) -> list[str]:
    """List the batches with work left to do, the oldest first."""
    with deployment.reading() as session:
        return list(session.exec(select(Batch.id).where(Batch.state == "open").order_by(col(Batch.created))))


def batch_progress(deployment: Deployment, batch_id: str) -> tuple[int, int]:
    """Give how many rows of a batch wait and how many it has in all; raises NotFound."""
    with deployment.reading() as session:
        _batch(session, batch_id)
        counts = _counts(session, batch_id)
    return _waiting(counts), sum(counts.values())


def finish_batch(deployment: Deployment, batch_id: str) -> None:
    """Close a batch of which no row waits any more."""
    with deployment.writing() as session:
        batch = _batch(session, batch_id)
        if batch.state == "open" and not _waiting(_counts(session, batch_id)):
            batch.state, batch.finished = "finished", deployment.now()
            session.add(batch)


def batch_result(deployment: Deployment, batch_id: str) -> BatchResult:
    """Say where a batch stands; raises NotFound."""
    with deployment.reading() as session:
        batch = _batch(session, batch_id)
        counts = _counts(session, batch_id)
        failed = session.exec(
            select(BatchRow)
            .where(BatchRow.batch_id == batch_id)
            .where(BatchRow.state == "failed")
            .order_by(col(BatchRow.line))
        ).all()
        urns = session.exec(
            select(CredentialRow.urn)
            .where(BatchRow.batch_id == batch_id)
            .where(BatchRow.state == "issued")
            .where(BatchRow.credential_id == CredentialRow.id)
            .order_by(col(BatchRow.line))
        ).all()
        return BatchResult(
            batch_id=batch_id,
            finished=batch.state == "finished",
            total=sum(counts.values()),
            issued=counts.get("issued", 0),
            already=counts.get("already", 0),
            waiting=_waiting(counts),
            failed=tuple(RefusedRow(row.line, _name(row), row.reason or "") for row in failed),
            credentials=tuple(urns),
        )


def stored_row(row: LearnerRow) -> str:
    """Write a row for keeping until its credential is issued."""
    return json.dumps(vars(row), default=str, ensure_ascii=False)


def loaded_row(text: str | None) -> LearnerRow:
    """Read a kept row again."""
    values: dict[str, Any] = json.loads(text or "{}")
    for key in _DATES:
        values[key] = date.fromisoformat(values[key]) if values[key] else None
    earned = values["credits_earned"]
    values["credits_earned"] = None if earned is None else Decimal(earned)
    return LearnerRow(**values)


def run_name(run: str) -> str:
    """Read the name of a run; raises IssuerError for one that cannot stand."""
    try:
        text = text_cell(run, longest=100)
    except CellRefused as refused:
        raise IssuerError(
            "run", f"The name of the run cannot stand: {refused.reason} {refused.fix}"
        ) from refused
    if not text:
        raise IssuerError("run", "Name the run, for example “Spring 2026”.")
    return text


def _name(row: BatchRow) -> str:
    """Give the name in a row, empty once it was forgotten."""
    return loaded_row(row.input).name if row.input else ""


def _batch(session: Session, batch_id: str) -> Batch:
    batch = session.exec(select(Batch).where(Batch.id == batch_id)).first()
    if batch is None:
        raise NotFound("unknown_batch", f"There is no batch {batch_id[:40]}.")
    return batch


def _counts(session: Session, batch_id: str) -> Mapping[str, int]:
    rows = session.exec(
        select(BatchRow.state, func.count()).where(BatchRow.batch_id == batch_id).group_by(BatchRow.state)
    )
    return dict(rows.all())


def _waiting(counts: Mapping[str, int]) -> int:
    return counts.get("pending", 0) + counts.get("planned", 0)
