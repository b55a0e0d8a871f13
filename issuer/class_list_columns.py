"""The columns of a class list: their names, the other names they go by, and which must be there."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from issuer.csv_text import CsvLine
from issuer.errors import ClassListRefused

PLAIN = (  # noqa: SIM905 (a table reads better than a list of quotes)
    "name given_name family_name student_number email language awarded_date start_date end_date "
    "credits_earned certificate_number grade evidence_url evidence_name"
).split()
_ALIASES: Mapping[str, str] = {
    "full_name": "name",
    "student_name": "name",
    "learner": "name",
    "first_name": "given_name",
    "firstname": "given_name",
    "forename": "given_name",
    "last_name": "family_name",
    "lastname": "family_name",
    "surname": "family_name",
    "student_id": "student_number",
    "student_no": "student_number",
    "matriculation_number": "student_number",
    "e_mail": "email",
    "mail": "email",
    "email_address": "email",
    "lang": "language",
    "awarded": "awarded_date",
    "award_date": "awarded_date",
    "date_awarded": "awarded_date",
    "start": "start_date",
    "end": "end_date",
    "credits": "credits_earned",
    "ects": "credits_earned",
    "certificate_no": "certificate_number",
    "final_grade": "grade",
    "evidence": "evidence_url",
}
_OUR_NOTES = frozenset({"line", "column", "reason"})  # a rejects file, mended and handed in again


@dataclass(frozen=True)
class Columns:
    """Where each known column stands, and the headers that mean nothing to us."""

    places: Mapping[str, int]
    written: tuple[str, ...]
    unknown: tuple[str, ...]

    def header(self, column: str) -> str:
        """Give the header as the file writes it, for messages."""
        place = self.places.get(column)
        return column if place is None else self.written[place]


def find_columns(header: CsvLine, *, result_keys: Collection[str], awarded_given: bool) -> Columns:
    """Tell which column is which.

    Raises ClassListRefused for a header that occurs twice, a required one that is missing, or a result of an
    assessment that the definition does not have.
    """
    places: dict[str, int] = {}
    unknown: list[str] = []
    written = tuple(cell.strip() for cell in header.cells)
    for place, cell in enumerate(written):
        column = _column(cell, result_keys)
        if column is None:
            unknown += [cell] if cell and _folded(cell) not in _OUR_NOTES else []
        elif column in places:
            raise ClassListRefused(
                "duplicate_column",
                f"The columns “{written[places[column]]}” and “{cell}” mean the same ({column}).",
            )
        else:
            places[column] = place
    _require(places, awarded_given=awarded_given)
    return Columns(places, written, tuple(unknown))


def _column(cell: str, result_keys: Collection[str]) -> str | None:
    if cell.casefold().startswith("result:"):
        key = cell.partition(":")[2].strip()
        if key not in result_keys:
            known = ", ".join(f"result:{each}" for each in result_keys) or "none"
            raise ClassListRefused(
                "unknown_result",
                f"The column “{cell}” names no assessment of this definition; there are: {known}.",
            )
        return f"result:{key}"
    folded = _folded(cell)
    return folded if folded in PLAIN else _ALIASES.get(folded)


def _folded(cell: str) -> str:
    return re.sub(r"[\s\-./]+", "_", cell.strip().casefold()).strip("_")


def _require(places: Mapping[str, int], *, awarded_given: bool) -> None:
    missing = [column for column in ("student_number", "email") if column not in places]
    if "name" not in places and not {"given_name", "family_name"} <= places.keys():
        missing.insert(0, "name (or given_name and family_name)")
    if "awarded_date" not in places and not awarded_given:
        missing.append("awarded_date")
    if missing:
        raise ClassListRefused(
            "missing_column",
            f"The first row must name the columns, and these are missing: {', '.join(missing)}.",
        )
