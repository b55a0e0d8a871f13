"""Enter mails about credentials into the outbox, within the transaction in which they come to be owed."""

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.tables import CredentialRow, Learner, OutboxMailRow

_KEYS: Any = bindparam("keys", expanding=True)
# Made once: making a statement anew takes longer than its answer.
_ADDRESSED: Any = (
    select(CredentialRow.id, CredentialRow.institution_id, Learner.email)
    .where(col(CredentialRow.id).in_(_KEYS))
    .where(CredentialRow.learner_id == Learner.id)
    .order_by(col(CredentialRow.id))
)
_NUMBERS: Any = (
    select(col(OutboxMailRow.credential_id), func.max(OutboxMailRow.number))
    .where(col(OutboxMailRow.credential_id).in_(_KEYS))
    .where(OutboxMailRow.kind == bindparam("of_kind"))
    .group_by(col(OutboxMailRow.credential_id))
)
_MAILS: Any = insert(OutboxMailRow)


class LearnerMail(StrEnum):
    """What a mail tells a learner."""

    AWARD = "award"
    REVOKED = "revoked"


def owe_mails(
    session: Session, deployment: Deployment, kind: LearnerMail, credential_ids: Sequence[int]
) -> None:
    """Enter one mail of a kind for each credential, to the learner's present address, each with a new id."""
    if not credential_ids:
        return
    now = deployment.now()
    numbers = _numbers(session, kind, credential_ids)
    addressed = session.exec(_ADDRESSED, params={"keys": credential_ids})
    rows = [
        {
            "institution_id": institution_id,
            "credential_id": credential_id,
            "kind": kind.value,
            "number": numbers.get(credential_id, 0) + 1,
            "message_id": new_message_id(deployment),
            "recipient": email,
            "state": "queued",
            "attempts": 0,
            "next_attempt": now,
            "created": now,
        }
        for credential_id, institution_id, email in addressed
    ]
    session.exec(_MAILS, params=rows)


def new_message_id(deployment: Deployment) -> str:
    """Make a Message-ID (RFC 5322, section 3.6.4) that is kept with its mail for every try."""
    return f"<{uuid.UUID(int=deployment.random.getrandbits(128), version=4)}@{deployment.host}>"


def _numbers(session: Session, kind: LearnerMail, credential_ids: Sequence[int]) -> dict[int | None, int]:
    """Give how many mails of a kind each credential has had."""
    return dict(session.exec(_NUMBERS, params={"keys": credential_ids, "of_kind": kind.value}).all())
