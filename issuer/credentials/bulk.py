"""Do one thing to many credentials: looked at first, then done in one transaction, told afterwards.

All of it or nothing: a revocation of a whole class is one decision, and a half of it would be another.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from issuer.audit.record import AuditedAct, record
from issuer.audit_tables import AuditEntryRow
from issuer.codes import read_short_code
from issuer.credentials.rows import FoundCredential
from issuer.credentials.search import found_rows
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_row
from issuer.records import RevocationReason
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.status import StatusAct, StatusOrder, change_statuses, refusal_of, standings
from issuer.tables import CredentialRow, StatusChange, StatusEntry, StatusList

MOST = 5_000  # credentials at once: a few seconds of the one write lock
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True)
class LeftOut:
    """A credential to which an act was not done, and the code of the reason."""

    credential: FoundCredential
    code: str


@dataclass(frozen=True)
class BulkPlan:
    """What an act would do to the credentials that were chosen."""

    act: StatusAct
    credentials: tuple[FoundCredential, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class BulkResult:
    """What an act has done; `published` tells whether the lists that the public reads show it."""

    bulk: str
    act: StatusAct
    reason: RevocationReason | None
    by: str
    at: datetime
    done: tuple[FoundCredential, ...]
    left_out: tuple[LeftOut, ...]
    published: bool


def plan(desk: Deployment, chosen: Sequence[str], act: StatusAct) -> BulkPlan:
    """Say what an act would do to credentials by their short codes; nothing is changed.

    Raises NotFound if one of them is not there for whoever acts, IssuerError if there are too many or none.
    """
    desk.actor.must(Act.CHANGE_STATUS)
    with desk.reading() as session:
        keys = _keys(session, desk, chosen)
        refusals = {
            each.key: refusal
            for each in standings(session, keys, act)
            if (refusal := refusal_of(desk, each, act)) is not None
        }
        possible = [key for key in keys if key not in refusals]
        return BulkPlan(act, tuple(found_rows(session, possible)), tuple(_left_out(session, keys, refusals)))


def carry_out(desk: Deployment, chosen: Sequence[str], order: StatusOrder) -> BulkResult:
    """Do what is ordered to credentials by their short codes, in one transaction.

    `order.bulk` names the act: handed in a second time it does nothing and gives the first result. Raises as
    `plan`.
    """
    desk.actor.must(Act.CHANGE_STATUS)
    if order.bulk is None or not _ID.fullmatch(order.bulk):
        raise IssuerError("bulk", "This form is not complete. Choose the certificates again.")
    with desk.writing() as session:
        if _entry(session, order.bulk) is None:
            keys = _keys(session, desk, chosen)
            refusals = change_statuses(session, desk, keys, order)
            _note(session, desk, order, keys, refusals)
    return result(desk, order.bulk)


def result(desk: Deployment, bulk: str) -> BulkResult:
    """Give what an act on many credentials has done; raises NotFound."""
    desk.actor.must(Act.READ_CREDENTIALS)
    with desk.reading() as session:
        entry = _entry(session, bulk) if _ID.fullmatch(bulk) else None
        if entry is None:
            raise NotFound("unknown_bulk", "Nothing was done under this address.")
        told = json.loads(entry.after or "{}")
        mine = select(StatusChange.credential_id).where(StatusChange.bulk == bulk)
        done = within(
            select(CredentialRow.id).where(col(CredentialRow.id).in_(mine)).order_by(col(CredentialRow.id)),
            desk.actor,
            Act.READ_CREDENTIALS,
            version=CredentialRow.definition_version_id,
        )
        rows = tuple(found_rows(session, session.exec(done).all()))
        left_out = tuple(_told_left_out(session, desk, told["left_out"]))
        if not rows and not left_out:  # all of it belongs to other faculties
            raise NotFound("unknown_bulk", "Nothing was done under this address.")
        return BulkResult(
            bulk=bulk,
            act=StatusAct(told["act"]),
            reason=RevocationReason(told["reason"]) if told["reason"] else None,
            by=entry.actor_name,
            at=entry.at,
            done=rows,
            left_out=left_out,
            published=_published(session, bulk, entry.at),
        )


def _keys(session: Session, desk: Deployment, chosen: Sequence[str]) -> list[int]:
    """Find what was chosen, all of it; what is of another institution or faculty is not there at all."""
    codes = sorted({read_short_code(each) or "" for each in chosen})
    if not codes:
        raise IssuerError("none_chosen", "Choose at least one certificate.")
    if len(codes) > MOST:
        raise IssuerError(
            "too_many", f"These are {len(codes)} certificates; {MOST} can be changed at once. Choose fewer."
        )
    keys = _found_keys(session, desk, codes, Act.CHANGE_STATUS)
    if len(keys) != len(codes):
        raise NotFound("unknown_credential", "One of the certificates that were chosen is not there.")
    return keys


def _found_keys(session: Session, desk: Deployment, codes: Sequence[str], act: Act) -> list[int]:
    keys: list[int] = []
    for start in range(0, len(codes), 1_000):
        some = (
            select(CredentialRow.id)
            .where(col(CredentialRow.short_code).in_(codes[start : start + 1_000]))
            .where(CredentialRow.state == "issued")
        )
        found = session.exec(within(some, desk.actor, act, version=CredentialRow.definition_version_id))
        keys += [key for key in found if key is not None]
    return sorted(keys)


def _left_out(session: Session, keys: Sequence[int], refusals: dict[int, IssuerError]) -> list[LeftOut]:
    left = [key for key in keys if key in refusals]
    return [
        LeftOut(credential, refusals[key].code)
        for key, credential in zip(left, found_rows(session, left), strict=True)
    ]


def _note(
    session: Session,
    desk: Deployment,
    order: StatusOrder,
    keys: Sequence[int],
    refusals: dict[int, IssuerError],
) -> None:
    """Enter the act as a whole into the audit: what was left out, and why, is kept nowhere else."""
    told = {
        "act": order.act.value,
        "reason": order.reason.value if order.reason else None,
        "done": len(keys) - len(refusals),
        "left_out": [[each.credential.short_code, each.code] for each in _left_out(session, keys, refusals)],
    }
    act = AuditedAct(f"credential.{order.act.value}", _subject(order.bulk or ""), after=told)
    record(session, desk, act, institution=institution_row(session, desk.actor.slug or ""))


def _told_left_out(session: Session, desk: Deployment, told: list[tuple[str, str]]) -> list[LeftOut]:
    reasons = dict(told)
    keys = _found_keys(session, desk, sorted(reasons), Act.READ_CREDENTIALS)
    return [LeftOut(each, reasons[each.short_code]) for each in found_rows(session, keys)]


def _published(session: Session, bulk: str, at: datetime) -> bool:
    """Tell whether each list with a place of what was changed was signed since.

    A list carries the second before its rows were read: signed within the same second it may lack the act.
    """
    waiting = session.exec(
        select(StatusList.id)
        .where(StatusList.id == StatusEntry.status_list_id)
        .where(StatusEntry.credential_id == StatusChange.credential_id)
        .where(StatusChange.bulk == bulk)
        .where(col(StatusList.signed_changes) < col(StatusList.changes))
        .where(or_(col(StatusList.valid_from).is_(None), col(StatusList.valid_from) <= at))
        .limit(1)
    )
    return waiting.first() is None


def _entry(session: Session, bulk: str) -> AuditEntryRow | None:
    return session.exec(select(AuditEntryRow).where(AuditEntryRow.subject == _subject(bulk))).first()


def _subject(bulk: str) -> str:
    return f"bulk:{bulk}"
