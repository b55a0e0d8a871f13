"""Roles as a form offers them: in the whole institution, or in one of its faculties."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.console.head import role_name
from app.words import gettext as _
from issuer.errors import IssuerError
from issuer.staff.actor import Grant
from issuer.staff.faculties import FacultyRecord
from issuer.staff.people import CONFINED, GRANTED_HERE
from issuer.staff.roles import NEED_SECOND_FACTOR, Role


@dataclass(frozen=True)
class RoleChoice:
    """A box to tick; `value` is the role, with `@` and the faculty's short name where it is confined."""

    value: str
    label: str
    hint: str
    ticked: bool


@dataclass(frozen=True)
class RoleGroup:
    """The boxes of the institution or of a faculty."""

    legend: str
    choices: tuple[RoleChoice, ...]


def role_groups(faculties: Sequence[FacultyRecord], held: Collection[Grant]) -> list[RoleGroup]:
    """Offer every role that an institution gives."""
    whole = RoleGroup(_("In the whole institution"), _choices(GRANTED_HERE, None, held))
    return [
        whole,
        *(
            RoleGroup(each.name, _choices((r for r in GRANTED_HERE if r in CONFINED), each, held))
            for each in faculties
        ),
    ]


def read_grants(values: Iterable[str], faculties: Sequence[FacultyRecord]) -> frozenset[Grant]:
    """Read ticked boxes; raises IssuerError for a role or a faculty that is not there."""
    ids = {each.code: each.id for each in faculties}
    found = set()
    for value in values:
        role, _at, code = value.partition("@")
        if role not in {each.value for each in Role} or (code and code not in ids):
            raise IssuerError("roles", _("A role or faculty of the form is not there any more. Look again."))
        found.add(Grant(Role(role), ids[code] if code else None))
    return frozenset(found)


def grant_value(grant: Grant, faculties: Sequence[FacultyRecord]) -> str:
    """Write a role as the value of its box."""
    codes = {each.id: each.code for each in faculties}
    return grant.role.value if grant.faculty_id is None else f"{grant.role.value}@{codes[grant.faculty_id]}"


def grant_words(grant: Grant, faculties: Sequence[FacultyRecord]) -> str:
    """Say a role and its faculty."""
    names = {each.id: each.name for each in faculties}
    if grant.faculty_id is None:
        return role_name(grant.role)
    return f"{role_name(grant.role)} ({names.get(grant.faculty_id, '')})"


def _choices(
    roles: Iterable[Role], faculty: FacultyRecord | None, held: Collection[Grant]
) -> tuple[RoleChoice, ...]:
    grants = [Grant(role, faculty.id if faculty else None) for role in roles]
    return tuple(
        RoleChoice(
            grant_value(grant, [faculty] if faculty else []),
            role_name(grant.role),
            _hint(grant.role),
            grant in held,
        )
        for grant in grants
    )


def _hint(role: Role) -> str:
    told = {
        Role.AUTHOR: _("writes micro-credentials"),
        Role.REVIEWER: _("reviews and publishes what others wrote"),
        Role.ISSUER: _("imports class lists, approves, issues and revokes"),
        Role.RECOGNITION_OFFICER: _("decides on recognition"),
        Role.AUDITOR: _("reads everything, the audit too, and changes nothing"),
        Role.INSTITUTION_ADMIN: _("looks after people, programs and the institution"),
    }[role]
    return told + (_("; needs a second factor") if role in NEED_SECOND_FACTOR else "")
