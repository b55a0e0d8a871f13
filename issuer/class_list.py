"""A class list as rows that may be issued and rows that may not, with line, column, reason and remedy."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from issuer.cells import (
    CellRefused,
    decimal_cell,
    email_cell,
    language_cell,
    name_cell,
    number_cell,
    text_cell,
    url_cell,
)
from issuer.class_list_columns import Columns, find_columns
from issuer.class_list_slips import with_warnings
from issuer.date_cells import DateColumn, date_columns
from issuer.readings import (
    CellFinding,
    ClassList,
    LearnerRow,
    LineReading,
    RejectedRow,
    Severity,
)
from issuer.scales import Scale, check_mean, final_scale
from issuer.sheets import Line, Table, read_table

__all__ = [
    "CellFinding",
    "ClassList",
    "LearnerRow",
    "LineReading",
    "RejectedRow",
    "Severity",
    "read_class_list",
]

_T = TypeVar("_T")
_DATES = ("awarded_date", "start_date", "end_date")
_FAMILY_NAME_FIRST = frozenset({"vi", "zh", "ja", "ko", "hu"})  # Unicode CLDR, personNames: surname first


def read_class_list(
    data: bytes | Table,
    *,
    known_scales: Sequence[Scale],
    credits_available: Decimal | None,
    today: date,
    awarded: date | None = None,
    mapping: Mapping[str, str] | None = None,
    file_name: str = "",
) -> ClassList:
    """Read a class list, a file or its table, for a definition with these scales and credits.

    `awarded` stands for a missing or empty column awarded_date; `mapping` says what headers mean, as for
    `find_columns`. Raises ClassListRefused if the file as a whole cannot be read; what is wrong with single
    rows, and what may be, is in the result.
    """
    keys = {scale.key: scale.name for scale in known_scales}
    table = (
        data
        if isinstance(data, Table)
        else read_table(data, file_name=file_name, mapping=mapping, result_keys=keys)
    )
    columns = find_columns(table.header, result_keys=keys, awarded_given=awarded is not None, mapping=mapping)
    dates = date_columns(
        {name: _cells(table, columns.places[name]) for name in _DATES if name in columns.places},
        day_zero=table.day_zero,
    )
    reader = _RowReader(columns, tuple(known_scales), dates, credits_available, today, awarded)
    readings = [reader.read(line) for line in table.lines]
    return ClassList(
        header=table.header,
        delimiter=table.delimiter,
        digest=table.digest,
        readings=with_warnings(readings, columns=columns, dates=dates, today=today),
        unknown_columns=columns.unknown,
        places=columns.places,
        notes=table.notes,
    )


def _cells(table: Table, place: int) -> list[str]:
    return [line.cells[place] for line in table.lines if place < len(line.cells)]


class _RowReader:
    """Read rows one after the other, remembering whom the file has named already."""

    def __init__(
        self,
        columns: Columns,
        known_scales: tuple[Scale, ...],
        dates: Mapping[str, DateColumn],
        credits_available: Decimal | None,
        today: date,
        awarded: date | None,
    ) -> None:
        self._columns = columns
        self._scales = known_scales
        self._final = final_scale(known_scales)
        self._dates = dates
        self._credits_available = credits_available
        self._today = today
        self._awarded = awarded
        self._numbers: dict[str, int] = {}
        self._emails: dict[str, int] = {}
        self._line = Line(0, ())
        self._findings: list[CellFinding] = []

    def read(self, line: Line) -> LineReading:
        self._line, self._findings = line, []
        if any(line.cells[len(self._columns.written) :]):
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
        return LineReading(line.number, line.cells, None if self._findings else row, tuple(self._findings))

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
            awarded=self._date("awarded_date") or self._default_awarded(),
            start=self._date("start_date"),
            end=self._date("end_date"),
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

    def _date(self, column: str) -> date | None:
        return self._optional(column, self._dates[column].read) if column in self._dates else None

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
        for scale in self._scales:
            value = self._optional(f"result:{scale.key}", scale.read)
            if value is None and scale is self._final:
                value = self._optional("grade", scale.read)
            if value is not None:
                results[scale.key] = value
        if self._final is None and self._cell("grade"):
            self._find("grade", "no_grade", "The definition has no overall grade.", "Leave this column out.")
        if not self._findings:
            self._try("grade", lambda: check_mean(self._scales, results))
        return results

    def _check_dates(self, row: LearnerRow) -> None:
        """Check that period, award and today follow each other (MAPPING.md, M5)."""
        if row.start and row.end and row.start > row.end:
            self._find_date("end_date", "order", f"{row.end} is before the start, {row.start}.")
        if row.end and row.end > row.awarded:
            self._find_date("awarded_date", "order", f"{row.awarded} is before the end, {row.end}.")
        if row.start and not row.end and row.start > row.awarded:
            self._find_date("awarded_date", "order", f"{row.awarded} is before the start, {row.start}.")
        if row.awarded > self._today:
            still = f"{row.awarded} is still to come (it is {self._today} UTC)."
            self._find_date("awarded_date", "future", still)

    def _find_date(self, column: str, code: str, reason: str) -> None:
        """Tell what is wrong with a date, and that it may have been read wrongly, if so."""
        cell = self._cell(column)
        doubt = self._dates[column].doubt(cell) if cell else None
        fix = "Check both dates." if code == "order" else "Wait, or mend it."
        if doubt:
            reason, fix = f"{reason} {doubt.reason}", "Write the date that is meant with its year first."
        self._find(column, code, reason, fix)

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
        return any(finding.key == column for finding in self._findings)

    def _find(self, column: str, code: str, reason: str, fix: str) -> None:
        self._findings.append(
            CellFinding(
                self._line.number, self._columns.header(column) if column else "", code, reason, fix, column
            )
        )
