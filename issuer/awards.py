"""Who has an award already: what a class list that is handed in again must not award a second time.

A revocation alone does not make room for another award: whoever hands in the same list again does not mean to
give back what was taken for cause. Room is made where another certificate was meant to follow: the batch was
undone, or the reason says that a corrected or newly signed one replaces it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from issuer.records import RevocationReason
from issuer.tables import Batch, CredentialRow, Learner

_WHY: Mapping[str, str] = {
    RevocationReason.ERROR.value: "it was issued in error",
    RevocationReason.BOARD.value: "the examination board has decided so",
    RevocationReason.WISH.value: "the holder has asked for it",
}
_FOLLOWED_BY_ANOTHER = (RevocationReason.REPLACED.value, RevocationReason.KEY.value)


@dataclass(frozen=True)
class RevokedForCause:
    """An award that was taken back, and that the same list does not give again; `day` is in UTC."""

    day: date | None
    why: str

    @property
    def reason(self) -> str:
        """Say what became of the award."""
        when = f" on {format_date(self.day, 'd MMMM y', locale='en')}" if self.day else ""
        return f"Awarded before from this run, and revoked{when}{f' (“{self.why}”)' if self.why else ''}."

    @property
    def fix(self) -> str:
        """Say why the row is skipped, and what to do if that is not meant."""
        return (
            "A list of the same run does not award it again. If it is to be awarded again all the same, "
            "hand in a list with this row under another name of the run."
        )


Awarded = Mapping[str, RevokedForCause | None]


def is_awarded() -> ColumnElement[bool]:
    """Give the condition under which a credential keeps its learner from another from the same run."""
    undone = select(Batch.id).where(Batch.state == "undone")
    makes_room = or_(
        func.coalesce(CredentialRow.status_reason, "").in_(_FOLLOWED_BY_ANOTHER),
        func.coalesce(CredentialRow.batch_id, "").in_(undone),
    )
    return or_(CredentialRow.status != "revoked", ~makes_room)


def awarded_before(
    session: Session,
    institution_id: int,
    version_id: int,
    run: str,
    *,
    learner_ids: Collection[int] | None = None,
) -> Awarded:
    """Give the student numbers that a list of this run must not award again, of all learners or of some.

    With each comes its revocation, or None where the credential stands, is suspended or is being made.
    """
    query = (
        select(
            Learner.student_number,
            CredentialRow.status,
            CredentialRow.status_since,
            CredentialRow.status_reason,
        )
        .where(CredentialRow.institution_id == institution_id)
        .where(CredentialRow.definition_version_id == version_id)
        .where(CredentialRow.run == run)
        .where(is_awarded())
        .where(CredentialRow.learner_id == Learner.id)
    )
    if learner_ids is not None:
        query = query.where(col(CredentialRow.learner_id).in_(learner_ids))
    found: dict[str, RevokedForCause | None] = {}
    for number, status, since, reason in session.exec(query.order_by(col(CredentialRow.id))):
        if status != "revoked":
            found[number] = None
        elif found.get(number, True) is not None:
            found[number] = RevokedForCause(since.date() if since else None, _WHY.get(reason or "", ""))
    return found
