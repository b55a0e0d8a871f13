"""Credentials in the console: the list, the page of each, and what is done to one of them."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import actor, desk, needs
from app.console.credential_bulk import bulk_routes
from app.console.credential_list import CredentialList
from app.console.credential_orders import asked_act, asked_order, order_fault
from app.console.credential_page import credential_values
from app.console.listing import csv_response
from app.console.office import Console
from app.console.times import brief_day
from app.words import gettext as _
from issuer.credentials.history import credential_file
from issuer.credentials.resend import send_again
from issuer.credentials.search import COUNTED
from issuer.errors import IssuerError, NotAllowed, NotFound
from issuer.staff.roles import Act
from issuer.status import StatusAct, change_status


def credential_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/credentials` and what stands under it."""
    pages = Blueprint("staff_credentials", __name__)

    @pages.get("/console/<slug>/credentials")
    @needs(Act.READ_CREDENTIALS)
    def listed(slug: str) -> Response | str:
        credentials = CredentialList(desk())
        listing = credentials.asked()
        if request.args.get("format") == "csv":
            return csv_response(f"credentials-{slug}", credentials.exported(listing))
        found = credentials.found(listing)
        return render_template(
            "console/credentials.html",
            listing=listing.counted(found.total),
            more=found.more,
            counted=COUNTED,
            lines=credentials.lines(found.rows),
            choices=credentials.choices(),
            may_change=actor().may(Act.CHANGE_STATUS),
            day=lambda value: brief_day(value, console.settings.zone),
        )

    _add_one(pages, console)
    bulk_routes(pages, console)
    return pages


def _add_one(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/credentials/<named>")
    @needs(Act.READ_CREDENTIALS)
    def one(slug: str, named: str) -> str:
        return _page(console, slug, named, asked=asked_act(request.args.get("act", "")))

    @pages.post("/console/<slug>/credentials/<named>/status")
    @needs(Act.CHANGE_STATUS)
    def status(slug: str, named: str) -> Response | tuple[str, int]:
        act = asked_act(request.form.get("act", ""))
        if act is None:
            abort(400)
        _must_exist(named)
        try:
            change_status(desk(), named, asked_order(act))
        except IssuerError as refused:
            return _page(console, slug, named, asked=act, refused=refused), _refusal_status(refused)
        console.worker.sign_status_lists()
        console.worker.deliver_mail()
        return redirect(f"/console/{slug}/credentials/{named}?done={act.value}", code=303)

    @pages.post("/console/<slug>/credentials/<named>/mail")
    @needs(Act.SEND_MAIL)
    def mail(slug: str, named: str) -> Response | tuple[str, int]:
        _must_exist(named)
        try:
            send_again(desk(), named)
        except IssuerError as refused:
            return _page(console, slug, named, refused=refused), _refusal_status(refused)
        console.worker.deliver_mail()
        return redirect(f"/console/{slug}/credentials/{named}?done=mail", code=303)


def _refusal_status(refused: IssuerError) -> int:
    return 403 if isinstance(refused, NotAllowed) else 422


def _must_exist(named: str) -> None:
    """Answer 404 for a credential that is not there, whatever else is wrong."""
    try:
        credential_file(desk(), named)
    except NotFound:
        abort(404)


def _page(
    console: Console,
    slug: str,
    named: str,
    *,
    asked: StatusAct | None = None,
    refused: IssuerError | None = None,
) -> str:
    try:
        file = credential_file(desk(), named)
    except NotFound:
        abort(404)
    values: dict[str, Any] = credential_values(console, slug, file, asked)
    return render_template(
        "console/credential.html",
        **values,
        refused_message=refused.message if refused else "",
        fault=order_fault(refused) if refused else None,
        note=request.form.get("note", ""),
        why=request.form.get("why", ""),
        done=_done_words(request.args.get("done", "")),
    )


def _done_words(done: str) -> str:
    return {
        "revoke": _("The certificate is revoked."),
        "suspend": _("The certificate is suspended."),
        "reinstate": _("The suspension is lifted."),
        "mail": _("The mail will be sent again. The history tells what becomes of it."),
    }.get(done, "")
