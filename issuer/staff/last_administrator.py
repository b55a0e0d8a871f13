"""The last administrator: an institution, or the consortium, never loses the one who can still sign in."""

from sqlmodel import Session, col, select

from issuer.errors import IssuerError
from issuer.staff.roles import Role
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import stored_id

_ADMINISTRATORS = (Role.INSTITUTION_ADMIN, Role.CONSORTIUM_ADMIN)


def check_not_last(session: Session, person: Person) -> None:
    """Raise IssuerError if an institution, or the consortium, would have no administrator without them.

    A session that is bound to an institution sees its roles alone; who cannot sign in is not missed.
    """
    if person.state != "active":
        return
    held = select(RoleGrantRow).where(RoleGrantRow.person_id == person.id)
    for grant in session.exec(held.order_by(col(RoleGrantRow.id))).all():
        if grant.role in _ADMINISTRATORS and not _has_another(session, grant, stored_id(person)):
            raise IssuerError(
                "last_admin",
                f"{person.name} is the last administrator who can sign in: make somebody else one first.",
            )


def _has_another(session: Session, grant: RoleGrantRow, person_id: int) -> bool:
    others = session.exec(
        select(RoleGrantRow.id)
        .join(Person, col(Person.id) == col(RoleGrantRow.person_id))
        .where(RoleGrantRow.role == grant.role)
        .where(col(RoleGrantRow.institution_id).is_not_distinct_from(grant.institution_id))
        .where(col(RoleGrantRow.faculty_id).is_(None))
        .where(Person.state == "active")
        .where(Person.id != person_id)
    )
    return others.first() is not None
