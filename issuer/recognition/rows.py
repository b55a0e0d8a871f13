"""The rows of statements: finding them for whoever may see them, and turning them into values."""

from sqlmodel import Session, select

from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.institutions import institution_row
from issuer.recognition.records import StatementRecord, StatementState
from issuer.recognition_tables import StatementRow
from issuer.tables import Institution
from microcredential.recognition import Kind


def institution_of(session: Session, desk: Deployment) -> Institution:
    """Give the institution that somebody acts for; raises NotFound for whoever acts for none."""
    return institution_row(session, desk.actor.slug or "")


def statement_row(session: Session, institution: Institution, urn: str) -> StatementRow:
    """Find a statement of an institution; raises NotFound."""
    row = session.exec(
        select(StatementRow)
        .where(StatementRow.urn == urn[:45])
        .where(StatementRow.institution_id == institution.id)
    ).first()
    if row is None:
        raise NotFound("unknown_statement", "There is no such statement of this institution.")
    return row


def statement_record(row: StatementRow) -> StatementRecord:
    """Turn a row into the value that leaves the office."""
    return StatementRecord(
        urn=row.urn,
        kind=Kind(row.kind),
        about=row.about,
        title=row.title,
        state=StatementState(row.state),
        text=row.secured,
        refusal=row.refusal,
        decided=row.decided,
        made_by=row.made_by,
        valid_until=row.valid_until,
        withdrawn=row.withdrawn,
        withdrawn_reason=row.withdrawn_reason,
    )
