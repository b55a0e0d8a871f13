"""Whether a course began before anybody could read how it is assessed (QC-21): nothing is issued then.

The office knows one day only, that on which the version was published here. Where the criteria could be read
elsewhere before, whoever issues says where, by name: the audit keeps it. Without that the list is refused.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from issuer.cells import CellRefused, text_cell
from issuer.date_cells import date_columns
from issuer.errors import IssuerError
from issuer.readings import LearnerRow

LONGEST_PLACE = 300


def began_before(cells: Iterable[str], published: datetime, *, day_zero: date | None = None) -> date | None:
    """Give the first day of learning among `cells` if it is before the day of publishing, else None.

    `cells` are those of the column as written; what is no date is told elsewhere and left out here.
    """
    written = {cell.strip() for cell in cells} - {""}
    column = date_columns({"start_date": written}, day_zero=day_zero)["start_date"]
    days: list[date] = []
    for cell in written:
        try:
            days.append(column.read(cell))
        except CellRefused:
            continue
    return _first_before(days, published)


def first_day_before(rows: Iterable[LearnerRow], published: datetime) -> date | None:
    """Give the first day of learning of these rows if it is before the day of publishing, else None."""
    return _first_before([row.start for row in rows if row.start is not None], published)


def criteria_told(rows: Sequence[LearnerRow], published: datetime, where: str) -> dict[str, str]:
    """Give what the audit keeps of where the criteria could be read before; empty where nobody need ask.

    Raises IssuerError `criteria_later` where learning began before the day of publishing and `where` is
    empty, `criteria_place` for words that cannot stand.
    """
    first = first_day_before(rows, published)
    if first is None:
        return {}
    try:
        told = text_cell(" ".join(where.split()), longest=LONGEST_PLACE)
    except CellRefused as refused:
        raise IssuerError("criteria_place", f"{refused.reason} {refused.fix}") from refused
    if not told:
        raise IssuerError(
            "criteria_later",
            f"Learning began on {first}, and this version was published on {published.date()}: QC-21 asks "
            "that assessment and criteria can be read before the start. Choose the version that was "
            "published then, or say where the criteria could be read before that day.",
        )
    return {"criteria_public": told}


def _first_before(days: Sequence[date], published: datetime) -> date | None:
    first = min(days, default=None)
    return first if first is not None and first < published.date() else None
