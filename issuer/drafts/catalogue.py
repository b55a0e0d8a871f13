"""What an institution has published, as its staff see it, and files that become drafts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from issuer.catalogue_tables import CatalogueEntryRow
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.drafts.drafts import begin_draft
from issuer.drafts.files import read_file
from issuer.drafts.records import Draft
from issuer.drafts.rows import institution_of
from issuer.errors import IssuerError, NotFound
from issuer.records import DefinitionVersion
from issuer.register.records import VersionState, version_state
from issuer.staff.roles import Act
from issuer.staff.within import may_within, within
from issuer.staff_tables import Faculty
from issuer.tables import DefinitionRow, DefinitionVersionRow
from microcredential.shapes import mapping


@dataclass(frozen=True)
class PublishedVersion:
    """A version with the faculty that it belongs to, how it stands, and why it was retired if it was.

    `newest` unless a later one was published, retired or not.
    """

    version: DefinitionVersion
    faculty_id: int | None
    newest: bool
    state: VersionState
    retired: datetime | None = None
    retired_reason: str = ""


def published_versions(desk: Deployment) -> list[PublishedVersion]:
    """List the versions that somebody may see, by code, the newest first."""
    desk.actor.must(Act.READ_DEFINITIONS)
    with desk.reading() as session:
        return _found(session, desk)


def published_version(desk: Deployment, public_id: str) -> PublishedVersion:
    """Find one of them by the last part of its address; raises NotFound."""
    desk.actor.must(Act.READ_DEFINITIONS)
    with desk.reading() as session:
        found = [each for each in _found(session, desk) if each.version.public_id == public_id]
    if not found:
        raise NotFound("unknown_version", "There is no such version here, or it belongs to another faculty.")
    return found[0]


def faculties(desk: Deployment) -> dict[int, str]:
    """Give the names of the institution's faculties by their keys, in the order of their names."""
    with desk.reading() as session:
        rows = session.exec(select(Faculty).order_by(col(Faculty.name), col(Faculty.id)))
        return {row.id: row.name for row in rows if row.id is not None}


def writable_faculties(desk: Deployment) -> dict[int, str]:
    """Give those of them for which somebody may write definitions."""
    return {
        key: name
        for key, name in faculties(desk).items()
        if may_within(desk.actor, Act.WRITE_DEFINITIONS, key)
    }


def import_draft(
    desk: Deployment, data: bytes, *, faculty_id: int | None = None
) -> tuple[Draft, tuple[str, ...]]:
    """Begin a draft with a file; give it with what was left out, in sentences. Raises IssuerError."""
    desk.actor.must(Act.WRITE_DEFINITIONS)
    document, notes = read_file(data)
    named = mapping(document.get("definition")).get("institution")
    if named not in (None, desk.actor.slug):
        raise IssuerError(
            "wrong_institution",
            f"The definition belongs to “{str(named)[:63]}”. Take “institution:” out to use it here.",
        )
    return begin_draft(desk, document, faculty_id=faculty_id, act="definition.import"), notes


def _found(session: Session, desk: Deployment) -> list[PublishedVersion]:
    institution = institution_of(session, desk)
    query = (
        select(DefinitionVersionRow, DefinitionRow, CatalogueEntryRow)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
        .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
        .order_by(col(DefinitionRow.code), col(DefinitionVersionRow.id).desc())
    )
    rows = session.exec(within(query, desk.actor, Act.READ_DEFINITIONS))
    return [
        PublishedVersion(
            definition_record(row, institution),
            base.faculty_id,
            entry.newest,
            version_state(entry),
            entry.retired,
            entry.retired_reason or "",
        )
        for row, base, entry in rows
    ]
