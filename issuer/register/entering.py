"""Enter a version into the register, in the transaction that publishes it."""

import json
from collections.abc import Sequence

from sqlalchemy import exists
from sqlmodel import Session, col, select

from issuer.catalogue_tables import CatalogueEntryRow, CatalogueTermRow
from issuer.deployment import Deployment
from issuer.institutions import issuer_profile
from issuer.register.evidence import Review, as_text, evidence_of
from issuer.register.terms import ects_hundredths, terms_of
from issuer.tables import DefinitionVersionRow, Institution, stored_id
from microcredential.shapes import objects

_AT_ONCE = 200


def enter(
    session: Session,
    deployment: Deployment,
    institution: Institution,
    row: DefinitionVersionRow,
    *,
    review: Review | None = None,
    before: Sequence[DefinitionVersionRow] = (),
) -> CatalogueEntryRow:
    """Make the entry of a version that was just stored; `before` are the earlier versions of its code."""
    _replace(session, before)
    achievement = json.loads(row.document)
    evidence = evidence_of(
        achievement,
        text=row.document,
        profile=issuer_profile(institution) if institution.did else {},
        now=deployment.now(),
        review=review,
    )
    entry = CatalogueEntryRow(
        institution_id=row.institution_id,
        definition_version_id=stored_id(row),
        ects=ects_hundredths(achievement),
        programmes=len(objects(achievement.get("isPartOf"))),
        evidence=as_text(evidence),
    )
    session.add(entry)
    session.flush()
    session.add_all(
        CatalogueTermRow(institution_id=row.institution_id, entry_id=stored_id(entry), kind=kind, term=term)
        for kind, term in sorted(terms_of(achievement, institution=institution.name))
    )
    session.flush()
    return entry


def enter_missing(deployment: Deployment) -> int:
    """Enter what was published before there was a register, oldest first; give how many.

    Their evidence is of now, and says so by its time. Done at each start: a second one finds nothing.
    """
    done = 0
    while made := _enter_some(deployment):
        done += made
    return done


def _enter_some(deployment: Deployment) -> int:
    known = exists().where(col(CatalogueEntryRow.definition_version_id) == col(DefinitionVersionRow.id))
    missing = select(DefinitionVersionRow, Institution).where(
        DefinitionVersionRow.institution_id == Institution.id, ~known
    )
    with deployment.reading() as session:  # nearly every start ends here and takes no lock
        if session.exec(missing.limit(1)).first() is None:
            return 0
    with deployment.writing() as session:
        rows = session.exec(missing.order_by(col(DefinitionVersionRow.id)).limit(_AT_ONCE)).all()
        for row, institution in rows:
            same = select(DefinitionVersionRow).where(
                DefinitionVersionRow.definition_id == row.definition_id,
                col(DefinitionVersionRow.id) < row.id,
            )
            enter(session, deployment, institution, row, before=session.exec(same).all())
        return len(rows)


def _replace(session: Session, before: Sequence[DefinitionVersionRow]) -> None:
    """Say of the earlier versions that a later one is there."""
    if not before:
        return
    keys = [stored_id(each) for each in before]
    entries = select(CatalogueEntryRow).where(
        col(CatalogueEntryRow.definition_version_id).in_(keys), col(CatalogueEntryRow.newest)
    )
    for entry in session.exec(entries):
        entry.newest = False
        session.add(entry)
