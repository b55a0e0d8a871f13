"""Status lists as documents: rendered from the rows, signed, stored as text, renewed before they run out.

A list is never read, changed and written back (THREATS S7): each signing shows the rows of one snapshot, and
a text made from an older snapshot never replaces a newer one. The worker keeps the bits of a snapshot and
brings them to the next (`issuer.status_bits`): a revocation in a list of a million costs milliseconds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

import structlog
from sqlalchemy import and_, bindparam, or_, true, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, ChainOwner, record
from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import FIRST_ALGORITHM, no_key, public_key_of
from issuer.keyring import Keyring
from issuer.records import StoredStatusList
from issuer.status_bits import KeptBits, ListBits
from issuer.status_places import RECOGNITION, REVOCATION
from issuer.tables import LIST_LENGTH, Institution, InstitutionKey, StatusList
from issuer.transactions import run
from keys import PublicKey, Signer
from microcredential.credential import rfc3339
from ob3 import Ob3Error, add_proof, verify_proof
from ob3.status_list import BitstringStatusList, status_list_credential
from ob3.strict_json import dump, parse

VALIDITY = timedelta(hours=24)
RENEWAL = timedelta(hours=1)
DIFFERED = "status_list.differed"  # the act under which the audit tells that kept bits were wrong
_MAX_AGE = 60  # seconds: a revocation is to be seen within a minute (THREATS S1)
_KEPT = "status_list"  # in what a session knows: with a public id, the list as it was read
_AT_ONCE = 20  # lists in one snapshot: the last of them is signed a tenth of a second later
# All that signing needs: a row for each list and key of its owner. The text is long, and not looked at.
_COLUMNS: Any = (
    StatusList.id,
    StatusList.institution_id,
    StatusList.purpose,
    StatusList.public_id,
    StatusList.length,
    StatusList.changes,
    StatusList.valid_from,
    Institution.slug,
    Institution.name,
    Institution.did,
    InstitutionKey.public_multikey,
    InstitutionKey.verification_method,
)
_IN_USE = and_(
    col(InstitutionKey.institution_id) == col(StatusList.institution_id),
    col(InstitutionKey.retired).is_(None),
)


def _lists(condition: Any) -> Any:
    """Ask for the next lists of a kind. Made once each: making a statement takes as long as its answer."""
    following = (
        select(StatusList.id)
        .where(condition, col(StatusList.id) > bindparam("last_id"))
        .order_by(col(StatusList.id))
        .limit(_AT_ONCE)
        .correlate(None)
    )
    return (
        select(*_COLUMNS)
        .join(Institution, col(Institution.id) == col(StatusList.institution_id))
        .outerjoin(InstitutionKey, _IN_USE)
        .where(col(StatusList.id).in_(following))
        .order_by(col(StatusList.id), col(InstitutionKey.id))
    )


_UNSIGNED = col(StatusList.text).is_(None)
_ALL_LISTS = _lists(true())
_NEW_LISTS = _lists(and_(_UNSIGNED, col(StatusList.id).in_(bindparam("new", expanding=True))))
_DUE_LISTS = _lists(
    or_(
        _UNSIGNED,
        col(StatusList.signed_changes) != col(StatusList.changes),
        col(StatusList.valid_from) <= bindparam("old"),
    )
)
_LIST = plain_columns(StatusList)  # any visitor may ask for one
_SERVED: Any = select(_LIST.text, _LIST.etag, _LIST.valid_from, _LIST.valid_until).where(
    _LIST.public_id == bindparam("public_id")
)
_STORE: Any = (
    update(StatusList)
    .where(col(StatusList.id) == bindparam("list_id"))
    .where(col(StatusList.signed_changes) <= bindparam("shown"))
    .where(or_(col(StatusList.valid_from).is_(None), col(StatusList.valid_from) <= bindparam("since")))
    .values(
        text=bindparam("signed"),
        etag=bindparam("tag"),
        valid_from=bindparam("since"),
        valid_until=bindparam("until"),
        signed_changes=bindparam("shown"),
    )
    .execution_options(synchronize_session=False)
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Read:
    """A list as it stood at a time: its bits, and its row with the key that signs, or with any or none."""

    row: Any
    bits: ListBits
    time: datetime

    @property
    def key(self) -> PublicKey:
        """Give the key that signs today; raises IssuerError `no_key`."""
        if not _is_of_first_algorithm(self.row):
            raise no_key(self.row)
        return public_key_of(self.row)


def sign_status_lists(
    deployment: Deployment, keyring: Keyring, *, only_due: bool = True, kept: KeptBits | None = None
) -> int:
    """Sign each list that has changed or is an hour old, or every one; give how many were signed.

    Whoever signs often hands in the same `kept` each time; without it all bits are rendered from the rows.
    One list that cannot be signed does not hold up the others. Raises the first IssuerError at the end: the
    clock is behind the last signature of a list, or there is no key.
    """
    bits = kept or KeptBits()
    if only_due:
        old = {"old": deployment.now() - RENEWAL}
        return _sign_all(deployment, keyring, _read(deployment, bits, _DUE_LISTS, old))
    return _sign_all(deployment, keyring, _read(deployment, bits, _ALL_LISTS, {}, afresh=True))


def sign_new_lists(deployment: Deployment, keyring: Keyring, list_ids: Iterable[int]) -> None:
    """Sign those of the lists that were never signed, so that what points to them can be checked at once."""
    new = {"new": list(set(list_ids))}
    _sign_all(deployment, keyring, _read(deployment, KeptBits(), _NEW_LISTS, new))


def stored_status_list(deployment: Deployment, public_id: str) -> StoredStatusList:
    """Give a list as last signed; raises NotFound."""
    with deployment.reading() as session:
        kept: StoredStatusList | None = session.info.get((_KEPT, public_id))
        if kept is not None:
            return kept
        row = session.exec(_SERVED, params={"public_id": public_id}).first()
    found = None if row is None else _as_stored(row.text, row.etag, row.valid_from, row.valid_until)
    if found is None:
        raise NotFound("unknown_status_list", "There is no status list with that address here.")
    return found


def keep_while_reading(session: Session, public_id: str | None, *columns: Any) -> None:
    """Note a list that another question brought: in this transaction the same would be read again.

    `columns` are text, etag, valid_from and valid_until; a list that was never signed is not noted.
    """
    found = _as_stored(*columns)
    if public_id is not None and found is not None:
        session.info[_KEPT, public_id] = found


def _as_stored(
    text: str | None, etag: str | None, valid_from: datetime | None, valid_until: datetime | None
) -> StoredStatusList | None:
    if text is None or etag is None or valid_from is None or valid_until is None:
        return None
    return StoredStatusList(text, etag, valid_from, valid_until, _MAX_AGE)


def signed_list(
    *,
    url: str,
    issuer_id: str,
    purpose: str,
    set_indexes: Iterable[int],
    valid_from: datetime,
    signer: Signer,
) -> str:
    """Render and sign a list of the usual length; the text is compact JSON with a single proof."""
    statuses = BitstringStatusList.of(set_indexes, LIST_LENGTH)
    unsigned = _unsigned(
        url=url, issuer_id=issuer_id, purpose=purpose, statuses=statuses, valid_from=valid_from
    )
    return _signed(unsigned, signer)


def _unsigned(
    *, url: str, issuer_id: str, purpose: str, statuses: BitstringStatusList, valid_from: datetime
) -> dict[str, Any]:
    return status_list_credential(
        url=url,
        issuer=issuer_id,
        purpose=purpose,
        statuses=statuses,
        valid_from=rfc3339(valid_from),
        valid_until=rfc3339(valid_from + VALIDITY),
    )


def _signed(unsigned: dict[str, Any], signer: Signer) -> str:
    return dump(add_proof(unsigned, signer=signer, created=unsigned["validFrom"]))


def _read_back(text: str, unsigned: dict[str, Any], key: PublicKey) -> None:
    """Read what was signed as the world will, with the published key (THREATS I3).

    Raises IssuerError `signed_wrong`.
    """
    try:
        verified = verify_proof(parse(text), verification_key=key)
    except Ob3Error as error:
        raise IssuerError("signed_wrong", f"The signed list does not verify: {error.message}") from error
    if verified.document != unsigned:
        raise IssuerError("signed_wrong", "The signed list is not the one that was rendered.")


def _read(
    deployment: Deployment, kept: KeptBits, lists: Any, given: Mapping[str, Any], *, afresh: bool = False
) -> Iterator[_Read]:
    """Read lists and their bits, some at once; in one snapshot, since counter and bits belong together."""
    last_id = 0
    while True:
        now = deployment.now()
        with deployment.reading() as session:
            rows = run(session, lists, {**given, "last_id": last_id}).all()
            each = [_with_key(list(of_one)) for _, of_one in groupby(rows, key=attrgetter("id"))]
            some = [_Read(row, kept.of(session, row, now=now, afresh=afresh), now) for row in each]
        yield from some
        if len(some) < _AT_ONCE:
            return
        last_id = some[-1].row.id


def _with_key(rows: list[Any]) -> Any:
    """Choose among the rows of a list that of the key which signs today, as `current_key` does."""
    return next(filter(_is_of_first_algorithm, reversed(rows)), rows[0])


def _is_of_first_algorithm(row: Any) -> bool:
    return row.public_multikey is not None and public_key_of(row).algorithm == FIRST_ALGORITHM


def _sign_all(deployment: Deployment, keyring: Keyring, lists: Iterable[_Read]) -> int:
    """Sign and store what was read; raises the first IssuerError at the end."""
    signed, refusals = 0, []
    for each in lists:
        try:
            _sign_stored(deployment, keyring, each)
            signed += 1
        except IssuerError as refused:
            refusals.append(refused)
    if refusals:
        raise refusals[0]
    return signed


def _sign_stored(deployment: Deployment, keyring: Keyring, read: _Read) -> None:
    row, bits, now, key = read.row, read.bits, read.time, read.key
    if row.valid_from is not None and now < row.valid_from:
        raise IssuerError(
            "clock_behind",
            f"The clock says {rfc3339(now)}, before the list {row.public_id} was last signed. Set it right.",
        )
    unsigned = _unsigned(
        url=deployment.status_list_url(row.public_id),
        issuer_id=row.did or "",
        purpose=REVOCATION if row.purpose == RECOGNITION else row.purpose,
        statuses=bits.statuses,
        valid_from=now,
    )
    text = _signed(unsigned, keyring.signer(row.verification_method))
    _read_back(text, unsigned, key)
    _store(deployment, row.id, rendered_changes=row.changes, text=text, valid_from=now)
    if bits.differing:
        owner = ChainOwner(row.institution_id, row.slug)
        _tell_difference(deployment, owner, row.public_id, bits.differing)


def _tell_difference(deployment: Deployment, institution: ChainOwner, public_id: str, differing: int) -> None:
    """Say in the log and in the audit, which metrics count, that a list may have shown what no row says."""
    _log.error("status_list_differed", list=public_id, entries=differing)
    with deployment.writing() as session:
        act = AuditedAct(DIFFERED, public_id, after={"entries": differing})
        record(session, deployment, act, institution=institution)


def _store(
    deployment: Deployment, list_id: int, *, rendered_changes: int, text: str, valid_from: datetime
) -> None:
    """Replace the text unless another worker has stored one that shows more changes."""
    stored = {
        "list_id": list_id,
        "shown": rendered_changes,
        "signed": text,
        "tag": hashlib.sha256(text.encode()).hexdigest()[:32],
        "since": valid_from,
        "until": valid_from + VALIDITY,
    }
    with deployment.writing() as session:
        run(session, _STORE, stored)
