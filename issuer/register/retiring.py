"""Retire a version: it stays readable and what was issued stays good, but nothing more is issued for it."""

from sqlmodel import Session, select

from issuer.audit.record import AuditedAct, record
from issuer.catalogue_tables import CatalogueEntryRow
from issuer.deployment import Deployment
from issuer.drafts.rows import institution_of
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.tables import DefinitionRow, DefinitionVersionRow

LONGEST_REASON = 500


def retire_version(desk: Deployment, public_id: str, *, reason: str) -> None:
    """Retire a published version for good, with a reason that the public reads.

    Raises NotFound, NotAllowed for whoever may not review in its faculty, Conflict if it is retired already,
    IssuerError without a reason.
    """
    words = " ".join(reason.replace("\0", "").split())
    if not words or len(words) > LONGEST_REASON:
        raise IssuerError(
            "reason", f"Say in 1 to {LONGEST_REASON} characters why it is retired: learners will read it."
        )
    with desk.writing() as session:
        row, version, definition = _found(session, public_id)
        must_within(desk.actor, Act.REVIEW_DEFINITIONS, definition.faculty_id)
        if row.retired is not None:
            raise Conflict("retired", "This version is retired already.")
        row.retired, row.retired_by, row.retired_reason = desk.now(), desk.actor.ref, words
        session.add(row)
        told = {"code": definition.code, "name": version.version, "state": "retired", "reason": words}
        act = AuditedAct("definition.retire", version.public_id, {"state": "published"}, told)
        record(session, desk, act, institution=institution_of(session, desk))


def refuse_retired(session: Session, version: DefinitionVersionRow) -> None:
    """Raise IssuerError for a version that was retired: nothing more is issued for it."""
    retired = session.exec(
        select(CatalogueEntryRow.retired).where(CatalogueEntryRow.definition_version_id == version.id)
    ).first()
    if retired is not None:
        raise IssuerError(
            "retired",
            f"Version {version.version} was retired on {retired.date().isoformat()}. "
            "Choose a later version, or publish one.",
        )


def _found(session: Session, public_id: str) -> tuple[CatalogueEntryRow, DefinitionVersionRow, DefinitionRow]:
    found = session.exec(
        select(CatalogueEntryRow, DefinitionVersionRow, DefinitionRow)
        .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
        .where(DefinitionVersionRow.public_id == public_id[:36])
    ).first()
    if found is None:
        raise NotFound("unknown_version", "There is no such version here, or it belongs to another faculty.")
    return found
