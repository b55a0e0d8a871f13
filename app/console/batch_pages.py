"""The pages of batches: the list of them, taking in a file, and what every one of these pages shares."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.batch_acts import add_act_pages
from app.console.batch_answers import answer_refusals, asked_day, attachment, shown_times, to_batch
from app.console.batch_draft import add_draft_pages
from app.console.batch_report import add_report_pages
from app.console.batch_words import batch_state
from app.console.field_faults import FieldFault, fault_of
from app.console.listing import asked_listing, csv_response
from app.console.office import Console
from app.words import get_locale
from issuer.batching import drafts
from issuer.batching.access import BatchState
from issuer.batching.overview import SORTED, BatchItem, BatchQuery, count_batches, list_batches
from issuer.batching.versions import template_for, version_choices
from issuer.errors import IssuerError, NotAllowed, NotFound, StorageFailed
from issuer.staff.roles import Act

_MOST_EXPORTED = 10_000
_FILE_KINDS = ".csv,.txt,.tsv,.xlsx"


def batch_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/batches` and all below it."""
    pages = Blueprint("staff_batches", __name__)
    answer_refusals(pages)
    _add_list(pages, console)
    _add_taking_in(pages, console)
    add_draft_pages(pages, console)
    add_act_pages(pages, console)
    add_report_pages(pages, console)
    return pages


def _add_list(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches")
    @needs(Act.READ_BATCHES)
    def listed(slug: str) -> Response | str:
        states = [state.value for state in BatchState]
        listing = asked_listing(sorts=SORTED, filters={"state": states}, default="-created")
        asked = BatchQuery(listing.filters.get("state", ""), listing.query, listing.sort, listing.descending)
        if request.args.get("format") == "csv":
            items = list_batches(desk(), asked, at_most=_MOST_EXPORTED)
            return csv_response(f"batches-{slug}", _rows(items))
        listing = listing.counted(count_batches(desk(), asked))
        items = list_batches(desk(), asked, offset=listing.offset, at_most=listing.per_page)
        return render_template(
            "console/batch_list.html",
            listing=listing,
            items=items,
            states=[(state.value, batch_state(state).word) for state in BatchState],
            words=batch_state,
            may_prepare=actor().may(Act.PREPARE_BATCHES),
            base=f"/console/{slug}/batches",
            **shown_times(console),
        )


def _add_taking_in(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/new")
    @needs(Act.PREPARE_BATCHES)
    def new(slug: str) -> str:
        return _new_page(slug)

    @pages.post("/console/<slug>/batches/new")
    @needs(Act.PREPARE_BATCHES)
    def take_in(slug: str) -> AnyResponse | tuple[str, int]:
        given = request.files.get("file")
        try:
            if given is None or not given.filename:
                raise IssuerError("no_file", "Choose a file: the class list as CSV or as an Excel workbook.")
            batch_id = drafts.upload(
                desk(),
                definition=request.form.get("definition", ""),
                run=request.form.get("run", ""),
                file_name=given.filename,
                data=given.read(),
                awarded=asked_day("awarded"),
            )
        except (NotAllowed, StorageFailed):
            raise
        except IssuerError as refused:
            return _new_page(slug, _fault(refused)), 422
        return to_batch(slug, batch_id, done="uploaded")

    @pages.get("/console/<slug>/batches/template")
    @needs(Act.PREPARE_BATCHES)
    def template(slug: str) -> Response | tuple[str, int]:
        language = str(get_locale()).partition("_")[0]
        asked = (request.args.get("definition", ""), request.args.get("kind", ""))
        try:
            name, data = template_for(desk(), *asked, language=language)
        except IssuerError as refused:
            return _new_page(slug, fault_of(refused)), 422
        return attachment(data, name)


def _new_page(slug: str, refusal: FieldFault | None = None) -> str:
    return render_template(
        "console/batch_new.html",
        choices=version_choices(desk()),
        typed=request.values,
        refusal=refusal,
        kinds=_FILE_KINDS,
        base=f"/console/{slug}/batches",
    )


def _fault(refused: IssuerError) -> FieldFault:
    """Say at which field; what is not of a field's own is of the file."""
    if isinstance(refused, NotFound):
        return FieldFault("definition", refused.message)
    places = {"no_definition": "definition", "run": "run", "day": "awarded"}
    return FieldFault(places.get(refused.code, "file"), refused.message)


def _rows(items: Sequence[BatchItem]) -> Iterator[tuple[str, ...]]:
    yield ("definition", "version", "run", "state", "file", "by", "created", "ready", "issued", "failed")
    for item in items:
        issued, failed = (str(item.rows.get(state, 0)) for state in ("issued", "failed"))
        told = (item.code, item.version, item.run, item.state.value, item.file_name, item.by)
        yield (*told, item.created.isoformat(), str(item.ready), issued, failed)
