"""Micro-credentials of an institution: the list, a new draft, a file, and what was published."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.definition_choices import languages
from app.console.definition_form import LANGUAGE
from app.console.definition_list import STATES, asked_definitions, lines, page_of, rows_of, state_words
from app.console.field_faults import FieldFault, fault_of
from app.console.listing import csv_response
from app.console.office import Console
from app.dates import time_of_day
from app.pages.achievements import achievement_words, programmes_shown
from app.problems import problem_response
from app.words import page_language
from issuer.deployment import Deployment
from issuer.drafts.catalogue import (
    faculties,
    import_draft,
    published_version,
    published_versions,
    writable_faculties,
)
from issuer.drafts.drafts import begin_draft, blank_document, follow_version
from issuer.drafts.files import document_of_version, written_json, written_yaml
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound
from issuer.register.programmes import confirm_programme
from issuer.register.retiring import retire_version
from issuer.staff.roles import Act
from issuer.staff.within import may_within

_MOST_NOTES = 200
_LARGEST_FILE = 4 * 1024 * 1024  # documents of the European Learning Model hold pictures
FORMATS = {"json": ("application/json", written_json), "yaml": ("application/yaml", written_yaml)}


def definition_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/definitions`, what begins a draft, and the pages of published versions."""
    pages = Blueprint("staff_definitions", __name__)
    answer_office_errors(pages)

    @pages.get("/console/<slug>/definitions")
    @needs(Act.READ_DEFINITIONS)
    def listed(slug: str) -> Response | str:
        listing = asked_definitions()
        found = lines(desk(), listing, base=base_of(slug), zone=console.settings.zone)
        if request.args.get("format") == "csv":
            return csv_response(f"micro-credentials-{slug}", rows_of(found))
        shown, listing = page_of(found, listing)
        return render_template(
            "console/definitions.html",
            listing=listing,
            lines=shown,
            states=[(state, state_words(state).word) for state in STATES],
            writes=actor().may(Act.WRITE_DEFINITIONS),
        )

    @pages.get("/console/<slug>/definitions/new")
    @needs(Act.WRITE_DEFINITIONS)
    def new(slug: str) -> str:
        return _new_page(slug)

    @pages.post("/console/<slug>/definitions/new")
    @needs(Act.WRITE_DEFINITIONS)
    def begun(slug: str) -> AnyResponse:
        language = request.form.get("language", "")
        document = blank_document(language if LANGUAGE.fullmatch(language) else "en")
        draft = begin_draft(desk(), document, faculty_id=_faculty())
        return redirect(f"{base_of(slug)}/drafts/{draft.public_id}", code=303)

    @pages.post("/console/<slug>/definitions/import")
    @needs(Act.WRITE_DEFINITIONS)
    def imported(slug: str) -> AnyResponse | tuple[str, int]:
        pasted = request.form.get("text", "")
        try:
            draft, notes = import_draft(desk(), _sent_file() or pasted.encode(), faculty_id=_faculty())
        except (NotAllowed, NotFound):
            raise
        except IssuerError as error:
            return _new_page(slug, refused=error.message, text=pasted), 422
        begun = f"{base_of(slug)}/drafts/{draft.public_id}"
        if notes:
            more = max(0, len(notes) - _MOST_NOTES)
            shown = {"draft": begun, "notes": notes[:_MOST_NOTES], "more": more}
            return render_template("console/definition_imported.html", **shown), 200
        return redirect(begun, code=303)

    _add_versions(pages, console)
    _add_decisions(pages, console)
    return pages


def _add_versions(pages: Blueprint, console: Console) -> None:
    """Add the pages of what was published."""

    @pages.get("/console/<slug>/definitions/versions/<public_id>")
    @needs(Act.READ_DEFINITIONS)
    def version(slug: str, public_id: str) -> str:
        return _version_page(console, slug, public_id)

    @pages.get("/console/<slug>/definitions/versions/<public_id>/export.<kind>")
    @needs(Act.READ_DEFINITIONS)
    def version_file(slug: str, public_id: str, kind: str) -> Response:
        found = published_version(desk(), public_id).version
        return export_response(document_of_version(found), kind, f"{found.code}-{found.version}")

    @pages.post("/console/<slug>/definitions/versions/<public_id>/follow")
    @needs(Act.WRITE_DEFINITIONS)
    def follow(slug: str, public_id: str) -> AnyResponse:
        draft = follow_version(desk(), public_id)
        return redirect(f"{base_of(slug)}/drafts/{draft.public_id}#definition-version", code=303)


def _add_decisions(pages: Blueprint, console: Console) -> None:
    """Add what reviewers decide about a version: retiring it, and recording a confirmation."""

    @pages.post("/console/<slug>/definitions/versions/<public_id>/retire")
    @needs(Act.REVIEW_DEFINITIONS)
    def retire(slug: str, public_id: str) -> AnyResponse | tuple[str, int]:
        published_version(desk(), public_id)  # one of another faculty is not there
        try:
            retire_version(desk(), public_id, reason=request.form.get("reason", ""))
        except (NotAllowed, NotFound, Conflict):
            raise
        except IssuerError as error:
            return _version_page(console, slug, public_id, refused=fault_of(error)), 422
        return redirect(f"{base_of(slug)}/versions/{public_id}", code=303)

    @pages.post("/console/<slug>/definitions/versions/<public_id>/programme")
    @needs(Act.REVIEW_DEFINITIONS)
    def programme(slug: str, public_id: str) -> AnyResponse | tuple[str, int]:
        published_version(desk(), public_id)
        named = request.form.get("place", "0")
        place = int(named) if named.isascii() and named.isdecimal() and len(named) < 4 else 0
        try:
            confirm_programme(desk(), public_id, place, reference=request.form.get("reference", ""))
        except (NotAllowed, NotFound, Conflict):
            raise
        except IssuerError as error:
            fault = fault_of(error, {"reference": f"reference-{place}"})
            return _version_page(console, slug, public_id, refused=fault), 422
        return redirect(f"{base_of(slug)}/versions/{public_id}#towards", code=303)


def _version_page(console: Console, slug: str, public_id: str, *, refused: FieldFault | None = None) -> str:
    office = desk()
    found = published_version(office, public_id)
    same = [each for each in published_versions(office) if each.version.code == found.version.code]
    return render_template(
        "console/definition_version.html",
        found=found,
        others=[each.version for each in same if each.version.public_id != public_id],
        state=state_words(found.state.value),
        faculty=faculties(office).get(found.faculty_id or 0, ""),
        published=time_of_day(found.version.created, console.settings.zone),
        retired=time_of_day(found.retired, console.settings.zone) if found.retired else "",
        base=base_of(slug),
        writes=may_within(actor(), Act.WRITE_DEFINITIONS, found.faculty_id),
        retires=may_within(actor(), Act.REVIEW_DEFINITIONS, found.faculty_id),
        refused_because=refused,
        programmes=programmes_shown(console.issuer, public_id),
        **(achievement_words(found.version) | {"accent_of": None}),
    )


def answer_office_errors(pages: Blueprint) -> None:
    """Answer what the office refuses with the status that fits and its own sentence."""
    for error, status in ((NotAllowed, 403), (NotFound, 404), (Conflict, 409), (IssuerError, 422)):
        pages.register_error_handler(error, _answer(status))


def base_of(slug: str) -> str:
    """Give the address of the list of an institution."""
    return f"/console/{slug}/definitions"


def export_response(document: dict[str, object], kind: str, name: str) -> Response:
    """Answer with a definition file for download; raises NotFound for another kind than JSON and YAML."""
    if kind not in FORMATS:
        raise NotFound("unknown_format", "Definitions are given as JSON or YAML.")
    media_type, write = FORMATS[kind]
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in name
    )
    response = Response(write(document), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain or "definition"}.{kind}"'
    return response


def _answer(status: int) -> Callable[[IssuerError], Response]:
    def answered(error: IssuerError) -> Response:
        return problem_response(status, code=error.code, detail=error.message)

    return answered


def _faculty() -> int | None:
    asked = request.form.get("faculty", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def _sent_file() -> bytes:
    file = request.files.get("file")
    if not file or not file.filename:
        return b""
    with file.stream:  # a large one is a file of its own, which would stay open
        data: bytes = file.read(_LARGEST_FILE + 1)
        return data


def _new_page(slug: str, *, refused: str = "", text: str = "") -> str:
    office: Deployment = desk()
    return render_template(
        "console/definition_new.html",
        base=base_of(slug),
        languages=languages(page_language()),
        faculties=writable_faculties(office),
        whole=may_within(office.actor, Act.WRITE_DEFINITIONS, None),
        refused_because=refused,
        text=text,
    )
