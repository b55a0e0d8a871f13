"""A class list as rows that may be issued and rows that may not, with line, column, reason and remedy."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from issuer.cells import (
    CellRefused,
    date_cell,
    decimal_cell,
    email_cell,
    language_cell,
    name_cell,
    number_cell,
    text_cell,
    url_cell,
)
from issuer.class_list_columns import Columns, find_columns
from issuer.csv_text import CsvLine, read_csv, write_csv
from issuer.scales import Scale, check_mean, final_scale

_T = TypeVar("_T")
_FAMILY_NAME_FIRST = frozenset({"vi", "zh", "ja", "ko", "hu"})  # Unicode CLDR, personNames: surname first


@dataclass(frozen=True)
class CellFinding:
    """Why a row cannot be issued: `column` is the header as the file writes it, empty for the whole row."""

    line: int
    column: str
    code: str
    reason: str
    fix: str


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
class RejectedRow:
    """A line that cannot be issued, its cells as written and what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    findings: tuple[CellFinding, ...]


@dataclass(frozen=True)
class ClassList:
    """What a file says, before anything is issued."""

    header: tuple[str, ...]
    delimiter: str
    digest: str
    rows: tuple[LearnerRow, ...]
    rejected: tuple[RejectedRow, ...]
    unknown_columns: tuple[str, ...]

    @property
    def findings(self) -> tuple[CellFinding, ...]:
        """All findings in the order of the lines."""
        return tuple(finding for row in self.rejected for finding in row.findings)

    def rejects_csv(self) -> bytes:
        """Write the rejected lines with line, column and reason, safe for a spreadsheet; empty if none."""
        if not self.rejected:
            return b""
        width = max(len(self.header), *(len(row.cells) for row in self.rejected))
        blank = ("",) * width
        rows = [(*(self.header + blank)[:width], "line", "column", "reason")]
        for row in self.rejected:
            columns = "; ".join(finding.column for finding in row.findings if finding.column)
            reasons = " ".join(f"{finding.reason} {finding.fix}".strip() for finding in row.findings)
            rows.append((*(row.cells + blank)[:width], str(row.line), columns, reasons))
        return write_csv(rows, delimiter=self.delimiter)


def read_class_list(
    data: bytes,
    *,
    known_scales: Sequence[Scale],
    credits_available: Decimal | None,
    today: date,
    awarded: date | None = None,
) -> ClassList:
    """Read a class list for a definition with these scales and credits.

    `awarded` stands for a missing or empty column awarded_date. Raises ClassListRefused if the file as a
    whole cannot be read; what is wrong with single rows is in the result.
    """
    table = read_csv(data)
    keys = [scale.key for scale in known_scales]
    columns = find_columns(table.header, result_keys=keys, awarded_given=awarded is not None)
    reader = _RowReader(columns, tuple(known_scales), credits_available, today, awarded)
    rows: list[LearnerRow] = []
    rejected: list[RejectedRow] = []
    for line in table.lines:
        row, findings = reader.read(line)
        if row is not None:
            rows.append(row)
        else:
            rejected.append(RejectedRow(line.number, line.cells, tuple(findings)))
    return ClassList(
        header=table.header.cells,
        delimiter=table.delimiter,
        digest=hashlib.sha256(data).hexdigest(),
        rows=tuple(rows),
        rejected=tuple(rejected),
        unknown_columns=columns.unknown,
    )


class _RowReader:
    """Read rows one after the other, remembering whom the file has named already."""

    def __init__(
        self,
        columns: Columns,
        known_scales: tuple[Scale, ...],
        credits_available: Decimal | None,
        today: date,
        awarded: date | None,
    ) -> None:
        self._columns = columns
        self._scales = known_scales
        self._credits_available = credits_available
        self._today = today
        self._awarded = awarded
        self._numbers: dict[str, int] = {}
        self._emails: dict[str, int] = {}
        self._line = CsvLine(0, ())
        self._findings: list[CellFinding] = []

    def read(self, line: CsvLine) -> tuple[LearnerRow | None, list[CellFinding]]:
        self._line, self._findings = line, []
        if len(line.cells) > len(self._columns.written) and any(line.cells[len(self._columns.written) :]):
            self._find(
                "",
                "extra_cells",
                "It has more cells than the first row.",
                "Put text with commas into quotes.",
            )
        row = self._learner()
        self._check_dates(row)
        # Also where the line is refused for another reason: its number belongs to it, not to a later line.
        self._check_twice("student_number", row.student_number.casefold(), self._numbers)
        self._check_twice("email", row.email.casefold(), self._emails)
        return (None if self._findings else row), self._findings

    def _learner(self) -> LearnerRow:
        given, family = self._optional("given_name", name_cell), self._optional("family_name", name_cell)
        return LearnerRow(
            line=self._line.number,
            name=self._name(given, family),
            given_name=given,
            family_name=family,
            student_number=self._required("student_number", number_cell) or "",
            email=self._required("email", email_cell) or "",
            language=self._optional("language", language_cell),
            awarded=self._optional("awarded_date", date_cell) or self._default_awarded(),
            start=self._optional("start_date", date_cell),
            end=self._optional("end_date", date_cell),
            credits_earned=self._credits(),
            certificate_number=self._optional("certificate_number", number_cell),
            results=self._results(),
            evidence_url=self._optional("evidence_url", url_cell),
            evidence_name=self._optional("evidence_name", text_cell),
        )

    def _name(self, given: str | None, family: str | None) -> str:
        name = self._optional("name", name_cell)
        if name is not None:
            return name
        if "name" in self._columns.places and not (given and family):
            self._required("name", name_cell)
        elif not (given and family):
            self._required("given_name" if not given else "family_name", name_cell)
        family_first = self._cell("language").casefold() in _FAMILY_NAME_FIRST
        order = (family, given) if family_first else (given, family)
        return " ".join(part for part in order if part)

    def _default_awarded(self) -> date:
        if self._awarded is None and not self._has_finding("awarded_date"):
            self._find("awarded_date", "missing", "It is empty.", "Say when the award was decided.")
        return self._awarded or self._today

    def _credits(self) -> Decimal | None:
        earned = self._optional("credits_earned", decimal_cell)
        if earned is not None and self._credits_available is not None and earned > self._credits_available:
            self._find(
                "credits_earned",
                "credits",
                f"{earned} credits are more than the {self._credits_available} there are.",
                f"Give at most {self._credits_available}.",
            )
        return earned

    def _results(self) -> dict[str, str]:
        results: dict[str, str] = {}
        final = final_scale(self._scales)
        for scale in self._scales:
            value = self._optional(f"result:{scale.key}", scale.read)
            if value is None and scale is final:
                value = self._optional("grade", scale.read)
            if value is not None:
                results[scale.key] = value
        if final is None and self._cell("grade"):
            self._find("grade", "no_grade", "The definition has no overall grade.", "Leave this column out.")
        if not self._findings:
            self._try("grade", lambda: check_mean(self._scales, results))
        return results

    def _check_dates(self, row: LearnerRow) -> None:
        """Check that period, award and today follow each other (MAPPING.md, M5)."""
        if row.start and row.end and row.start > row.end:
            self._find(
                "end_date", "order", f"{row.end} is before the start, {row.start}.", "Check both dates."
            )
        if row.end and row.end > row.awarded:
            self._find(
                "awarded_date", "order", f"{row.awarded} is before the end, {row.end}.", "Check both dates."
            )
        if row.start and not row.end and row.start > row.awarded:
            self._find(
                "awarded_date",
                "order",
                f"{row.awarded} is before the start, {row.start}.",
                "Check both dates.",
            )
        if row.awarded > self._today:
            self._find(
                "awarded_date",
                "future",
                f"{row.awarded} is still to come (it is {self._today} UTC).",
                "Wait, or mend it.",
            )

    def _check_twice(self, column: str, value: str, seen: dict[str, int]) -> None:
        if value and (first := seen.setdefault(value, self._line.number)) != self._line.number:
            self._find(column, "twice", f"It stands in line {first} already.", "Keep one of the two lines.")

    def _cell(self, column: str) -> str:
        place = self._columns.places.get(column)
        return "" if place is None or place >= len(self._line.cells) else self._line.cells[place].strip()

    def _optional(self, column: str, read: Callable[[str], _T]) -> _T | None:
        cell = self._cell(column)
        return self._try(column, lambda: read(cell)) if cell else None

    def _required(self, column: str, read: Callable[[str], _T]) -> _T | None:
        if not self._cell(column):
            if not self._has_finding(column):
                self._find(column, "missing", "It is empty.", "Fill it in.")
            return None
        return self._optional(column, read)

    def _try(self, column: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except CellRefused as refused:
            if not self._has_finding(column):
                self._find(column, refused.code, refused.reason, refused.fix)
            return None

    def _has_finding(self, column: str) -> bool:
        return any(finding.column == self._columns.header(column) for finding in self._findings)

    def _find(self, column: str, code: str, reason: str, fix: str) -> None:
        self._findings.append(
            CellFinding(self._line.number, self._columns.header(column) if column else "", code, reason, fix)
        )
