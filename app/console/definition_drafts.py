"""The pages of one draft: writing it, its samples, its file, and the review."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.definition_acts import acted
from app.console.definition_form import FormNotOurs, document_of
from app.console.definition_page import differences, draft_page, moved_on
from app.console.definitions import answer_office_errors, base_of, export_response
from app.console.office import Console
from app.pages.achievements import achievement_words
from app.problems import problem_response
from issuer.badge_pictures import stored_picture
from issuer.badge_upload import MAX_BYTES, picture_png, sanitised_badge
from issuer.drafts.drafts import find_draft, resume_draft, save_draft, set_badge, withdraw_draft
from issuer.drafts.records import Draft, DraftChanged, DraftState
from issuer.drafts.review import (
    approve_draft,
    approve_for_later,
    draft_findings,
    may_approve,
    send_back,
    send_for_review,
)
from issuer.drafts.sample import sample_badge, sample_certificate, sample_version
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound
from issuer.staff.roles import Act
from issuer.staff.within import may_within

_DRAFT = "/console/<slug>/definitions/drafts/<public_id>"


def draft_pages(console: Console) -> Blueprint:
    """Make the pages under `/console/<slug>/definitions/drafts`."""
    pages = Blueprint("staff_drafts", __name__)
    answer_office_errors(pages)
    view = _Views(console)

    @pages.get(_DRAFT)
    @needs(Act.READ_DEFINITIONS)
    def shown(slug: str, public_id: str) -> str:
        draft = find_draft(desk(), public_id)
        writes = may_within(actor(), Act.WRITE_DEFINITIONS, draft.faculty_id)
        if writes and draft.state is DraftState.DRAFT:
            return view.form(slug, draft)
        return view.read(slug, draft)

    @pages.post(_DRAFT)
    @needs(Act.WRITE_DEFINITIONS)
    def saved(slug: str, public_id: str) -> AnyResponse | tuple[str, int] | str:
        return view.save(slug, public_id)

    @pages.post(f"{_DRAFT}/withdraw")
    @needs(Act.WRITE_DEFINITIONS)
    def withdrawn(slug: str, public_id: str) -> AnyResponse:
        withdraw_draft(desk(), public_id)
        return redirect(base_of(slug), code=303)

    @pages.post(f"{_DRAFT}/resume")
    @needs(Act.WRITE_DEFINITIONS)
    def resumed(slug: str, public_id: str) -> AnyResponse:
        resume_draft(desk(), public_id)
        return redirect(f"{base_of(slug)}/drafts/{public_id}", code=303)

    @pages.post(f"{_DRAFT}/review")
    @needs(Act.REVIEW_DEFINITIONS)
    def reviewed(slug: str, public_id: str) -> AnyResponse | tuple[str, int]:
        return view.review(slug, public_id)

    _add_samples(pages, console)
    return pages


def _add_samples(pages: Blueprint, console: Console) -> None:
    """Add what a draft would look like, and its file."""

    @pages.get(f"{_DRAFT}/certificate.png")
    @needs(Act.READ_DEFINITIONS)
    def certificate(slug: str, public_id: str) -> Response:
        office = desk()
        version = sample_version(office, find_draft(office, public_id).document)
        return _png(sample_certificate(office, version, demonstration=console.settings.demo))

    @pages.get(f"{_DRAFT}/badge.png")
    @needs(Act.READ_DEFINITIONS)
    def badge(slug: str, public_id: str) -> Response:
        office = desk()
        draft = find_draft(office, public_id)
        if draft.badge:
            return _png(picture_png(stored_picture(office, draft.badge.partition(".")[0])))
        return _png(sample_badge(sample_version(office, draft.document), demonstration=console.settings.demo))

    @pages.get(f"{_DRAFT}/page")
    @needs(Act.READ_DEFINITIONS)
    def public_page(slug: str, public_id: str) -> str:
        office = desk()
        draft = find_draft(office, public_id)
        words = achievement_words(sample_version(office, draft.document))
        back = f"{base_of(slug)}/drafts/{draft.public_id}"
        return render_template("console/definition_sample.html", back=back, **words)

    @pages.get(f"{_DRAFT}/export.<kind>")
    @needs(Act.READ_DEFINITIONS)
    def file(slug: str, public_id: str, kind: str) -> Response:
        draft = find_draft(desk(), public_id)
        return export_response(dict(draft.document), kind, f"{draft.code}-{draft.version}-draft")


class _Views:
    """What the pages of a draft answer."""

    def __init__(self, console: Console) -> None:
        self._zone = console.settings.zone

    def form(self, slug: str, draft: Draft, **said: Any) -> str:
        document = said.pop("document", None)
        page = draft_page(desk(), draft, zone=self._zone, document=document)
        return self._render("console/definition_form.html", slug, page=page, draft=draft, **said)

    def read(self, slug: str, draft: Draft, **said: Any) -> str:
        office = desk()
        page = draft_page(office, draft, zone=self._zone)
        return self._render(
            "console/definition_read.html",
            slug,
            page=page,
            draft=draft,
            findings=draft_findings(office, draft.document, faculty_id=draft.faculty_id),
            reviews=may_within(actor(), Act.REVIEW_DEFINITIONS, draft.faculty_id),
            approves=may_approve(office, draft),
            writes=may_within(actor(), Act.WRITE_DEFINITIONS, draft.faculty_id),
            **(achievement_words(sample_version(office, draft.document)) | {"accent_of": None}),
            **said,
        )

    def save(self, slug: str, public_id: str) -> AnyResponse | tuple[str, int] | str:
        """Save what was typed, then do what the button says; nothing typed is lost, whatever fails."""
        try:
            sent = document_of(request.form)
        except FormNotOurs:
            return problem_response(400)
        act, shown = request.form.get("act", "save"), sent
        sent, place = acted(shown, act, language=request.form.get("add_language", ""))
        try:
            draft = _saved(public_id, sent, shown=shown)
            place = self._then(act, draft) or place
        except DraftChanged as error:
            return self._refused(slug, error.theirs, sent, error.message, 409, compare=True)
        except (NotFound, NotAllowed):
            raise
        except IssuerError as error:
            return self._refused(slug, find_draft(desk(), public_id), sent, error.message, _status(error))
        if "HX-Request" in request.headers:
            return self._refreshed(slug, draft)
        anchor = f"#{place.replace('.', '-')}" if place else ""
        return redirect(f"{base_of(slug)}/drafts/{public_id}{anchor}", code=303)

    def review(self, slug: str, public_id: str) -> AnyResponse | tuple[str, int]:
        office = desk()
        try:
            if request.form.get("act") == "approve_later":
                approve_for_later(office, public_id, revision=_revision())
                return redirect(f"{base_of(slug)}/drafts/{public_id}", code=303)
            if request.form.get("act") == "approve":
                version = approve_draft(office, public_id, revision=_revision())
                return redirect(f"{base_of(slug)}/versions/{version.public_id}", code=303)
            send_back(office, public_id, note=request.form.get("note", ""))
        except (NotFound, NotAllowed):
            raise
        except IssuerError as error:
            draft = find_draft(office, public_id)
            typed = request.form.get("note", "")
            return self.read(slug, draft, refused_because=error.message, note=typed), _status(error)
        return redirect(base_of(slug), code=303)

    def _then(self, act: str, draft: Draft) -> str:
        """Do what a button says beside saving; give the place to look at."""
        if act == "send":
            send_for_review(desk(), draft.public_id, revision=draft.revision)
        elif act == "badge":
            file = request.files.get("picture")
            set_badge(desk(), draft.public_id, sanitised_badge(file.read(MAX_BYTES + 1) if file else b""))
            return "badge"
        elif act == "drawn":
            set_badge(desk(), draft.public_id, None)
            return "badge"
        return act.partition("at:")[2] if act.startswith("at:") else ""

    def _refused(
        self,
        slug: str,
        stored: Draft,
        sent: dict[str, Any],
        message: str,
        status: int,
        *,
        compare: bool = False,
    ) -> tuple[str, int] | str:
        if "HX-Request" in request.headers:
            return render_template("console/definition_refused.html", refused_because=message)
        different = differences(stored.document, sent) if compare else []
        page = self.form(slug, stored, document=sent, refused_because=message, differences=different)
        return page, status

    def _refreshed(self, slug: str, draft: Draft) -> str:
        page = draft_page(desk(), draft, zone=self._zone)
        moved = moved_on(request.form, page.form)
        return self._render("console/definition_refreshed.html", slug, page=page, draft=draft, moved=moved)

    def _render(self, template: str, slug: str, **values: Any) -> str:
        draft: Draft = values["draft"]
        here = f"{base_of(slug)}/drafts/{draft.public_id}"
        return render_template(template, base=base_of(slug), here=here, **values)


def _saved(public_id: str, document: dict[str, Any], *, shown: dict[str, Any]) -> Draft:
    """Save a document, also over a save of exactly what the form showed before the button changed it.

    A button pressed while the script saves a change comes with the revision before that save: nothing of
    anybody's is lost then, for what is stored meanwhile is what the form holds.
    """
    try:
        return save_draft(desk(), public_id, document, revision=_revision())
    except DraftChanged as changed:
        if changed.theirs.document != shown:
            raise
        return save_draft(desk(), public_id, document, revision=changed.theirs.revision)


def _revision() -> int:
    asked = request.form.get("revision", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0


def _status(error: IssuerError) -> int:
    return 409 if isinstance(error, Conflict) else 422


def _png(data: bytes) -> Response:
    response = Response(data, content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
