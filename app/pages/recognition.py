"""Recognition as programs read and hand it in: the statements about a course, and all that were made here."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from app.headers import open_to_all
from app.limits import Limits
from app.pages.office import Services
from app.problems import problem_response
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.recognition.published import made_here, public_statements
from issuer.recognition.receiving import MAX_BYTES, ReceptionRefused, receive
from issuer.recognition.records import PublicStatement

FEED_PATH = "/recognition-statements.json"
_MAX_AGE = 60  # seconds: a withdrawal is to be seen within a minute, as with status lists
_READ = ("application/json", "application/ld+json", "application/vc+ld+json", "application/vc")


def recognition_pages(services: Services, limits: Limits) -> Blueprint:
    """Make the addresses under `/achievements/ID/endorsements`, and the feed for other deployments."""
    pages = Blueprint("recognition", __name__)

    @pages.get("/achievements/<public_id>/endorsements")
    def listed(public_id: str) -> Response:
        desk = _desk(services)
        try:
            found = public_statements(desk, public_id) if desk else None
        except NotFound:
            found = None
        if desk is None or found is None:
            return open_to_all(problem_response(404))
        return _answer({"achievement": desk.achievement_url(public_id)}, found)

    @pages.post("/achievements/<public_id>/endorsements")
    @limits.checks
    def submitted(public_id: str) -> Response:
        desk = _desk(services)
        if desk is None:
            return problem_response(404)
        if request.mimetype not in _READ:
            return problem_response(415, detail="Send the signed statement as JSON.")
        request.max_content_length = MAX_BYTES
        try:
            made = receive(desk, public_id, request.get_data(), verify=services.outside().verify)
        except NotFound:
            return problem_response(404)
        except ReceptionRefused as refused:
            return problem_response(422, code=refused.code, detail=refused.message)
        except IssuerError as fault:
            return problem_response(503, code=fault.code)
        response = Response(json.dumps(_told(made)), 201, content_type="application/json")
        response.headers["Location"] = f"/achievements/{public_id}/endorsements"
        return response

    @pages.get(FEED_PATH)
    def feed() -> Response:
        desk = _desk(services)
        return _answer({}, made_here(desk) if desk else [])

    return pages


def _desk(services: Services) -> Deployment | None:
    return services.issuer.deployment if services.issuer is not None else None


def _answer(head: dict[str, Any], statements: Sequence[PublicStatement]) -> Response:
    told = {**head, "endorsements": [_told(one) for one in statements]}
    response = Response(json.dumps(told, ensure_ascii=False), content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE}"
    response.add_etag()
    response.make_conditional(request)
    return open_to_all(response)


def _told(one: PublicStatement) -> dict[str, Any]:
    """Describe a statement; the document is what its issuer signed, and readers verify it for themselves."""
    checked = {"checked": one.checked.isoformat()} if one.checked else {}
    return {"kind": one.kind.value, **checked, "credential": json.loads(one.text)}
