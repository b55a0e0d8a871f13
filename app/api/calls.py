"""The calls of the interface: definitions, batches, credentials, their status, and the audit.

What is made or changed may be asked for again without harm: the same class list for the same run from one
token is one draft, and a status that holds already is left as it is. So no Idempotency-Key is needed.
"""

from datetime import date
from typing import Any

from flask import Blueprint, Flask, Response, g, request

from app.api.access import PREFIX, desk, refuse_unguarded_calls, token_may
from app.api.openapi import openapi
from app.api.shapes import (
    answer,
    batch,
    credential,
    definition,
    found_credential,
    line,
    progress,
    recipient,
)
from app.console.office import Console
from app.limits import Limits
from app.problems import problem_response
from issuer.audit.entries import export
from issuer.batching.drafts import upload
from issuer.batching.overview import BatchQuery, count_batches, list_batches
from issuer.batching.preview import PreviewQuery, preview_lines
from issuer.batching.progress import issuing_progress
from issuer.batching.report import exported_recipients
from issuer.batching.view import batch_view
from issuer.credentials.history import credential_file
from issuer.credentials.search import Sought, find
from issuer.drafts.catalogue import published_version, published_versions
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound, StatusRefused, StorageFailed
from issuer.records import RevocationReason, Status
from issuer.staff.roles import Act
from issuer.status import StatusAct, StatusOrder, change_status
from ob3.errors import JsonRefused
from ob3.strict_json import parse

_MOST = 200
_BECOMES = {
    StatusAct.REVOKE: Status.REVOKED,
    StatusAct.SUSPEND: Status.SUSPENDED,
    StatusAct.REINSTATE: Status.GOOD,
}


def add_api(app: Flask, console: Console, limits: Limits) -> None:
    """Add the interface to an app; raises RuntimeError if a call does not say which act it needs."""
    calls = api_calls(console)
    limits.calls(calls)
    app.extensions["testamur_forms"].exempt(calls)  # it reads no cookie
    app.register_blueprint(calls)
    refuse_unguarded_calls(app, open_paths=(f"{PREFIX}/openapi.json",))


def api_calls(console: Console) -> Blueprint:
    """Make everything under /api/v1."""
    calls = Blueprint("api", __name__, url_prefix=PREFIX)

    @calls.before_request
    def unbound() -> None:
        g.deployment = console.deployment

    calls.register_error_handler(IssuerError, _problem)
    _add_definitions(calls)
    _add_batches(calls)
    _add_credentials(calls, console)

    @calls.get("/openapi.json")
    def described() -> Response:
        return answer(openapi(console.settings.base_url))

    @calls.get("/<slug>/audit.jsonl")
    @token_may(Act.READ_AUDIT)
    def audit(slug: str) -> Response:
        text = "".join(each + "\n" for each in export(desk()))
        return Response(text, content_type="application/jsonl; charset=utf-8")

    return calls


def _add_definitions(calls: Blueprint) -> None:
    @calls.get("/<slug>/definitions")
    @token_may(Act.READ_DEFINITIONS)
    def definitions(slug: str) -> Response:
        return answer({"definitions": [definition(each) for each in published_versions(desk())]})

    @calls.get("/<slug>/definitions/<public_id>")
    @token_may(Act.READ_DEFINITIONS)
    def one_definition(slug: str, public_id: str) -> Response:
        found = published_version(desk(), public_id)
        return answer({**definition(found), "document": found.version.achievement})


def _add_batches(calls: Blueprint) -> None:
    @calls.get("/<slug>/batches")
    @token_may(Act.READ_BATCHES)
    def batches(slug: str) -> Response:
        asked = BatchQuery()
        found = list_batches(desk(), asked, offset=_number("offset"), at_most=_limit())
        told = [
            {"id": each.id, "state": each.state.value, "run": each.run, "created": each.created}
            | {"definition": f"{each.code}@{each.version}", "rows": dict(each.rows)}
            for each in found
        ]
        return answer({"total": count_batches(desk(), asked), "batches": told})

    @calls.post("/<slug>/batches")
    @token_may(Act.PREPARE_BATCHES)
    def bring(slug: str) -> Response:
        file = request.files.get("file")
        if file is None:
            raise IssuerError("file", "Send the class list as the part “file” of a multipart form.")
        made = upload(
            desk(),
            definition=request.form.get("definition", ""),
            run=request.form.get("run", ""),
            file_name=file.filename or "",
            data=file.read(),
            awarded=_day("awarded"),
        )
        told = _preview(made) if desk().actor.may(Act.READ_BATCHES) else {"id": made, "state": "draft"}
        response = answer(told, 201)
        response.headers["Location"] = f"{PREFIX}/{slug}/batches/{made}"
        return response

    @calls.get("/<slug>/batches/<batch_id>")
    @token_may(Act.READ_BATCHES)
    def one_batch(slug: str, batch_id: str) -> Response:
        return answer(_preview(batch_id))

    @calls.get("/<slug>/batches/<batch_id>/report")
    @token_may(Act.READ_BATCHES)
    def report(slug: str, batch_id: str) -> Response:
        told = [recipient(each) for each in exported_recipients(desk(), batch_id)]
        return answer({"id": batch_id, "recipients": told})


def _preview(batch_id: str) -> dict[str, object]:
    """Describe a batch, its progress, and the lines of a draft that ask for somebody's eyes."""
    lines = preview_lines(desk(), batch_id, PreviewQuery()).lines
    return {
        **batch(batch_view(desk(), batch_id)),
        "progress": progress(issuing_progress(desk(), batch_id)),
        "to_look_at": [line(each) for each in lines if each.findings][:_MOST],
    }


def _add_credentials(calls: Blueprint, console: Console) -> None:
    @calls.get("/<slug>/credentials")
    @token_may(Act.READ_CREDENTIALS)
    def credentials(slug: str) -> Response:
        sought = Sought(text=request.args.get("q", "").replace("\0", "").strip()[:200])
        found = find(desk(), sought, offset=_number("offset"), limit=_limit())
        told = [found_credential(each) for each in found.rows]
        return answer({"total": found.total, "more": found.more, "credentials": told})

    @calls.get("/<slug>/credentials/<credential_id>")
    @token_may(Act.READ_CREDENTIALS)
    def one_credential(slug: str, credential_id: str) -> Response:
        return answer(credential(credential_file(desk(), credential_id)))

    @calls.post("/<slug>/credentials/<credential_id>/<any(revoke,suspend,reinstate):act>")
    @token_may(Act.CHANGE_STATUS)
    def change(slug: str, credential_id: str, act: str) -> Response:
        order = _order(StatusAct(act), _body())
        try:
            change_status(desk(), credential_id, order, slug=slug)
        except IssuerError as refused:
            if not _holds_already(refused, order):
                raise
        console.worker.sign_status_lists()
        return answer({"id": credential_id, "status": _BECOMES[order.act].value})


def _body() -> dict[str, Any]:
    """Read the JSON object of a call, empty without one; the strict reader bounds its size and its depth."""
    if not request.is_json:
        return {}
    try:
        body = parse(request.get_data())
    except JsonRefused:
        body = None
    if not isinstance(body, dict):
        raise IssuerError("body", "Send a JSON object with `reason` and, if you like, `note`.")
    return body


def _holds_already(refused: IssuerError, order: StatusOrder) -> bool:
    """Tell whether a refusal says only that what is asked for was done before."""
    said = {
        StatusAct.REVOKE: "already_revoked",
        StatusAct.SUSPEND: "already_suspended",
        StatusAct.REINSTATE: "not_suspended",
    }
    return refused.code == said[order.act]


def _order(act: StatusAct, body: dict[str, object]) -> StatusOrder:
    reason, note = body.get("reason"), body.get("note")
    if act is StatusAct.REVOKE and reason not in set(RevocationReason):
        known = ", ".join(RevocationReason)
        raise IssuerError("reason", f"Give the reason of the revocation: one of {known}.")
    if note is not None and not isinstance(note, str):
        raise IssuerError("note", "The note is text.")
    wanted = RevocationReason(str(reason)) if act is StatusAct.REVOKE else None
    return StatusOrder(act, wanted, note)


def _number(name: str, usual: int = 0) -> int:
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise IssuerError(name, f"“{name}” is a whole number.")
    return int(text)


def _limit() -> int:
    return max(1, min(_MOST, _number("limit", 50)))


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise IssuerError(name, f"Write “{name}” as 2026-06-30.") from None


def _problem(error: IssuerError) -> Response:
    kinds: list[tuple[type[IssuerError], int]] = [
        (NotFound, 404),
        (NotAllowed, 403),
        (Conflict, 409),
        (StatusRefused, 409),
        (StorageFailed, 503),
    ]
    status = next((status for kind, status in kinds if isinstance(error, kind)), 422)
    return problem_response(status, code=error.code, detail=error.message)
