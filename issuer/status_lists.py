"""Status lists as documents: rendered from the rows, signed, stored as text, renewed before they run out.

A list is never read, changed and written back (THREATS S7): each signing shows the rows of one snapshot, and
a text made from an older snapshot never replaces a newer one. The worker keeps the bits of a snapshot and
brings them to the next (`issuer.status_bits`): a revocation in a list of a million costs milliseconds.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import defer
from sqlmodel import col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import signing_key
from issuer.keyring import Keyring
from issuer.records import StoredStatusList
from issuer.status_bits import KeptBits
from issuer.status_places import RECOGNITION, REVOCATION
from issuer.tables import LIST_LENGTH, Institution, StatusList
from keys import Signer
from microcredential.credential import rfc3339
from ob3 import add_proof
from ob3.status_list import BitstringStatusList, status_list_credential
from ob3.strict_json import dump

VALIDITY = timedelta(hours=24)
RENEWAL = timedelta(hours=1)
DIFFERED = "status_list.differed"  # the act under which the audit tells that kept bits were wrong
_MAX_AGE = 60  # seconds: a revocation is to be seen within a minute (THREATS S1)
_TEXT: Any = StatusList.text
# Made once: making a statement anew takes as long as its answer. The text is long, and not looked at.
_OWNED: Any = (
    select(StatusList, Institution)
    .join(Institution, col(Institution.id) == col(StatusList.institution_id))
    .where(col(StatusList.id) == bindparam("list_id"))
    .options(defer(_TEXT))
)
_SERVED: Any = select(
    _TEXT, col(StatusList.etag), col(StatusList.valid_from), col(StatusList.valid_until)
).where(col(StatusList.public_id) == bindparam("public_id"))
_DUE: Any = select(StatusList.id).where(
    or_(
        col(StatusList.text).is_(None),
        col(StatusList.signed_changes) != col(StatusList.changes),
        col(StatusList.valid_from) <= bindparam("old"),
    )
)
_log = structlog.get_logger(__name__)


def sign_status_lists(
    deployment: Deployment, keyring: Keyring, *, only_due: bool = True, kept: KeptBits | None = None
) -> int:
    """Sign each list that has changed or is an hour old, or every one; give how many were signed.

    Whoever signs often hands in the same `kept` each time; without it all bits are rendered from the rows.
    One list that cannot be signed does not hold up the others. Raises the first IssuerError at the end: the
    clock is behind the last signature of a list, or there is no key.
    """
    with deployment.reading() as session:
        old = {"old": deployment.now() - RENEWAL}
        wanted = session.exec(_DUE, params=old) if only_due else session.exec(select(StatusList.id))
        wanted = list(wanted)
    refusals = []
    for list_id in wanted:
        try:
            _sign_stored(deployment, keyring, list_id or 0, kept or KeptBits(), afresh=not only_due)
        except IssuerError as refused:
            refusals.append(refused)
    if refusals:
        raise refusals[0]
    return len(wanted)


def sign_new_lists(deployment: Deployment, keyring: Keyring, list_ids: Iterable[int]) -> None:
    """Sign those of the lists that were never signed, so that what points to them can be checked at once."""
    with deployment.reading() as session:
        unsigned = session.exec(
            select(StatusList.id)
            .where(col(StatusList.id).in_(set(list_ids)))
            .where(col(StatusList.text).is_(None))
        ).all()
    for list_id in unsigned:
        if list_id is not None:
            _sign_stored(deployment, keyring, list_id, KeptBits(), afresh=True)


def stored_status_list(deployment: Deployment, public_id: str) -> StoredStatusList:
    """Give a list as last signed; raises NotFound."""
    with deployment.reading() as session:
        row = session.exec(_SERVED, params={"public_id": public_id}).first()
    if (
        row is None
        or row.text is None
        or row.etag is None
        or row.valid_from is None
        or row.valid_until is None
    ):
        raise NotFound("unknown_status_list", "There is no status list with that address here.")
    return StoredStatusList(row.text, row.etag, row.valid_from, row.valid_until, _MAX_AGE)


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
    return _signed(
        url=url, issuer_id=issuer_id, purpose=purpose, statuses=statuses, valid_from=valid_from, signer=signer
    )


def _signed(
    *,
    url: str,
    issuer_id: str,
    purpose: str,
    statuses: BitstringStatusList,
    valid_from: datetime,
    signer: Signer,
) -> str:
    unsigned: dict[str, Any] = status_list_credential(
        url=url,
        issuer=issuer_id,
        purpose=purpose,
        statuses=statuses,
        valid_from=rfc3339(valid_from),
        valid_until=rfc3339(valid_from + VALIDITY),
    )
    return dump(add_proof(unsigned, signer=signer, created=rfc3339(valid_from)))


def _sign_stored(
    deployment: Deployment, keyring: Keyring, list_id: int, kept: KeptBits, *, afresh: bool
) -> None:
    now = deployment.now()
    with deployment.reading() as session:  # one snapshot: counter and bits belong together
        row, institution = session.exec(_OWNED, params={"list_id": list_id}).one()
        method = signing_key(session, institution).verification_method
        bits = kept.of(session, row, now=now, afresh=afresh)
    if row.valid_from is not None and now < row.valid_from:
        raise IssuerError(
            "clock_behind",
            f"The clock says {rfc3339(now)}, before the list {row.public_id} was last signed. Set it right.",
        )
    text = _signed(
        url=deployment.status_list_url(row.public_id),
        issuer_id=institution.did or "",
        purpose=REVOCATION if row.purpose == RECOGNITION else row.purpose,
        statuses=bits.statuses,
        valid_from=now,
        signer=keyring.signer(method),
    )
    _store(deployment, list_id, rendered_changes=row.changes, text=text, valid_from=now)
    if bits.differing:
        _tell_difference(deployment, institution, row.public_id, bits.differing)


def _tell_difference(
    deployment: Deployment, institution: Institution, public_id: str, differing: int
) -> None:
    """Say in the log and in the audit, which metrics count, that a list may have shown what no row says."""
    _log.error("status_list_differed", list=public_id, entries=differing)
    with deployment.writing() as session:
        act = AuditedAct(DIFFERED, public_id, after={"entries": differing})
        record(session, deployment, act, institution=institution)


def _store(
    deployment: Deployment, list_id: int, *, rendered_changes: int, text: str, valid_from: datetime
) -> None:
    """Replace the text unless another worker has stored one that shows more changes."""
    with deployment.writing() as session:
        session.exec(
            update(StatusList)
            .where(col(StatusList.id) == list_id)
            .where(col(StatusList.signed_changes) <= rendered_changes)
            .where(or_(col(StatusList.valid_from).is_(None), col(StatusList.valid_from) <= valid_from))
            .values(
                text=text,
                etag=hashlib.sha256(text.encode()).hexdigest()[:32],
                valid_from=valid_from,
                valid_until=valid_from + VALIDITY,
                signed_changes=rendered_changes,
            )
            .execution_options(synchronize_session=False)
        )
