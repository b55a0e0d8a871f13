"""Accounts as whoever runs the service sees them: a list, and the end of one everywhere."""

from sqlalchemy import delete
from sqlmodel import col, select

from issuer.audit.record import AuditedAct
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.staff.accounts import account_of, record_for_person
from issuer.staff.last_administrator import check_not_last
from issuer.staff.sessions import close_sessions_of
from issuer.staff.token_rows import end_tokens
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import Institution, stored_id

Account = tuple[Person, list[tuple[str | None, str]]]


def accounts(deployment: Deployment) -> list[Account]:
    """List every account by address, with pairs of institution (None: the consortium) and role."""
    with deployment.reading() as session:
        held: dict[int, list[tuple[str | None, str]]] = {}
        rows = session.exec(
            select(RoleGrantRow, Institution.slug)
            .outerjoin(Institution, col(RoleGrantRow.institution_id) == col(Institution.id))
            .order_by(col(RoleGrantRow.id))
        )
        for grant, slug in rows:
            held.setdefault(grant.person_id, []).append((slug, grant.role))
        people = session.exec(select(Person).order_by(Person.email)).all()
        session.expunge_all()
        return [(person, held.get(person.id or 0, [])) for person in people]


def close_account(deployment: Deployment, email: str) -> str:
    """Close an account for good: sessions, links and roles end everywhere; give the person's name.

    Raises NotFound, and IssuerError for the last administrator of an institution or of the consortium.
    """
    with deployment.writing() as session:
        person = account_of(session, email.strip().lower())
        if person is None:
            raise NotFound("unknown_person", f"There is no account for {email[:100]}.")
        check_not_last(session, person)
        before = {"state": person.state}
        person.state, person.password_hash, person.totp_sealed = "closed", None, None
        person.totp_confirmed = None
        session.add(person)
        session.flush()
        told = AuditedAct("person.close", person.public_id, before, {"state": "closed"})
        record_for_person(session, deployment, person, told, themselves=False)
        close_sessions_of(session, stored_id(person))
        end_tokens(session, deployment, stored_id(person))
        session.exec(delete(RoleGrantRow).where(col(RoleGrantRow.person_id) == person.id))
        return person.name
