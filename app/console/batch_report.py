"""A batch that is issued: how far it is, what became of each recipient, and the same as a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.batch_answers import attachment, shown_times
from app.console.batch_words import done_words, recipient_state
from app.console.listing import Listing, asked_listing
from app.console.office import Console
from app.worker import worker_alive
from issuer.batching.access import BatchState
from issuer.batching.progress import IssuingProgress, issuing_progress
from issuer.batching.report import ORDER, Recipient, RecipientState, exported_recipients, recipients
from issuer.batching.undo import undo_outlook
from issuer.batching.view import batch_view
from issuer.csv_text import write_csv
from issuer.sheets import write_xlsx
from issuer.staff.roles import Act

_NEVER = datetime.min.replace(tzinfo=UTC)
_QUIET = timedelta(minutes=2)  # without a signature, after which the page says that it waits
_BEFORE_ISSUING = (BatchState.DRAFT, BatchState.APPROVAL, BatchState.DISCARDED)
_SORTS: dict[str, Callable[[Recipient], Any]] = {
    "line": lambda one: one.line,
    "name": lambda one: (one.name.casefold(), one.line),
    "number": lambda one: (one.student_number.casefold(), one.line),
    "state": lambda one: (ORDER[one.state], one.line),
    "when": lambda one: (max(_times(one), default=_NEVER), one.line),
}


@dataclass(frozen=True)
class Waiting:
    """Whether a page watches on, and what it says of the worker: none, quiet, or nothing."""

    watches: bool
    worker: str


def add_report_pages(pages: Blueprint, console: Console) -> None:
    """Add `/console/<slug>/batches/<batch_id>/report` and `/progress`."""

    @pages.get("/console/<slug>/batches/<batch_id>/report")
    @needs(Act.READ_BATCHES)
    def report(slug: str, batch_id: str) -> AnyResponse | str:
        view = batch_view(desk(), batch_id)
        if view.state in _BEFORE_ISSUING:
            return redirect(f"/console/{slug}/batches/{batch_id}", code=303)
        states = [state.value for state in RecipientState]
        listing = asked_listing(sorts=tuple(_SORTS), filters={"state": states}, default="state")
        if request.args.get("format") in ("csv", "xlsx"):
            return _export(batch_id, listing, request.args["format"])
        everyone = recipients(desk(), batch_id)
        fitting = _fitting(everyone, listing)
        listing = listing.counted(len(fitting))
        progress = issuing_progress(desk(), batch_id)
        may_undo = actor().may(Act.APPROVE_BATCHES)
        return render_template(
            "console/batch_report.html",
            batch=view,
            listing=listing,
            shown=fitting[listing.offset : listing.offset + listing.per_page],
            states=_states(everyone),
            words=recipient_state,
            progress=progress,
            waiting=_waiting(console, progress),
            undo=undo_outlook(desk(), batch_id) if may_undo else None,
            done=done_words(request.args.get("done", "")),
            slug=slug,
            base=f"/console/{slug}/batches",
            **shown_times(console),
        )

    _add_progress(pages, console)


def _add_progress(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/progress")
    @needs(Act.READ_BATCHES)
    def progress_part(slug: str, batch_id: str) -> Response:
        progress = issuing_progress(desk(), batch_id)
        waiting = _waiting(console, progress)
        body = render_template(
            "console/batch_progress.html",
            progress=progress,
            waiting=waiting,
            base=f"/console/{slug}/batches",
            batch_id=batch_id,
            **shown_times(console),
        )
        response = Response(body, content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        if not waiting.watches:
            response.headers["HX-Refresh"] = "true"  # the table below is older than the numbers
        return response


def _waiting(console: Console, progress: IssuingProgress) -> Waiting:
    """Tell whether there is something to watch, and whether the worker is there to do it."""
    sends = bool(console.settings.smtp_url) and bool(progress.mails_waiting)
    if progress.state is not BatchState.OPEN or not progress.waiting:
        return Waiting(progress.state is BatchState.OPEN or sends, "")
    if not worker_alive(console.settings.dir):
        return Waiting(True, "none")
    return Waiting(True, "quiet" if console.deployment.now() - progress.moved > _QUIET else "")


def _fitting(everyone: Sequence[Recipient], listing: Listing) -> list[Recipient]:
    wanted, words = listing.filters.get("state"), listing.query.casefold().split()
    fit = [
        one
        for one in everyone
        if (not wanted or one.state.value == wanted)
        and all(word in f"{one.name} {one.student_number} {one.line}".casefold() for word in words)
    ]
    return sorted(fit, key=_SORTS[listing.sort], reverse=listing.descending)


def _states(everyone: Sequence[Recipient]) -> list[tuple[str, str, int]]:
    """List the states that occur, with their words and how many are in them."""
    found = [one.state for one in everyone]
    return [
        (state.value, recipient_state(state).word, found.count(state))
        for state in RecipientState
        if state in found
    ]


def _export(batch_id: str, listing: Listing, kind: str) -> Response:
    rows = list(_rows(_fitting(exported_recipients(desk(), batch_id), listing)))
    data = write_xlsx(rows, sheet="Report") if kind == "xlsx" else write_csv(rows)
    return attachment(data, f"report-{batch_id[:8]}.{kind}")


def _rows(found: Sequence[Recipient]) -> Iterator[tuple[str, ...]]:
    yield ("line", "name", "student_number", "state", "reason", "signed", "mailed", "opened", "downloaded")
    for one in found:
        times = (one.signed, one.mailed, one.opened, one.downloaded)
        told = (str(one.line), one.name, one.student_number, one.state.value, one.reason)
        yield (*told, *(each.isoformat() if each else "" for each in times))


def _times(one: Recipient) -> list[datetime]:
    return [each for each in (one.signed, one.mailed, one.opened, one.downloaded) if each is not None]
