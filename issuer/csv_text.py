"""From the bytes of a CSV file to cells: encoding, delimiter, quotes, sizes; nothing about their meaning."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from issuer.errors import ClassListRefused

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 2_000  # characters
_DELIMITERS = (",", ";", "\t")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, CSV injection


@dataclass(frozen=True)
class CsvLine:
    """One record of the file: the line it begins on, counted from 1, and its cells as written."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvTable:
    """A file as cells; `header` is its first record that is not empty."""

    delimiter: str
    header: CsvLine
    lines: tuple[CsvLine, ...]


def read_csv(data: bytes) -> CsvTable:
    """Read a UTF-8 file with comma, semicolon or tab between cells.

    Raises ClassListRefused for another encoding, for broken quotes, and beyond 8 MiB, 20,000 rows,
    100 columns or 2,000 characters in a cell.
    """
    text = _decoded(data)
    delimiter = _delimiter(text)
    records = [line for line in _records(text, delimiter) if any(cell.strip() for cell in line.cells)]
    if not records:
        raise ClassListRefused("empty", "The file holds no rows. Its first row must name the columns.")
    header, *lines = records
    if len(header.cells) > MAX_COLUMNS:
        raise ClassListRefused("too_many_columns", f"The file has more than {MAX_COLUMNS} columns.")
    return CsvTable(delimiter, header, tuple(lines))


def neutralised(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run as a formula (THREATS I5)."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _as_meant(cell: str) -> str:
    """Take back our own apostrophe: a rejects file is mended and handed in again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def write_csv(rows: list[tuple[str, ...]], *, delimiter: str = ",") -> bytes:
    """Write rows as UTF-8 with a byte order mark, for spreadsheets, and with formulas neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([[neutralised(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig", "replace")


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ClassListRefused("too_large", f"The file is larger than {MAX_BYTES >> 20} MiB. Split it.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (data[:64].count(0) > len(data[:64]) // 4):
        raise ClassListRefused(
            "encoding", "The file is written in UTF-16. Save it again as “CSV UTF-8” and hand that in."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ClassListRefused(
            "encoding",
            f"Line {line} is not UTF-8, so that names would come out wrong. "
            "Save the file again as “CSV UTF-8” and hand that in.",
        ) from error
    if "\0" in text:
        raise ClassListRefused("encoding", "The file holds a NUL character: it is not a text file.")
    return text


def _delimiter(text: str) -> str:
    """Take the separator that occurs most in the first line that is not empty, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=unquoted.count)


def _records(text: str, delimiter: str) -> Iterator[CsvLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, count = 1, 0
    try:
        for cells in reader:
            count += 1
            if count > MAX_ROWS + 1:
                raise ClassListRefused("too_many_rows", f"The file has more than {MAX_ROWS} rows. Split it.")
            if any(len(cell) > MAX_CELL for cell in cells):
                raise ClassListRefused(
                    "cell_too_long",
                    f"A cell in line {begins} is longer than {MAX_CELL} characters. "
                    "Look for a quotation mark without its partner.",
                )
            yield CsvLine(begins, tuple(_as_meant(cell) for cell in cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ClassListRefused(
            "broken_csv",
            f"The rows from line {begins} on cannot be read ({error}). "
            "Look for a quotation mark without its partner.",
        ) from error
