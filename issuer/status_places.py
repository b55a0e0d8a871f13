"""Places in status lists: one list for each tenant and purpose, filled at random until it is half full."""

from random import Random
from typing import Any

from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.tables import LIST_LENGTH, Institution, StatusEntry, StatusList, stored_id
from microcredential.credential import status_entry

REVOCATION = "revocation"
SUSPENSION = "suspension"
RECOGNITION = "recognition"  # a list of its own; its entries say `revocation`, as every reader knows
OPEN_UNTIL = LIST_LENGTH // 2
_TRIES = 64  # in a list at most half full all of them fail once in 2**64 times


def take_place(session: Session, status_list: StatusList, credential_id: int, random: Random) -> StatusEntry:
    """Take a random free index for a credential, within a writing transaction."""
    for _ in range(_TRIES):
        index = random.randrange(status_list.length)
        taken = select(StatusEntry.id).where(StatusEntry.status_list_id == status_list.id)
        if session.exec(taken.where(StatusEntry.list_index == index)).first() is None:
            entry = StatusEntry(
                institution_id=status_list.institution_id,
                status_list_id=stored_id(status_list),
                list_index=index,
                credential_id=credential_id,
                purpose=status_list.purpose,
            )
            status_list.used += 1
            session.add_all([status_list, entry])
            return entry
    raise IssuerError("list_full", f"The status list {status_list.public_id} has no free place.")


def open_list(session: Session, institution: Institution, purpose: str) -> StatusList:
    """Give the list that takes new credentials, beginning the next one when this is half full.

    A list stays half empty so that its indexes tell nothing, and so that a random try soon succeeds.
    """
    mine = (
        select(StatusList)
        .where(StatusList.institution_id == institution.id)
        .where(StatusList.purpose == purpose)
    )
    newest = session.exec(mine.order_by(col(StatusList.number).desc())).first()
    if newest is not None and newest.used < OPEN_UNTIL:
        return newest
    number = newest.number + 1 if newest else 1
    row = StatusList(
        institution_id=stored_id(institution),
        purpose=purpose,
        number=number,
        public_id=f"{institution.slug}-{purpose}-{number}",
    )
    session.add(row)
    session.flush()
    return row


def credential_status(deployment: Deployment, status_list: StatusList, entry: StatusEntry) -> dict[str, Any]:
    """Write the entry as the credential carries it (Bitstring Status List 1.0, section 2.1)."""
    return status_entry(
        list_url=deployment.status_list_url(status_list.public_id),
        index=entry.list_index,
        purpose=entry.purpose,
    )
