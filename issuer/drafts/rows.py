"""The rows of drafts: finding those that somebody may see, and telling the audit what changed in one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from issuer.badge_pictures import picture_record
from issuer.deployment import Deployment
from issuer.drafts.records import Draft, DraftState
from issuer.errors import NotFound
from issuer.institutions import institution_row
from issuer.office_tables import BadgePictureRow, DefinitionDraftRow
from issuer.staff.actor import Actor
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.staff_tables import Person
from issuer.tables import DefinitionVersionRow, Institution

_LONGEST_TOLD = 200
_MOST_TOLD = 60


def institution_of(session: Session, desk: Deployment) -> Institution:
    """Give the institution that somebody acts for."""
    return institution_row(session, desk.actor.slug or "")


def visible_drafts(actor: Actor) -> SelectOfScalar[DefinitionDraftRow]:
    """Select the drafts of the faculties in which somebody may read definitions."""
    query = select(DefinitionDraftRow)
    within = actor.faculties(Act.READ_DEFINITIONS)
    return query if within is None else query.where(col(DefinitionDraftRow.faculty_id).in_(within))


def draft_row(session: Session, desk: Deployment, public_id: str, act: Act) -> DefinitionDraftRow:
    """Find a draft for an act; raises NotFound for one that cannot be seen, NotAllowed for the act."""
    row = session.exec(
        visible_drafts(desk.actor).where(DefinitionDraftRow.public_id == public_id[:36])
    ).first()
    if row is None:
        raise NotFound("unknown_draft", "There is no such draft here, or it belongs to another faculty.")
    must_within(desk.actor, act, row.faculty_id)
    return row


def draft_records(session: Session, rows: Iterable[DefinitionDraftRow]) -> list[Draft]:
    """Turn rows into values, with the names of the people and the pictures that they speak of."""
    found = list(rows)
    people = {ref for row in found for ref in (row.written_by, row.saved_by, row.sent_by) if ref}
    known = session.exec(select(Person).where(col(Person.public_id).in_(people))).all()
    names = {person.public_id: person.name for person in known}
    pictures = _by_id(session, BadgePictureRow, [row.badge_picture_id for row in found])
    versions = _by_id(session, DefinitionVersionRow, [row.definition_version_id for row in found])
    return [_record(row, names, pictures, versions) for row in found]


def draft_record(session: Session, row: DefinitionDraftRow) -> Draft:
    """Turn one row into a value."""
    return draft_records(session, [row])[0]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what the audit tells of two documents: the values that differ, by their places, shortened."""
    old, new = _flat(before), _flat(after)
    places = [place for place in sorted({*old, *new}) if old.get(place) != new.get(place)]
    told = places[:_MOST_TOLD]
    more = {"more places": len(places) - len(told)} if len(places) > len(told) else {}
    return (
        {place: old[place] for place in told if place in old},
        {place: new[place] for place in told if place in new} | more,
    )


def _flat(value: Any, place: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping) and value:
        parts = [_flat(one, f"{place}.{key}" if place else str(key)) for key, one in value.items()]
    elif isinstance(value, list) and value:
        parts = [_flat(one, f"{place}[{number}]") for number, one in enumerate(value)]
    else:
        return {place: value[:_LONGEST_TOLD] if isinstance(value, str) else value}
    return {key: one for part in parts for key, one in part.items()}


def _by_id(session: Session, table: Any, ids: list[int | None]) -> dict[int, Any]:
    wanted = {each for each in ids if each is not None}
    rows = session.exec(select(table).where(col(table.id).in_(wanted))).all()
    return {row.id: row for row in rows}


def _record(
    row: DefinitionDraftRow,
    names: Mapping[str, str],
    pictures: Mapping[int, BadgePictureRow],
    versions: Mapping[int, DefinitionVersionRow],
) -> Draft:
    picture, version = pictures.get(row.badge_picture_id or 0), versions.get(row.definition_version_id or 0)
    return Draft(
        public_id=row.public_id,
        code=row.code,
        version=row.version,
        title=row.title,
        document=json.loads(row.document),
        state=DraftState(row.state),
        revision=row.revision,
        faculty_id=row.faculty_id,
        follows=row.follows,
        published_as=version.public_id if version else None,
        badge=f"{picture.digest}.{picture_record(picture).kind.value}" if picture else None,
        written_by=row.written_by,
        saved_by=row.saved_by,
        sent_by=row.sent_by,
        note=row.note,
        created=row.created,
        saved=row.saved,
        names=names,
    )
