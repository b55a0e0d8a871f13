"""Accounts: the rows behind people who can sign in, found and made whatever institution they work for."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.cells import CellRefused, email_cell
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.inputs import one_line
from issuer.staff.actor import Actor, ActorKind
from issuer.staff.passwords import WORK, Work, check_password, hash_password
from issuer.staff.roles import Role
from issuer.staff.totp import keep_totp
from issuer.staff_tables import Person, RoleGrantRow
from issuer.tables import Institution, stored_id

HeldRole = tuple[str | None, Role] | tuple[str | None, Role, int | None]


def make_person(
    deployment: Deployment,
    *,
    email: str,
    name: str,
    grants: Collection[HeldRole] = (),
    password: str,
    totp_secret: str | None = None,
    by: str,
    language: str = "en",
    work: Work = WORK,
) -> str:
    """Make somebody who can sign in at once, for demonstrations and tests; give their public id.

    Each grant is an institution's short name (None: the consortium), a role, and the key of a faculty where
    it is confined to one. Raises IssuerError, Conflict for an address that is taken.
    """
    address, shown = folded_address(email), one_line("name", name)
    hashed = hash_password(check_password(password, name=shown, email=address), work=work)
    with deployment.writing() as session:
        if account_of(session, address) is not None:
            raise Conflict("known_person", f"There is an account for {address} already.")
        person = new_account(session, deployment, email=address, name=shown, language=language)
        person.state, person.password_hash = "active", hashed
        if totp_secret is not None:
            keep_totp(deployment, person, totp_secret)
        for grant in grants:
            _grant(session, deployment, person, grant, by)
        return person.public_id


def folded_address(email: str) -> str:
    """Read an e-mail address as accounts are known by it; raises IssuerError."""
    try:
        return email_cell(email).lower()
    except CellRefused as refused:
        raise IssuerError("email", f"{refused.reason} {refused.fix}") from refused


def sought_address(email: str) -> str:
    """Fold what somebody typed as their address; empty, and so nobody's, where it cannot be one."""
    try:
        return folded_address(email)
    except IssuerError:
        return ""


def account_of(session: Session, email: str) -> Person | None:
    """Find the account of an address, folded to lower case by whoever asks."""
    return session.exec(select(Person).where(Person.email == email)).first()


def account_row(session: Session, public_id: str) -> Person:
    """Find an account by its public id; raises NotFound."""
    found = session.exec(select(Person).where(Person.public_id == public_id)).first()
    if found is None:
        raise NotFound("unknown_person", "There is no such account.")
    return found


def new_account(session: Session, deployment: Deployment, *, email: str, name: str, language: str) -> Person:
    """Add an invited account within a writing transaction."""
    person = Person(
        public_id=str(UUID(int=deployment.random.getrandbits(128), version=4)),
        email=email,
        name=name,
        language=language,
        created=deployment.now(),
    )
    session.add(person)
    session.flush()
    return person


def institutions_of(session: Session, person: Person) -> list[Institution]:
    """List the institutions in which somebody has a role, in a fixed order."""
    held = select(RoleGrantRow.institution_id).where(RoleGrantRow.person_id == person.id)
    found = select(Institution).where(col(Institution.id).in_(held)).order_by(col(Institution.id))
    return list(session.exec(found))


def record_for_person(
    session: Session, deployment: Deployment, person: Person, act: AuditedAct, *, themselves: bool = True
) -> None:
    """Write an act on an account into the audit of every institution that the person works for.

    For the consortium's people, and for those who have no role, it stands in the consortium's. `themselves`
    says that the person did it; else whoever `deployment` acts for.
    """
    actor = Actor(ActorKind.PERSON, person.public_id, person.name) if themselves else deployment.actor
    acting = replace(deployment, actor=actor)
    of_consortium = session.exec(
        select(RoleGrantRow.id)
        .where(RoleGrantRow.person_id == person.id)
        .where(col(RoleGrantRow.institution_id).is_(None))
    ).first()
    institutions = institutions_of(session, person)
    alone: list[None] = [None] if of_consortium is not None or not institutions else []
    for institution in [*institutions, *alone]:
        record(session, acting, act, institution=institution)


def _grant(session: Session, deployment: Deployment, person: Person, grant: HeldRole, by: str) -> None:
    slug, role = grant[0], grant[1]
    institution = None
    if slug is not None:
        institution = session.exec(select(Institution).where(Institution.slug == slug)).first()
        if institution is None:
            raise NotFound("unknown_institution", f"There is no institution {slug[:80]}.")
    session.add(
        RoleGrantRow(
            person_id=stored_id(person),
            institution_id=institution.id if institution else None,
            faculty_id=grant[2] if len(grant) == 3 else None,
            role=role.value,
            granted_by=by[:200],
            created=deployment.now(),
        )
    )
    session.flush()
    told = AuditedAct("person.grant", person.public_id, after={"roles": [role.value]})
    record(session, deployment, told, institution=institution, by=by)
