"""What becomes of a credential after it was issued: revoke, suspend, reinstate.

good -> suspended -> good, and from both to revoked, which is final. Suspension exists only where the
definition has opted in, because only then has the credential an entry in a suspension list.

One credential and five thousand go the same way: everything is read, decided and written set by set in one
transaction, so that whoever is interrupted finds all of it done or nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, insert, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, ChainOwner, record
from issuer.credentials.owed_mail import LearnerMail, addressed, enter_mails
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotAllowed, StatusRefused
from issuer.institutions import institution_row
from issuer.keyed import Keyed
from issuer.lookup import column_of, issued_row, not_found
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
)
from issuer.transactions import run

LONGEST_NOTE = 500
_CHUNK = 1_000  # keys in one statement: well below what either database takes
_STANDING_COLUMNS: Any = (
    CredentialRow.id,
    CredentialRow.urn,
    CredentialRow.institution_id,
    CredentialRow.status,
    DefinitionRow.faculty_id,
    StatusEntry.status_list_id,
    Institution.slug,
)
_PLACE = and_(
    col(StatusEntry.credential_id) == col(CredentialRow.id),
    col(StatusEntry.purpose) == bindparam("of_purpose"),
)
# Made once: making a statement anew takes longer than its answer. Nobody holds the rows that are changed.
_ISSUED: Any = (
    select(*_STANDING_COLUMNS)
    .join(DefinitionVersionRow, col(DefinitionVersionRow.id) == CredentialRow.definition_version_id)
    .join(DefinitionRow, col(DefinitionRow.id) == DefinitionVersionRow.definition_id)
    .join(Institution, col(Institution.id) == CredentialRow.institution_id)
    .outerjoin(StatusEntry, _PLACE)
    .where(CredentialRow.state == "issued")
)
_STANDINGS = Keyed.made(lambda among: _ISSUED.where(among(CredentialRow.id)).order_by(col(CredentialRow.id)))
_ALONE = {"synchronize_session": False}
_BECOME = Keyed.made(
    lambda among: (
        update(CredentialRow)
        .where(among(CredentialRow.id))
        .values(
            status=bindparam("becomes"),
            status_since=bindparam("since"),
            status_by=bindparam("who"),
            status_reason=bindparam("why"),
        )
        .execution_options(**_ALONE)
    )
)
_SET = Keyed.made(
    lambda among: (
        update(StatusEntry)
        .where(among(StatusEntry.credential_id), col(StatusEntry.purpose) == bindparam("of_purpose"))
        .values(is_set=bindparam("bit"))
        .execution_options(**_ALONE)
    )
)
_COUNT: Any = (
    update(StatusList)
    .where(col(StatusList.id) == bindparam("list_id"))
    .values(changes=col(StatusList.changes) + bindparam("more"))
    .execution_options(**_ALONE)
)
_WITHDRAW = Keyed.made(
    lambda among: (
        update(OutboxMailRow)
        .where(among(OutboxMailRow.credential_id), col(OutboxMailRow.state) == "queued")
        .values(state="withdrawn")
        .execution_options(**_ALONE)
    )
)
_CHANGES: Any = insert(StatusChange).execution_options(dml_strategy="raw")  # rows as they are


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


@dataclass(frozen=True)
class Standing:
    """What must be known of a credential to decide about it; not its text, which is long.

    `list_id` names the list in which an act changes its entry; None where it has none there.
    """

    key: int
    urn: str
    owner: ChainOwner
    status: Status
    faculty_id: int | None
    list_id: int | None


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
        found = _standing_of(session, named, order.act)
        if institution is not None and found.owner.id != institution.id:
            raise not_found()
        refusals = _change(session, deployment, [found], order, by)
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
    return _change(session, deployment, standings(session, keys, order.act), order, by)


def _change(
    session: Session, deployment: Deployment, found: Sequence[Standing], order: StatusOrder, by: str | None
) -> dict[int, IssuerError]:
    refusals: dict[int, IssuerError] = {}
    changed: list[Standing] = []
    for each in found:
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
    found: list[Standing] = []
    for some in _chunks(sorted(set(keys))):
        found += map(_standing, _STANDINGS.run(session, some, {"of_purpose": _WAYS[act].purpose}))
    return found


def _standing_of(session: Session, named: str, act: StatusAct) -> Standing:
    """Read how one credential stands, by its id, code or short code; raises NotFound."""
    column, wanted = column_of(named)
    asked = {"wanted": wanted, "of_purpose": _WAYS[act].purpose}
    row = run(session, _issued_by(column), asked).first()
    if row is None:
        raise not_found()
    return _standing(row)


@cache
def _issued_by(column: str) -> Any:
    return _ISSUED.where(getattr(CredentialRow, column) == bindparam("wanted"))


def _standing(row: Sequence[Any]) -> Standing:
    key, urn, owner, status, faculty, list_id, slug = row
    return Standing(key, urn, ChainOwner(owner, slug), Status(status), faculty, list_id)


def refusal_of(deployment: Deployment, standing: Standing, act: StatusAct) -> IssuerError | None:
    """Say why an act is not possible, None where it is."""
    if not may_within(deployment.actor, Act.CHANGE_STATUS, standing.faculty_id):
        return NotAllowed("not_allowed", "It belongs to a faculty in which your roles do not allow this.")
    if standing.status not in _WAYS[act].allowed_from:
        return _state_refusal(standing.status, act)
    if standing.list_id is None:
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


def _chunks(those: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (those[start : start + _CHUNK] for start in range(0, len(those), _CHUNK))


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
    told: dict[str, Any] = {
        "institution_id": changed[0].owner.id,
        "act": order.act.value,
        "reason": order.reason.value if order.reason else None,
        "note": order.note or None,
        "bulk": order.bulk,
        "done_by": by,
        "done_at": now,
    }
    becomes = {"becomes": way.becomes.value, "since": now, "who": by, "why": told["reason"]}
    for some in _chunks(changed):
        keys = [each.key for each in some]
        _BECOME.run(session, keys, becomes)
        _set_bits(session, some, way)
        if order.act is StatusAct.REVOKE:
            _tell_learners(session, deployment, keys)
        run(session, _CHANGES, [{**told, "credential_id": key} for key in keys])


def _set_bits(session: Session, some: Sequence[Standing], way: _Way) -> None:
    """Set the entries, and count the changes of each list, so that the worker signs it anew."""
    _SET.run(session, [each.key for each in some], {"of_purpose": way.purpose, "bit": way.bit})
    for list_id, more in Counter(each.list_id for each in some).items():
        run(session, _COUNT, {"list_id": list_id, "more": more})


def _tell_learners(session: Session, deployment: Deployment, keys: Sequence[int]) -> None:
    """Withdraw what was not sent; whoever has had the award's mail, or may have, is told of its end."""
    learners = addressed(session, LearnerMail.REVOKED, keys)
    if any(each.mail_waits for each in learners):
        _WITHDRAW.run(session, keys, {})
    enter_mails(session, deployment, LearnerMail.REVOKED, [each for each in learners if each.may_know])


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
    record(session, deployment, acts, institution=changed[0].owner, by=by)
