"""Dates of a class list: ISO, year first, and day or month first as the other rows of the column show."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from issuer.cells import CellDoubt, CellRefused
from issuer.sheets.number_formats import DAY_ZERO_1900, day

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?"  # a system's export may say the hour as well
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})(\.\s?|[-/])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\s?\d{1,2}\1\s?\d{2}", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.0+)?", re.ASCII)  # 1954 to 2119
_LIKE = "Write it like 2026-06-30."
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


class DateOrder(StrEnum):
    """What stands first in dates such as 06/07/2026."""

    DAY = "day"
    MONTH = "month"
    BOTH = "both"  # the column has dates that can only be the one and dates that can only be the other


class DateColumn:
    """Read the dates of one column, each the same way."""

    def __init__(self, order: DateOrder | None, *, day_zero: date | None = None) -> None:
        """`order` is None where nothing shows it; `day_zero` is where a workbook counts its days from."""
        self._order = order
        self._day_zero = day_zero
        self._read: dict[str, tuple[date, CellDoubt | None]] = {}

    def read(self, cell: str) -> date:
        """Read a date; raises CellRefused."""
        return self._both(cell)[0]

    def doubt(self, cell: str) -> CellDoubt | None:
        """Say why a date that can be read may have been read wrongly."""
        return self._both(cell)[1]

    def _both(self, cell: str) -> tuple[date, CellDoubt | None]:
        text = cell.strip()
        if text not in self._read:
            self._read[text] = self._parse(text)
        return self._read[text]

    def _parse(self, text: str) -> tuple[date, CellDoubt | None]:
        if found := _YEAR_FIRST.fullmatch(text):
            return _date(text, found[1], found[3], found[4]), None
        if found := _YEAR_LAST.fullmatch(text):
            return self._year_last(text, found)
        if found := _COMPACT.fullmatch(text):
            return _date(text, found[1], found[2], found[3]), None
        if _SERIAL.fullmatch(text):
            return self._serial(text)
        if _SHORT_YEAR.fullmatch(text):
            raise CellRefused("date", f"“{text}” has a year of two digits.", f"Write all four. {_LIKE}")
        raise CellRefused("date", f"“{text[:40]}” is not a date of one reading.", _LIKE)

    def _year_last(self, text: str, found: re.Match[str]) -> tuple[date, CellDoubt | None]:
        first, second, year = found[1], found[3], found[4]
        if found[2].startswith("."):  # day first wherever it is written
            return _date(text, year, second, first), None
        if int(first) > 12 or int(second) > 12 or int(first) == int(second):
            month, day_ = (first, second) if int(second) > 12 else (second, first)
            return _date(text, year, month, day_), None
        if self._order is DateOrder.BOTH:
            raise CellRefused(
                "date",
                f"“{text}” has two readings, and the other rows have the day first as well as the month.",
                _LIKE,
            )
        month, day_ = (first, second) if self._order is DateOrder.MONTH else (second, first)
        meant, other = _date(text, year, month, day_), _date(text, year, day_, month)
        return meant, _ambiguous(text, meant, other, self._order)

    def _serial(self, text: str) -> tuple[date, CellDoubt | None]:
        meant = day(float(text), self._day_zero or DAY_ZERO_1900)
        if meant is None or self._day_zero is None:
            would = f" It may be Excel's number for {spoken(meant)}." if meant else ""
            raise CellRefused("date", f"“{text}” is not a date.{would}", _LIKE)
        return meant, CellDoubt(
            "date_number",
            f"The number {text} was read as {spoken(meant)}, as the workbook counts its days.",
            "Give the column a date format.",
        )


def column_order(cells: Iterable[str]) -> DateOrder | None:
    """Tell from the dates of a column that have one reading only what stands first; None if none has."""
    orders: set[DateOrder] = set()
    for cell in set(cells):
        found = _YEAR_LAST.fullmatch(cell.strip())
        if found is None or found[2].startswith("."):
            continue
        first, second = int(found[1]), int(found[3])
        if 12 < first <= 31 and second <= 12:
            orders.add(DateOrder.DAY)
        elif 12 < second <= 31 and first <= 12:
            orders.add(DateOrder.MONTH)
    return DateOrder.BOTH if len(orders) > 1 else next(iter(orders), None)


def date_columns(columns: Mapping[str, Iterable[str]], *, day_zero: date | None) -> dict[str, DateColumn]:
    """Make a reader for each column; one that shows no order follows the others if these agree."""
    orders = {column: column_order(cells) for column, cells in columns.items()}
    shown = {order for order in orders.values() if order is not None}
    usual = shown.pop() if len(shown) == 1 and DateOrder.BOTH not in shown else None
    return {column: DateColumn(order or usual, day_zero=day_zero) for column, order in orders.items()}


def spoken(day_: date) -> str:
    """Write a date so that it has one reading."""
    return f"{day_.day} {_MONTHS[day_.month]} {day_.year}"


def _ambiguous(text: str, meant: date, other: date, order: DateOrder | None) -> CellDoubt:
    first = "month first" if order is DateOrder.MONTH else "day first"
    why = ", as on the other rows" if order else f"; it might also be {spoken(other)}"
    return CellDoubt(
        "date_order", f"“{text}” was read as {spoken(meant)}, {first}{why}.", f"To be sure, write {meant}."
    )


def _date(text: str, year: str, month: str, day_: str) -> date:
    number = int(year)
    if 2490 <= number <= 2650:  # Buddhist era, as in Laos and Thailand
        raise CellRefused("date", f"The year {number} cannot be meant.", f"Was {number - 543} meant?")
    if not 1950 <= number <= 2200:
        raise CellRefused("date", f"The year {number} cannot be meant.", _LIKE)
    try:
        return date(number, int(month), int(day_))
    except ValueError:
        raise CellRefused("date", f"There is no day {text}.", _LIKE) from None
