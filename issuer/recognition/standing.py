"""What has been stated: the list of an institution, one statement for its office, and its withdrawal.

Withdrawing a standing recognition leaves the decisions alone that were made by it (rule 9).
"""

from sqlalchemy import update
from sqlmodel import col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError
from issuer.recognition.allowed import must_recognise
from issuer.recognition.records import StatementRecord
from issuer.recognition.rows import institution_of, statement_record, statement_row
from issuer.recognition_tables import StatementRow
from issuer.tables import StatusList

_LONGEST_REASON = 500
_MOST = 500


def statements(desk: Deployment) -> list[StatementRecord]:
    """List what an institution has stated, the newest first; raises NotAllowed."""
    must_recognise(desk.actor)
    with desk.reading() as session:
        mine = select(StatementRow).where(StatementRow.institution_id == institution_of(session, desk).id)
        rows = session.exec(mine.order_by(col(StatementRow.id).desc()).limit(_MOST))
        return [statement_record(row) for row in rows]


def statement(desk: Deployment, urn: str) -> StatementRecord:
    """Give one statement of the institution; raises NotAllowed, NotFound."""
    must_recognise(desk.actor)
    with desk.reading() as session:
        return statement_record(statement_row(session, institution_of(session, desk), urn))


def withdraw(desk: Deployment, urn: str, *, reason: str) -> StatementRecord:
    """Take a statement back for good; the status list tells it when the worker has signed it anew.

    Raises NotAllowed, NotFound, Conflict for one that is not signed yet or withdrawn already, IssuerError
    without a reason.
    """
    must_recognise(desk.actor)
    said = reason.strip()
    if not said or len(said) > _LONGEST_REASON or not said.isprintable():
        raise IssuerError("reason", f"Give the reason in one line of at most {_LONGEST_REASON} characters.")
    with desk.writing() as session:
        institution = institution_of(session, desk)
        row = statement_row(session, institution, urn)
        if row.state != "issued" or row.withdrawn is not None:
            stands = "withdrawn already" if row.withdrawn else f"{row.state}, not signed"
            raise Conflict("not_withdrawable", f"The statement is {stands}.")
        row.withdrawn, row.withdrawn_by, row.withdrawn_reason = desk.now(), desk.actor.name[:200], said
        session.add(row)
        session.exec(
            update(StatusList)
            .where(col(StatusList.id) == row.status_list_id)
            .values(changes=col(StatusList.changes) + 1)
        )
        told = {"kind": row.kind, "reason": said}
        record(
            session, desk, AuditedAct("recognition.withdraw", row.urn, after=told), institution=institution
        )
        return statement_record(row)
