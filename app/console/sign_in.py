"""Signing in and out."""

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import SECOND_FACTOR, needs_sign_in, open_to_anyone
from app.console.head import role_name
from app.console.office import Console
from app.console.sign_in_cookie import begin_anew, let_in, let_out
from app.console.sign_in_demonstration import demonstration_passwords
from app.console.sign_in_next import safe_next
from app.limits import Limits, network
from app.words import gettext as _
from issuer.errors import IssuerError
from issuer.staff.demonstration import demonstration_staff
from issuer.staff.failures import TooManyAttempts
from issuer.staff.sign_in import SignInRefused, sign_in

_SAID = ("password", "out", "roles")


def sign_in_pages(console: Console, limits: Limits) -> Blueprint:
    """Make `/staff/sign-in` and `/staff/sign-out`."""
    pages = Blueprint("staff_sign_in", __name__)

    @pages.get("/staff/sign-in")
    @open_to_anyone
    def form() -> Response | str:
        if g.get("signed_in") is not None:
            return redirect(safe_next(request.args.get("next")), code=303)
        return _form(console, asked_next=request.args.get("next"))

    @pages.post("/staff/sign-in")
    @limits.sign_ins
    @open_to_anyone
    def entered() -> Response | tuple[str, int]:
        typed = request.form
        email, code = typed.get("email", ""), typed.get("code", "")
        try:
            token = sign_in(console.deployment, email, typed.get("password", ""), code, network=network())
        except IssuerError as refused:
            page = _form(console, asked_next=typed.get("next"), email=email, refused=_words(refused))
            return page, 429 if isinstance(refused, TooManyAttempts) else 422
        begin_anew()
        return let_in(redirect(safe_next(typed.get("next")), code=303), token, console.deployment)

    @pages.post("/staff/sign-out")
    @needs_sign_in
    def out() -> Response:
        return let_out(redirect("/staff/sign-in?done=out", code=303), console.deployment)

    return pages


def _form(console: Console, *, asked_next: str | None, email: str = "", refused: str = "") -> str:
    done = request.args.get("done", "")
    passwords = demonstration_passwords(console.settings)
    staff = demonstration_staff(console.deployment, passwords) if passwords else []
    return render_template(
        "console/sign_in.html",
        asked_next=safe_next(asked_next),
        email=email[:254],
        refused_because=refused,
        done=done if done in _SAID else "",
        recovery="recovery" in request.args,
        staff=[(each, ", ".join(role_name(role) for role in each.roles)) for each in staff],
        second_factor=SECOND_FACTOR,
    )


def _words(refused: IssuerError) -> str:
    """Say why nobody was let in, in the same words for accounts that exist and for those that do not."""
    if isinstance(refused, TooManyAttempts):
        return _("There were too many attempts. Wait 15 minutes, then try again.")
    if isinstance(refused, SignInRefused):
        return _("Address, password or code do not fit. After five attempts you must wait 15 minutes.")
    return refused.message
