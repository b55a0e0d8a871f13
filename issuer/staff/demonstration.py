"""The invented staff of a demonstration, whom anybody may be: the sign-in page tells how they get in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from issuer.deployment import Deployment
from issuer.staff.roles import Role
from issuer.staff.sealing import unseal
from issuer.staff.totp import code_at, office_secret, step_at
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import Institution


@dataclass(frozen=True)
class DemonstrationStaff:
    """Somebody invented; `code` is what their authenticator would show now, None without a second factor."""

    name: str
    email: str
    institution: str | None
    roles: tuple[Role, ...]
    password: str
    code: str | None


def demonstration_staff(deployment: Deployment, passwords: Mapping[str, str]) -> list[DemonstrationStaff]:
    """List the people whose passwords are given by address; only for pages of a demonstration.

    The consortium's first, then by institution, in the order in which they were given their roles.
    """
    with deployment.reading() as session:
        rows = session.exec(
            select(Person, RoleGrantRow, Institution.name)
            .join(RoleGrantRow, col(RoleGrantRow.person_id) == col(Person.id))
            .outerjoin(Institution, col(RoleGrantRow.institution_id) == col(Institution.id))
            .where(col(Person.email).in_(sorted(passwords)))
            .where(Person.state == "active")
            .order_by(col(RoleGrantRow.id))
        ).all()
    people: dict[str, tuple[Person, str | None, list[Role]]] = {}
    for person, grant, institution in rows:
        people.setdefault(person.public_id, (person, institution, []))[2].append(Role(grant.role))
    shown = [
        DemonstrationStaff(
            name=person.name,
            email=person.email,
            institution=institution,
            roles=tuple(dict.fromkeys(roles)),
            password=passwords[person.email],
            code=_present_code(deployment, person),
        )
        for person, institution, roles in people.values()
    ]
    return sorted(shown, key=lambda each: each.institution or "")


def _present_code(deployment: Deployment, person: Person) -> str | None:
    """Give a code that is still good: the present one, or the next where somebody has used it."""
    if person.totp_sealed is None or person.totp_confirmed is None:
        return None
    secret = unseal(office_secret(deployment), person.public_id, person.totp_sealed)
    return code_at(secret, max(step_at(deployment.now()), person.totp_last_step + 1))
