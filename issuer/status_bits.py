"""The bits of status lists as a worker keeps them between two signings: a cache of committed rows, no more.

What is kept is what the rows of one snapshot say. The next signing reads, in a snapshot of its own, which
entries have changed since, and how they stand now; a list's counter of changes must account for every one of
them, otherwise the bits are rendered from the rows anew. So are those that are kept for an hour, and the two
are compared: the rows win, and a difference is told aloud. ADR 0029 says why this misses nothing.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_
from sqlmodel import Session, col, select

from issuer.recognition_tables import StatementRow
from issuer.status_places import RECOGNITION, REVOCATION, SUSPENSION
from issuer.tables import StatusChange, StatusEntry, StatusList, stored_id
from issuer.transactions import run
from ob3.status_list import BitstringStatusList

KEPT_FOR = timedelta(hours=1)
_AT_MOST = 1_000  # lists: 16 MiB of bits at the usual length, and at most as much again to pack them
_FOLLOWED = 10_000  # changes: with more of them rendering everything takes no longer
# whatever an act does, it changes entries of one purpose alone (issuer.status)
_ACTS = {REVOCATION: ("revoke",), SUSPENSION: ("suspend", "reinstate")}

# Made once: making a statement anew takes as long as its answer.
_COLUMNS: Any = (StatusChange.id, StatusEntry.status_list_id, StatusEntry.list_index, StatusEntry.is_set)
_CHANGED = and_(
    col(StatusEntry.credential_id) == col(StatusChange.credential_id),
    col(StatusEntry.purpose) == bindparam("of_purpose"),
)
# From the acts to their entries, and the list is compared here: a database that begins with the list reads
# all of its entries.
_ENTRIES_SINCE: Any = {
    purpose: select(*_COLUMNS)
    .join(StatusEntry, _CHANGED)
    .where(col(StatusChange.institution_id) == bindparam("of_institution"))
    .where(col(StatusChange.id) > bindparam("last_change"))
    .where(or_(*(col(StatusChange.act) == act for act in acts)))
    for purpose, acts in _ACTS.items()
}


@dataclass(frozen=True)
class ListBits:
    """The bits of a list in one snapshot; `differing` entries were kept otherwise than the rows have them."""

    statuses: BitstringStatusList
    differing: int = 0


@dataclass(frozen=True)
class _Kept:
    """Bits of a snapshot, what the list's counter said in it, and the last status change that was in it."""

    statuses: BitstringStatusList
    changes: int
    last_change: int
    rendered: datetime


class KeptBits:
    """Keep the bits of the lists that one process signs. Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._lock = threading.Lock()

    def of(self, session: Session, listed: StatusList, *, now: datetime, afresh: bool = False) -> ListBits:
        """Give the bits of a list as the snapshot of a reading session has them.

        `listed`, its row or one that has the columns which are asked for here, was read in that snapshot.
        With `afresh`, or after an hour, they are rendered from the rows, and compared with what was kept.
        """
        key = stored_id(listed)
        if listed.purpose not in _ACTS:
            return ListBits(rendered(session, listed))  # few, and without a history to follow
        kept = self._kept.get(key)
        advanced = _advanced(session, listed, kept) if kept else None
        if advanced and not afresh and timedelta(0) <= now - advanced.rendered < KEPT_FOR:
            self._keep(key, advanced)
            return ListBits(advanced.statuses)
        statuses = rendered(session, listed)
        self._keep(key, _Kept(statuses, listed.changes, _last_change(session, listed), now))
        return ListBits(statuses, statuses.differences(advanced.statuses) if advanced else 0)

    def _keep(self, key: int, kept: _Kept) -> None:
        """Keep the bits of a snapshot, though it may be older than another thread's: any one will do."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = kept
            if len(self._kept) > _AT_MOST:
                del self._kept[next(iter(self._kept))]


def rendered(session: Session, listed: StatusList) -> BitstringStatusList:
    """Render all bits of a list from its rows."""
    mine = select(StatusEntry.list_index).where(StatusEntry.status_list_id == listed.id)
    indexes = list(session.exec(mine.where(col(StatusEntry.is_set).is_(True))))
    if listed.purpose == RECOGNITION:
        stated = select(StatementRow.list_index).where(StatementRow.status_list_id == listed.id)
        indexes += session.exec(stated.where(col(StatementRow.withdrawn).is_not(None)))
    return BitstringStatusList.of(indexes, listed.length)


def _advanced(session: Session, listed: StatusList, kept: _Kept) -> _Kept | None:
    """Bring kept bits to the session's snapshot; None where the history does not explain the counter."""
    missing = listed.changes - kept.changes
    if not 0 <= missing <= _FOLLOWED or listed.length != kept.statuses.length:
        return None
    if not missing:
        return kept
    entries = _entries_since(session, listed, kept.last_change)
    own = [(index, is_set) for _, owner, index, is_set in entries if owner == listed.id]
    if len(own) != missing:
        return None
    statuses = kept.statuses.copy()
    for index, is_set in own:  # as it stands now, whichever of its acts is met
        statuses.set(index, is_set)
    return _Kept(statuses, listed.changes, max(act for act, *_ in entries), kept.rendered)


def _entries_since(
    session: Session, listed: StatusList, last_change: int
) -> Sequence[tuple[int, int, int, bool]]:
    """Give for each act in the institution after a status change: the act, and list, index and state."""
    asked = {
        "of_institution": listed.institution_id,
        "of_purpose": listed.purpose,
        "last_change": last_change,
    }
    found: Sequence[tuple[int, int, int, bool]] = run(session, _ENTRIES_SINCE[listed.purpose], asked).all()
    return found


def _last_change(session: Session, listed: StatusList) -> int:
    newest = select(func.max(StatusChange.id)).where(StatusChange.institution_id == listed.institution_id)
    return session.exec(newest).one() or 0
