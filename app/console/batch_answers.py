"""What every page of batches answers with: a way back, a file, a date that was typed, or why not."""

import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import structlog
from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.office import Console
from app.console.times import brief_time, zone_word
from app.dates import long_date, time_of_day
from app.problems import problem_response
from app.words import gettext as _
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound, StorageFailed

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TYPED = ("note", "run", "awarded", "criteria")
_LONGEST_SHOWN = 1_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
_log = structlog.get_logger(__name__)


def answer_refusals(pages: Blueprint) -> None:
    """Answer what the services refuse: a page that says why and repeats what was typed."""

    @pages.errorhandler(NotAllowed)
    def not_allowed(refused: NotAllowed) -> AnyResponse:
        return problem_response(403, code=refused.code, detail=refused.message)

    @pages.errorhandler(NotFound)
    def not_found(refused: NotFound) -> AnyResponse:
        return problem_response(404, code=refused.code, detail=refused.message)

    @pages.errorhandler(StorageFailed)
    def storage_failed(refused: StorageFailed) -> AnyResponse:
        return problem_response(503, code=refused.code)

    @pages.errorhandler(IssuerError)
    def refused_otherwise(refused: IssuerError) -> tuple[str, int]:
        status = 409 if isinstance(refused, Conflict) else 422
        values = request.view_args or {}
        page = render_template(
            "console/batch_refused.html",
            sentence=refused.message,
            typed=_typed(),
            back=f"/console/{g.actor.slug}/batches/{values.get('batch_id', '')}".rstrip("/"),
        )
        return page, status


def to_batch(slug: str, batch_id: str, *, done: str = "", page: str = "") -> AnyResponse:
    """Lead back to a page of a batch with a word of what was done."""
    query = f"?done={done}" if done else ""
    return redirect(f"/console/{slug}/batches/{batch_id}{page}{query}", code=303)


def attachment(data: bytes, name: str) -> Response:
    """Answer with a file to keep, CSV or a workbook by the end of its name.

    Codes are free text, in any script and perhaps in two lines: only what every header can carry is kept.
    """
    response = Response(data, content_type=_KINDS[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=_UNSAFE.sub("-", name))
    response.headers["Cache-Control"] = "no-store"
    return response


def asked_day(name: str) -> date | None:
    """Read a day from the form, None where it is empty. Raises IssuerError for what is no day."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = _("“{text}” is not a day. Write it like 2026-06-30.").format(text=text[:40])
        raise IssuerError("day", message) from error


def shown_times(console: Console) -> dict[str, Any]:
    """Give templates what writes days and times in the zone of the settings."""
    zone = console.settings.zone

    def at(value: datetime) -> str:
        return time_of_day(value, zone)

    def brief(value: datetime) -> str:
        return brief_time(value, zone)

    return {"day": long_date, "at": at, "brief": brief, "zone": zone_word(console.deployment.now(), zone)}


def tell_worker(act: Callable[[], object]) -> None:
    """Tell the worker of new work; if it cannot be told, it finds the rows within a minute."""
    try:
        act()
    except (OSError, sqlite3.Error) as error:
        _log.warning("worker_not_told", error=type(error).__name__)


def _typed() -> list[tuple[str, str]]:
    """List what the form held, so that nobody must type it a second time."""
    names = [name for name in request.form if name in _TYPED or name.startswith("cell-")]
    return [(_label(name), request.form[name][:_LONGEST_SHOWN]) for name in names if request.form[name]]


def _label(name: str) -> str:
    known = {"note": _("Note"), "run": _("Run"), "awarded": _("Awarded"), "criteria": _("Criteria")}
    line = name.split("-")[1] if name.startswith("cell-") else ""
    return known.get(name) or _("Line {line}").format(line=line)
