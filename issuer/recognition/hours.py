"""How many hours one credit has, as institutions have answered: asked once, kept with the reference."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.recognition.allowed import must_recognise
from issuer.recognition.rows import institution_of
from issuer.recognition_tables import CreditHoursRow
from issuer.tables import stored_id
from microcredential import MicroCredentialError
from microcredential.recognition import HoursPerCredit


def state_hours(desk: Deployment, system: str, hours: str, reference: str) -> HoursPerCredit:
    """Keep an institution's answer for one credit system (an IRI). Raises NotAllowed, IssuerError."""
    must_recognise(desk.actor)
    try:
        answer = HoursPerCredit(system, Decimal(hours.strip()), reference.strip()[:500])
    except InvalidOperation as error:
        raise IssuerError("hours_per_credit", "The hours are not a number.") from error
    except MicroCredentialError as error:
        raise IssuerError(error.code, error.message) from error
    with desk.writing() as session:
        institution = institution_of(session, desk)
        mine = select(CreditHoursRow).where(CreditHoursRow.institution_id == institution.id)
        row = session.exec(mine.where(CreditHoursRow.system == system)).first()
        before = {"hours": row.hours, "reference": row.reference} if row else None
        row = row or CreditHoursRow(
            institution_id=stored_id(institution),
            system=system,
            hours="",
            reference="",
            stated_by="",
            stated=desk.now(),
        )
        row.hours, row.reference = str(answer.hours), answer.reference
        row.stated_by, row.stated = desk.actor.name[:200], desk.now()
        session.add(row)
        told = {"hours": row.hours, "reference": row.reference}
        act = AuditedAct("recognition.hours", system, before=before, after=told)
        record(session, desk, act, institution=institution)
    return answer


def stated_hours(desk: Deployment) -> Mapping[str, HoursPerCredit]:
    """Give the institution's answers by system."""
    must_recognise(desk.actor)
    with desk.reading() as session:
        return hours_of(session)


def hours_of(session: Session) -> dict[str, HoursPerCredit]:
    """Give the answers that a session sees, which is bound to one institution."""
    rows = session.exec(select(CreditHoursRow).order_by(col(CreditHoursRow.id)))
    return {row.system: HoursPerCredit(row.system, Decimal(row.hours), row.reference) for row in rows}
