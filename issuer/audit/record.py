"""Write an act into the audit, in the transaction that does it."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from issuer.audit_tables import AuditEntryRow, AuditHead
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.staff.actor import Actor, ActorKind, command_line
from issuer.tables import Institution
from issuer.transactions import run

CONSORTIUM = ""  # the chain of what belongs to no institution
FIRST = "0" * 64
SEAL_PURPOSE = "audit seal"
_HASHED = (
    "chain",
    "number",
    "at",
    "actor_kind",
    "actor",
    "actor_name",
    "act",
    "subject",
    "before",
    "after",
    "previous",
)
_END_COLUMNS: Any = (AuditHead.number, AuditHead.hash)
# Made once: making a statement anew takes longer than its answer.
_END: Any = select(*_END_COLUMNS).where(AuditHead.chain == bindparam("of_chain")).with_for_update()
_GOES_ON: Any = (
    update(AuditHead)
    .where(col(AuditHead.chain) == bindparam("of_chain"))
    .values(number=bindparam("last_number"), hash=bindparam("last_hash"), seal=bindparam("last_seal"))
    .execution_options(synchronize_session=False)  # nobody holds the row
)
_BEGINS: Any = insert(AuditHead).execution_options(dml_strategy="raw")
_ENTRIES: Any = insert(AuditEntryRow).execution_options(dml_strategy="raw")
# RFC 8785 where names are ASCII and values are texts, None and small whole numbers, as they are here.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class AuditedAct:
    """One act: a word such as `credential.revoke`, what it was done to, and the state before and after.

    Neither may hold a learner's personal data or a secret: learners are named by the credential's id.
    """

    act: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ChainOwner:
    """The institution whose chain it is, where its row is not at hand."""

    id: int
    slug: str


def record(
    session: Session,
    deployment: Deployment,
    acts: AuditedAct | Sequence[AuditedAct],
    *,
    institution: Institution | ChainOwner | None,
    by: str | None = None,
) -> None:
    """Append acts to the chain of an institution, or of the consortium, within a writing transaction.

    `by` names the person where a command is the actor. Raises IssuerError without an office secret.
    """
    if deployment.secret is None:
        raise IssuerError(
            "no_office_secret", "This process cannot write the audit, so it may change nothing."
        )
    key = deployment.secret.key(SEAL_PURPOSE)
    chain = institution.slug if institution else CONSORTIUM
    owner = institution.id if institution else None
    end = run(session, _END, {"of_chain": chain}).first()
    number, last = (0, FIRST) if end is None else end
    actor = _actor(deployment.actor, by)
    same = {
        "chain": chain,
        "institution_id": owner,
        "at": deployment.now(),
        "actor_kind": actor.kind.value,
        "actor": actor.ref,
        "actor_name": actor.name[:200],
    }
    rows = []
    for act in [acts] if isinstance(acts, AuditedAct) else acts:
        number += 1
        row = {**same, "number": number, **_told(act), "previous": last}
        last = _hash(row)
        rows.append({**row, "hash": last, "seal": seal(key, last)})
    new_end = {"number": number, "hash": last, "seal": seal(key, f"{number} {last}")}
    if end is None:
        run(session, _BEGINS, [{"chain": chain, "institution_id": owner, **new_end}])
    else:
        goes_on = {f"last_{name}": value for name, value in new_end.items()}
        run(session, _GOES_ON, {"of_chain": chain, **goes_on})
    run(session, _ENTRIES, rows)


def _told(act: AuditedAct) -> dict[str, str | None]:
    return {
        "act": act.act,
        "subject": act.subject[:200],
        "before": _json(act.before),
        "after": _json(act.after),
    }


def entry_hash(row: AuditEntryRow) -> str:
    """Give the SHA-256 of an entry's RFC 8785 form, in hexadecimal; an export is enough to do the same."""
    return _hash({name: getattr(row, name) for name in _HASHED})


def _hash(values: Mapping[str, Any]) -> str:
    told = {name: values[name] for name in _HASHED} | {"at": values["at"].isoformat()}
    return hashlib.sha256(_canonical(told).encode()).hexdigest()


def seal(key: bytes, text: str) -> str:
    """Give the HMAC-SHA-256 by which only who has the office secret can continue a chain."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def _actor(actor: Actor, by: str | None) -> Actor:
    return command_line(by) if by and actor.kind is ActorKind.SERVICE else actor


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
