"""Whether a course began before anybody could read how it is assessed: a person answers that (QC-21)."""

from collections.abc import Iterable
from datetime import date, datetime

from issuer.cells import CellRefused
from issuer.date_cells import date_columns


def began_before(cells: Iterable[str], published: datetime, *, day_zero: date | None = None) -> date | None:
    """Give the first day of learning among `cells` if it is before the day of publishing, else None.

    `cells` are those of the column as written; what is no date is told elsewhere and left out here. The
    learners have done the work whoever was late, so this is told and refuses nothing.
    """
    written = {cell.strip() for cell in cells} - {""}
    column = date_columns({"start_date": written}, day_zero=day_zero)["start_date"]
    days: list[date] = []
    for cell in written:
        try:
            days.append(column.read(cell))
        except CellRefused:
            continue
    first = min(days, default=None)
    return first if first is not None and first < published.date() else None
