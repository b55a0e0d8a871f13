"""Enter mails about credentials into the outbox, within the transaction in which they come to be owed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, case, func, insert, or_
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.keyed import Keyed
from issuer.tables import CredentialRow, Learner, OutboxMailRow
from issuer.transactions import run


class LearnerMail(StrEnum):
    """What a mail tells a learner."""

    AWARD = "award"
    REVOKED = "revoked"


_OF_KIND = col(OutboxMailRow.kind) == bindparam("of_kind")
_WAITS = col(OutboxMailRow.state) == "queued"
# A try that is under way has no error noted yet: nobody knows whether the server took the mail.
_MAY_HAVE_GONE = or_(
    col(OutboxMailRow.state) == "sent",
    and_(_WAITS, col(OutboxMailRow.attempts) > 0, col(OutboxMailRow.error).is_(None)),
)
_HAS_TOLD = and_(col(OutboxMailRow.kind) == LearnerMail.AWARD.value, _MAY_HAVE_GONE)
_COLUMNS: Any = (
    CredentialRow.id,
    CredentialRow.institution_id,
    Learner.email,
    func.max(case((_OF_KIND, OutboxMailRow.number), else_=0)),
    func.max(case((_HAS_TOLD, 1), else_=0)),
    func.max(case((_WAITS, 1), else_=0)),
)
# Made once: making a statement anew takes longer than its answer.
_ADDRESSED = Keyed.made(
    lambda among: (
        select(*_COLUMNS)
        .join(Learner, col(CredentialRow.learner_id) == col(Learner.id))
        .outerjoin(OutboxMailRow, col(OutboxMailRow.credential_id) == col(CredentialRow.id))
        .where(among(CredentialRow.id))
        .group_by(col(CredentialRow.id), col(Learner.id))
        .order_by(col(CredentialRow.id))
    )
)
_MAILS: Any = insert(OutboxMailRow).execution_options(dml_strategy="raw")  # rows as they are


@dataclass(frozen=True)
class Addressed:
    """Where mails about a credential go, and what became of those there are.

    `newest` is the number of the last one of a kind, 0 for none; `may_know` tells that the award's mail was
    sent, or may have been; `mail_waits` that some mail was not sent yet.
    """

    credential_id: int
    institution_id: int
    email: str
    newest: int
    may_know: bool
    mail_waits: bool


def owe_mails(
    session: Session, deployment: Deployment, kind: LearnerMail, credential_ids: Sequence[int]
) -> None:
    """Enter one mail of a kind for each credential, to the learner's present address, each with a new id."""
    enter_mails(session, deployment, kind, addressed(session, kind, credential_ids))


def addressed(session: Session, kind: LearnerMail, credential_ids: Sequence[int]) -> list[Addressed]:
    """Read where mails of a kind about credentials go, in the order of the credentials' keys."""
    if not credential_ids:
        return []
    found = _ADDRESSED.run(session, credential_ids, {"of_kind": kind.value})
    return [
        Addressed(key, owner, email, newest, bool(may_know), bool(waits))
        for key, owner, email, newest, may_know, waits in found
    ]


def enter_mails(
    session: Session, deployment: Deployment, kind: LearnerMail, learners: Sequence[Addressed]
) -> None:
    """Enter one mail of a kind for each of those who were read in this transaction, each with a new id."""
    if not learners:
        return
    now = deployment.now()
    rows = [
        {
            "institution_id": each.institution_id,
            "credential_id": each.credential_id,
            "kind": kind.value,
            "number": each.newest + 1,
            "message_id": new_message_id(deployment),
            "recipient": each.email,
            "state": "queued",
            "attempts": 0,
            "next_attempt": now,
            "created": now,
        }
        for each in learners
    ]
    run(session, _MAILS, rows)


def new_message_id(deployment: Deployment) -> str:
    """Make a Message-ID (RFC 5322, section 3.6.4) that is kept with its mail for every try."""
    return f"<{uuid.UUID(int=deployment.random.getrandbits(128), version=4)}@{deployment.host}>"
