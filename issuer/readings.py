"""What reading a class list gives: its lines, what may be issued, what is wrong and what is doubtful."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from issuer.sheets import write_csv, write_xlsx

_NOTED = ("line", "column", "reason")


class Severity(StrEnum):
    """Whether a finding keeps its row from being issued."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class CellFinding:
    """What is wrong or doubtful in a cell.

    `column` is the header as the file writes it, `key` our name of the column; both are empty for the row.
    """

    line: int
    column: str
    code: str
    reason: str
    fix: str
    key: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class LearnerRow:
    """One learner who passed, as the file says it; `results` by the key of the assessment."""

    line: int
    name: str
    given_name: str | None
    family_name: str | None
    student_number: str
    email: str
    language: str | None
    awarded: date
    start: date | None
    end: date | None
    credits_earned: Decimal | None
    certificate_number: str | None
    results: Mapping[str, str] = field(default_factory=dict)
    evidence_url: str | None = None
    evidence_name: str | None = None


@dataclass(frozen=True)
class LineReading:
    """A line of the file with its cells as written; `row` is None if it may not be issued."""

    line: int
    cells: tuple[str, ...]
    row: LearnerRow | None
    findings: tuple[CellFinding, ...]


@dataclass(frozen=True)
class RejectedRow:
    """A line that cannot be issued, its cells as written and what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    findings: tuple[CellFinding, ...]


@dataclass(frozen=True)
class ClassList:
    """What a file says, before anything is issued.

    `readings` are all lines in order; `places` tells the position of each column that was understood;
    `notes` are sentences on how the file was read.
    """

    header: tuple[str, ...]
    delimiter: str
    digest: str
    readings: tuple[LineReading, ...]
    unknown_columns: tuple[str, ...]
    places: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> tuple[LearnerRow, ...]:
        """The rows that may be issued."""
        return tuple(reading.row for reading in self.readings if reading.row is not None)

    @cached_property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """The lines that may not, with their errors."""
        return tuple(
            RejectedRow(reading.line, reading.cells, reading.findings)
            for reading in self.readings
            if reading.row is None
        )

    @cached_property
    def findings(self) -> tuple[CellFinding, ...]:
        """All errors in the order of the lines."""
        return tuple(finding for row in self.rejected for finding in row.findings)

    @cached_property
    def warnings(self) -> tuple[CellFinding, ...]:
        """All doubts about rows that may be issued, in the order of the lines."""
        good = (reading for reading in self.readings if reading.row is not None)
        return tuple(finding for reading in good for finding in reading.findings)

    def rejects_csv(self) -> bytes:
        """Write the rejected lines with line, column and reason, safe for a spreadsheet; empty if none."""
        return write_csv(self._rejects(), delimiter=self.delimiter or ",") if self.rejected else b""

    def rejects_xlsx(self) -> bytes:
        """Write the same as a workbook; empty if there are none."""
        return write_xlsx(self._rejects(), sheet="Rejected rows") if self.rejected else b""

    def _rejects(self) -> list[tuple[str, ...]]:
        width = max(len(self.header), *(len(row.cells) for row in self.rejected))
        if self.header[-3:] == _NOTED:  # it is such a file itself
            width = len(self.header) - 3
        blank = ("",) * width
        rows = [(*(self.header + blank)[:width], *_NOTED)]
        for row in self.rejected:
            columns = "; ".join(finding.column for finding in row.findings if finding.column)
            reasons = " ".join(f"{finding.reason} {finding.fix}".strip() for finding in row.findings)
            rows.append((*(row.cells + blank)[:width], str(row.line), columns, reasons))
        return rows
