"""Transaction B: store what was signed for a batch, and what follows from it; only what is still planned.

Another worker may have stored a plan meanwhile, or the batch was undone: then nothing happens to it. One
writer is at work at a time (ADR 12), so what is found planned stays so until the transaction ends.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, SQLModel, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.tables import BatchRow, CredentialRow, Institution, Learner, StatusEntry

_CREDENTIAL, _MAIL = (SQLModel.metadata.tables[name] for name in ("credential", "outbox_mail"))


@dataclass(frozen=True)
class Signed:
    """The bytes that fulfil a plan, and the key that signed them."""

    credential_id: int
    urn: str
    text: str
    method: str


@dataclass(frozen=True)
class Refused:
    """A plan that must not be signed, and why."""

    credential_id: int
    reason: str


def store_signed(session: Session, deployment: Deployment, signed: Sequence[Signed]) -> None:
    """Store the texts of one institution, the mails that are owed and the audit of the signatures."""
    owed = _still_planned(session, [one.credential_id for one in signed])
    stored = [one for one in signed if one.credential_id in owed]
    if not stored:
        return
    _store_texts(session, deployment, stored)
    session.exec(
        update(BatchRow)
        .where(col(BatchRow.credential_id).in_(list(owed)))
        .values(state="issued", input=None)
        .execution_options(synchronize_session=False)
    )
    owner = next(iter(owed.values()))[0]
    now = deployment.now()
    mails = [
        {
            "institution_id": owner,
            "credential_id": credential_id,
            "kind": "award",
            "number": 1,
            "message_id": _message_id(deployment),
            "recipient": address,
            "state": "queued",
            "attempts": 0,
            "next_attempt": now,
            "created": now,
        }
        for credential_id, (_, address) in owed.items()
    ]
    session.connection().execute(insert(_MAIL), mails)
    institution = session.exec(select(Institution).where(Institution.id == owner)).one()
    record(session, deployment, [_signature(one) for one in stored], institution=institution)


def take_back(session: Session, refused: Sequence[Refused]) -> None:
    """Remove plans that must not be signed; their lines keep the reason. Nobody outside has seen them."""
    still = _still_planned(session, [one.credential_id for one in refused])
    for one in refused:
        if one.credential_id in still:
            session.exec(
                update(BatchRow)
                .where(col(BatchRow.credential_id) == one.credential_id)
                .values(state="failed", reason=one.reason, credential_id=None)
            )
    session.exec(delete(StatusEntry).where(col(StatusEntry.credential_id).in_(list(still))))
    session.exec(delete(CredentialRow).where(col(CredentialRow.id).in_(list(still))))


def _still_planned(session: Session, credential_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Give institution and address of the learner by credential, in the order of their plans."""
    found = session.exec(
        select(CredentialRow.id, CredentialRow.institution_id, Learner.email)
        .where(col(CredentialRow.id).in_(credential_ids))
        .where(CredentialRow.state == "planned")
        .where(CredentialRow.learner_id == Learner.id)
        .order_by(col(CredentialRow.id))
        .with_for_update(of=CredentialRow)
    )
    return {key: (institution_id, email) for key, institution_id, email in found if key is not None}


def _store_texts(session: Session, deployment: Deployment, signed: Sequence[Signed]) -> None:
    """Store them with one prepared statement, whose condition stands beside each."""
    table = _CREDENTIAL.c
    session.connection().execute(
        update(_CREDENTIAL)
        .where(table.id == bindparam("key"), table.state == "planned")
        .values(
            state="issued",
            secured=bindparam("text"),
            unsigned=None,
            verification_method=bindparam("method"),
            issued_at=deployment.now(),
        ),
        [{"key": one.credential_id, "text": one.text, "method": one.method} for one in signed],
    )


def _message_id(deployment: Deployment) -> str:
    unique = uuid.UUID(int=deployment.random.getrandbits(128), version=4)
    return f"<{unique}@{deployment.host}>"


def _signature(signed: Signed) -> AuditedAct:
    """Tell of a signature what identifies it, and nothing of whom it is about (THREATS K1)."""
    digest = hashlib.sha256(signed.text.encode()).hexdigest()
    return AuditedAct("credential.issue", signed.urn, after={"key": signed.method, "sha256": digest})
