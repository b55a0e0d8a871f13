"""Slips in rows that may be issued: nothing is certain to be wrong, so a person is asked to look."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from issuer.cells import CellDoubt
from issuer.class_list_columns import Columns
from issuer.date_cells import DateColumn
from issuer.readings import CellFinding, LearnerRow, LineReading, Severity

_ENOUGH_ROWS = 10  # below that there is no usual
_USUAL = 0.8
_NEAR = 0.85  # two domains that differ in a letter or two
_AS_IT_STANDS = "It is printed as it stands here."
# The most frequent Vietnamese family names, which are rarely given names.
_VIETNAMESE_FAMILIES = frozenset({"nguyễn", "trần", "phạm", "huỳnh", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô"})
_Check = Callable[[LearnerRow], Iterator[tuple[str, CellDoubt]]]


def with_warnings(
    readings: Sequence[LineReading], *, columns: Columns, dates: Mapping[str, DateColumn], today: date
) -> tuple[LineReading, ...]:
    """Add to each line that may be issued what in it should be looked at."""
    rows = [reading.row for reading in readings if reading.row is not None]
    checks: list[_Check] = [
        _Names(rows).check,
        _Addresses(rows).check,
        lambda row: _award(row, today),
    ]
    return tuple(
        reading if reading.row is None else _looked_at(reading, reading.row, checks, columns, dates)
        for reading in readings
    )


def _looked_at(
    reading: LineReading,
    row: LearnerRow,
    checks: Sequence[_Check],
    columns: Columns,
    dates: Mapping[str, DateColumn],
) -> LineReading:
    found = [each for check in checks for each in check(row)]
    for column, reader in dates.items():
        place = columns.places[column]
        cell = reading.cells[place].strip() if place < len(reading.cells) else ""
        if cell and (doubt := reader.doubt(cell)):
            found.append((column, doubt))
    if not found:
        return reading
    return replace(
        reading, findings=tuple(_finding(reading.line, column, each, columns) for column, each in found)
    )


def _finding(line: int, column: str, doubt: CellDoubt, columns: Columns) -> CellFinding:
    if column == "name" and "name" not in columns.places:
        column = "given_name"
    return CellFinding(
        line, columns.header(column), doubt.code, doubt.reason, doubt.fix, column, Severity.WARNING
    )


class _Names:
    """Names beside the other names of the file."""

    def __init__(self, rows: Sequence[LearnerRow]) -> None:
        self._first: dict[str, LearnerRow] = {}
        families = [_starts_with_family(row.family_name) for row in rows if row.family_name]
        self._families_known = len(families) >= _ENOUGH_ROWS and sum(families) >= _USUAL * len(families)

    def check(self, row: LearnerRow) -> Iterator[tuple[str, CellDoubt]]:
        for column, text in _parts(row):
            yield from ((column, doubt) for doubt in _name_doubts(text))
        first = self._first.setdefault(_alike(row.name), row)
        if first is not row:
            yield (
                "name",
                CellDoubt(
                    "same_name",
                    f"The same name stands in line {first.line}, with the number {first.student_number}.",
                    "Leave one out if it is one person.",
                ),
            )
        swapped = self._families_known and row.given_name and row.family_name
        if swapped and _starts_with_family(row.given_name) and not _starts_with_family(row.family_name):
            yield (
                "given_name",
                CellDoubt(
                    "swapped", "Given name and family name seem to be exchanged.", "Look at both columns."
                ),
            )


def _parts(row: LearnerRow) -> list[tuple[str, str]]:
    if row.given_name and row.family_name and _composed(row):
        return [("given_name", row.given_name), ("family_name", row.family_name)]
    return [("name", row.name)]


def _composed(row: LearnerRow) -> bool:
    given, family = row.given_name, row.family_name
    return row.name in (f"{given} {family}", f"{family} {given}")


def _name_doubts(text: str) -> Iterator[CellDoubt]:
    if text.islower():
        yield CellDoubt("lower_case", "It is written without capitals.", _AS_IT_STANDS)
    elif text.isupper() and re.search(r"[^\W\d_]{2}", unicodedata.normalize("NFC", text)):
        yield CellDoubt("capitals", "It is written in capitals only.", _AS_IT_STANDS)
    if re.search(r"\s{2}|[^\S ]", text):
        yield CellDoubt("spaces", "There is more than one space in a row, or a special one.", "Write one.")
    if re.search(r"\d", text):
        yield CellDoubt("digits", "There are digits in the name.", _AS_IT_STANDS)


def _starts_with_family(name: str | None) -> bool:
    return bool(name) and (name or "").casefold().split()[0] in _VIETNAMESE_FAMILIES


def _alike(name: str) -> str:
    return " ".join(name.casefold().split())


class _Addresses:
    """Addresses beside those of the great majority."""

    def __init__(self, rows: Sequence[LearnerRow]) -> None:
        domains = Counter(map(_domain, rows))
        usual, count = domains.most_common(1)[0] if domains else ("", 0)
        self._usual = usual if len(rows) >= _ENOUGH_ROWS and count >= _USUAL * len(rows) else ""

    def check(self, row: LearnerRow) -> Iterator[tuple[str, CellDoubt]]:
        domain = _domain(row)
        if not self._usual or domain == self._usual:
            return
        if domain.endswith(f".{self._usual}") or self._usual.endswith(f".{domain}"):
            return
        fix = "Look whether it is right."
        if SequenceMatcher(None, domain, self._usual, autojunk=False).ratio() >= _NEAR:
            fix = f"Was {row.email.rpartition('@')[0]}@{self._usual} meant?"
        yield (
            "email",
            CellDoubt("other_domain", f"It does not end in @{self._usual}, as the others do.", fix),
        )


def _domain(row: LearnerRow) -> str:
    return row.email.rpartition("@")[2].casefold()


def _award(row: LearnerRow, today: date) -> Iterator[tuple[str, CellDoubt]]:
    if (today - row.awarded).days > 366:
        yield (
            "awarded_date",
            CellDoubt("long_ago", f"{row.awarded} is more than a year ago.", "Look at the year."),
        )
