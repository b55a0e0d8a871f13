"""An empty class list to fill in: the columns that a definition asks for, with what each may hold."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from issuer.class_list_aliases import HEADINGS
from issuer.class_list_columns import Choice, choices
from issuer.csv_text import write_csv
from issuer.errors import IssuerError
from issuer.scales import Scale, final_scale
from issuer.sheets.writing import new_workbook, writable

_ROWS = 20_000
_TEXTS = frozenset({"student_number", "certificate_number"})  # so that leading zeros stay
_DATES = frozenset({"awarded_date", "start_date", "end_date"})
_FIRST_DATE, _LAST_DATE = date(1950, 1, 1), date(2200, 12, 31)
_SEMICOLONS = frozenset(
    {"cs", "fr", "it", "hr"}
)  # where the comma is the decimal sign, Excel splits at these
_EXAMPLES = {
    "name": "Nguyễn Thị Minh Anh",
    "given_name": "Thị Minh Anh",
    "family_name": "Nguyễn",
    "student_number": "UEF-2231-0457",
    "email": "minhanh@student.example",
    "language": "vi",
    "awarded_date": "2026-06-30",
    "start_date": "2026-02-02",
    "end_date": "2026-06-15",
    "credits_earned": "3",
    "certificate_number": "2026/0457",
    "evidence_url": "https://example.edu/work/457",
    "evidence_name": "Report on a loan portfolio",
}
_RULES = (
    "Fill in the sheet “Class list”, one row for each learner who has passed. This sheet is not read.",
    "The columns in bold are needed; a family name and a given name may stand in place of the name.",
    "Leave empty what does not apply. Columns may be deleted, and stand in any order.",
)


def class_list_template(kind: str, *, scales: Sequence[Scale], language: str = "en") -> bytes:
    """Make an empty class list for a definition with these scales, as `csv` or `xlsx`.

    `language` chooses the headers (en, vi, lo, cs, fr, it, hr; others get the English ones); all are
    understood when the list comes back. A CSV file has nothing but its header; a workbook explains itself on
    a second sheet. Raises IssuerError for another kind.
    """
    asked = _columns(scales)
    headings = [HEADINGS.get(language, {}).get(each.column, each.column) for each in asked]
    if kind == "csv":
        return write_csv([headings], delimiter=";" if language in _SEMICOLONS else ",")
    if kind != "xlsx":
        raise IssuerError("template_kind", f"There is no template of the kind “{kind}”; ask for csv or xlsx.")
    return _workbook(asked, headings, {f"result:{scale.key}": scale for scale in scales}, scales)


def _columns(scales: Sequence[Scale]) -> list[Choice]:
    """List the columns that make sense: the overall grade once, results for the parts."""
    final = final_scale(scales)
    keys = [scale.key for scale in scales if scale is not final]
    return [each for each in choices(keys) if each.column != "grade" or final is not None]


def _workbook(
    asked: Sequence[Choice], headings: Sequence[str], by_column: dict[str, Scale], scales: Sequence[Scale]
) -> bytes:
    out = io.BytesIO()
    final = final_scale(scales)
    known = by_column | ({"grade": final} if final else {})
    with new_workbook(out) as book:
        page = book.add_worksheet("Class list")
        page.freeze_panes(1, 0)
        styles = {
            "needed": book.add_format({"bold": True, "bottom": 1}),
            "plain": book.add_format({"bottom": 1}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for place, (choice, heading) in enumerate(zip(asked, headings, strict=True)):
            page.write_string(0, place, writable(heading), styles["needed" if choice.required else "plain"])
            width = max(len(heading) + 3, 26 if choice.column in ("name", "email") else 12)
            page.set_column(place, place, width, _style(choice.column, styles))
            if rule := _rule(choice.column, known.get(choice.column)):
                page.data_validation(1, place, _ROWS, place, rule)
        _explain(book.add_worksheet("Read me"), asked, headings, known, styles)
    return out.getvalue()


def _style(column: str, styles: dict[str, Any]) -> Any:
    if column in _TEXTS:
        return styles["text"]
    return styles["date"] if column in _DATES else None


def _rule(column: str, scale: Scale | None) -> dict[str, Any] | None:
    """Have the spreadsheet program warn of what would be refused; it may still be typed."""
    told = {"error_type": "warning", "error_title": "Class list"}
    if column in _DATES:
        between = {"validate": "date", "criteria": "between", "minimum": _FIRST_DATE, "maximum": _LAST_DATE}
        return between | told | {"error_message": "This is not a date."}
    if scale is None or scale.allowed or scale.minimum is None or scale.maximum is None:
        return None
    lowest = scale.minimum if scale.required is None else scale.required
    between = {"validate": "decimal", "criteria": "between"}
    between |= {"minimum": float(lowest), "maximum": float(scale.maximum)}
    return between | told | {"error_message": f"The scale runs from {lowest} to {scale.maximum}."}


def _explain(
    page: Any,
    asked: Sequence[Choice],
    headings: Sequence[str],
    known: dict[str, Scale],
    styles: dict[str, Any],
) -> None:
    for number, rule in enumerate(_RULES):
        page.write_string(number, 0, rule)
    top = len(_RULES) + 1
    for place, (title, width) in enumerate((("column", 24), ("needed", 10), ("what", 70), ("example", 34))):
        page.write_string(top, place, title, styles["needed"])
        page.set_column(place, place, width)
    for number, (choice, heading) in enumerate(zip(asked, headings, strict=True), start=top + 1):
        scale = known.get(choice.column)
        about = choice.about if scale is None else f"{scale.name or choice.about} {scale.about()}"
        cells = (heading, "yes" if choice.required else "", about, _example(choice.column, scale))
        for place, cell in enumerate(cells):
            page.write_string(number, place, writable(cell), styles["wrapped"])


def _example(column: str, scale: Scale | None) -> str:
    if scale is None:
        return _EXAMPLES.get(column, "")
    if scale.allowed:
        return scale.allowed[0]
    return "" if scale.maximum is None else str(scale.maximum)
