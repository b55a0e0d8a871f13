"""One's own account: the password, the recovery codes, and the browsers in which one is signed in."""

from flask import Blueprint, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import SECOND_FACTOR, needs_sign_in, signed_in
from app.console.field_faults import PASSWORD_FIELDS, FieldFault
from app.console.office import Console
from app.console.sign_in_cookie import begin_anew, let_in
from app.console.sign_in_links import new_password
from app.console.sign_in_next import HOME
from app.dates import time_of_day
from app.limits import Limits
from app.words import gettext as _
from issuer.errors import IssuerError
from issuer.staff.failures import TooManyAttempts
from issuer.staff.own_account import end_other_sessions, own_sessions
from issuer.staff.passwords import SHORTEST
from issuer.staff.passwords_changed import change_password
from issuer.staff.second_factor import factor_state, renew_codes


def account_pages(console: Console, limits: Limits) -> Blueprint:
    """Make `/staff/account` with its forms, and `/staff/recovery-codes`."""
    pages = Blueprint("staff_account", __name__)
    office = console.deployment

    @pages.before_request
    def asks_for_second_factor() -> Response | None:
        found = g.get("signed_in")
        if found is None or not found.lacks_second_factor:
            return None
        return redirect(SECOND_FACTOR, code=303) if request.method == "GET" else abort(403)

    @pages.get("/staff/account")
    @needs_sign_in
    def account() -> str:
        return _account(console)

    @pages.post("/staff/account/password")
    @limits.sign_ins
    @needs_sign_in
    def password() -> Response | tuple[str, int]:
        present = request.form.get("present", "")
        try:
            token = change_password(office, signed_in(), present=present, password=new_password())
        except IssuerError as refused:
            return _account(console, refused=_fault(refused)), refusal_status(refused)
        begin_anew()
        return let_in(redirect("/staff/account?done=password", code=303), token, office)

    @pages.post("/staff/account/sessions")
    @needs_sign_in
    def sessions() -> Response:
        end_other_sessions(office, signed_in())
        return redirect("/staff/account?done=sessions", code=303)

    _code_routes(pages, console, limits)
    return pages


def _code_routes(pages: Blueprint, console: Console, limits: Limits) -> None:
    """Add the page that counts the recovery codes, and the act that makes new ones."""
    office = console.deployment

    @pages.get("/staff/recovery-codes")
    @needs_sign_in
    def codes() -> str:
        state = factor_state(office, signed_in())
        return render_template("console/recovery.html", factor=state, refused_because=None)

    @pages.post("/staff/recovery-codes")
    @limits.sign_ins
    @needs_sign_in
    def renewed() -> str | tuple[str, int]:
        try:
            made = renew_codes(office, signed_in(), password=request.form.get("present", ""))
        except IssuerError as refused:
            state = factor_state(office, signed_in())
            page = render_template("console/recovery.html", factor=state, refused_because=_fault(refused))
            return page, refusal_status(refused)
        return render_template("console/recovery_codes.html", codes=made, asked_next=HOME, first=False)


def refusal_words(refused: IssuerError) -> str:
    """Say why something about one's own account was not done."""
    if isinstance(refused, TooManyAttempts):
        return _("There were too many attempts. Wait 15 minutes, then try again.")
    return refused.message


def _fault(refused: IssuerError) -> FieldFault:
    return FieldFault(PASSWORD_FIELDS.get(refused.code, refused.code), refusal_words(refused))


def refusal_status(refused: IssuerError) -> int:
    """Give the status of such a refusal."""
    return 429 if isinstance(refused, TooManyAttempts) else 422


def _account(console: Console, *, refused: FieldFault | None = None) -> str:
    zone = console.settings.zone
    sessions = [
        (time_of_day(each.created, zone), time_of_day(each.last_seen, zone), each.is_this)
        for each in own_sessions(console.deployment, signed_in())
    ]
    done = {
        "password": _("The password is changed. You stay signed in here, and nowhere else."),
        "sessions": _("You are signed in here only."),
    }.get(request.args.get("done", ""), "")
    return render_template(
        "console/account.html",
        factor=factor_state(console.deployment, signed_in()),
        sessions=sessions,
        done=done,
        refused_because=refused,
        shortest=SHORTEST,
    )
