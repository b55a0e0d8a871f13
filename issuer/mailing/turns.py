"""Whose mails go out next: each institution in turn, each within what it may send in an hour (THREATS I4).

Mails to learners and mails to staff have turns of their own, so that a class of 5,000 keeps nobody from
signing in, and nobody's 5,000 mails keep another institution's waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.tables import OutboxMailRow

LEARNERS_AN_HOUR = 5_000  # mails of one institution: the longest class list goes out within the hour
STAFF_AN_HOUR = 200
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Lane:
    """The mails of one institution, or of the consortium, to one kind of readers."""

    institution_id: int | None
    to_staff: bool

    @property
    def an_hour(self) -> int:
        """How many of these may be sent within an hour."""
        return STAFF_AN_HOUR if self.to_staff else LEARNERS_AN_HOUR

    def of(self, query: Any) -> Any:
        """Keep of a query only this lane."""
        owner = col(OutboxMailRow.institution_id)
        token = col(OutboxMailRow.staff_token_id)
        query = query.where(owner.is_(None) if self.institution_id is None else owner == self.institution_id)
        return query.where(token.is_not(None) if self.to_staff else token.is_(None))


def due_mails(deployment: Deployment, *, at_most: int) -> list[int]:
    """List the mails to try now: one of each lane in turn, the longest due first in each."""
    with deployment.reading() as session:
        lanes = [_due_in(session, deployment, lane, at_most) for lane in _lanes(session, deployment)]
    return list(_in_turn(lanes))[:at_most]


def _lanes(session: Session, deployment: Deployment) -> list[Lane]:
    """List the lanes in which something is due, mails to staff first."""
    to_staff = col(OutboxMailRow.staff_token_id).is_not(None)
    found = session.exec(
        select(OutboxMailRow.institution_id, to_staff, func.min(OutboxMailRow.next_attempt))
        .where(OutboxMailRow.state == "queued")
        .where(OutboxMailRow.next_attempt <= deployment.now())
        .group_by(col(OutboxMailRow.institution_id), to_staff)
    ).all()
    in_order = sorted(found, key=lambda lane: (not lane[1], lane[2], lane[0] or 0))
    return [Lane(institution_id, bool(staff)) for institution_id, staff, _oldest in in_order]


def _due_in(session: Session, deployment: Deployment, lane: Lane, at_most: int) -> list[int]:
    now = deployment.now()
    gone = select(func.count()).select_from(OutboxMailRow).where(col(OutboxMailRow.sent) > now - _HOUR)
    left = lane.an_hour - int(session.exec(lane.of(gone)).one())
    if left <= 0:
        return []
    due = (
        select(OutboxMailRow.id)
        .where(OutboxMailRow.state == "queued")
        .where(OutboxMailRow.next_attempt <= now)
        .order_by(col(OutboxMailRow.next_attempt), col(OutboxMailRow.id))
        .limit(min(at_most, left))
    )
    return [mail_id for mail_id in session.exec(lane.of(due)) if mail_id is not None]


def _in_turn(lanes: list[list[int]]) -> Iterator[int]:
    longest = max((len(lane) for lane in lanes), default=0)
    for place in range(longest):
        yield from (lane[place] for lane in lanes if place < len(lane))
