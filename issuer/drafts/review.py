"""Reviewing drafts: sent by authors, sent back or published by somebody who did not write them."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.audit_tables import AuditEntryRow
from issuer.definitions import DefinitionRefused, definition_record, evidence_digest, publish_within
from issuer.deployment import Deployment
from issuer.drafts.checking import findings_of
from issuer.drafts.documents import definition_of
from issuer.drafts.drafts import check_open
from issuer.drafts.names import name_findings
from issuer.drafts.records import Draft, DraftChanged, DraftState
from issuer.drafts.rows import draft_record, draft_row, institution_of
from issuer.errors import Conflict, IssuerError, NotAllowed
from issuer.institutions import issuer_profile
from issuer.office_tables import BadgePictureRow, DefinitionDraftRow
from issuer.records import DefinitionVersion
from issuer.register.evidence import Review
from issuer.staff.actor import ActorKind
from issuer.staff.roles import Act
from issuer.staff.within import may_within
from issuer.tables import Institution
from microcredential import Finding, MicroCredentialError, Severity

LONGEST_NOTE = 2_000
_WRITING = ("definition.draft", "definition.import", "definition.send")


def draft_findings(
    desk: Deployment, document: Mapping[str, Any], *, faculty_id: int | None = None
) -> list[Finding]:
    """Say what is found in a document of the institution or of a faculty, the blocking findings first."""
    with desk.reading() as session:
        return _found(session, desk, document, faculty_id)


def send_for_review(desk: Deployment, public_id: str, *, revision: int) -> Draft:
    """Hand a draft to the reviewers; raises DefinitionRefused while it must be mended, else as saving."""
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.WRITE_DEFINITIONS)
        check_open(row)
        _check_revision(session, row, revision)
        draft = draft_record(session, row)
        blocking = _blocking(session, desk, draft)
        if blocking:
            raise DefinitionRefused(blocking)
        row.state, row.sent_by, row.note = DraftState.REVIEW.value, desk.actor.ref, None
        _tell(session, desk, row, "definition.send", DraftState.DRAFT, {"revision": row.revision})
        return draft_record(session, row)


def send_back(desk: Deployment, public_id: str, *, note: str) -> Draft:
    """Give a draft back to its authors with a note, approved or not; raises Conflict, IssuerError."""
    words = note.replace("\0", "").strip()
    if not words or len(words) > LONGEST_NOTE:
        raise IssuerError(
            "note", f"Say in 1 to {LONGEST_NOTE} characters what should change, so that the author knows."
        )
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.REVIEW_DEFINITIONS)
        before = _check_undecided(row)
        row.state, row.note = DraftState.DRAFT.value, words
        row.approved_by = row.approved = None
        _tell(session, desk, row, "definition.send_back", before, {"note": words})
        return draft_record(session, row)


def approve_draft(desk: Deployment, public_id: str, *, revision: int) -> DefinitionVersion:
    """Publish a draft as a version that never changes, one that is approved or, approving it, one in review.

    Raises NotAllowed for whoever has written on it, Conflict if it is neither, DraftChanged, and what
    publishing raises.
    """
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.REVIEW_DEFINITIONS)
        before = _check_undecided(row)
        _check_revision(session, row, revision)
        _refuse_own(session, desk, row)
        if before is DraftState.REVIEW:
            row.approved_by, row.approved = desk.actor.ref, desk.now()
        institution = institution_of(session, desk)
        version = _publish(session, desk, institution, row)
        row.state, row.definition_version_id = DraftState.PUBLISHED.value, version.id
        told = {
            "version": version.public_id,
            "code": row.code,
            "name": version.version,
            "evidence": evidence_digest(session, version),
        }
        _tell(session, desk, row, "definition.publish", before, told)
        return definition_record(version, institution)


def approve_for_later(desk: Deployment, public_id: str, *, revision: int) -> Draft:
    """Approve a draft that is to be published another day; it stands still until then.

    Raises NotAllowed for whoever has written on it, Conflict if it is not in review, DraftChanged,
    DefinitionRefused while something blocks.
    """
    with desk.writing() as session:
        row = draft_row(session, desk, public_id, Act.REVIEW_DEFINITIONS)
        if _check_undecided(row) is DraftState.APPROVED:
            raise Conflict("approved", "This draft is approved already.")
        _check_revision(session, row, revision)
        _refuse_own(session, desk, row)
        blocking = _blocking(session, desk, draft_record(session, row))
        if blocking:
            raise DefinitionRefused(blocking)
        row.state, row.approved_by, row.approved = DraftState.APPROVED.value, desk.actor.ref, desk.now()
        _tell(session, desk, row, "definition.approve", DraftState.REVIEW, {"revision": row.revision})
        return draft_record(session, row)


def may_approve(desk: Deployment, draft: Draft) -> bool:
    """Tell whether somebody may publish a draft now: a reviewer of its faculty who has not written it."""
    allowed = may_within(desk.actor, Act.REVIEW_DEFINITIONS, draft.faculty_id)
    if draft.state not in (DraftState.REVIEW, DraftState.APPROVED) or not allowed:
        return False
    with desk.reading() as session:
        return not has_written(session, desk, draft_row(session, desk, draft.public_id, Act.READ_DEFINITIONS))


def has_written(session: Session, desk: Deployment, row: DefinitionDraftRow) -> bool:
    """Tell whether somebody began, saved or sent a draft: the audit knows every save."""
    if desk.actor.kind is not ActorKind.PERSON:
        return False
    if desk.actor.ref in (row.written_by, row.saved_by, row.sent_by):
        return True
    found = session.exec(
        select(AuditEntryRow.id)
        .where(AuditEntryRow.subject == row.public_id)
        .where(AuditEntryRow.actor == desk.actor.ref)
        .where(col(AuditEntryRow.act).in_(_WRITING))
    ).first()
    return found is not None


def _publish(session: Session, desk: Deployment, institution: Institution, row: DefinitionDraftRow) -> Any:
    draft = draft_record(session, row)
    blocking = _blocking(session, desk, draft)
    if blocking:
        raise DefinitionRefused(blocking)
    try:
        definition = definition_of(draft.document)
    except MicroCredentialError as error:
        raise IssuerError(error.code, str(error)) from error
    if definition.institution not in (None, institution.slug):
        raise IssuerError("wrong_institution", "The definition says that it belongs to another institution.")
    picture = (
        session.exec(select(BadgePictureRow).where(BadgePictureRow.id == row.badge_picture_id)).first()
        if row.badge_picture_id
        else None
    )
    return publish_within(
        session,
        desk,
        institution,
        definition,
        picture=picture,
        faculty_id=row.faculty_id,
        review=_review(desk, row),
    )


def _review(desk: Deployment, row: DefinitionDraftRow) -> Review:
    return Review(
        written_by=row.written_by,
        sent_by=row.sent_by or row.saved_by,
        approved_by=row.approved_by or desk.actor.ref,
        approved=row.approved or desk.now(),
        published_by=desk.actor.ref,
        draft=row.public_id,
    )


def _blocking(session: Session, desk: Deployment, draft: Draft) -> list[Finding]:
    found = _found(session, desk, draft.document, draft.faculty_id)
    return [finding for finding in found if finding.severity is Severity.BLOCK]


def _found(
    session: Session, desk: Deployment, document: Mapping[str, Any], faculty_id: int | None
) -> list[Finding]:
    institution = institution_of(session, desk)
    names = name_findings(session, institution, document, faculty_id=faculty_id)
    found = [*findings_of(document, profile=_profile(institution), now=desk.now()), *names]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _profile(institution: Institution) -> dict[str, Any] | None:
    return issuer_profile(institution) if institution.did else None


def _check_undecided(row: DefinitionDraftRow) -> DraftState:
    """Give the state of a draft on which a reviewer may still decide; raises Conflict for another."""
    if row.state not in (DraftState.REVIEW, DraftState.APPROVED):
        raise Conflict(
            "not_in_review", "This draft is not in review now. Somebody may have decided meanwhile."
        )
    return DraftState(row.state)


def _refuse_own(session: Session, desk: Deployment, row: DefinitionDraftRow) -> None:
    if has_written(session, desk, row):
        raise NotAllowed(
            "own_draft", "Nobody approves what they have written themselves. Ask another reviewer."
        )


def _check_revision(session: Session, row: DefinitionDraftRow, revision: int) -> None:
    if row.revision != revision:
        raise DraftChanged(draft_record(session, row))


def _tell(
    session: Session,
    desk: Deployment,
    row: DefinitionDraftRow,
    act: str,
    before: DraftState,
    after: Mapping[str, Any],
) -> None:
    session.add(row)
    told = AuditedAct(act, row.public_id, {"state": before.value}, {"state": row.state, **after})
    record(session, desk, told, institution=institution_of(session, desk))
