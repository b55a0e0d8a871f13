"""The versions of definitions for which somebody may take in a class list."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from issuer.catalogue_tables import CatalogueEntryRow
from issuer.class_list_template import class_list_template
from issuer.definitions import find_version
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.register.retiring import refuse_retired
from issuer.scales import scales
from issuer.staff.roles import Act
from issuer.staff.within import may_within, within
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution


@dataclass(frozen=True)
class VersionChoice:
    """A published version; `name` is `CODE@VERSION`."""

    name: str
    code: str
    version: str
    title: str
    language: str
    published: datetime


def version_choices(desk: Deployment) -> list[VersionChoice]:
    """List what a class list may be for, by code, the newest version first; nothing that was retired."""
    desk.actor.must(Act.PREPARE_BATCHES)
    query = (
        select(DefinitionVersionRow, DefinitionRow.code)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
        .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
        .where(col(CatalogueEntryRow.retired).is_(None))
        .order_by(DefinitionRow.code, col(DefinitionVersionRow.id).desc())
    )
    with desk.reading() as session:
        rows = session.exec(within(query, desk.actor, Act.PREPARE_BATCHES))
        return [_choice(row, code) for row, code in rows]


def usable_version(
    session: Session, desk: Deployment, name: str, act: Act
) -> tuple[Institution, DefinitionVersionRow, DefinitionRow]:
    """Find a version by `CODE@VERSION` for somebody who may do `act` with it.

    Raises NotFound, also for what is not theirs, and IssuerError where none is named or it was retired.
    """
    institution = session.exec(select(Institution).where(Institution.id == desk.tenant)).one()
    if not name.strip():
        raise IssuerError("no_definition", "Choose the micro-credential that the list is for.")
    version = find_version(session, institution, name)
    definition = session.exec(select(DefinitionRow).where(DefinitionRow.id == version.definition_id)).one()
    if not may_within(desk.actor, act, definition.faculty_id):
        raise NotFound("unknown_definition", f"{institution.name} has published no “{name[:100]}”.")
    refuse_retired(session, version)
    return institution, version, definition


def template_for(desk: Deployment, name: str, kind: str, *, language: str = "en") -> tuple[str, bytes]:
    """Give a name and the bytes of an empty class list for a version, as `csv` or `xlsx`.

    Raises NotFound, IssuerError.
    """
    desk.actor.must(Act.PREPARE_BATCHES)
    with desk.reading() as session:
        _, version, definition = usable_version(session, desk, name, Act.PREPARE_BATCHES)
        known = scales(json.loads(version.document))
        stem = f"{definition.code}-{version.version}"
    return f"{stem}.{kind}", class_list_template(kind, scales=known, language=language)


def _choice(row: DefinitionVersionRow, code: str) -> VersionChoice:
    achievement = json.loads(row.document)
    language = json.loads(row.options)["language"]
    name = f"{code}@{row.version}"
    return VersionChoice(name, code, row.version, str(achievement.get("name", code)), language, row.created)
