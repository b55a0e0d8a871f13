"""Reports: completeness, recognition by countries and figures of the pilot, as a page, as CSV and as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template

from app.console.access import desk, needs, needs_consortium
from app.console.listing import csv_response
from app.console.office import Console
from app.dates import country_name, time_of_day
from app.words import gettext as _
from app.words import page_language
from issuer.deployment import Deployment
from issuer.reports.completeness import completeness, groups
from issuer.reports.decisions import REFUSED, recognition_by_countries
from issuer.reports.pilot import pilot_figures
from issuer.reports.tables import LEAST_SHOWN, Cell, Table
from issuer.staff.roles import Act
from microcredential.recognition import Outcome
from microcredential.vocabulary import label

REPORTS: Mapping[str, Callable[[Deployment], Table]] = {
    "pilot": pilot_figures,
    "completeness": completeness,
    "recognition": recognition_by_countries,
}
_HIDDEN = f"1 to {LEAST_SHOWN - 1}"


@dataclass(frozen=True)
class Shown:
    """A report as a page shows it; the first `texts` cells of a row are words, the others figures."""

    name: str
    title: str
    about: str
    heads: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]


def report_pages(console: Console) -> Blueprint:
    """Make the reports of an institution under `/console/<slug>/reports`, and the consortium's."""
    pages = Blueprint("staff_reports", __name__)

    def page(base: str) -> str:
        office = desk()
        tables = [_shown(make(office)) for make in REPORTS.values()]
        made = time_of_day(office.now(), console.settings.zone)
        return render_template("console/reports.html", base=base, reports=tables, made=made, hidden=_hidden())

    @pages.get("/console/<slug>/reports")
    @needs(Act.READ_REPORTS)
    def listed(slug: str) -> str:
        return page(f"/console/{slug}/reports")

    @pages.get("/console/<slug>/reports/<report>.<any('csv','json'):kind>")
    @needs(Act.READ_REPORTS)
    def file(slug: str, report: str, kind: str) -> Response:
        return _file(report, kind, slug)

    @pages.get("/consortium/reports")
    @needs_consortium(Act.READ_REPORTS)
    def of_consortium() -> str:
        return page("/consortium/reports")

    @pages.get("/consortium/reports/<report>.<any('csv','json'):kind>")
    @needs_consortium(Act.READ_REPORTS)
    def file_of_consortium(report: str, kind: str) -> Response:
        return _file(report, kind, "consortium")

    return pages


def _file(report: str, kind: str, whose: str) -> Response:
    make = REPORTS.get(report)
    if make is None:
        abort(404)
    office = desk()
    table = make(office)
    name = f"{report}-{whose}"
    if kind == "csv":
        return csv_response(name, [table.columns, *(tuple(map(_written, row)) for row in table.rows)])
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    told = {
        "report": report,
        "made": office.now().isoformat(),
        "hidden": f"null stands for {_HIDDEN}",
        "rows": rows,
    }
    response = Response(json.dumps(told, ensure_ascii=False), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _written(cell: Cell) -> str:
    return _HIDDEN if cell is None else str(cell)


def _hidden() -> str:
    return _("1 to {most}").format(most=LEAST_SHOWN - 1)


def _shown(table: Table) -> Shown:
    title, about = _titles()[table.name]
    columns = tuple(each for each in table.columns if not each.endswith("_judged"))
    rows = tuple(_row(table.columns, row) for row in table.rows)
    texts = sum(each in _TEXTS for each in columns)
    sums = tuple(_hidden() if cell is None else str(cell) for cell in table.sums)
    return Shown(table.name, title, about, tuple(_head(each) for each in columns), texts, rows, sums)


_TEXTS = ("institution", "country", "code", "version", "recognised_in", "awarded_in", "kind", "outcome")


def _row(columns: tuple[str, ...], row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Say a row; what is met and what was judged stand in one cell, for neither says much alone."""
    values = dict(zip(columns, row, strict=True))
    said: list[str] = []
    for column, cell in values.items():
        if column.endswith("_met"):
            judged = values[column.removesuffix("_met") + "_judged"]
            said.append(_("{met} of {judged}").format(met=cell, judged=judged) if judged else "–")
        elif not column.endswith("_judged"):
            said.append(_said(column, cell))
    return tuple(said)


def _said(column: str, cell: Cell) -> str:
    if cell is None:
        return _hidden()
    if column in ("country", "recognised_in"):
        return country_name(str(cell))
    if column == "awarded_in":
        return country_name(str(cell)) if cell else _("not known here")
    if column == "kind":
        return {"R1": _("of a course, for everybody"), "R2": _("of one certificate")}.get(
            str(cell), str(cell)
        )
    if column == "outcome":
        return _outcome(str(cell))
    return str(cell)


def _outcome(code: str) -> str:
    if code == REFUSED:
        return _("Refused")
    return label(Outcome(code).iri, page_language()) if code in set(Outcome) else "–"


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "pilot": (
            _("Figures of the pilot"),
            _(
                "Claimed: the holder's page was opened. Checked: the page behind the code on paper, "
                "or the one that the holder shares, was opened; the holder may have done so too."
            ),
        ),
        "completeness": (
            _("Completeness"),
            _(
                "How many indicators of quality are met of those that a document can show, for what is "
                "offered now, as it stood when it was published."
            ),
        ),
        "recognition": (
            _("Recognition by countries"),
            _("What was recognised and has not been withdrawn, and what was refused."),
        ),
    }


def _head(column: str) -> str:
    group = column.removesuffix("_met")
    if group in groups():
        return _groups()[group]
    return {
        "institution": _("Institution"),
        "country": _("Country"),
        "code": _("Code"),
        "version": _("Version"),
        "versions": _("Versions"),
        "learners": _("Learners"),
        "issued": _("Issued"),
        "claimed": _("Claimed"),
        "checked": _("Checked"),
        "recognised_in": _("Recognised in"),
        "awarded_in": _("Awarded in"),
        "kind": _("Kind"),
        "outcome": _("Outcome"),
        "number": _("Number"),
    }[column]


def _groups() -> dict[str, str]:
    return {
        "authority": _("Authority"),
        "design": _("Design"),
        "assessment": _("Assessment"),
        "recognition": _("Recognition"),
        "portability": _("Portability"),
        "transparency": _("Transparency"),
    }
