"""The people of an institution: who works here, with which roles, and how to invite or end that."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.console.access import actor, desk, needs
from app.console.field_faults import FieldFault, fault_of, filled
from app.console.listing import Listing, asked_listing, csv_response
from app.console.office import Console
from app.console.role_choices import grant_value, grant_words, read_grants, role_groups
from app.console.sign_in_next import ROLES_CHANGED
from app.console.times import brief_time
from app.words import gettext as _
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.staff.faculties import FacultyRecord, faculties
from issuer.staff.people import PersonRecord, change_roles, end_access, people, person
from issuer.staff.roles import Act
from issuer.staff.tokens import invite as invite_person
from issuer.staff.tokens import invite_again

_SORTS = ("name", "email", "state", "last")
STATES = ("invited", "active", "closed")
_FIELDS = {
    "known_person": "email",
    "closed_account": "email",
    "own_role": "roles",
    "last_admin": "roles",
}


@dataclass(frozen=True)
class ShownPerson:
    """One line of the table."""

    public_id: str
    name: str
    email: str
    roles: str
    state: str
    second_factor: bool
    last: str


def state_words(state: str) -> tuple[str, str, str]:
    """Say the state of an account: class, mark and word."""
    return {
        "invited": ("is-open", "time", _("Invited")),
        "active": ("is-good", "good", _("Active")),
        "closed": ("is-past", "dash", _("Closed")),
    }[state]


def people_pages(console: Console) -> Blueprint:
    """Make `/console/<slug>/people`, the page of each person, and what is done there."""
    pages = Blueprint("staff_people", __name__)
    pages.add_app_template_global(state_words, "account_state")
    _add_list(pages, console)
    _add_invitations(pages, console)
    _add_person(pages, console)
    _add_end(pages)
    return pages


def _add_list(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/people")
    @needs(Act.MANAGE_PEOPLE)
    def listed(slug: str) -> Response | str:
        listing = asked_listing(sorts=_SORTS, filters={"state": STATES}, default="name")
        shown = _sought(console, listing)
        if request.args.get("format") == "csv":
            return csv_response(f"people-{slug}", _rows(shown))
        listing = listing.counted(len(shown))
        page = shown[listing.offset : listing.offset + listing.per_page]
        return render_template("console/people.html", slug=slug, listing=listing, people=page, states=STATES)


def _add_invitations(pages: Blueprint, console: Console) -> None:
    @pages.route("/console/<slug>/people/invite", methods=["GET", "POST"])
    @needs(Act.MANAGE_PEOPLE)
    def invite(slug: str) -> AnyResponse | tuple[str, int] | str:
        known = faculties(desk())
        if request.method == "GET":
            return render_template("console/people_invite.html", slug=slug, groups=role_groups(known, ()))
        try:
            grants = read_grants(request.form.getlist("role"), known)
            given = [(grant.role, grant.faculty_id) for grant in grants]
            name, email = filled("name", _("Name")), filled("email", _("E-mail address"))
            made = invite_person(desk(), email=email, name=name, grants=given)
        except IssuerError as refused:
            return _invited_again(slug, known, refused)
        console.worker.deliver_mail()
        there = f"/console/{slug}/people/{made.public_id}?done=invited"
        return redirect(ROLES_CHANGED if made.public_id == actor().ref else there, code=303)

    @pages.post("/console/<slug>/people/<person_id>/invite-again")
    @needs(Act.MANAGE_PEOPLE)
    def again(slug: str, person_id: str) -> AnyResponse | tuple[str, int]:
        found = _found(person_id)
        try:
            invite_again(desk(), person_id)
        except IssuerError as refused:
            return _page(console, slug, found, refused=fault_of(refused)), 422
        console.worker.deliver_mail()
        return redirect(f"/console/{slug}/people/{person_id}?done=invited", code=303)


def _add_person(pages: Blueprint, console: Console) -> None:
    @pages.get("/console/<slug>/people/<person_id>")
    @needs(Act.MANAGE_PEOPLE)
    def one(slug: str, person_id: str) -> str:
        return _page(console, slug, _found(person_id))

    @pages.post("/console/<slug>/people/<person_id>/roles")
    @needs(Act.MANAGE_PEOPLE)
    def roles(slug: str, person_id: str) -> AnyResponse | tuple[str, int]:
        found, known = _found(person_id), faculties(desk())
        try:
            wanted = read_grants(request.form.getlist("role"), known)
            seen = read_grants(filter(None, request.form.get("seen", "").split()), known)
            change_roles(desk(), person_id, wanted, seen=seen)
        except IssuerError as refused:
            status = 409 if isinstance(refused, Conflict) else 422
            return _page(console, slug, found, refused=fault_of(refused, _FIELDS)), status
        ends_own = person_id == actor().ref and wanted != seen
        there = f"/console/{slug}/people/{person_id}?done=roles"
        return redirect(ROLES_CHANGED if ends_own else there, code=303)


def _add_end(pages: Blueprint) -> None:
    @pages.route("/console/<slug>/people/<person_id>/end", methods=["GET", "POST"])
    @needs(Act.MANAGE_PEOPLE)
    def end(slug: str, person_id: str) -> AnyResponse | tuple[str, int] | str:
        found = _found(person_id)
        if request.method == "GET":
            return render_template("console/people_end.html", slug=slug, person=found)
        try:
            end_access(desk(), person_id)
        except IssuerError as refused:
            page = render_template(
                "console/people_end.html", slug=slug, person=found, refused_because=refused.message
            )
            return page, 422
        return redirect(f"/console/{slug}/people?done=ended", code=303)


def _found(public_id: str) -> PersonRecord:
    try:
        return person(desk(), public_id)
    except NotFound:
        abort(404)


def _invited_again(slug: str, known: list[FacultyRecord], refused: IssuerError) -> tuple[str, int]:
    """Show the form again with all that was typed."""
    ticked = set(request.form.getlist("role"))
    held = [grant for grant in _all_grants(known) if grant_value(grant, known) in ticked]
    page = render_template(
        "console/people_invite.html",
        slug=slug,
        groups=role_groups(known, held),
        refused_because=fault_of(refused, _FIELDS),
    )
    return page, 422


def _all_grants(known: list[FacultyRecord]) -> list[Any]:
    values = [choice.value for group in role_groups(known, ()) for choice in group.choices]
    return sorted(read_grants(values, known), key=lambda grant: grant.role)


def _page(console: Console, slug: str, found: PersonRecord, *, refused: FieldFault | None = None) -> str:
    known = faculties(desk())
    return render_template(
        "console/people_person.html",
        slug=slug,
        person=found,
        last=brief_time(found.last_sign_in, console.settings.zone) if found.last_sign_in else "",
        groups=role_groups(known, found.grants),
        seen=" ".join(grant_value(grant, known) for grant in found.grants),
        own=found.public_id == actor().ref,
        refused_because=refused,
    )


def _sought(console: Console, listing: Listing) -> list[ShownPerson]:
    known = faculties(desk())
    words = listing.query.casefold()
    found = [
        each
        for each in people(desk())
        if words in f"{each.name} {each.email}".casefold()
        and each.state == listing.filters.get("state", each.state)
    ]
    keys: dict[str, Any] = {
        "name": lambda each: each.name.casefold(),
        "email": lambda each: each.email,
        "state": lambda each: each.state,
        "last": lambda each: each.last_sign_in.timestamp() if each.last_sign_in else 0.0,
    }
    found.sort(key=keys[listing.sort], reverse=listing.descending)
    return [_shown(console, each, known) for each in found]


def _shown(console: Console, each: PersonRecord, known: list[FacultyRecord]) -> ShownPerson:
    return ShownPerson(
        public_id=each.public_id,
        name=each.name,
        email=each.email,
        roles=", ".join(grant_words(grant, known) for grant in each.grants),
        state=each.state,
        second_factor=each.second_factor,
        last=brief_time(each.last_sign_in, console.settings.zone) if each.last_sign_in else "",
    )


def _rows(shown: list[ShownPerson]) -> list[tuple[str, ...]]:
    head = ("name", "email", "roles", "state", "second_factor", "last_sign_in")
    return [
        head,
        *(
            (each.name, each.email, each.roles, each.state, "yes" if each.second_factor else "no", each.last)
            for each in shown
        ),
    ]
