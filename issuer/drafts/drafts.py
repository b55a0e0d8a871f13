"""Writing drafts: beginning, saving, listing, withdrawing, and the picture of the badge."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.badge_pictures import store_picture
from issuer.badge_upload import BadgePicture
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.drafts.documents import check_storable, named
from issuer.drafts.files import document_of_version
from issuer.drafts.records import Draft, DraftChanged, DraftState
from issuer.drafts.rows import changes, draft_record, draft_records, draft_row, institution_of, visible_drafts
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.office_tables import DefinitionDraftRow
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.staff_tables import Faculty
from issuer.tables import DefinitionRow, DefinitionVersionRow, stored_id
from microcredential.expansion import ECTS
from ob3.errors import JsonRefused

MAX_CHARACTERS = 256 * 1024


def blank_document(language: str = "en") -> dict[str, Any]:
    """Give the document of a definition of which nothing is written yet."""
    return {
        "definition": {"language": language},
        "achievement": {
            "title": {"en": ""} | {language: ""},
            "learningOutcome": [{"title": {}}, {"title": {}}],
            "creditPoint": [{"framework": ECTS}],
            "resultDescription": [{"assessmentType": [], "resultType": "RawScore"}],
            "qualityAssurance": [{"qaType": ""}],
            "alignment": [{"referencingBasis": ""}],
        },
    }


def begin_draft(
    desk: Deployment,
    document: Mapping[str, Any],
    *,
    faculty_id: int | None = None,
    act: str = "definition.draft",
) -> Draft:
    """Begin a draft with a document, for a faculty or the whole institution.

    Somebody whose role is confined to one faculty writes for that one. Raises NotAllowed, NotFound for a
    faculty of another institution, IssuerError for a document that cannot be kept.
    """
    with desk.writing() as session:
        faculty = _faculty(session, desk, faculty_id)
        row = _new_row(session, desk, document, faculty)
        return _stored(session, desk, row, act)


def follow_version(desk: Deployment, version_id: str) -> Draft:
    """Begin the next version of a published one, with contents and badge. Raises NotFound, NotAllowed."""
    with desk.writing() as session:
        found = session.exec(
            select(DefinitionVersionRow, DefinitionRow)
            .where(DefinitionVersionRow.public_id == version_id[:36])
            .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
        ).first()
        if found is None:
            raise NotFound("unknown_version", "There is no such version here.")
        version, base = found
        must_within(desk.actor, Act.WRITE_DEFINITIONS, base.faculty_id)
        document = document_of_version(definition_record(version, institution_of(session, desk)))
        document["definition"].pop("version", None)
        row = _new_row(session, desk, document, base.faculty_id)
        row.follows, row.badge_picture_id = version.public_id, version.badge_picture_id
        return _stored(session, desk, row, "definition.draft")


def find_draft(desk: Deployment, public_id: str) -> Draft:
    """Find a draft; raises NotFound."""
    with desk.reading() as session:
        return draft_record(session, draft_row(session, desk, public_id, Act.READ_DEFINITIONS))


def list_drafts(desk: Deployment) -> list[Draft]:
    """List the drafts that somebody may see, the last saved first."""
    desk.actor.must(Act.READ_DEFINITIONS)
    with desk.reading() as session:
        query = visible_drafts(desk.actor)
        ordered = query.order_by(col(DefinitionDraftRow.saved).desc(), col(DefinitionDraftRow.id).desc())
        return draft_records(session, session.exec(ordered))


def save_draft(desk: Deployment, public_id: str, document: Mapping[str, Any], *, revision: int) -> Draft:
    """Save a document over the revision that it was made of; the same document again changes nothing.

    Raises DraftChanged if somebody saved another meanwhile, Conflict if it is no longer a draft, NotFound,
    NotAllowed, IssuerError for a document that cannot be kept.
    """
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.WRITE_DEFINITIONS)
        before = json.loads(row.document)
        if before == document and row.state == DraftState.DRAFT:
            return draft_record(session, row)
        check_open(row)
        if row.revision != revision:
            raise DraftChanged(draft_record(session, row))
        _put(row, document)
        old, new = changes(before, document)
        _touch(desk, row)
        _tell(session, desk, row, old, new)
        return draft_record(session, row)


def set_badge(desk: Deployment, public_id: str, picture: BadgePicture | None) -> Draft:
    """Give a draft an uploaded badge picture, or with None the drawn one again; raises as saving does."""
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.WRITE_DEFINITIONS)
        check_open(row)
        before = {"badge": draft_record(session, row).badge}
        stored = store_picture(session, desk, institution_of(session, desk), picture) if picture else None
        row.badge_picture_id = stored_id(stored) if stored else None
        _touch(desk, row)
        _tell(session, desk, row, before, {"badge": picture.digest if picture else None})
        return draft_record(session, row)


def withdraw_draft(desk: Deployment, public_id: str) -> Draft:
    """Put a draft aside; what was published stays. Raises Conflict, NotFound, NotAllowed."""
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.WRITE_DEFINITIONS)
        if row.state not in (DraftState.DRAFT, DraftState.REVIEW, DraftState.APPROVED):
            raise Conflict("draft_closed", "This draft was published or withdrawn already.")
        act = AuditedAct("definition.withdraw", row.public_id, {"state": row.state}, {"state": "withdrawn"})
        row.state = DraftState.WITHDRAWN.value
        session.add(row)
        record(session, desk, act, institution=institution_of(session, desk))
        return draft_record(session, row)


def resume_draft(desk: Deployment, public_id: str) -> Draft:
    """Take up a draft that was withdrawn; raises Conflict for any other, NotFound, NotAllowed."""
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.WRITE_DEFINITIONS)
        if row.state != DraftState.WITHDRAWN:
            raise Conflict("not_withdrawn", "This draft is not withdrawn.")
        row.state = DraftState.DRAFT.value
        _touch(desk, row)
        _tell(session, desk, row, {"state": "withdrawn"}, {"state": "draft"})
        return draft_record(session, row)


def check_open(row: DefinitionDraftRow) -> None:
    """Raise Conflict unless the draft can still be written on."""
    if row.state == DraftState.REVIEW:
        raise Conflict(
            "in_review", "The draft is with the reviewer. It can be changed when it has been sent back."
        )
    if row.state == DraftState.APPROVED:
        raise Conflict("approved", "The draft is approved. It can be changed when it has been sent back.")
    if row.state != DraftState.DRAFT:
        raise Conflict("draft_closed", "This draft was published or withdrawn already. Begin a new version.")


def _faculty(session: Session, desk: Deployment, faculty_id: int | None) -> int | None:
    within = desk.actor.faculties(Act.WRITE_DEFINITIONS)
    if faculty_id is None and within is not None and len(within) == 1:
        faculty_id = next(iter(within))
    known = session.exec(select(Faculty.id)).all()
    if faculty_id is not None and faculty_id not in known:
        raise NotFound("unknown_faculty", "There is no such faculty here.")
    must_within(desk.actor, Act.WRITE_DEFINITIONS, faculty_id)
    return faculty_id


def _new_row(
    session: Session, desk: Deployment, document: Mapping[str, Any], faculty_id: int | None
) -> DefinitionDraftRow:
    now, person = desk.now(), desk.actor.ref
    row = DefinitionDraftRow(
        public_id=str(uuid.UUID(int=desk.random.getrandbits(128), version=4)),
        institution_id=stored_id(institution_of(session, desk)),
        faculty_id=faculty_id,
        code="",
        version="",
        title="",
        document="{}",
        written_by=person,
        saved_by=person,
        created=now,
        saved=now,
    )
    _put(row, document)
    return row


def _stored(session: Session, desk: Deployment, row: DefinitionDraftRow, act: str) -> Draft:
    session.add(row)
    session.flush()
    told = {"code": row.code, "version": row.version, "title": row.title, "follows": row.follows}
    record(
        session, desk, AuditedAct(act, row.public_id, None, told), institution=institution_of(session, desk)
    )
    return draft_record(session, row)


def _put(row: DefinitionDraftRow, document: Mapping[str, Any]) -> None:
    try:
        text = json.dumps(check_storable(document))  # ASCII: nothing in it that a database would not keep
    except (JsonRefused, ValueError, TypeError, RecursionError) as error:
        raise IssuerError(
            "document_refused", "The definition holds something that cannot be kept. Correct the last change."
        ) from error
    if len(text) > MAX_CHARACTERS:
        raise IssuerError(
            "document_too_large", "The definition is longer than 256 KiB. Shorten its texts and save again."
        )
    row.document = text
    row.code, row.version, row.title = (part.replace("\0", "") for part in named(document))


def _touch(desk: Deployment, row: DefinitionDraftRow) -> None:
    row.revision += 1
    row.saved, row.saved_by = desk.now(), desk.actor.ref


def _tell(
    session: Session,
    desk: Deployment,
    row: DefinitionDraftRow,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    session.add(row)
    told = AuditedAct(
        "definition.draft",
        row.public_id,
        {"revision": row.revision - 1, **before},
        {"revision": row.revision, **after},
    )
    record(session, desk, told, institution=institution_of(session, desk))
