"""Workbooks for people's spreadsheet programs, in which every text stays a text."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

_LONGEST = 32_767  # characters that Excel keeps in a cell
_WIDEST = 60  # characters that a column shows
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same rows give the same bytes


def write_xlsx(rows: Sequence[Sequence[str]], *, sheet: str) -> bytes:
    """Write rows as a workbook of one sheet, every cell as text, the first row as its header."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        page = book.add_worksheet(sheet_name(sheet))
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write_string(number, place, writable(cell), None if number else bold)
        page.freeze_panes(1, 0)
        for place, width in enumerate(_widths(rows)):
            page.set_column(place, place, width)
    return out.getvalue()


def new_workbook(out: io.BytesIO) -> xlsxwriter.Workbook:
    """Open a workbook that is written to memory and holds texts as texts."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": MADE})
    return book


def sheet_name(name: str) -> str:
    """Give a name that Excel allows a sheet: 1 to 31 characters, none of []:*?/\\, no outer apostrophe."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:31].strip("' ") or "Sheet"


def writable(cell: str) -> str:
    """Cut a text to what a cell can keep, and replace what no file can hold."""
    return cell[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths: list[int] = []
    for row in rows[:200]:
        widths += [8] * (len(row) - len(widths))
        for place, cell in enumerate(row):
            widths[place] = min(_WIDEST, max(widths[place], len(cell) + 2))
    return widths
