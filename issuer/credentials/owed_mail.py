"""Enter mails about credentials into the outbox, within the transaction in which they come to be owed."""

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, func, insert
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.tables import CredentialRow, Learner, OutboxMailRow

_KEYS: Any = bindparam("keys", expanding=True)
# Made once: making a statement anew takes longer than its answer.
_ADDRESSED: Any = (
    select(CredentialRow.id, CredentialRow.institution_id, Learner.email, func.max(OutboxMailRow.number))
    .join(Learner, col(CredentialRow.learner_id) == col(Learner.id))
    .outerjoin(
        OutboxMailRow,
        and_(
            col(OutboxMailRow.credential_id) == col(CredentialRow.id),
            col(OutboxMailRow.kind) == bindparam("of_kind"),
        ),
    )
    .where(col(CredentialRow.id).in_(_KEYS))
    .group_by(col(CredentialRow.id), col(Learner.id))
    .order_by(col(CredentialRow.id))
)
_MAILS: Any = insert(OutboxMailRow).execution_options(dml_strategy="raw")  # rows as they are


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
    addressed = session.exec(_ADDRESSED, params={"keys": credential_ids, "of_kind": kind.value})
    rows = [
        {
            "institution_id": institution_id,
            "credential_id": credential_id,
            "kind": kind.value,
            "number": (newest or 0) + 1,
            "message_id": new_message_id(deployment),
            "recipient": email,
            "state": "queued",
            "attempts": 0,
            "next_attempt": now,
            "created": now,
        }
        for credential_id, institution_id, email, newest in addressed
    ]
    session.exec(_MAILS, params=rows)


def new_message_id(deployment: Deployment) -> str:
    """Make a Message-ID (RFC 5322, section 3.6.4) that is kept with its mail for every try."""
    return f"<{uuid.UUID(int=deployment.random.getrandbits(128), version=4)}@{deployment.host}>"
