"""Invitations and new passwords: links that are good once, for a while, and cannot be read from the database.

A link's secret is derived from the office secret and the public id of its row, so that the mail can be worded
when it is sent; the row keeps the secret's hash.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer.credentials.owed_mail import new_message_id
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.links import token_hash
from issuer.staff.roles import NEED_SECOND_FACTOR
from issuer.staff.totp import office_secret
from issuer.staff_tables import Person, RoleGrantRow, StaffTokenRow
from issuer.tables import Institution, OutboxMailRow, stored_id


class TokenKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105  (a kind, not a password)


LIFETIMES = {TokenKind.INVITATION: timedelta(days=7), TokenKind.PASSWORD: timedelta(hours=1)}
_PATHS = {TokenKind.INVITATION: "/staff/invitation", TokenKind.PASSWORD: "/staff/reset"}


@dataclass(frozen=True)
class Invited:
    """What a link shows of the person that it was sent to."""

    name: str
    email: str
    language: str
    institution: str | None
    needs_second_factor: bool


def link(deployment: Deployment, row: StaffTokenRow) -> str:
    """Give the address that a mail carries for a token."""
    kind = TokenKind(row.kind)
    return f"{deployment.base_url}{_PATHS[kind]}/{_secret(deployment, row)}"


def find_invited(deployment: Deployment, kind: TokenKind, secret: str) -> Invited:
    """Give whom a link is for; raises NotFound for one that is unknown, used, over or withdrawn."""
    with deployment.reading() as session:
        row, person = good_token(session, deployment, kind, secret)
        institution = session.get(Institution, row.institution_id) if row.institution_id is not None else None
        held = session.exec(select(RoleGrantRow.role).where(RoleGrantRow.person_id == person.id))
        needed = any(role in NEED_SECOND_FACTOR for role in held)
        return Invited(
            name=person.name,
            email=person.email,
            language=person.language,
            institution=institution.name if institution else None,
            needs_second_factor=needed and person.totp_confirmed is None,
        )


def good_token(
    session: Session, deployment: Deployment, kind: TokenKind, secret: str
) -> tuple[StaffTokenRow, Person]:
    """Find a token that still holds, with its person; raises NotFound in the same words for all others."""
    found = session.exec(
        select(StaffTokenRow, Person)
        .where(StaffTokenRow.token_hash == token_hash(secret))
        .where(StaffTokenRow.kind == kind.value)
        .where(col(StaffTokenRow.used).is_(None))
        .where(StaffTokenRow.expires > deployment.now())
        .where(StaffTokenRow.person_id == Person.id)
        .where(Person.state == ("invited" if kind is TokenKind.INVITATION else "active"))
    ).first()
    if found is None:
        raise NotFound("unknown_link", "This link is not good: it was used, or its time is over.")
    return found


def use_token(session: Session, deployment: Deployment, row: StaffTokenRow) -> None:
    """Use a token up, with all others of its person, within a writing transaction."""
    end_tokens(session, deployment, row.person_id)
    session.refresh(row)
    row.used = deployment.now()
    session.add(row)


def end_tokens(session: Session, deployment: Deployment, person_id: int) -> None:
    """End what is still good of a person's links; their mails are then withdrawn."""
    session.exec(
        update(StaffTokenRow)
        .where(col(StaffTokenRow.person_id) == person_id)
        .where(col(StaffTokenRow.used).is_(None))
        .where(col(StaffTokenRow.expires) > deployment.now())
        .values(expires=deployment.now())
        .execution_options(synchronize_session=False)
    )


def new_token(
    session: Session,
    deployment: Deployment,
    person: Person,
    kind: TokenKind,
    *,
    institution_id: int | None,
    used: bool = False,
) -> StaffTokenRow:
    """Add a token within a writing transaction; one that is `used` only carries a mail."""
    now = deployment.now()
    row = StaffTokenRow(
        public_id=str(UUID(int=deployment.random.getrandbits(128), version=4)),
        kind=kind.value,
        token_hash="",
        person_id=stored_id(person),
        institution_id=institution_id,
        created_by=deployment.actor.ref,
        created=now,
        expires=now + LIFETIMES[kind],
        used=now if used else None,
    )
    row.token_hash = token_hash(_secret(deployment, row))
    session.add(row)
    session.flush()
    return row


def owe_staff_mail(
    session: Session, deployment: Deployment, row: StaffTokenRow, *, kind: str, recipient: str
) -> None:
    """Enter a mail about a token into the outbox, within a writing transaction."""
    now = deployment.now()
    session.add(
        OutboxMailRow(
            institution_id=row.institution_id,
            staff_token_id=stored_id(row),
            kind=kind,
            message_id=new_message_id(deployment),
            recipient=recipient,
            state="queued",
            attempts=0,
            next_attempt=now,
            created=now,
        )
    )


def _secret(deployment: Deployment, row: StaffTokenRow) -> str:
    """Derive the secret of a token: 192 bits."""
    key = office_secret(deployment).key("staff token")
    digest = hmac.digest(key, f"{row.kind}\x00{row.public_id}".encode(), "sha256")
    return urlsafe_b64encode(digest[:24]).decode("ascii")
