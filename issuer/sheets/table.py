"""A spreadsheet as lines of text under a header, and the sizes beyond which none is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from issuer.errors import ClassListRefused

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 2_000  # characters
MAX_CHARACTERS = 8 * 1024 * 1024  # of all cells together: a small workbook may repeat one long text
Recognise = Callable[[Sequence[str]], Mapping[int, str]]  # what cells mean as headers, by position


@dataclass(frozen=True)
class Line:
    """One line of a file that is not empty: its number there, counted from 1, and its cells as written."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as cells.

    `kind` is `csv` or `xlsx`; `header` has no empty and no equal cells; `delimiter` is empty for a workbook,
    `sheet` for a CSV file; `notes` are sentences on what was done to read it; `digest` is the SHA-256 of the
    file; `day_zero` is the date that a workbook counts its days from.
    """

    kind: str
    header: tuple[str, ...]
    header_line: int
    lines: tuple[Line, ...]
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()
    digest: str = ""
    day_zero: date | None = None

    def mended(self, changes: Mapping[tuple[int, int], str]) -> "Table":
        """Give the table with other cells: `changes` by number of the line and position of the column."""
        by_line: dict[int, dict[int, str]] = {}
        for (number, place), text in changes.items():
            if 0 <= place < len(self.header):
                by_line.setdefault(number, {})[place] = text[: MAX_CELL + 1]
        return replace(self, lines=tuple(_mended(line, by_line.get(line.number)) for line in self.lines))


def check_size(lines: Sequence[Line]) -> None:
    """Raise ClassListRefused beyond 20,000 lines, or where a cell or all cells together are too long."""
    if len(lines) > MAX_ROWS:
        raise ClassListRefused("too_many_rows", f"The file has more than {MAX_ROWS} rows. Split it.")
    total = 0
    for line in lines:
        total += sum(map(len, line.cells))
        if any(len(cell) > MAX_CELL for cell in line.cells):
            raise ClassListRefused(
                "cell_too_long",
                f"A cell in line {line.number} is longer than {MAX_CELL} characters. "
                "Look for a quotation mark without its partner.",
            )
    if total > MAX_CHARACTERS:
        raise ClassListRefused("too_large", "The cells hold more text than is read at once. Split the file.")


def _mended(line: Line, changes: Mapping[int, str] | None) -> Line:
    if not changes:
        return line
    cells = list(line.cells) + [""] * (max(changes) + 1 - len(line.cells))
    for place, text in changes.items():
        cells[place] = text
    return Line(line.number, tuple(cells))
