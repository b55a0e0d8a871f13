"""A kept list read against its definition: what would be issued today, as it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from issuer.awards import Awarded
from issuer.batches import awarded_numbers, credits_available
from issuer.batching.access import Found
from issuer.batching.lines import KeptLine, kept_lines, load_lines, table_of, unread_lines
from issuer.batching.mapping import remembered
from issuer.class_list import ClassList, read_class_list
from issuer.class_list_columns import choices
from issuer.errors import ClassListRefused
from issuer.scales import Scale, scales
from issuer.sheets import Table
from issuer.tables import DefinitionVersionRow, Institution

COLUMN_FAULTS = frozenset({"missing_column", "duplicate_column", "unknown_column", "unknown_result"})


@dataclass(frozen=True)
class Listed:
    """A list with all that decides how it is read.

    `mapping` says what headers mean, `awarded` stands for rows that give no date, `mended` has what the file
    said by line and position of the cell.
    """

    table: Table
    mapping: Mapping[str, str]
    awarded: date | None
    mended: Mapping[int, Mapping[int, str]]
    achievement: Mapping[str, Any]
    already: Awarded
    revision: int = 0

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales of the definition's results."""
        return scales(self.achievement)

    def read(self, today: date) -> ClassList:
        """Read it. Raises ClassListRefused with one of COLUMN_FAULTS if the columns are not understood."""
        return read_class_list(
            self.table,
            known_scales=self.scales,
            credits_available=credits_available(self.achievement),
            today=today,
            awarded=self.awarded,
            mapping=self.mapping,
        )

    def changed(self, changes: Mapping[tuple[int, int], str]) -> "Listed":
        """Give the list with other cells, by line and position, remembering what the file said."""
        cells = {line.number: line.cells for line in self.table.lines}
        mended = {line: dict(said) for line, said in self.mended.items()}
        taken: dict[tuple[int, int], str] = {}
        for (line, place), text in changes.items():
            if line not in cells or not 0 <= place < len(self.table.header):
                continue
            now = cells[line][place] if place < len(cells[line]) else ""
            if text == now:
                continue
            taken[line, place] = text
            said = mended.setdefault(line, {})
            if said.setdefault(place, now) == text:
                del said[place]
        return replace(self, table=self.table.mended(taken), mended=mended)


@dataclass(frozen=True)
class Read:
    """What became of reading a list: its lines to keep, and why its columns are not understood, if so."""

    lines: list[KeptLine]
    class_list: ClassList | None
    fault: str = ""

    @property
    def settled(self) -> dict[str, str] | None:
        """Say of every header what it means, "" for nothing; None while the columns are not understood."""
        if self.class_list is None:
            return None
        by_place = {place: column for column, place in self.class_list.places.items()}
        return {header: by_place.get(place, "") for place, header in enumerate(self.class_list.header)}


def read_listed(listed: Listed, today: date) -> Read:
    """Read a list, whether or not its columns are understood yet."""
    try:
        read = listed.read(today)
    except ClassListRefused as refused:
        if refused.code not in COLUMN_FAULTS:
            raise
        return Read(unread_lines(listed.table, listed.mended), None, refused.message)
    return Read(kept_lines(read, listed.already, listed.mended), read)


def load_listed(session: Session, found: Found) -> Listed:
    """Give the list of a batch as it stands."""
    lines = load_lines(session, found.batch.id)
    told = found.batch.mapping
    return Listed(
        table=table_of(found.batch, lines),
        mapping=json.loads(told) if told else known_mapping(session, found.institution, found.version),
        awarded=date.fromisoformat(found.batch.awarded) if found.batch.awarded else None,
        mended={line.line: line.mended for line in lines if line.mended},
        achievement=json.loads(found.version.document),
        already=awarded_numbers(session, found.version, found.batch.run),
        revision=found.batch.revision,
    )


def known_mapping(
    session: Session, institution: Institution, version: DefinitionVersionRow
) -> dict[str, str]:
    """Give what the institution has said of headers, as far as it fits this definition."""
    keys = [scale.key for scale in scales(json.loads(version.document))]
    return remembered(session, institution, {choice.column for choice in choices(keys)})
