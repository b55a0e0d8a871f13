"""Check a certificate: files, pasted text and web addresses, read, checked and forgotten.

The form carries no CSRF token on purpose: it changes nothing, stores nothing and knows no session, so a
foreign page that sends it gains nothing, while somebody without cookies can still check a certificate.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app.headers import not_indexed
from app.limits import Limits
from app.pages.office import Services
from app.pages.recognised import recognised
from app.pages.result import result_page, result_response
from app.pages.view import ResultPage
from app.settings import Settings
from app.words import gettext as _
from issuer.codes import is_code
from issuer.records import InstitutionRecord
from verifier import IssuerTrust, VerificationReport

MAX_FILES = 15
MAX_BYTES = 5 * 1024 * 1024
MAX_RECIPIENT = 320  # RFC 5321, section 4.5.3: 64 + @ + 255


@dataclass(frozen=True)
class NamedResult:
    """What one file of several came to."""

    name: str
    page: ResultPage


def check_pages(services: Services, settings: Settings, limits: Limits) -> Blueprint:
    """Make the pages under `/verify`."""
    pages = Blueprint("check", __name__)

    @pages.get("/verify")
    def form() -> str:
        return render_template("pages/verify.html", errors={}, text="", recipient="")

    @pages.post("/verify")
    @limits.checks
    def check() -> AnyResponse:
        recipient = request.form.get("recipient", "").strip()[:MAX_RECIPIENT] or None
        files = [each for each in request.files.getlist("files") if each.filename]
        if files:
            return _files(services, settings, files, recipient)
        if "text" not in request.form:
            return _form_again(files=_not_a_credential(""), recipient=recipient or "")
        return _text(services, settings, request.form["text"].strip(), recipient)

    return pages


def _files(
    services: Services, settings: Settings, files: list[FileStorage], recipient: str | None
) -> AnyResponse:
    contents = [(each.filename or "", each.stream.read(MAX_BYTES + 1)) for each in files]
    if len(files) > MAX_FILES:
        return _form_again(files=_("these are more than 15 files. Choose fewer."))
    if any(len(data) > MAX_BYTES for _name, data in contents):
        return _form_again(
            files=_("one of these files is larger than 5 MB. A certificate is rarely so large.")
        )
    checker = services.outside()
    if len(contents) == 1:
        return _page(services, settings, checker.verify(contents[0][1], recipient=recipient))
    named = [
        NamedResult(_shown(name), _result(services, settings, checker.verify(data, recipient=recipient)))
        for name, data in contents
    ]
    return not_indexed(Response(render_template("pages/results.html", results=named)))


def _text(services: Services, settings: Settings, text: str, recipient: str | None) -> AnyResponse:
    if text.startswith(settings.base_url + "/c/") and is_code(code := text.rpartition("/")[2]):
        return redirect(f"/c/{code}", 303)
    checker = services.outside()
    if text[:8].lower().startswith(("https://", "http://")):  # telephones begin with a capital
        report = checker.verify_url(text, recipient=recipient)
    elif text.startswith(("{", "eyJ")):
        report = checker.verify(text.encode("utf-8", "replace"), recipient=recipient)
    else:
        return _form_again(text=_not_a_credential(text), kept=text, recipient=recipient or "")
    return _page(services, settings, report)


def _not_a_credential(text: str) -> str:
    if not text:
        return _("nothing was given. Choose a file, or paste a web address or a credential.")
    return _(
        "this is neither a web address nor a credential. "
        "A web address begins with https://, a credential with { or with eyJ."
    )


def _result(
    services: Services, settings: Settings, report: VerificationReport, *, pictured: bool = False
) -> ResultPage:
    institution = _own_institution(services, report)
    urn = (report.credential or {}).get("id")
    status = services.office.credential(urn) if institution and isinstance(urn, str) else None
    return result_page(
        report,
        settings,
        status=status,
        institution=institution,
        pictured=pictured,
        recognised=recognised(services, settings, report),
    )


def _own_institution(services: Services, report: VerificationReport) -> InstitutionRecord | None:
    if report.issuer_trust is not IssuerTrust.trusted:
        return None
    return next((each for each in services.office.institutions() if each.did == report.issuer_id), None)


def _page(services: Services, settings: Settings, report: VerificationReport) -> Response:
    return result_response(_result(services, settings, report, pictured=True))


def _form_again(kept: str = "", recipient: str = "", **errors: Any) -> Response:
    body = render_template("pages/verify.html", errors=errors, text=kept[:2000], recipient=recipient)
    return Response(body, 422)


def _shown(name: str) -> str:
    return name if len(name) <= 80 else name[:79] + "…"
