"""The invented staff of a demonstration, whom anybody may be: the sign-in page tells how they get in."""

from dataclasses import dataclass

from sqlmodel import col, select

from issuer.deployment import Deployment
from issuer.staff.roles import Role
from issuer.staff.sealing import unseal
from issuer.staff.totp import code_at, office_secret, step_at
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import Institution

DEMONSTRATION = "demonstration"  # who gave them their roles; people who were invited since are not shown
DEMONSTRATION_PASSWORD = "invented staff sign in here"  # noqa: S105  (shown to everybody)


@dataclass(frozen=True)
class DemonstrationStaff:
    """Somebody invented; `code` is what their authenticator would show now, None without a second factor."""

    name: str
    email: str
    institution: str | None
    roles: tuple[Role, ...]
    password: str
    code: str | None


def demonstration_staff(deployment: Deployment) -> list[DemonstrationStaff]:
    """List the people whom `make_person(..., by=DEMONSTRATION, password=DEMONSTRATION_PASSWORD)` made.

    By institution and name; only for pages of a demonstration.
    """
    with deployment.reading() as session:
        rows = session.exec(
            select(Person, RoleGrantRow, Institution.name)
            .join(RoleGrantRow, col(RoleGrantRow.person_id) == col(Person.id))
            .outerjoin(Institution, col(RoleGrantRow.institution_id) == col(Institution.id))
            .where(RoleGrantRow.granted_by == DEMONSTRATION)
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
            password=DEMONSTRATION_PASSWORD,
            code=_present_code(deployment, person),
        )
        for person, institution, roles in people.values()
    ]
    return sorted(shown, key=lambda each: (each.institution or "", each.name, each.email))


def _present_code(deployment: Deployment, person: Person) -> str | None:
    """Give a code that is still good: the present one, or the next where somebody has used it."""
    if person.totp_sealed is None or person.totp_confirmed is None:
        return None
    secret = unseal(office_secret(deployment), person.public_id, person.totp_sealed)
    return code_at(secret, max(step_at(deployment.now()), person.totp_last_step + 1))
