"""One's own account: what it is, where one is signed in, and ending that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from issuer.deployment import Deployment
from issuer.staff.sessions import IDLE, SignedIn
from issuer.staff_tables import StaffSession


@dataclass(frozen=True)
class OwnSession:
    """A browser in which somebody is signed in."""

    created: datetime
    last_seen: datetime
    is_this: bool


def own_sessions(deployment: Deployment, signed_in: SignedIn) -> list[OwnSession]:
    """List the sessions of a person that have not ended, the latest first."""
    now = deployment.now()
    with deployment.reading() as session:
        rows = session.exec(
            select(StaffSession)
            .where(StaffSession.person_id == signed_in.person_id)
            .where(StaffSession.expires > now)
            .where(StaffSession.last_seen > now - IDLE)
            .order_by(col(StaffSession.last_seen).desc(), col(StaffSession.id).desc())
        )
        return [OwnSession(row.created, row.last_seen, row.id == signed_in.session_id) for row in rows]


def end_other_sessions(deployment: Deployment, signed_in: SignedIn) -> None:
    """End every session of a person but the present one."""
    with deployment.writing() as session:
        session.exec(
            delete(StaffSession)
            .where(col(StaffSession.person_id) == signed_in.person_id)
            .where(col(StaffSession.id) != signed_in.session_id)
        )
