"""What the staff of the demonstration find on their desks: a list to approve, and a draft to review."""

from sqlmodel import select

from app.demonstration.people import StaffMember, desk_of
from issuer import DefinitionVersion, Issuer
from issuer.batching.approval import send
from issuer.batching.drafts import upload
from issuer.deployment import Deployment
from issuer.drafts.drafts import follow_version, list_drafts, save_draft
from issuer.drafts.review import send_for_review
from issuer.institution_settings import change_institution, institution_settings
from issuer.tables import Batch

AT = "dong-xanh"
_RUN = "autumn"
_FILE = "class-credit-risk-autumn.csv"


def lay_out_work(
    office: Issuer, members: list[StaffMember], version: DefinitionVersion, class_list: bytes
) -> None:
    """Ask for a second person, send a list with bad rows for approval and a draft for review, if not done."""
    _ask_for_two(desk_of(office, members, f"admin@{AT}.example"))
    _send_list(desk_of(office, members, f"issuer@{AT}.example"), version, class_list)
    _send_draft(desk_of(office, members, f"author@{AT}.example"), version)


def _ask_for_two(desk: Deployment) -> None:
    settings = institution_settings(desk)
    if not settings.needs_approval:
        change_institution(
            desk,
            settings.given,
            needs_approval=True,
            undo_hours=settings.undo_hours,
            seen=settings.revision,
        )


def _send_list(desk: Deployment, version: DefinitionVersion, class_list: bytes) -> None:
    with desk.reading() as session:
        there = session.exec(select(Batch.state).where(Batch.run == _RUN)).all()
    if any(state != "draft" for state in there):
        return
    name = f"{version.code}@{version.version}"
    batch_id = upload(desk, definition=name, run=_RUN, file_name=_FILE, data=class_list)
    with desk.reading() as session:
        revision = session.exec(select(Batch.revision).where(Batch.id == batch_id)).one()
    send(desk, batch_id, revision=revision)


def _send_draft(desk: Deployment, version: DefinitionVersion) -> None:
    """Begin the next version of what is published, once; an interrupted beginning is not continued."""
    if list_drafts(desk):
        return
    draft = follow_version(desk, version.public_id)
    document = {**draft.document, "definition": {**draft.document["definition"], "version": _next(version)}}
    saved = save_draft(desk, draft.public_id, document, revision=draft.revision)
    send_for_review(desk, saved.public_id, revision=saved.revision)


def _next(version: DefinitionVersion) -> str:
    year, _dash, number = version.version.rpartition("-")
    return f"{year}-{int(number) + 1}"
