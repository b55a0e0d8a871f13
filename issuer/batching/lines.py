"""The lines of a batch as they are kept until it is done with: cells, what was mended, what was found."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from issuer.awards import Awarded, RevokedForCause
from issuer.class_list import CellFinding, ClassList, LineReading, Severity
from issuer.office_tables import BatchLineRow
from issuer.sheets import Line, Table
from issuer.tables import Batch


class LineState(StrEnum):
    """What becomes of a line if the list is issued as it stands."""

    READY = "ready"
    CHECK = "check"
    LEFT_OUT = "left_out"
    ALREADY = "already"


ISSUED = (LineState.READY, LineState.CHECK)  # the lines of which credentials are made


@dataclass(frozen=True)
class LineFinding:
    """What is wrong or doubtful in a line; `place` is the position of its cell, None for the whole line."""

    place: int | None
    column: str
    reason: str
    fix: str
    severity: Severity


@dataclass(frozen=True)
class KeptLine:
    """A line as it stands in the preview; `mended` has what the file said, by the position of the cell."""

    line: int
    state: LineState
    cells: tuple[str, ...]
    mended: Mapping[int, str] = field(default_factory=dict)
    findings: tuple[LineFinding, ...] = ()


def kept_lines(
    listed: ClassList, already: Awarded, mended: Mapping[int, Mapping[int, str]]
) -> list[KeptLine]:
    """Turn what was read into lines to keep; `already` are the student numbers that are not awarded again.

    A line that is skipped tells no slips of its cells, but that its credential was revoked, if it was.
    """
    return [
        KeptLine(
            line=reading.line,
            state=_state(reading, already),
            cells=reading.cells,
            mended=mended.get(reading.line, {}),
            findings=_findings(reading, listed, already),
        )
        for reading in listed.readings
    ]


def told_revocation(revoked: RevokedForCause | None) -> tuple[LineFinding, ...]:
    """Say of a line that is skipped that its credential was revoked; nothing where the credential stands."""
    return (LineFinding(None, "", revoked.reason, revoked.fix, Severity.WARNING),) if revoked else ()


def unread_lines(table: Table, mended: Mapping[int, Mapping[int, str]]) -> list[KeptLine]:
    """Turn the lines of a file whose columns are not understood yet into lines to keep."""
    return [
        KeptLine(line.number, LineState.LEFT_OUT, line.cells, mended.get(line.number, {}))
        for line in table.lines
    ]


def store_lines(session: Session, batch: Batch, lines: Sequence[KeptLine]) -> None:
    """Make the kept lines of a batch these, within a writing transaction."""
    told = {line.line: _values(line) for line in lines}
    stored = session.exec(select(BatchLineRow).where(BatchLineRow.batch_id == batch.id)).all()
    for row in stored:
        values = told.pop(row.line, None)
        if values is None:
            session.delete(row)
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    if told:
        session.flush()
        owner = {"institution_id": batch.institution_id, "batch_id": batch.id}
        session.exec(insert(BatchLineRow), params=[{**owner, **values} for values in told.values()])


def delete_lines(session: Session, batch_id: str) -> None:
    """Forget the lines of a batch, within a writing transaction."""
    session.exec(delete(BatchLineRow).where(col(BatchLineRow.batch_id) == batch_id))


def load_lines(session: Session, batch_id: str) -> list[KeptLine]:
    """Give the kept lines of a batch in the order of the file."""
    return list(_loaded(session, batch_id))


def table_of(batch: Batch, lines: Sequence[KeptLine]) -> Table:
    """Give the file again as a table, with what was mended."""
    source: dict[str, Any] = json.loads(batch.source or "{}")
    day_zero = source.get("day_zero")
    return Table(
        kind=source.get("kind", "csv"),
        header=tuple(json.loads(batch.header or "[]")),
        header_line=source.get("header_line", 1),
        lines=tuple(Line(line.line, line.cells) for line in lines),
        delimiter=source.get("delimiter", ""),
        sheet=source.get("sheet", ""),
        notes=tuple(json.loads(batch.notes or "[]")),
        digest=batch.file_digest,
        day_zero=date.fromisoformat(day_zero) if day_zero else None,
    )


def keep_source(batch: Batch, table: Table) -> None:
    """Write into a batch what of the file is no line."""
    batch.header, batch.notes = json.dumps(table.header), json.dumps(table.notes)
    batch.file_digest = table.digest
    batch.source = json.dumps(
        {
            "kind": table.kind,
            "header_line": table.header_line,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "day_zero": table.day_zero.isoformat() if table.day_zero else None,
        }
    )


def _loaded(session: Session, batch_id: str) -> Iterator[KeptLine]:
    rows = session.exec(
        select(  # type: ignore[call-overload]  # typed for four columns at most
            BatchLineRow.line,
            BatchLineRow.state,
            BatchLineRow.cells,
            BatchLineRow.mended,
            BatchLineRow.findings,
        )
        .where(BatchLineRow.batch_id == batch_id)
        .order_by(col(BatchLineRow.line))
    )
    for line, state, cells, mended, findings in rows:
        yield KeptLine(
            line=line,
            state=LineState(state),
            cells=tuple(json.loads(cells)),
            mended={int(place): text for place, text in json.loads(mended or "{}").items()},
            findings=tuple(_loaded_finding(each) for each in json.loads(findings)),
        )


def _values(line: KeptLine) -> dict[str, Any]:
    """Write a line for keeping; JSON in ASCII holds whatever a cell may."""
    findings = [[each.place, each.column, each.reason, each.fix, each.severity] for each in line.findings]
    return {
        "line": line.line,
        "state": line.state.value,
        "cells": json.dumps(line.cells),
        "mended": json.dumps({str(place): text for place, text in line.mended.items()})
        if line.mended
        else None,
        "findings": json.dumps(findings),
    }


def _loaded_finding(told: list[Any]) -> LineFinding:
    place, column, reason, fix, severity = told
    return LineFinding(place, column, reason, fix, Severity(severity))


def _state(reading: LineReading, already: Awarded) -> LineState:
    if reading.row is None:
        return LineState.LEFT_OUT
    if reading.row.student_number in already:
        return LineState.ALREADY
    return LineState.CHECK if reading.findings else LineState.READY


def _findings(reading: LineReading, listed: ClassList, already: Awarded) -> tuple[LineFinding, ...]:
    if reading.row is None or reading.row.student_number not in already:
        return tuple(_finding(each, listed.places, listed.header) for each in reading.findings)
    return told_revocation(already[reading.row.student_number])


def _finding(found: CellFinding, places: Mapping[str, int], header: Sequence[str]) -> LineFinding:
    place = places.get(found.key)
    if place is None and found.column in header:
        place = header.index(found.column)
    return LineFinding(place, found.column, found.reason, found.fix, found.severity)
