"""What is decided about a list: sent for approval, sent back, approved, discarded, undone."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.clauses import REASONS
from app.console.access import desk, needs
from app.console.batch_answers import shown_times, tell_worker, to_batch
from app.console.office import Console
from issuer.batching import approval, drafts
from issuer.batching.undo import undo, undo_outlook
from issuer.batching.view import batch_view
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound
from issuer.staff.roles import Act


def add_act_pages(pages: Blueprint, console: Console) -> None:
    """Add the acts below `/console/<slug>/batches/<batch_id>` and the questions before them."""
    _add_approval(pages, console)
    _add_sending_back(pages, console)
    _add_discarding(pages, console)
    _add_undoing(pages, console)


def _add_approval(pages: Blueprint, console: Console) -> None:
    @pages.post("/console/<slug>/batches/<batch_id>/send")
    @needs(Act.PREPARE_BATCHES)
    def send(slug: str, batch_id: str) -> AnyResponse:
        approval.send(desk(), batch_id, revision=_seen("revision"))
        return to_batch(slug, batch_id, done="sent")

    @pages.post("/console/<slug>/batches/<batch_id>/approve")
    @needs(Act.APPROVE_BATCHES)
    def approve(slug: str, batch_id: str) -> AnyResponse:
        seen = {"revision": _seen("revision"), "certificates": _seen("certificates")}
        approval.approve(desk(), batch_id, **seen, criteria=request.form.get("criteria", ""))
        tell_worker(lambda: console.worker.issue_batch(batch_id))
        return to_batch(slug, batch_id, page="/report", done="approved")


def _add_sending_back(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/send-back")
    @needs(Act.APPROVE_BATCHES)
    def ask_note(slug: str, batch_id: str) -> str:
        return _back_page(slug, batch_id)

    @pages.post("/console/<slug>/batches/<batch_id>/send-back")
    @needs(Act.APPROVE_BATCHES)
    def send_back(slug: str, batch_id: str) -> AnyResponse | tuple[str, int]:
        try:
            approval.send_back(desk(), batch_id, request.form.get("note", ""))
        except (Conflict, NotFound, NotAllowed):
            raise
        except IssuerError as refused:
            return _back_page(slug, batch_id, refused.message), 422
        return to_batch(slug, batch_id, done="returned")

    def _back_page(slug: str, batch_id: str, refusal: str = "") -> str:
        return render_template(
            "console/batch_send_back.html",
            batch=batch_view(desk(), batch_id),
            refusal=refusal,
            note=request.form.get("note", ""),
            base=f"/console/{slug}/batches",
        )


def _add_discarding(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/discard")
    @needs(Act.PREPARE_BATCHES)
    def ask_discard(slug: str, batch_id: str) -> str:
        view = batch_view(desk(), batch_id)
        return render_template("console/batch_discard.html", batch=view, base=f"/console/{slug}/batches")

    @pages.post("/console/<slug>/batches/<batch_id>/discard")
    @needs(Act.PREPARE_BATCHES)
    def discard(slug: str, batch_id: str) -> AnyResponse:
        drafts.discard(desk(), batch_id)
        return to_batch(slug, batch_id, done="discarded")


def _add_undoing(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/batches/<batch_id>/undo")
    @needs(Act.APPROVE_BATCHES)
    def ask_undo(slug: str, batch_id: str) -> str:
        return render_template(
            "console/batch_undo.html",
            batch=batch_view(desk(), batch_id),
            outlook=undo_outlook(desk(), batch_id),
            now=console.deployment.now(),
            reason=str(REASONS["error"]),
            base=f"/console/{slug}/batches",
            **shown_times(console),
        )

    @pages.post("/console/<slug>/batches/<batch_id>/undo")
    @needs(Act.APPROVE_BATCHES)
    def undo_it(slug: str, batch_id: str) -> AnyResponse:
        undo(desk(), batch_id)
        tell_worker(console.worker.sign_status_lists)
        return to_batch(slug, batch_id, page="/report", done="undone")


def _seen(name: str) -> int:
    """Read which list somebody saw; 0, which is no list, for what is no number."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
