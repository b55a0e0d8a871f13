"""Places in status lists: one list for each tenant and purpose, filled at random until it is half full."""

from dataclasses import dataclass
from random import Random

from sqlmodel import Session, col, select

from issuer.errors import IssuerError
from issuer.tables import LIST_LENGTH, Institution, StatusEntry, StatusList, stored_id

REVOCATION = "revocation"
SUSPENSION = "suspension"
RECOGNITION = "recognition"  # a list of its own; its entries say `revocation`, as every reader knows
OPEN_UNTIL = LIST_LENGTH // 2
_TRIES = 64  # in a list at most half full all of them fail once in 2**64 times


@dataclass(frozen=True)
class Place:
    """A free place that was taken for a credential which is about to be stored."""

    status_list: StatusList
    index: int

    def give_back(self) -> None:
        """Leave the place free after all: nothing was stored that names it."""
        self.status_list.used -= 1


def take_places(
    session: Session, institution: Institution, purpose: str, number: int, random: Random
) -> list[Place]:
    """Take that many random free places, each in the list that is open then, within a writing transaction.

    Nobody else can take them before the transaction ends; the caller stores the entries, or gives them back.
    """
    places: list[Place] = []
    while len(places) < number:
        status_list = open_list(session, institution, purpose)
        wanted = min(number - len(places), OPEN_UNTIL - status_list.used)
        places += [Place(status_list, index) for index in _free(session, status_list, wanted, random)]
        status_list.used += wanted
        session.add(status_list)
    return places


def _free(session: Session, status_list: StatusList, number: int, random: Random) -> list[int]:
    """Draw free indexes, in the order in which chance gave them."""
    found: list[int] = []
    for _ in range(_TRIES):
        drawn = dict.fromkeys(random.randrange(status_list.length) for _ in range(number - len(found)))
        mine = select(StatusEntry.list_index).where(StatusEntry.status_list_id == status_list.id)
        taken = {*session.exec(mine.where(col(StatusEntry.list_index).in_(list(drawn)))), *found}
        found += [index for index in drawn if index not in taken]
        if len(found) == number:
            return found
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
