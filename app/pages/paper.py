"""From paper: the short code to type, and the page that the QR code opens.

The page runs the verifier on the stored bytes and shows what it returned, with no more than the holder chose.
Looking a code up changes nothing, so the form needs no CSRF token; how often one network may try is limited.
"""

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.headers import not_indexed
from app.limits import Limits
from app.pages.office import Services
from app.pages.result import result_page
from app.problems import problem_response, wants_page
from app.settings import Settings
from app.words import gettext as _
from verifier import IssuerTrust


def paper_pages(services: Services, settings: Settings, limits: Limits) -> Blueprint:
    """Make the pages under `/c`."""
    pages = Blueprint("paper", __name__)

    @pages.get("/c")
    def form() -> str:
        return render_template("pages/code.html", code="", note="")

    @pages.post("/c")
    @limits.lookups
    def look_up() -> AnyResponse:
        typed = request.form.get("code", "").strip()[:40]
        record = services.office.by_short_code(typed)
        if record is not None:
            return not_indexed(Response(status=303, headers={"Location": f"/c/{record.code}"}))
        return _not_found(typed)

    @pages.get("/c/<code>")
    @limits.misses
    def certificate(code: str) -> Response:
        record = services.office.credential_by_code(code)
        if record is None:
            return problem_response(404)
        report = services.own().verify(record.text.encode())
        trusted = report.issuer_trust is IssuerTrust.trusted
        page = result_page(
            report, settings, record=record, institution=record.institution if trusted else None
        )
        body = render_template("pages/result.html", result=page, accent_of=page.accent)
        return not_indexed(Response(body))

    return pages


def _not_found(typed: str) -> Response:
    if not wants_page():
        return problem_response(404, code="unknown_code", detail=_("There is no certificate with this code."))
    note = _("there is no certificate with this code. Compare it with the paper letter by letter.")
    body = render_template("pages/code.html", code=typed, note=note)
    return not_indexed(Response(body, 404))
