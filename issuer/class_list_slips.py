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
_MOST_COMPARED = 200
_AS_IT_STANDS = "It is printed as it stands here."
_MOST_DECIMALS = 3
# The most frequent Vietnamese family names: those that are rarely given names, and the others.
_SURE_FAMILIES = frozenset({"nguyễn", "trần", "phạm", "huỳnh", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô"})
_FAMILIES = _SURE_FAMILIES | {"lê", "hoàng", "phan", "vũ", "dương", "lý", "đinh", "trịnh", "đoàn", "lương"}
_Doubt = tuple[str, CellDoubt]  # the column and what is doubtful in its cell
_Check = Callable[[LearnerRow], Iterator[_Doubt]]


def with_warnings(
    readings: Sequence[LineReading], *, columns: Columns, dates: Mapping[str, DateColumn], today: date
) -> tuple[LineReading, ...]:
    """Add to each line that may be issued what in it should be looked at."""
    rows = [reading.row for reading in readings if reading.row is not None]
    checks: list[_Check] = [
        _Names(rows).check,
        _Addresses(rows).check,
        lambda row: _award(row, today),
        lambda row: _results(row, columns),
    ]
    found = {
        reading.line: [*_doubts(reading.row, checks), *_dates(reading, columns, dates)]
        for reading in readings
        if reading.row is not None
    }
    told = _told_once(found)
    return tuple(
        replace(reading, findings=tuple(_finding(reading.line, each, columns) for each in told[reading.line]))
        if told.get(reading.line)
        else reading
        for reading in readings
    )


def _doubts(row: LearnerRow, checks: Sequence[_Check]) -> list[_Doubt]:
    return [each for check in checks for each in check(row)]


def _dates(reading: LineReading, columns: Columns, dates: Mapping[str, DateColumn]) -> Iterator[_Doubt]:
    for column, reader in dates.items():
        place = columns.places[column]
        cell = reading.cells[place].strip() if place < len(reading.cells) else ""
        if cell and (doubt := reader.doubt(cell)):
            yield column, doubt


def _told_once(found: Mapping[int, Sequence[_Doubt]]) -> Mapping[int, Sequence[_Doubt]]:
    """Tell a doubt about nearly every row on the first of them only: it would hide all others."""
    kinds = Counter((column, doubt.code) for doubts in found.values() for column, doubt in doubts)
    least = max(_ENOUGH_ROWS, _USUAL * len(found))
    usual = {kind for kind, count in kinds.items() if count >= least}
    if not usual:
        return found
    counts = Counter(each for doubts in found.values() for each in doubts)
    told: dict[int, list[_Doubt]] = {}
    for line, doubts in found.items():
        told[line] = []
        for column, doubt in doubts:
            rows = counts[column, doubt]
            if (column, doubt.code) in usual and rows > 1:
                counts[column, doubt] = 0
                doubt = replace(doubt, reason=f"{doubt.reason} So on {rows} rows.")
            if rows:
                told[line].append((column, doubt))
    return told


def _finding(line: int, found: _Doubt, columns: Columns) -> CellFinding:
    column, doubt = found
    if column == "name" and "name" not in columns.places:
        column = "given_name"
    return CellFinding(
        line, columns.header(column), doubt.code, doubt.reason, doubt.fix, column, Severity.WARNING
    )


class _Names:
    """Names beside the other names of the file."""

    def __init__(self, rows: Sequence[LearnerRow]) -> None:
        self._first: dict[str, LearnerRow] = {}
        families = [_starts_with(_FAMILIES, row.family_name) for row in rows if row.family_name]
        self._families_known = len(families) >= _ENOUGH_ROWS and sum(families) >= _USUAL * len(families)

    def check(self, row: LearnerRow) -> Iterator[_Doubt]:
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
        if (
            self._families_known
            and _starts_with(_SURE_FAMILIES, row.given_name)
            and not _starts_with(_FAMILIES, row.family_name or "Lê")
        ):
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


def _starts_with(families: frozenset[str], name: str | None) -> bool:
    return bool(name) and (name or "").casefold().split()[0] in families


def _alike(name: str) -> str:
    return " ".join(name.casefold().split())


class _Addresses:
    """Addresses beside those of the great majority."""

    def __init__(self, rows: Sequence[LearnerRow]) -> None:
        domains = Counter(map(_domain, rows))
        usual, count = domains.most_common(1)[0] if domains else ("", 0)
        self._near: dict[str, bool] = {}
        self._usual = usual if len(rows) >= _ENOUGH_ROWS and count >= _USUAL * len(rows) else ""

    def check(self, row: LearnerRow) -> Iterator[_Doubt]:
        domain = _domain(row)
        if not self._usual or domain == self._usual:
            return
        if domain.endswith(f".{self._usual}") or self._usual.endswith(f".{domain}"):
            return
        fix = "Look whether it is right."
        if self._is_near(domain):
            fix = f"Was {row.email.rpartition('@')[0]}@{self._usual} meant?"
        yield (
            "email",
            CellDoubt("other_domain", f"It does not end in @{self._usual}, as the others do.", fix),
        )

    def _is_near(self, domain: str) -> bool:
        if domain not in self._near and len(self._near) < _MOST_COMPARED:
            matcher = SequenceMatcher(None, domain, self._usual, autojunk=False)
            self._near[domain] = matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR
        return self._near.get(domain, False)


def _domain(row: LearnerRow) -> str:
    return row.email.rpartition("@")[2].casefold()


def _award(row: LearnerRow, today: date) -> Iterator[_Doubt]:
    if (today - row.awarded).days > 366:
        yield (
            "awarded_date",
            CellDoubt("long_ago", f"{row.awarded} is more than a year ago.", "Look at the year."),
        )


def _results(row: LearnerRow, columns: Columns) -> Iterator[_Doubt]:
    for key, value in row.results.items():
        decimals = len(value.partition(".")[2])
        if decimals > _MOST_DECIMALS and re.fullmatch(r"[\d.]+", value):
            column = f"result:{key}" if f"result:{key}" in columns.places else "grade"
            yield (
                column,
                CellDoubt("decimals", f"It has {decimals} decimals, and all are printed.", "Round it."),
            )
