"""Sessions: kept on the server, known to the browser by a token of which only the hash is stored."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.links import token_hash
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import NEED_SECOND_FACTOR, Role
from issuer.staff_tables import Person, RoleGrantRow, StaffSession
from issuer.tables import Institution

LONGEST = timedelta(hours=12)  # ASVS 7.3.2
IDLE = timedelta(hours=1)  # ASVS 7.3.1
_TOUCHED_EVERY = timedelta(minutes=1)  # reading a page seldom costs a write


@dataclass(frozen=True)
class HeldGrant:
    """A role that a person holds, with the institution it is held in; none for the consortium."""

    role: Role
    institution_id: int | None = None
    slug: str | None = None
    institution: str | None = None
    faculty_id: int | None = None


@dataclass(frozen=True)
class SignedIn:
    """A person as a session shows them."""

    session_id: int
    person_id: int
    public_id: str
    name: str
    email: str
    language: str
    second_factor: bool
    grants: tuple[HeldGrant, ...]

    @property
    def lacks_second_factor(self) -> bool:
        """Tell whether a role of theirs asks for a second factor that this session has not shown."""
        return not self.second_factor and any(grant.role in NEED_SECOND_FACTOR for grant in self.grants)

    @property
    def institutions(self) -> tuple[tuple[str, str], ...]:
        """List short name and name of the institutions they work for, by name."""
        found = {(grant.slug, grant.institution) for grant in self.grants if grant.slug and grant.institution}
        return tuple(sorted(found, key=lambda pair: pair[1]))

    def actor_for(self, slug: str) -> Actor | None:
        """Give them as they act for an institution, None where they have no role in it."""
        held = [grant for grant in self.grants if grant.slug == slug]
        if not held:
            return None
        grants = tuple(Grant(grant.role, grant.faculty_id) for grant in held)
        return Actor(ActorKind.PERSON, self.public_id, self.name, held[0].institution_id, slug, grants)

    def consortium_actor(self) -> Actor | None:
        """Give them as they act for the consortium, None where they have no role in it."""
        held = tuple(Grant(grant.role) for grant in self.grants if grant.institution_id is None)
        return Actor(ActorKind.PERSON, self.public_id, self.name, grants=held) if held else None


def open_session(session: Session, deployment: Deployment, person_id: int, *, second_factor: bool) -> str:
    """Begin a session within a writing transaction and give its token, which is new at every sign-in (W3)."""
    token = secrets.token_urlsafe(32)
    now = deployment.now()
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            person_id=person_id,
            second_factor=second_factor,
            created=now,
            last_seen=now,
            expires=now + LONGEST,
        )
    )
    return token


def find_session(deployment: Deployment, token: str) -> SignedIn | None:
    """Give whom a token belongs to, None where the session has ended or the account is closed."""
    now = deployment.now()
    with deployment.reading() as session:
        found = session.exec(
            select(StaffSession, Person)
            .where(StaffSession.token_hash == token_hash(token))
            .where(StaffSession.expires > now)
            .where(StaffSession.last_seen > now - IDLE)
            .where(StaffSession.person_id == Person.id)
            .where(Person.state == "active")
        ).first()
        if found is None:
            return None
        row, person = found
        signed_in = _signed_in(session, row, person)
        stale = row.last_seen < now - _TOUCHED_EVERY
    if stale:
        _touch(deployment, signed_in.session_id)
    return signed_in


def close_session(deployment: Deployment, token: str) -> None:
    """End a session; one that has ended already is left so."""
    with deployment.writing() as session:
        session.exec(delete(StaffSession).where(col(StaffSession.token_hash) == token_hash(token)))


def close_sessions_of(session: Session, person_id: int) -> None:
    """End all sessions of a person, within a writing transaction."""
    session.exec(delete(StaffSession).where(col(StaffSession.person_id) == person_id))


def _touch(deployment: Deployment, session_id: int) -> None:
    with deployment.writing() as session:
        row = session.get(StaffSession, session_id)
        if row is not None:
            row.last_seen = deployment.now()
            session.add(row)


def _signed_in(session: Session, row: StaffSession, person: Person) -> SignedIn:
    held = session.exec(
        select(RoleGrantRow, Institution)
        .outerjoin(Institution, col(RoleGrantRow.institution_id) == col(Institution.id))
        .where(RoleGrantRow.person_id == person.id)
        .order_by(col(RoleGrantRow.id))
    )
    grants = tuple(
        HeldGrant(
            role=Role(grant.role),
            institution_id=grant.institution_id,
            slug=institution.slug if institution else None,
            institution=institution.name if institution else None,
            faculty_id=grant.faculty_id,
        )
        for grant, institution in held
    )
    return SignedIn(
        session_id=row.id or 0,
        person_id=person.id or 0,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        language=person.language,
        second_factor=row.second_factor,
        grants=grants,
    )
