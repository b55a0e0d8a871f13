"""Who has an award already: what a class list that is handed in again must not award a second time.

A revocation alone does not make room for another award: whoever hands in the same list again does not mean to
give back what was taken for cause. Room is made where another certificate was meant to follow: the batch was
undone, or the reason says that a corrected or newly signed one replaces it.
"""

from sqlalchemy import ColumnElement, func
from sqlmodel import or_, select

from issuer.records import RevocationReason
from issuer.tables import Batch, CredentialRow

_FOLLOWED_BY_ANOTHER = (RevocationReason.REPLACED.value, RevocationReason.KEY.value)


def is_awarded() -> ColumnElement[bool]:
    """Give the condition under which a credential keeps its learner from another from the same run."""
    undone = select(Batch.id).where(Batch.state == "undone")
    makes_room = or_(
        func.coalesce(CredentialRow.status_reason, "").in_(_FOLLOWED_BY_ANOTHER),
        func.coalesce(CredentialRow.batch_id, "").in_(undone),
    )
    return or_(CredentialRow.status != "revoked", ~makes_room)
