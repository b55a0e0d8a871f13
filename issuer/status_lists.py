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
from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import public_key_of, signing_key
from issuer.keyring import Keyring
from issuer.records import StoredStatusList
from issuer.status_bits import KeptBits
from issuer.status_places import RECOGNITION, REVOCATION
from issuer.tables import LIST_LENGTH, Institution, StatusList
from keys import PublicKey, Signer
from microcredential.credential import rfc3339
from ob3 import Ob3Error, add_proof, verify_proof
from ob3.status_list import BitstringStatusList, status_list_credential
from ob3.strict_json import dump, parse

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
_LIST = plain_columns(StatusList)  # any visitor may ask for one
_SERVED: Any = select(_LIST.text, _LIST.etag, _LIST.valid_from, _LIST.valid_until).where(
    _LIST.public_id == bindparam("public_id")
)
_DUE: Any = select(StatusList.id).where(
    or_(
        col(StatusList.text).is_(None),
        col(StatusList.signed_changes) != col(StatusList.changes),
        col(StatusList.valid_from) <= bindparam("old"),
    )
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


def _sign_stored(
    deployment: Deployment, keyring: Keyring, list_id: int, kept: KeptBits, *, afresh: bool
) -> None:
    now = deployment.now()
    with deployment.reading() as session:  # one snapshot: counter and bits belong together
        row, institution = session.exec(_OWNED, params={"list_id": list_id}).one()
        key = signing_key(session, institution)
        bits = kept.of(session, row, now=now, afresh=afresh)
    if row.valid_from is not None and now < row.valid_from:
        raise IssuerError(
            "clock_behind",
            f"The clock says {rfc3339(now)}, before the list {row.public_id} was last signed. Set it right.",
        )
    unsigned = _unsigned(
        url=deployment.status_list_url(row.public_id),
        issuer_id=institution.did or "",
        purpose=REVOCATION if row.purpose == RECOGNITION else row.purpose,
        statuses=bits.statuses,
        valid_from=now,
    )
    text = _signed(unsigned, keyring.signer(key.verification_method))
    _read_back(text, unsigned, public_key_of(key))
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
    stored = {
        "list_id": list_id,
        "shown": rendered_changes,
        "signed": text,
        "tag": hashlib.sha256(text.encode()).hexdigest()[:32],
        "since": valid_from,
        "until": valid_from + VALIDITY,
    }
    with deployment.writing() as session:
        session.exec(_STORE, params=stored)
