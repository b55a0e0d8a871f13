"""The ways in by mail: accepting an invitation, asking for a new password, choosing it."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import SECOND_FACTOR, open_to_anyone
from app.console.field_faults import PASSWORD_FIELDS, fault_of, filled
from app.console.office import Console
from app.console.sign_in_cookie import begin_anew, let_in
from app.console.sign_in_next import HOME
from app.limits import Limits
from app.words import gettext as _
from issuer.errors import IssuerError, NotFound
from issuer.staff.passwords import SHORTEST
from issuer.staff.passwords_changed import accept_invitation, ask_for_password, reset_password
from issuer.staff.token_rows import TokenKind, find_invited

Page = Response | str | tuple[str, int]


def link_pages(console: Console, limits: Limits) -> Blueprint:
    """Make `/staff/forgotten`, `/staff/reset/<token>` and `/staff/invitation/<token>`."""
    pages = Blueprint("staff_links", __name__)
    office = console.deployment

    @pages.get("/staff/forgotten")
    @open_to_anyone
    def forgotten() -> str:
        return render_template("console/forgotten.html", sent="sent" in request.args)

    @pages.post("/staff/forgotten")
    @limits.sign_ins
    @open_to_anyone
    def asked() -> Response:
        ask_for_password(office, request.form.get("email", ""))
        console.worker.deliver_mail()
        return redirect("/staff/forgotten?sent=1", code=303)

    @pages.get("/staff/reset/<token>")
    @open_to_anyone
    def reset(token: str) -> Page:
        return _page(console, TokenKind.PASSWORD, token)

    @pages.post("/staff/reset/<token>")
    @limits.sign_ins
    @open_to_anyone
    def chosen(token: str) -> Page:
        try:
            reset_password(office, token, password=new_password())
        except IssuerError as refused:
            return _page(console, TokenKind.PASSWORD, token, refused=refused)
        begin_anew()
        return redirect("/staff/sign-in?done=password", code=303)

    _invitation_routes(pages, console, limits)
    return pages


def _invitation_routes(pages: Blueprint, console: Console, limits: Limits) -> None:
    """Add the page of an invitation, and its acceptance."""
    office = console.deployment

    @pages.get("/staff/invitation/<token>")
    @open_to_anyone
    def invitation(token: str) -> Page:
        return _page(console, TokenKind.INVITATION, token)

    @pages.post("/staff/invitation/<token>")
    @limits.sign_ins
    @open_to_anyone
    def accepted(token: str) -> Page:
        try:
            invited = find_invited(office, TokenKind.INVITATION, token)
            name = filled("name", _("Your name"))
            entered = accept_invitation(office, token, name=name, password=new_password())
        except IssuerError as refused:
            return _page(console, TokenKind.INVITATION, token, refused=refused)
        begin_anew()
        onward = SECOND_FACTOR if invited.needs_second_factor else HOME
        return let_in(redirect(onward, code=303), entered, office)


def new_password() -> str:
    """Read the new password of a form, which asks for it twice; raises IssuerError where they differ."""
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise IssuerError("passwords_differ", _("The two passwords are not the same. Type them again."))
    return password


def _page(console: Console, kind: TokenKind, token: str, *, refused: IssuerError | None = None) -> Page:
    """Show the form of a link, and the same page for every link that is not good."""
    try:
        if isinstance(refused, NotFound):
            raise refused
        invited = find_invited(console.deployment, kind, token)
    except NotFound:
        return render_template("console/reset_over.html", invited=kind is TokenKind.INVITATION), 404
    template = "invitation" if kind is TokenKind.INVITATION else "reset"
    page = render_template(
        f"console/{template}.html",
        token=token,
        invited=invited,
        name=request.form.get("name", invited.name)[:200],
        refused_because=fault_of(refused, PASSWORD_FIELDS) if refused else None,
        shortest=SHORTEST,
    )
    return page, 422 if refused else 200
