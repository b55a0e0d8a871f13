"""Setting up the second factor: the QR code, a first code from the authenticator, the recovery codes."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from app.console.access import needs_sign_in, signed_in
from app.console.account import refusal_status, refusal_words
from app.console.office import Console
from app.console.sign_in_cookie import begin_anew, let_in, session_token
from app.console.sign_in_next import safe_next
from app.headers import IMAGE_POLICY
from app.limits import Limits
from issuer.errors import IssuerError
from issuer.staff.second_factor import confirm_second_factor, factor_state
from issuer.staff.totp import in_groups, offered_totp_secret, totp_qr


def second_factor_pages(console: Console, limits: Limits) -> Blueprint:
    """Make `/staff/second-factor` and its QR code."""
    pages = Blueprint("staff_second_factor", __name__)
    office = console.deployment

    @pages.get("/staff/second-factor")
    @needs_sign_in
    def form() -> str:
        return _form(console, asked_next=request.args.get("next"))

    @pages.get("/staff/second-factor/qr.svg")
    @needs_sign_in
    def qr() -> Response:
        response = make_response(totp_qr(office, signed_in().email, _offered(console)))
        response.headers["Content-Type"] = "image/svg+xml"
        response.headers["Content-Security-Policy"] = IMAGE_POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/staff/second-factor")
    @limits.sign_ins
    @needs_sign_in
    def confirmed() -> Response | tuple[str, int]:
        typed = request.form
        try:
            made = confirm_second_factor(
                office,
                signed_in(),
                session_token(),
                typed.get("code", ""),
                password=typed.get("present", ""),
            )
        except IssuerError as refused:
            page = _form(console, asked_next=typed.get("next"), refused=refusal_words(refused))
            return page, refusal_status(refused)
        begin_anew()
        onward = safe_next(typed.get("next"))
        # Shown in the answer itself: the codes are kept nowhere from which another page could read them.
        page = render_template(
            "console/recovery_codes.html", codes=made.recovery_codes, asked_next=onward, first=True
        )
        return let_in(make_response(page), made.token, office)

    return pages


def _form(console: Console, *, asked_next: str | None, refused: str = "") -> str:
    person = signed_in()
    return render_template(
        "console/second_factor.html",
        asked_next=safe_next(asked_next),
        factor=factor_state(console.deployment, person),
        secret=in_groups(_offered(console)),
        needed=person.lacks_second_factor,
        refused_because=refused,
    )


def _offered(console: Console) -> str:
    return offered_totp_secret(console.deployment, signed_in().public_id, session_token())
