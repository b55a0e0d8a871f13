"""Many credentials at once: chosen in the list, looked at on one page, done together, told afterwards."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.console.access import desk, needs
from app.console.credential_list import CredentialList
from app.console.credential_orders import asked_act, asked_order, new_bulk, order_fault
from app.console.credential_page import sentences
from app.console.credential_words import reason_choices, refusal_words
from app.console.office import Console
from app.dates import time_of_day
from app.words import gettext as _
from issuer.credentials.bulk import MOST, BulkPlan, LeftOut, carry_out, plan, result
from issuer.credentials.search import find_keys, short_codes
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_record, institution_row
from issuer.records import InstitutionRecord
from issuer.staff.roles import Act
from issuer.status import LONGEST_NOTE, StatusAct


def bulk_routes(pages: Blueprint, console: Console) -> None:
    """Add the question about many credentials, the act, and the page that tells what was done."""

    @pages.get("/console/<slug>/credentials/act")
    @needs(Act.CHANGE_STATUS)
    def question(slug: str) -> str | tuple[str, int]:
        act = asked_act(request.args.get("act", ""))
        if act is None:
            abort(404)
        try:
            return _question(slug, act, _chosen())
        except IssuerError as refused:
            return _refused(slug, refused), 404 if isinstance(refused, NotFound) else 422

    @pages.post("/console/<slug>/credentials/act")
    @needs(Act.CHANGE_STATUS)
    def carried_out(slug: str) -> Response | str | tuple[str, int]:
        act = asked_act(request.form.get("act", ""))
        if act is None:
            abort(400)
        chosen, bulk = request.form.get("chosen", "").split(), request.form.get("bulk", "")
        try:
            done = carry_out(desk(), chosen, asked_order(act, bulk=bulk))
        except NotFound as refused:
            return _refused(slug, refused), 404
        except IssuerError as refused:
            return _again(slug, act, chosen, refused), 422
        console.worker.sign_status_lists()
        console.worker.deliver_mail()
        return redirect(f"/console/{slug}/credentials/done/{done.bulk}", code=303)

    @pages.get("/console/<slug>/credentials/done/<bulk>")
    @needs(Act.READ_CREDENTIALS)
    def told(slug: str, bulk: str) -> str:
        try:
            done = result(desk(), bulk)
        except NotFound:
            abort(404)
        credentials = CredentialList(desk())
        return render_template(
            "console/credentials_done.html",
            slug=slug,
            result=done,
            at=time_of_day(done.at, console.settings.zone),
            reason=reason_choices()[done.reason] if done.reason else "",
            lines=credentials.lines(done.done),
            left_out=_left_out_lines(credentials, done.left_out),
            published=done.published,
        )


def _chosen() -> list[str]:
    """Read what was chosen: rows by their codes, or everything that the search finds."""
    if request.args.get("all") != "1":
        return request.args.getlist("chosen")
    credentials = CredentialList(desk())
    sought = credentials.sought(credentials.asked(), Act.CHANGE_STATUS)
    keys = find_keys(desk(), sought, at_most=MOST)
    if len(keys) > MOST:
        message = _("The search finds more than {most} certificates, and {most} can be changed at once.")
        raise IssuerError("too_many", message.format(most=MOST))
    return short_codes(desk(), keys)


def _question(slug: str, act: StatusAct, chosen: list[str], **typed: Any) -> str:
    planned = plan(desk(), chosen, act)
    credentials = CredentialList(desk())
    return render_template(
        "console/credentials_act.html",
        **{"why": "", "note": "", "refused_message": "", "fault": None, "bulk": new_bulk()} | typed,
        slug=slug,
        act=act,
        plan=planned,
        lines=credentials.lines(planned.credentials),
        left_out=_left_out_lines(credentials, planned.left_out),
        chosen=_codes(planned),
        reasons=reason_choices(),
        sentences=sentences(_institution(slug), act),
        longest_note=LONGEST_NOTE,
    )


def _again(slug: str, act: StatusAct, chosen: list[str], refused: IssuerError) -> str:
    """Ask once more, with what was typed and why it cannot stand."""
    try:
        return _question(
            slug,
            act,
            chosen,
            why=request.form.get("why", ""),
            note=request.form.get("note", ""),
            refused_message=refused.message,
            fault=order_fault(refused),
        )
    except IssuerError as other:
        return _refused(slug, other)


def _refused(slug: str, refused: IssuerError) -> str:
    return render_template("console/credentials_refused.html", slug=slug, message=refused.message)


def _codes(planned: BulkPlan) -> str:
    """Fix what the question is about: what is found later by the same search is not meant."""
    every = [*planned.credentials, *(each.credential for each in planned.left_out)]
    return " ".join(each.short_code for each in every)


def _left_out_lines(credentials: CredentialList, left_out: tuple[LeftOut, ...]) -> list[tuple[Any, str]]:
    lines = credentials.lines(each.credential for each in left_out)
    return list(zip(lines, (refusal_words(each.code) for each in left_out), strict=True))


def _institution(slug: str) -> InstitutionRecord:
    with desk().reading() as session:
        return institution_record(institution_row(session, slug))
