"""What becomes of a credential after it was issued: revoke, suspend, reinstate.

good -> suspended -> good, and from both to revoked, which is final. Suspension exists only where the
definition has opted in, because only then has the credential an entry in a suspension list.

One credential and five thousand go the same way: everything is read, decided and written set by set in one
transaction, so that whoever is interrupted finds all of it done or nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, insert, or_, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.credentials.owed_mail import LearnerMail, owe_mails
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotAllowed, StatusRefused
from issuer.institutions import institution_row
from issuer.lookup import issued_row
from issuer.records import RevocationReason, Status, StatusChangeRecord
from issuer.staff.roles import Act
from issuer.staff.within import may_within
from issuer.status_places import REVOCATION, SUSPENSION
from issuer.tables import (
    CredentialRow,
    DefinitionRow,
    DefinitionVersionRow,
    Institution,
    OutboxMailRow,
    StatusChange,
    StatusEntry,
    StatusList,
    stored_id,
)

LONGEST_NOTE = 500


class StatusAct(StrEnum):
    """What may be done to an issued credential."""

    REVOKE = "revoke"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"


@dataclass(frozen=True)
class StatusOrder:
    """What is to be done, and why.

    `reason` belongs to a revocation, and the public page tells it; `note` is for staff and auditors alone;
    `bulk` names an act on many credentials. Raises IssuerError for what does not belong together.
    """

    act: StatusAct
    reason: RevocationReason | None = None
    note: str | None = None
    bulk: str | None = None

    def __post_init__(self) -> None:
        if (self.act is StatusAct.REVOKE) != (self.reason is not None):
            raise IssuerError("reason", "A revocation has a reason that the public page tells. Choose one.")
        if self.note and len(self.note) > LONGEST_NOTE:
            raise IssuerError(
                "note",
                f"The note has {len(self.note)} characters; it may have {LONGEST_NOTE}. Shorten it.",
            )
        if self.note and "\0" in self.note:
            raise IssuerError("note", "There is a character in the note that cannot be stored. Type it anew.")


@dataclass(frozen=True)
class _Way:
    """One way to change a status: from where, to where, and which bit becomes what."""

    allowed_from: frozenset[Status]
    becomes: Status
    purpose: str
    bit: bool


_WAYS: Mapping[StatusAct, _Way] = {
    StatusAct.REVOKE: _Way(frozenset({Status.GOOD, Status.SUSPENDED}), Status.REVOKED, REVOCATION, True),
    StatusAct.SUSPEND: _Way(frozenset({Status.GOOD}), Status.SUSPENDED, SUSPENSION, True),
    StatusAct.REINSTATE: _Way(frozenset({Status.SUSPENDED}), Status.GOOD, SUSPENSION, False),
}
_CHUNK = 1_000  # keys in one statement: well below what either database takes


@dataclass(frozen=True)
class Standing:
    """What must be known of a credential to decide about it; not its text, which is long."""

    key: int
    urn: str
    status: Status
    faculty_id: int | None
    has_place: bool


def revoke(
    deployment: Deployment,
    named: str,
    *,
    reason: RevocationReason,
    by: str | None = None,
    slug: str | None = None,
    note: str | None = None,
) -> None:
    """Revoke for good; a mail that was not sent yet is withdrawn. Raises NotFound or StatusRefused."""
    change_status(deployment, named, StatusOrder(StatusAct.REVOKE, reason, note), by=by, slug=slug)


def suspend(
    deployment: Deployment,
    named: str,
    *,
    by: str | None = None,
    slug: str | None = None,
    note: str | None = None,
) -> None:
    """Suspend until reinstated. Raises NotFound, or StatusRefused where the definition has not opted in."""
    change_status(deployment, named, StatusOrder(StatusAct.SUSPEND, note=note), by=by, slug=slug)


def reinstate(
    deployment: Deployment,
    named: str,
    *,
    by: str | None = None,
    slug: str | None = None,
    note: str | None = None,
) -> None:
    """Lift a suspension. Raises NotFound or StatusRefused."""
    change_status(deployment, named, StatusOrder(StatusAct.REINSTATE, note=note), by=by, slug=slug)


def change_status(
    deployment: Deployment,
    named: str,
    order: StatusOrder,
    *,
    by: str | None = None,
    slug: str | None = None,
) -> None:
    """Do to one credential what is ordered; `named` is its id, code or short code.

    Raises NotFound, NotAllowed, or StatusRefused.
    """
    deployment.actor.must(Act.CHANGE_STATUS)
    with deployment.writing() as session:
        institution = institution_row(session, slug) if slug is not None else None
        row = issued_row(session, named, institution=institution)
        refusals = change_statuses(session, deployment, [stored_id(row)], order, by=by)
        if refusals:
            raise next(iter(refusals.values()))


def change_statuses(
    session: Session,
    deployment: Deployment,
    keys: Sequence[int],
    order: StatusOrder,
    *,
    by: str | None = None,
) -> dict[int, IssuerError]:
    """Do to issued credentials of one institution what is ordered, within a writing transaction.

    `keys` are keys of their rows. Gives why each of those was left alone that could not be changed.
    """
    refusals: dict[int, IssuerError] = {}
    changed: list[Standing] = []
    for each in standings(session, keys, order.act):
        refusal = refusal_of(deployment, each, order.act)
        if refusal is None:
            changed.append(each)
        else:
            refusals[each.key] = refusal
    if changed:
        _write(session, deployment, changed, order, (by or deployment.actor.name)[:200])
        _audit(session, deployment, changed, order, by)
    return refusals


def standings(session: Session, keys: Sequence[int], act: StatusAct) -> list[Standing]:
    """Read how credentials stand before an act, in the order of their keys."""
    found = []
    for some in _chunks(sorted(set(keys))):
        rows = session.exec(_standings(some, _WAYS[act].purpose))
        found += [
            Standing(key or 0, urn, Status(status), faculty, entry is not None)
            for key, urn, status, faculty, entry in rows
        ]
    return found


def _standings(keys: Sequence[int], purpose: str) -> Any:
    place = and_(col(StatusEntry.credential_id) == col(CredentialRow.id), col(StatusEntry.purpose) == purpose)
    columns: Any = (
        CredentialRow.id,
        CredentialRow.urn,
        CredentialRow.status,
        DefinitionRow.faculty_id,
        StatusEntry.id,
    )
    return (
        select(*columns)
        .join(DefinitionVersionRow, col(DefinitionVersionRow.id) == CredentialRow.definition_version_id)
        .join(DefinitionRow, col(DefinitionRow.id) == DefinitionVersionRow.definition_id)
        .outerjoin(StatusEntry, place)
        .where(col(CredentialRow.id).in_(keys))
        .where(CredentialRow.state == "issued")
        .order_by(col(CredentialRow.id))
    )


def refusal_of(deployment: Deployment, standing: Standing, act: StatusAct) -> IssuerError | None:
    """Say why an act is not possible, None where it is."""
    if not may_within(deployment.actor, Act.CHANGE_STATUS, standing.faculty_id):
        return NotAllowed("not_allowed", "It belongs to a faculty in which your roles do not allow this.")
    if standing.status not in _WAYS[act].allowed_from:
        return _state_refusal(standing.status, act)
    if not standing.has_place:
        return StatusRefused(
            "no_suspension", "Credentials of this definition cannot be suspended: it has not opted in."
        )
    return None


def status_history(deployment: Deployment, named: str) -> list[StatusChangeRecord]:
    """List what became of a credential, the oldest first; raises NotFound."""
    with deployment.reading() as session:
        row = issued_row(session, named)
        changes = (
            select(StatusChange).where(StatusChange.credential_id == row.id).order_by(col(StatusChange.id))
        )
        return [
            StatusChangeRecord(
                each.act, RevocationReason(each.reason) if each.reason else None, each.done_by, each.done_at
            )
            for each in session.exec(changes)
        ]


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))


def _state_refusal(status: Status, act: StatusAct) -> StatusRefused:
    if status is Status.REVOKED:
        return StatusRefused("already_revoked", "The credential is revoked, and that is final.")
    if act is StatusAct.REINSTATE:
        return StatusRefused("not_suspended", "The credential is not suspended.")
    return StatusRefused("already_suspended", "The credential is suspended already.")


def _write(
    session: Session, deployment: Deployment, changed: list[Standing], order: StatusOrder, by: str
) -> None:
    way, now = _WAYS[order.act], deployment.now()
    owner = session.exec(select(CredentialRow.institution_id).where(CredentialRow.id == changed[0].key)).one()
    reason = order.reason.value if order.reason else None
    for some in _chunks([each.key for each in changed]):
        session.exec(
            update(CredentialRow)
            .where(col(CredentialRow.id).in_(some))
            .values(status=way.becomes.value, status_since=now, status_by=by, status_reason=reason)
        )
        _set_bits(session, some, way)
        if order.act is StatusAct.REVOKE:
            _tell_learners(session, deployment, some)
        told = {"institution_id": owner, "act": order.act.value, "reason": reason, "note": order.note or None}
        session.exec(
            insert(StatusChange),
            params=[
                {**told, "credential_id": key, "bulk": order.bulk, "done_by": by, "done_at": now}
                for key in some
            ],
        )


def _set_bits(session: Session, keys: Sequence[int], way: _Way) -> None:
    """Set the entries, and count the changes of each list, so that the worker signs it anew."""
    mine = and_(col(StatusEntry.credential_id).in_(keys), col(StatusEntry.purpose) == way.purpose)
    session.exec(update(StatusEntry).where(mine).values(is_set=way.bit))
    counts = session.exec(
        select(StatusEntry.status_list_id, func.count()).where(mine).group_by(col(StatusEntry.status_list_id))
    ).all()
    for list_id, count in counts:
        session.exec(
            update(StatusList)
            .where(col(StatusList.id) == list_id)
            .values(changes=col(StatusList.changes) + count)
        )


def _tell_learners(session: Session, deployment: Deployment, keys: Sequence[int]) -> None:
    """Withdraw what was not sent; whoever has had the award's mail, or may have, is told of its end."""
    mine = col(OutboxMailRow.credential_id).in_(keys)
    # A try that is under way has no error noted yet: nobody knows whether the server took the mail.
    may_have_gone = or_(
        col(OutboxMailRow.state) == "sent",
        and_(
            col(OutboxMailRow.state) == "queued",
            col(OutboxMailRow.attempts) > 0,
            col(OutboxMailRow.error).is_(None),
        ),
    )
    award = col(OutboxMailRow.kind) == LearnerMail.AWARD.value
    told = session.exec(
        select(OutboxMailRow.credential_id).where(mine, award, may_have_gone).distinct()
    ).all()
    session.exec(
        update(OutboxMailRow)
        .where(mine)
        .where(col(OutboxMailRow.state) == "queued")
        .values(state="withdrawn")
    )
    owe_mails(session, deployment, LearnerMail.REVOKED, [key for key in told if key is not None])


def _audit(
    session: Session, deployment: Deployment, changed: list[Standing], order: StatusOrder, by: str | None
) -> None:
    after = {"status": _WAYS[order.act].becomes.value, "reason": order.reason.value if order.reason else None}
    after |= {"bulk": order.bulk} if order.bulk else {}
    acts = [
        AuditedAct(
            f"credential.{order.act.value}", each.urn, before={"status": each.status.value}, after=after
        )
        for each in changed
    ]
    owner = session.exec(
        select(Institution)
        .where(CredentialRow.id == changed[0].key)
        .where(CredentialRow.institution_id == Institution.id)
    ).one()
    record(session, deployment, acts, institution=owner, by=by)
