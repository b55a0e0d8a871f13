"""Any file that a person hands in as a class list, as a table with its header found."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from issuer.class_list_columns import recognised
from issuer.errors import ClassListRefused
from issuer.sheets.archive import refuse_other_kinds
from issuer.sheets.csv_reading import read_csv
from issuer.sheets.headers import find_header, has_header
from issuer.sheets.table import MAX_BYTES, Recognise, Table, check_size
from issuer.sheets.worksheet import Book, Page, Sheet, open_book, read_page

_ENOUGH = frozenset({"student_number", "email"})  # a line that names both is the header
_MOST_SHEETS = 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_EXPLANATION = "Read me"  # the second sheet of our own template


def read_table(
    data: bytes,
    *,
    file_name: str = "",
    mapping: Mapping[str, str] | None = None,
    result_keys: Collection[str] = (),
) -> Table:
    """Read a CSV file or an Excel workbook (.xlsx).

    `mapping` and `result_keys`, as in `class_list_columns.find_columns`, help to find the header, which is
    looked for in the first 20 lines. Raises ClassListRefused for another kind of file, for one that is
    damaged, locked or without rows, and beyond 8 MiB, 20,000 rows, 100 columns or 2,000 characters in a cell.
    """
    if len(data) > MAX_BYTES:
        raise ClassListRefused("too_large", f"The file is larger than {MAX_BYTES >> 20} MiB. Split it.")
    recognise = partial(recognised, result_keys=result_keys, mapping=mapping)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_ZIP):
        return _workbook(data, recognise, digest)
    refuse_other_kinds(data, file_name)
    read = read_csv(data, recognise=recognise)
    return _table(
        Table("csv", (), 0, read.lines, delimiter=read.delimiter, notes=read.notes, digest=digest), recognise
    )


def _workbook(data: bytes, recognise: Recognise, digest: str) -> Table:
    book = open_book(data)
    sheet, page = _sheet(book, recognise)
    table = Table("xlsx", (), 0, tuple(page.lines), sheet=sheet.name, digest=digest, day_zero=book.day_zero)
    table = _table(table, recognise)
    return replace(table, notes=(*_sheet_notes(book, sheet), *table.notes, *_page_notes(page, table)))


def _table(table: Table, recognise: Recognise) -> Table:
    """Part the lines of `table` into header and rows."""
    header = find_header(table.lines, recognise=recognise, enough=_ENOUGH)
    lines = table.lines[header.place + header.height :]
    check_size(lines)
    return replace(
        table,
        header=header.cells,
        header_line=header.line,
        lines=lines,
        notes=(*table.notes, *header.notes),
    )


def _sheet(book: Book, recognise: Recognise) -> tuple[Sheet, Page]:
    """Choose the first visible sheet with a header, or else the first with any cells."""
    filled: list[tuple[Sheet, Page]] = []
    for sheet in [each for each in book.sheets if each.visible][:_MOST_SHEETS]:
        page = read_page(book, sheet)
        if has_header(page.lines, recognise=recognise, enough=_ENOUGH):
            return sheet, page
        if page.lines and not filled:
            filled.append((sheet, page))
    if not filled:
        raise ClassListRefused(
            "empty", "The workbook has no visible sheet with rows. Its first row must name the columns."
        )
    return filled[0]


def _sheet_notes(book: Book, sheet: Sheet) -> list[str]:
    others = [f"“{each.name}”" for each in book.sheets if each is not sheet and each.name != _EXPLANATION]
    if not others:
        return []
    named = ", ".join(others[:5]) + (" and others" if len(others) > 5 else "")
    return [f"The sheet “{sheet.name}” was read; left aside: {named}."]


def _page_notes(page: Page, table: Table) -> list[str]:
    notes = []
    first = table.lines[0].number if table.lines else 0
    if page.hidden_rows:
        notes.append(f"Rows that the sheet hides (a filter may be on) were read as well: {page.hidden_rows}.")
    if page.uncalculated:
        notes.append(
            f"Formulas without a stored result: {page.uncalculated}. Open the workbook and save it again."
        )
    if merged := sum(1 for begin, end in page.merged if first and begin >= first and end > begin):
        notes.append(f"Cells merged over several rows: {merged}. Only the first row has the text.")
    return notes
