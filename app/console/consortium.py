"""The consortium: its institutions in numbers, a new one, and who looks after it. No learner is seen here."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs_consortium
from app.console.field_faults import fault_of, filled
from app.console.institution import LANGUAGES, check_accent, typed_input
from app.console.listing import Listing, asked_listing, csv_response
from app.console.office import Console
from app.console.sign_in_next import ROLES_CHANGED
from app.console.times import brief_day, brief_time
from app.words import gettext as _
from issuer import InstitutionInput
from issuer.consortium import InstitutionNumbers, administrators, institution_numbers, register_member
from issuer.errors import IssuerError
from issuer.staff.roles import Act, Role
from issuer.staff.tokens import invite_administrator

_SORTS = ("name", "country", "people", "definitions", "issued")
_FIELDS = {
    "slug_taken": "slug",
    "signatory": "signatory_name",
    "known_person": "email",
    "closed_account": "email",
}


def consortium_pages(console: Console) -> Blueprint:
    """Make `/consortium` and what is done there."""
    pages = Blueprint("staff_consortium", __name__)
    _add_list(pages, console)
    _add_registration(pages, console)
    _add_administrators(pages, console)
    _add_invitations(pages, console)
    return pages


def _add_list(pages: Blueprint, console: Console) -> None:
    @pages.get("/consortium")
    @needs_consortium(Act.MANAGE_CONSORTIUM)
    def listed() -> Response | str:
        listing = asked_listing(sorts=_SORTS, default="name")
        found = _sought(listing)
        if request.args.get("format") == "csv":
            return csv_response("institutions", _rows(found))
        listing = listing.counted(len(found))
        zone = console.settings.zone
        return render_template(
            "console/consortium.html",
            listing=listing,
            institutions=found[listing.offset : listing.offset + listing.per_page],
            day=lambda value: brief_day(value, zone),
        )


def _add_registration(pages: Blueprint, console: Console) -> None:
    @pages.route("/consortium/institutions/new", methods=["GET", "POST"])
    @needs_consortium(Act.MANAGE_CONSORTIUM)
    def register() -> AnyResponse | tuple[str, int] | str:
        given = _asked() if request.method == "POST" else _blank()
        if request.method == "GET":
            return render_template("console/consortium_new.html", given=given, fields=LANGUAGES)
        try:
            check_accent(given.accent)
            name = filled("admin_name", _("Name of the administrator"))
            email = filled("admin_email", _("E-mail address of the administrator"))
            register_member(desk(), given, email=email, name=name)
        except IssuerError as refused:
            page = render_template(
                "console/consortium_new.html",
                given=given,
                fields=LANGUAGES,
                refused_because=fault_of(refused, _FIELDS),
            )
            return page, 422
        console.worker.look_around()
        return redirect("/consortium?done=registered", code=303)


def _add_administrators(pages: Blueprint, console: Console) -> None:
    @pages.route("/consortium/administrators", methods=["GET", "POST"])
    @needs_consortium(Act.MANAGE_CONSORTIUM)
    def people() -> AnyResponse | tuple[str, int] | str:
        if request.method == "GET":
            return _people(console)
        try:
            name, email = filled("name", _("Name")), filled("email", _("E-mail address"))
            roles = [Role.CONSORTIUM_ADMIN]
            made = invite_administrator(desk(), slug=None, email=email, name=name, roles=roles)
        except IssuerError as refused:
            return _people(console, refused=refused), 422
        console.worker.deliver_mail()
        own = made.public_id == actor().ref
        return redirect(ROLES_CHANGED if own else "/consortium/administrators?done=invited", code=303)


def _add_invitations(pages: Blueprint, console: Console) -> None:
    @pages.route("/consortium/institutions/<member>/invite", methods=["GET", "POST"])
    @needs_consortium(Act.MANAGE_CONSORTIUM)
    def administrator(member: str) -> AnyResponse | tuple[str, int] | str:
        found = next((each for each in institution_numbers(desk()) if each.slug == member), None)
        if found is None:
            abort(404)
        if request.method == "GET":
            return render_template("console/consortium_invite.html", member=found)
        try:
            name, email = filled("name", _("Name")), filled("email", _("E-mail address"))
            made = invite_administrator(desk(), slug=member, email=email, name=name)
        except IssuerError as refused:
            page = render_template(
                "console/consortium_invite.html", member=found, refused_because=fault_of(refused, _FIELDS)
            )
            return page, 422
        console.worker.deliver_mail()
        own = made.public_id == actor().ref
        return redirect(ROLES_CHANGED if own else "/consortium?done=invited", code=303)


def _people(console: Console, *, refused: IssuerError | None = None) -> str:
    zone = console.settings.zone
    return render_template(
        "console/consortium_people.html",
        people=administrators(desk()),
        moment=lambda value: brief_time(value, zone),
        refused_because=fault_of(refused, _FIELDS) if refused else None,
    )


def _blank() -> InstitutionInput:
    return InstitutionInput(slug="", name="", country="", url="")


def _asked() -> InstitutionInput:
    blank = InstitutionInput(slug=request.form.get("slug", "").strip(), name="", country="", url="")
    return typed_input(blank)


def _sought(listing: Listing) -> list[InstitutionNumbers]:
    words = listing.query.casefold()
    found = [each for each in institution_numbers(desk()) if words in f"{each.name} {each.slug}".casefold()]
    found.sort(key=lambda each: getattr(each, listing.sort), reverse=listing.descending)
    return found


def _rows(found: list[InstitutionNumbers]) -> list[tuple[str, ...]]:
    names = ("slug", "name", "country", "people", "definitions", "issued")
    return [names, *(tuple(str(getattr(each, name)) for name in names) for each in found)]
