"""From paper: the short code to type, and the page that the QR code opens.

The page runs the verifier on the stored bytes and shows what it returned, with no more than the holder chose.
Looking a code up changes nothing but the time of the first check, so the form needs no CSRF token; how often
one network may try is limited.
"""

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.headers import not_indexed
from app.limits import Limits
from app.pages.office import Services
from app.pages.recognised import recognised
from app.pages.result import result_page, result_response
from app.pages.view import ResultPage
from app.pages.visitors import is_visit, note_visit
from app.problems import problem_response, wants_page
from app.settings import Settings
from app.words import gettext as _
from issuer.credentials import visits
from issuer.public_page import PageRecord
from issuer.records import CredentialRecord
from verifier import IssuerTrust


def paper_pages(services: Services, settings: Settings, limits: Limits) -> Blueprint:
    """Make the pages under `/c`."""
    pages = Blueprint("paper", __name__)

    @pages.get("/c")
    @limits.misses
    def form() -> AnyResponse:
        typed = request.args.get("code", "").strip()
        return _look_up(services, typed) if typed else Response(_form())

    @pages.post("/c")
    @limits.lookups
    def look_up() -> AnyResponse:
        return _look_up(services, request.form.get("code", "").strip())

    @pages.get("/c/<code>")
    @limits.misses
    def certificate(code: str) -> Response:
        with services.one_snapshot():
            record = services.office.credential_by_code(code)
            if record is None:  # some type the short code behind the address
                return _to_page(services.office.by_short_code(code)) or problem_response(404)
            page = _verified(services, settings, record)
        if not record.was_checked and is_visit():
            note_visit(services, visits.checked, record.code)
        return result_response(page)

    return pages


def _verified(services: Services, settings: Settings, record: PageRecord) -> ResultPage:
    report = services.own().verify(record.text.encode())
    trusted = report.issuer_trust is IssuerTrust.trusted
    return result_page(
        report,
        settings,
        record=record,
        institution=record.institution if trusted else None,
        pictured=True,
        recognised=recognised(services, settings, report, record),
    )


def _form(code: str = "", note: str = "") -> str:
    return render_template("pages/code.html", code=code, note=note)


def _look_up(services: Services, typed: str) -> Response:
    return _to_page(services.office.by_short_code(typed[:40])) or _not_found(typed[:40])


def _to_page(record: CredentialRecord | None) -> Response | None:
    if record is None:
        return None
    return not_indexed(Response(status=303, headers={"Location": f"/c/{record.code}"}))


def _not_found(typed: str) -> Response:
    if not wants_page():
        return problem_response(404, code="unknown_code", detail=_("There is no certificate with this code."))
    note = _("there is no certificate with this code. Compare it with the paper letter by letter.")
    return not_indexed(Response(_form(typed, note), 404))
