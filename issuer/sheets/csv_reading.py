"""From the bytes of a CSV file to lines of cells: encoding, delimiter, quotes."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from issuer.csv_text import as_meant
from issuer.errors import ClassListRefused
from issuer.sheets.table import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Line, Recognise

_DELIMITERS = (",", ";", "\t", "|")
_NAMED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LOOKED_AT = 25  # records that tell the delimiter
_TITLE_ROWS = 20
_MAX_LINES = 500_000  # empty ones included
_MOST_KEPT = 4_000  # different cells, the first of the file
_REMEDY = "Save the file again as “CSV UTF-8”, or hand in the workbook (.xlsx) itself."


@dataclass(frozen=True)
class CsvText:
    """The records of a CSV file that are not empty."""

    delimiter: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def read_csv(data: bytes, *, recognise: Recognise) -> CsvText:
    """Read UTF-8 or UTF-16 with comma, semicolon, tab or vertical bar between cells.

    `recognise` tells which delimiter gives a header. Raises ClassListRefused for another encoding and for
    broken quotes.
    """
    text, notes = _decoded(data)
    first, rest = _first_line(text)
    if first.casefold().startswith("sep=") and first[4:5] in _DELIMITERS and not first[5:].strip():
        delimiter, skipped = first[4], 1
        notes.append(f"The first line says that cells are separated by a {_NAMED[delimiter]}.")
        text = rest
    else:
        delimiter, skipped = _delimiter(text, recognise), 0
    lines = tuple(_records(text, delimiter, skipped))
    if inner := _wrapped(lines, recognise):
        notes.append("Each row stood as a whole in quotation marks, which were taken off.")
        delimiter, lines = inner
    return CsvText(delimiter, lines, tuple(notes))


def _decoded(data: bytes) -> tuple[str, list[str]]:
    encoding = _utf_16(data)
    try:
        text = data.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(data, error, encoding) from error
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ClassListRefused(
            "encoding", f"Line {line} holds a NUL character: this is not a text file. {_REMEDY}"
        )
    return text, ["The file is written in UTF-16, which was read."] if encoding else []


def _utf_16(data: bytes) -> str | None:
    """Name the kind of UTF-16, from its mark or, as every second byte of ASCII is zero, by evidence."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise ClassListRefused("encoding", f"The file is written in UTF-32. {_REMEDY}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:400]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if len(data) % 2 == 0 and even + odd > len(start) // 5:
        if even <= odd // 20:
            return "utf-16-le"
        if odd <= even // 20:
            return "utf-16-be"
    return None


def _refused(data: bytes, error: UnicodeDecodeError, encoding: str | None) -> ClassListRefused:
    if encoding:
        return ClassListRefused(
            "encoding", f"The file seems to be UTF-16, but breaks off or is damaged. {_REMEDY}"
        )
    before = data[: error.start]
    line, place = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    return ClassListRefused(
        "encoding",
        f"Line {line} is not UTF-8 (byte {place} of the line is {data[error.start]:02X}), "
        f"so that names would come out wrong. {_REMEDY}",
    )


def _first_line(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    return first.rstrip("\r").strip('"'), rest


def _wrapped(lines: Sequence[Line], recognise: Recognise) -> tuple[str, tuple[Line, ...]] | None:
    """Read rows again that a program took for one cell each and put into quotation marks."""
    if not lines or any(len(line.cells) > 1 or "\n" in line.cells[0] for line in lines):
        return None
    text = "\n".join(line.cells[0] for line in lines)
    delimiter = _delimiter(text, recognise)
    try:
        inner = list(_records(text, delimiter, 0))
    except ClassListRefused:
        return None
    if len(inner) != len(lines) or len(inner[0].cells) < 2 or len(inner) < 2:
        return None
    return delimiter, tuple(Line(line.number, each.cells) for line, each in zip(lines, inner, strict=True))


def _delimiter(text: str, recognise: Recognise) -> str:
    """Take the separator under which a row names most columns, or else the one that splits most evenly."""
    return max(_DELIMITERS, key=lambda delimiter: _evidence(_sample(text, delimiter), recognise))


def _sample(text: str, delimiter: str) -> list[list[str]]:
    sample: list[list[str]] = []
    start = text[: _LOOKED_AT * 4 * MAX_CELL]
    try:
        for cells in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter):
            if any(map(str.strip, cells)):
                sample.append(_narrow(cells))
            if len(sample) == _LOOKED_AT:
                break
    except csv.Error:  # the reading proper tells which line
        pass
    return sample


def _evidence(sample: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, int, int]:
    named = max((len(recognise(cells)) for cells in sample[:_TITLE_ROWS]), default=0)
    widths = [len(cells) for cells in sample]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    return (named, widths.count(usual), usual) if usual > 1 else (named, 0, 0)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, count = 1 + skipped, 0
    met: dict[str, str] = {}
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                count += 1
                yield Line(begins, tuple([_kept(as_meant(cell), met) for cell in _narrow(cells)]))
            if count > MAX_ROWS + _TITLE_ROWS + 2 or reader.line_num > _MAX_LINES:
                raise ClassListRefused("too_many_rows", f"The file has more than {MAX_ROWS} rows. Split it.")
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ClassListRefused("broken_csv", _broken(str(error), begins)) from error


def _kept(cell: str, met: dict[str, str]) -> str:
    """Give the same text for equal cells, as dates and grades are: each by itself takes half the memory."""
    return met.setdefault(cell, cell) if len(met) < _MOST_KEPT else met.get(cell, cell)


def _narrow(cells: list[str]) -> list[str]:
    """Cut a line to one cell more than may be, which shows that there is text beyond."""
    if len(cells) <= MAX_COLUMNS:
        return cells
    return [*cells[:MAX_COLUMNS], next((cell for cell in cells[MAX_COLUMNS:] if cell.strip()), "")]


def _broken(error: str, line: int) -> str:
    if "unexpected end" in error:
        return (
            f"In line {line} a quotation mark opens that nothing closes. "
            "Delete it, or write it twice if it belongs to the text."
        )
    if "expected after" in error:
        return (
            f"In line {line} a cell goes on after its closing quotation mark. "
            "Write a quotation mark that belongs to the text twice."
        )
    if "field limit" in error:
        return f"In line {line} a cell is far too long. Look for a quotation mark without its partner."
    return f"Line {line} cannot be read ({error}). {_REMEDY}"
