"""A class list before it is issued: its columns, its preview, mending, another file, the sample."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.batch_answers import asked_day, attachment, shown_times, to_batch
from app.console.batch_preview import asked_changes, shown_columns, shown_lines
from app.console.batch_words import batch_state, column_name, done_words
from app.console.field_faults import FieldFault, fault_of
from app.console.listing import asked_listing
from app.console.office import Console
from issuer.batching import drafts
from issuer.batching.access import BatchState
from issuer.batching.preview import SHOWN, SORTED, PreviewPage, PreviewQuery, name_of, preview_lines
from issuer.batching.sample import sample_png
from issuer.batching.view import BatchView, batch_view, columns_view, left_out_file
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.staff.roles import Act

_BEFORE_ISSUING = (BatchState.DRAFT, BatchState.APPROVAL)


def add_draft_pages(pages: Blueprint, console: Console) -> None:
    """Add `/console/<slug>/batches/<batch_id>` and what belongs to a list that is not issued yet."""
    _add_preview(pages, console)
    _add_columns(pages, console)
    _add_files(pages, console)


def _add_preview(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>")
    @needs(Act.READ_BATCHES)
    def preview(slug: str, batch_id: str) -> AnyResponse | str:
        view = batch_view(desk(), batch_id)
        if view.state is BatchState.DISCARDED:
            return render_template(
                "console/batch_discarded.html",
                batch=view,
                said=done_words("discarded"),
                **_shared(console, slug),
            )
        if view.state not in _BEFORE_ISSUING:
            return to_batch(slug, batch_id, page="/report", done=request.args.get("done", ""))
        if not view.mapped:
            return to_batch(slug, batch_id, page="/columns")
        return _preview_page(console, slug, view)

    @pages.post("/console/<slug>/batches/<batch_id>/lines")
    @needs(Act.PREPARE_BATCHES)
    def mend(slug: str, batch_id: str) -> AnyResponse:
        drafts.mend(desk(), batch_id, asked_changes(request.form))
        kept = [f"{name}={request.args[name]}" for name in ("show", "sort", "page") if name in request.args]
        return to_batch(slug, batch_id, done="&".join(["mended", *_plain(kept)]))

    @pages.get("/console/<slug>/batches/<batch_id>/sample.png")
    @needs(Act.READ_BATCHES)
    def sample(slug: str, batch_id: str) -> Response:
        line = _number("line")
        if line is None:
            raise NotFound("no_such_line", "Name the line whose certificate is to be shown.")
        picture = sample_png(desk(), batch_id, line, demonstration=console.settings.demo)
        response = Response(picture, content_type="image/png")
        response.headers["Cache-Control"] = "no-store"
        return response


def _add_columns(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/columns")
    @needs(Act.PREPARE_BATCHES)
    def columns(slug: str, batch_id: str) -> str:
        return _columns_page(console, slug, batch_id)

    @pages.post("/console/<slug>/batches/<batch_id>/columns")
    @needs(Act.PREPARE_BATCHES)
    def remap(slug: str, batch_id: str) -> AnyResponse | tuple[str, int]:
        view = batch_view(desk(), batch_id)
        told = {
            header: request.form[f"column-{place}"]
            for place, header in enumerate(view.header)
            if f"column-{place}" in request.form
        }
        try:
            fault = drafts.remap(desk(), batch_id, told, awarded=asked_day("awarded"))
        except (Conflict, NotFound):
            raise
        except IssuerError as refused:
            return _columns_page(console, slug, batch_id, fault_of(refused, {"day": "awarded"})), 422
        if fault:
            return _columns_page(console, slug, batch_id, FieldFault("", fault)), 422
        return to_batch(slug, batch_id, done="mapped")


def _add_files(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/file")
    @needs(Act.PREPARE_BATCHES)
    def another(slug: str, batch_id: str) -> str:
        return _file_page(console, slug, batch_id)

    @pages.post("/console/<slug>/batches/<batch_id>/file")
    @needs(Act.PREPARE_BATCHES)
    def replace(slug: str, batch_id: str) -> AnyResponse | tuple[str, int]:
        given = request.files.get("file")
        try:
            if given is None or not given.filename:
                raise IssuerError("no_file", "Choose a file: the class list as CSV or as an Excel workbook.")
            drafts.replace_file(desk(), batch_id, file_name=given.filename, data=given.read())
        except (Conflict, NotFound):
            raise
        except IssuerError as refused:
            return _file_page(console, slug, batch_id, FieldFault("file", refused.message)), 422
        return to_batch(slug, batch_id, done="uploaded")

    @pages.get("/console/<slug>/batches/<batch_id>/left-out")
    @needs(Act.READ_BATCHES)
    def left_out(slug: str, batch_id: str) -> Response:
        kind = "xlsx" if request.args.get("format") == "xlsx" else "csv"
        return attachment(left_out_file(desk(), batch_id, kind), f"left-out-{batch_id[:8]}.{kind}")


def _preview_page(console: Console, slug: str, view: BatchView) -> str:
    listing = asked_listing(sorts=SORTED, filters={"show": SHOWN}, default="state")
    line = _number("line")
    asked = PreviewQuery(
        listing.filters.get("show", ""), listing.query, listing.sort, listing.descending, line
    )
    page = preview_lines(desk(), view.id, asked)
    listing = listing.counted(len(page.lines))
    shown = page.lines[listing.offset : listing.offset + listing.per_page]
    may_mend = view.is_draft and actor().may(Act.PREPARE_BATCHES)
    columns = shown_columns(view, page)
    return render_template(
        "console/batch_preview.html",
        batch=view,
        listing=listing,
        columns=columns,
        lines=shown_lines(shown, columns, may_mend=may_mend, whole=line is not None),
        single=line,
        may_mend=may_mend,
        sample=_sample(page),
        began=page.began,
        left_aside=[header for header in view.header if not view.mapping.get(header)],
        query=request.query_string.decode("ascii", "ignore"),
        **_shared(console, slug),
    )


def _sample(page: PreviewPage) -> dict[str, Any] | None:
    """Say whose sample is shown: the first line, the one with the longest name, or any that is asked for."""
    asked = request.args.get("sample", "")
    chosen = page.longest if asked == "longest" else page.first
    if chosen is None:
        return None
    if asked.isascii() and asked.isdecimal() and len(asked) < 7:
        return {"line": int(asked), "name": ""}
    return {"line": chosen.line, "name": name_of(chosen, page.places)}


def _columns_page(console: Console, slug: str, batch_id: str, refusal: FieldFault | None = None) -> str:
    view = batch_view(desk(), batch_id)
    if not view.is_draft:
        raise Conflict("not_a_draft", "The list is no draft any more, so its columns stay as they are.")
    found = columns_view(desk(), batch_id)
    typed = request.form if request.method == "POST" else None
    return render_template(
        "console/batch_columns.html",
        batch=view,
        columns=found.columns,
        choices=[(choice.column, column_name(choice.column)) for choice in found.choices],
        fault=refusal.message if refusal else found.fault,
        refusal=refusal,
        typed=typed,
        **_shared(console, slug),
    )


def _file_page(console: Console, slug: str, batch_id: str, refusal: FieldFault | None = None) -> str:
    view = batch_view(desk(), batch_id)
    return render_template("console/batch_file.html", batch=view, refusal=refusal, **_shared(console, slug))


def _shared(console: Console, slug: str) -> dict[str, Any]:
    return {
        "base": f"/console/{slug}/batches",
        "done": done_words(request.args.get("done", "")),
        "words": batch_state,
        "may_prepare": actor().may(Act.PREPARE_BATCHES),
        "may_approve": actor().may(Act.APPROVE_BATCHES),
        **shown_times(console),
    }


def _plain(kept: list[str]) -> list[str]:
    """Keep of an address only what cannot be anything else."""
    return [each for each in kept if each.replace("=", "").replace("-", "").isalnum() and each.isascii()]


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
