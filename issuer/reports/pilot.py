"""Figures of the pilot: learners, certificates issued, claimed and checked, with small numbers hidden."""

from typing import Any

from sqlmodel import Session, col, func, select

from issuer.deployment import Deployment
from issuer.reports.scope import counting, is_of_consortium
from issuer.reports.tables import Cell, Table, shown, sum_of_shown
from issuer.tables import CredentialRow, DefinitionRow, DefinitionVersionRow, Institution

NAME = "pilot"
FIGURES = ("learners", "issued", "claimed", "checked")


def pilot_figures(desk: Deployment) -> Table:
    """Count for the consortium by institution, for an institution by micro-credential.

    Claimed is a certificate whose holder's page was opened, checked one whose page on paper or shared page
    was. The last row adds up what is shown. Learners of several courses are not added up.
    """
    with counting(desk) as session:
        if is_of_consortium(desk):
            rows = _by_institution(session)
            return Table(NAME, ("institution", "country", *FIGURES), rows, _sums(rows, texts=2, people=True))
        rows = _by_code(session)
        return Table(NAME, ("code", *FIGURES), rows, _sums(rows, texts=1, people=False))


def _figures() -> tuple[Any, ...]:
    return (
        func.count(func.distinct(CredentialRow.learner_id)),
        func.count(col(CredentialRow.issued_at)),
        func.count(col(CredentialRow.opened)),
        func.count(col(CredentialRow.checked)),
    )


def _by_institution(session: Session) -> tuple[tuple[Cell, ...], ...]:
    counts: Any = session.exec(
        select(CredentialRow.institution_id, *_figures())
        .where(col(CredentialRow.issued_at).is_not(None))
        .group_by(col(CredentialRow.institution_id))
    )
    found = {key: tuple(map(shown, figures)) for key, *figures in counts}
    members = session.exec(select(Institution).order_by(Institution.name, Institution.slug))
    nothing = (0,) * len(FIGURES)
    return tuple((each.name, each.country, *found.get(each.id, nothing)) for each in members)


def _by_code(session: Session) -> tuple[tuple[Cell, ...], ...]:
    counts: Any = session.exec(
        select(DefinitionRow.code, *_figures())
        .where(CredentialRow.definition_version_id == DefinitionVersionRow.id)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
        .where(col(CredentialRow.issued_at).is_not(None))
        .group_by(DefinitionRow.code)
        .order_by(DefinitionRow.code)
    )
    return tuple((code, *map(shown, figures)) for code, *figures in counts)


def _sums(rows: tuple[tuple[Cell, ...], ...], *, texts: int, people: bool) -> tuple[Cell, ...]:
    if not rows:
        return ()
    columns = list(zip(*rows, strict=True))[texts:]
    sums: list[Cell] = [sum_of_shown(column) for column in columns]
    return (*("",) * texts, *(sums if people else ["", *sums[1:]]))
