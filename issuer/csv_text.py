"""CSV for people's spreadsheet programs, in which no text is ever run as a formula (THREATS I5)."""

import csv
import io
from collections.abc import Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, CSV injection


def neutralised(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def as_meant(cell: str) -> str:
    """Take back our own apostrophe: a rejects file is mended and handed in again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def write_csv(rows: Sequence[Sequence[str]], *, delimiter: str = ",") -> bytes:
    """Write rows as UTF-8 with a byte order mark, for spreadsheets, and with formulas neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([[neutralised(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig", "replace")
