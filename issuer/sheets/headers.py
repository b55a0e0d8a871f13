"""Where the header of a sheet is, and what it says, under titles and over merged cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from issuer.errors import ClassListRefused
from issuer.sheets.table import MAX_COLUMNS, Line, Recognise

TITLE_ROWS = 20  # lines within which the header must stand
_DATA = re.compile(r"@|^[\d.,/%-]+$")  # addresses, numbers and dates are no headers


@dataclass(frozen=True)
class Header:
    """The header's cells, none empty and none equal; where it stands and how many lines it takes."""

    cells: tuple[str, ...]
    line: int
    place: int
    height: int
    notes: tuple[str, ...]


def find_header(lines: Sequence[Line], *, recognise: Recognise, enough: frozenset[str]) -> Header:
    """Find the first of 20 lines that names the columns `enough`, or else the one that names or holds most.

    Raises ClassListRefused for a file without lines or with more than 100 columns.
    """
    if not lines:
        raise ClassListRefused("empty", "The file holds no rows. Its first row must name the columns.")
    place = _place(lines[:TITLE_ROWS], recognise, enough)
    notes = _titles(lines[:place])
    cells, height = _with_those_above(lines, place), 1
    if place + 1 < len(lines) and _continues(cells, lines[place + 1].cells, recognise):
        cells, height = _joined(cells, lines[place + 1].cells, recognise), 2
        notes.append(f"The header in lines {lines[place].number} and {lines[place + 1].number} was joined.")
    cells, named = _complete(cells, lines[place + height :])
    return Header(cells, lines[place].number, place, height, (*notes, *named))


def has_header(lines: Sequence[Line], *, recognise: Recognise, enough: frozenset[str]) -> bool:
    """Tell whether one of the first 20 lines names the columns `enough`."""
    return any(enough <= set(recognise(line.cells).values()) for line in lines[:TITLE_ROWS])


def _place(lines: Sequence[Line], recognise: Recognise, enough: frozenset[str]) -> int:
    named = [set(recognise(line.cells).values()) for line in lines]
    for place, columns in enumerate(named):
        if enough <= columns:
            return place
    if any(named):
        return max(range(len(lines)), key=lambda place: (len(named[place]), -place))
    filled = [sum(1 for cell in line.cells if cell.strip()) for line in lines]
    wide = max(filled)
    for place, line in enumerate(lines):  # in a language that is not known: the first full line without data
        if filled[place] * 5 >= wide * 3 and not any(_DATA.search(cell.strip()) for cell in line.cells):
            return place
    return filled.index(wide)


def _titles(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    if len(lines) == 1:
        return [f"Line {lines[0].number} stands above the header and was skipped."]
    return [f"Lines {lines[0].number} to {lines[-1].number} stand above the header and were skipped."]


def _with_those_above(lines: Sequence[Line], place: int) -> tuple[str, ...]:
    """Give a line's cells; an empty one takes the text above it, where a merged cell has its own."""
    cells = [_one_line(cell) for cell in lines[place].cells]
    if place and sum(1 for cell in lines[place - 1].cells if cell.strip()) > 1:
        above = _wide(lines[place - 1].cells, len(cells))
        cells = [cell or above[at] for at, cell in enumerate(cells + [""] * (len(above) - len(cells)))]
    return tuple(cells)


def _continues(upper: Sequence[str], lower: Sequence[str], recognise: Recognise) -> bool:
    """Tell whether a line is the second half of a header: it only divides cells that reach over several.

    A merged cell has its text in its first column and nothing in the others. What stands below is no row of
    data if it fills such a gap and leaves the cells below the other headers empty.
    """
    width = max(len(upper), len(lower))
    above, below = _wide(upper, width), _wide(lower, width)
    places = [place for place in range(width) if below[place]]
    fills = any(not above[place] for place in places)
    under_groups = all(
        not above[place] or (place < width - 1 and not above[place + 1] and below[place + 1])
        for place in places
    )
    single = [place for place in recognise(above) if not below[place]]
    texts = not any(_DATA.search(below[place]) for place in places)
    return fills and under_groups and bool(single) and texts


def _joined(upper: Sequence[str], lower: Sequence[str], recognise: Recognise) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    above, below = _wide(upper, width), _wide(lower, width)
    group, joined = "", []
    for place in range(width):
        group = above[place] or (group if below[place] else "")
        joined.append(f"{group} {below[place]}".strip() if below[place] else above[place])
    known = recognise(joined)
    alone = recognise(below)
    return tuple(
        below[place] if place in alone and place not in known else text for place, text in enumerate(joined)
    )


def _complete(cells: Sequence[str], lines: Sequence[Line]) -> tuple[tuple[str, ...], list[str]]:
    """Cut what is empty to the end, name what has cells but no header, and keep equal headers apart."""
    used = {place for line in lines for place, cell in enumerate(line.cells[: len(cells)]) if cell.strip()}
    width = max((place + 1 for place, cell in enumerate(cells) if cell or place in used), default=0)
    if width > MAX_COLUMNS:
        raise ClassListRefused("too_many_columns", f"The file has more than {MAX_COLUMNS} columns.")
    seen: dict[str, int] = {}
    complete, unnamed = [], []
    for place, cell in enumerate(cells[:width]):
        text = cell
        if not text:
            text = f"(column {letters(place)})"
            unnamed += [letters(place)] if place in used else []
        seen[text] = seen.get(text, 0) + 1
        complete.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    notes = [f"These columns have cells but no header: {', '.join(unnamed)}."] if unnamed else []
    return tuple(complete), notes


def letters(place: int) -> str:
    """Give the name that spreadsheets show over a column, counted from 0: A, Z, AA."""
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def _wide(cells: Sequence[str], width: int) -> list[str]:
    return [_one_line(cell) for cell in cells] + [""] * (width - len(cells))


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
