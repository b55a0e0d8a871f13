"""Status lists as documents: rendered from the rows, signed, stored as text, renewed before they run out.

A list is never read, changed and written back (THREATS S7): each signing renders all bits anew from one
snapshot, and a text made from an older snapshot never replaces a newer one.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import signing_key
from issuer.keyring import Keyring
from issuer.recognition_tables import StatementRow
from issuer.records import StoredStatusList
from issuer.status_places import RECOGNITION, REVOCATION
from issuer.tables import LIST_LENGTH, Institution, StatusEntry, StatusList
from keys import Signer
from microcredential.credential import rfc3339
from ob3 import add_proof
from ob3.status_list import BitstringStatusList, status_list_credential
from ob3.strict_json import dump

VALIDITY = timedelta(hours=24)
RENEWAL = timedelta(hours=1)
_MAX_AGE = 60  # seconds: a revocation is to be seen within a minute (THREATS S1)


def sign_status_lists(deployment: Deployment, keyring: Keyring, *, only_due: bool = True) -> int:
    """Sign each list that has changed or is an hour old, or every one; give how many were signed.

    One list that cannot be signed does not hold up the others. Raises the first IssuerError at the end: the
    clock is behind the last signature of a list, or there is no key.
    """
    with deployment.reading() as session:
        wanted = session.exec(_due(deployment.now()) if only_due else select(StatusList.id)).all()
    refusals = []
    for list_id in wanted:
        try:
            _sign_stored(deployment, keyring, list_id or 0)
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
            _sign_stored(deployment, keyring, list_id)


def stored_status_list(deployment: Deployment, public_id: str) -> StoredStatusList:
    """Give a list as last signed; raises NotFound."""
    with deployment.reading() as session:
        row = session.exec(select(StatusList).where(StatusList.public_id == public_id)).first()
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
    """Render and sign a list; the text is compact JSON with a single proof."""
    bits = BitstringStatusList(LIST_LENGTH)
    for index in set_indexes:
        bits.set(index, True)
    unsigned: dict[str, Any] = status_list_credential(
        url=url,
        issuer=issuer_id,
        purpose=purpose,
        statuses=bits,
        valid_from=rfc3339(valid_from),
        valid_until=rfc3339(valid_from + VALIDITY),
    )
    return dump(add_proof(unsigned, signer=signer, created=rfc3339(valid_from)))


def _due(now: datetime) -> Any:
    return select(StatusList.id).where(
        or_(
            col(StatusList.text).is_(None),
            col(StatusList.signed_changes) != col(StatusList.changes),
            col(StatusList.valid_from) <= now - RENEWAL,
        )
    )


def _sign_stored(deployment: Deployment, keyring: Keyring, list_id: int) -> None:
    now = deployment.now()
    with deployment.reading() as session:  # one snapshot: counter and bits belong together
        row = session.exec(select(StatusList).where(StatusList.id == list_id)).one()
        institution = session.exec(select(Institution).where(Institution.id == row.institution_id)).one()
        method = signing_key(session, institution).verification_method
        indexes = _set_indexes(session, list_id)
    if row.valid_from is not None and now < row.valid_from:
        raise IssuerError(
            "clock_behind",
            f"The clock says {rfc3339(now)}, before the list {row.public_id} was last signed. Set it right.",
        )
    text = signed_list(
        url=deployment.status_list_url(row.public_id),
        issuer_id=institution.did or "",
        purpose=REVOCATION if row.purpose == RECOGNITION else row.purpose,
        set_indexes=indexes,
        valid_from=now,
        signer=keyring.signer(method),
    )
    _store(deployment, list_id, rendered_changes=row.changes, text=text, valid_from=now)


def _set_indexes(session: Session, list_id: int) -> list[int]:
    mine = select(StatusEntry.list_index).where(StatusEntry.status_list_id == list_id)
    stated = select(StatementRow.list_index).where(StatementRow.status_list_id == list_id)
    return [
        *session.exec(mine.where(col(StatusEntry.is_set).is_(True))),
        *session.exec(stated.where(col(StatementRow.withdrawn).is_not(None))),
    ]


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
        )
