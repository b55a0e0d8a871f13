"""Recognition by pair of countries: who recognises, where it was awarded, of what kind, how often."""

from collections import Counter
from typing import Any

from sqlmodel import Session, col, func, select

from issuer.audit_tables import AuditEntryRow
from issuer.deployment import Deployment
from issuer.recognition_tables import StatementRow
from issuer.reports.scope import counting
from issuer.reports.tables import Cell, Table, shown
from issuer.tables import Institution
from microcredential.recognition import Kind
from microcredential.shapes import mapping, text
from ob3.strict_json import parse

NAME = "recognition"
REFUSED = "refused"
_COLUMNS = ("recognised_in", "awarded_in", "kind", "outcome", "number")


def recognition_by_countries(desk: Deployment) -> Table:
    """Count what was recognised and stands, and what was refused.

    `awarded_in` is empty where it is not known here. Of a refusal the audit alone knows, which keeps the
    country if it was said. Standing recognition (R1) is about courses and public; figures of individual
    decisions and refusals are hidden when small.
    """
    with counting(desk) as session:
        rows = [*_stated(session), *_refused(session)]
    return Table(NAME, _COLUMNS, tuple(sorted(rows, key=lambda row: tuple(map(str, row[:4])))))


def _stated(session: Session) -> list[tuple[Cell, ...]]:
    counted: Any = session.exec(
        select(  # type: ignore[call-overload]
            Institution.country,
            StatementRow.country,
            StatementRow.kind,
            StatementRow.outcome,
            func.count(),
        )
        .where(StatementRow.institution_id == Institution.id)
        .where(StatementRow.state == "issued")
        .where(col(StatementRow.withdrawn).is_(None))
        .where(col(StatementRow.kind).in_([Kind.STANDING.value, Kind.INDIVIDUAL.value]))
        .group_by(Institution.country, StatementRow.country, StatementRow.kind, StatementRow.outcome)
    )
    return [
        (here, there or "", kind, outcome or "", number if kind == Kind.STANDING.value else shown(number))
        for here, there, kind, outcome, number in counted
    ]


def _refused(session: Session) -> list[tuple[Cell, ...]]:
    counted: Any = session.exec(
        select(Institution.country, AuditEntryRow.after, func.count(col(AuditEntryRow.id)))
        .where(AuditEntryRow.institution_id == Institution.id)
        .where(AuditEntryRow.act == "recognition.refuse")
        .group_by(col(Institution.country), col(AuditEntryRow.after))
    )
    found: Counter[tuple[str, str]] = Counter()
    for here, told, number in counted:
        found[here, text(mapping(parse(told or "{}")).get("country"))] += number
    return [
        (here, there, Kind.INDIVIDUAL.value, REFUSED, shown(number))
        for (here, there), number in found.items()
    ]
