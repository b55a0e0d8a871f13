"""From a list to a batch that is issued: sent for approval, sent back, approved by somebody else.

Whoever approves says which list they saw, by its revision and its number of certificates; another one is
refused, so that nobody signs what they have not looked at.
"""

from dataclasses import dataclass

from sqlmodel import Session

from issuer.awards import Awarded
from issuer.batches import awarded_numbers, insert_rows
from issuer.batching.access import BatchState, Found, audit, find_batch
from issuer.batching.criteria import criteria_told
from issuer.batching.lines import ISSUED, kept_lines, load_lines, store_lines
from issuer.batching.reading import Listed, load_listed
from issuer.cells import CellRefused, text_cell
from issuer.class_list import ClassList, LearnerRow
from issuer.deployment import Deployment
from issuer.errors import ClassListRefused, Conflict, IssuerError, NotAllowed
from issuer.institutions import signing_key
from issuer.register.retiring import refuse_retired
from issuer.staff.roles import Act

_LONGEST_NOTE = 1_000
_LOOK_AGAIN = "The list has changed since you looked at it. Look at it again, then decide."


@dataclass(frozen=True)
class _Seen:
    """What of a list its approver looked at, and where they say the criteria could be read before."""

    revision: int
    certificates: int
    criteria: str


def send(desk: Deployment, batch_id: str, *, revision: int) -> None:
    """Ask a second person to approve a draft; twice is once.

    Raises Conflict if it is another list by now or no draft, IssuerError if none of its lines can be issued.
    """
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.PREPARE_BATCHES, to_change=True)
        batch = found.batch
        if found.state is BatchState.APPROVAL and batch.sent_by == desk.actor.ref:
            return
        if found.state is not BatchState.DRAFT:
            raise Conflict(
                "not_a_draft", "The list is no draft any more: somebody has acted on it meanwhile."
            )
        if batch.revision != revision:
            raise Conflict("changed_meanwhile", _LOOK_AGAIN)
        good = sum(line.state in ISSUED for line in load_lines(session, batch_id))
        if not good:
            raise IssuerError("no_rows", "None of its lines can be issued. Mend one or hand in another file.")
        batch.state, batch.sent_by, batch.sent = BatchState.APPROVAL.value, desk.actor.ref, desk.now()
        batch.note = None
        found.add_hand(session, desk)
        session.add(batch)
        told = {"state": batch.state, "certificates": good, "revision": batch.revision}
        audit(session, desk, found, "send", before={"state": "draft"}, after=told)


def send_back(desk: Deployment, batch_id: str, note: str) -> None:
    """Give a list back to whoever sent it, saying what to change. Raises IssuerError without a note."""
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.APPROVE_BATCHES, to_change=True)
        if found.state is not BatchState.APPROVAL:
            raise Conflict("not_sent", "The list does not wait for approval any more.")
        found.batch.note = _note(note)
        found.batch.state = BatchState.DRAFT.value
        session.add(found.batch)
        told = {"state": "draft"}  # without the note: it may name learners, and the audit forgets nothing
        audit(session, desk, found, "send_back", before={"state": "approval"}, after=told)


def approve(desk: Deployment, batch_id: str, *, revision: int, certificates: int, criteria: str = "") -> None:
    """Open a batch for the worker with the lines of the list that was seen; twice is once.

    Where the institution asks for a second person, that is somebody who did not upload, mend, map or send it.
    `criteria` says where the criteria could be read, if learning began before the version was published.
    Raises NotAllowed for their own list, Conflict if it is another one by now, IssuerError if it cannot be
    issued at all.
    """
    with desk.reading() as session:
        listed = load_listed(session, find_batch(session, desk, batch_id, Act.APPROVE_BATCHES))
    read = _read(listed, desk)
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.APPROVE_BATCHES, to_change=True)
        if _is_done_by(found, desk):
            return
        _refuse_approval(session, found, desk)
        same = found.batch.revision == listed.revision
        opened = (
            same
            and read is not None
            and _opened(session, desk, found, read, seen=_Seen(revision, certificates, criteria))
        )
    if not opened:
        raise Conflict("changed_meanwhile", _LOOK_AGAIN)


def why_not(found: Found, desk: Deployment) -> str:
    """Say why somebody who may approve may not approve this list; empty if they may."""
    if found.institution.needs_approval and desk.actor.ref in found.handled_by:
        return "You had this list in hand yourself, so somebody else must approve it."
    if found.institution.needs_approval and found.state is BatchState.DRAFT:
        return "A second person approves: send the list for approval first."
    return ""


def _read(listed: Listed, desk: Deployment) -> ClassList | None:
    try:
        return listed.read(desk.now().date())
    except ClassListRefused:
        return None


def _is_done_by(found: Found, desk: Deployment) -> bool:
    """Tell whether this very person has approved it a moment ago."""
    done = found.state in (BatchState.OPEN, BatchState.FINISHED)
    return done and found.batch.approved_by == desk.actor.ref


def _refuse_approval(session: Session, found: Found, desk: Deployment) -> None:
    if found.state not in (BatchState.DRAFT, BatchState.APPROVAL):
        raise Conflict("already_decided", "Somebody has decided on this list already.")
    if found.institution.needs_approval and found.state is BatchState.DRAFT:
        raise Conflict("not_sent", why_not(found, desk) or _LOOK_AGAIN)
    if reason := why_not(found, desk):
        raise NotAllowed("own_list", reason)
    refuse_retired(session, found.version)
    signing_key(session, found.institution)


def _opened(session: Session, desk: Deployment, found: Found, read: ClassList, *, seen: _Seen) -> bool:
    """Open the batch if it is the list that was seen; otherwise note how it stands now."""
    batch = found.batch
    already = awarded_numbers(session, found.version, batch.run)
    good = [row for row in read.rows if row.student_number not in already]
    if (batch.revision, len(good)) != (seen.revision, seen.certificates):
        _restate(session, found, read, already)
        return False
    if not good:
        raise IssuerError("no_rows", "None of its lines can be issued. Mend one or hand in another file.")
    _open(session, desk, found, good, criteria=seen.criteria)
    return True


def _open(session: Session, desk: Deployment, found: Found, good: list[LearnerRow], *, criteria: str) -> None:
    stated = criteria_told(good, found.version.created, criteria)
    batch, before = found.batch, found.batch.state
    batch.state, batch.approved_by, batch.approved = BatchState.OPEN.value, desk.actor.ref, desk.now()
    session.add(batch)
    session.flush()
    insert_rows(session, batch, good)
    told = {
        "state": batch.state,
        "certificates": len(good),
        "revision": batch.revision,
        "second_person": desk.actor.ref not in found.handled_by,
        **stated,
    }
    audit(session, desk, found, "approve", before={"state": before}, after=told)


def _restate(session: Session, found: Found, read: ClassList, already: Awarded) -> None:
    """Keep what became of the lines since they were read: learners were awarded, or days have passed."""
    before = load_lines(session, found.batch.id)
    mended = {line.line: line.mended for line in before if line.mended}
    now = kept_lines(read, already, mended)
    if now != before:
        found.batch.revision += 1
        session.add(found.batch)
        store_lines(session, found.batch, now)


def _note(note: str) -> str:
    try:
        text = text_cell(" ".join(note.split()), longest=_LONGEST_NOTE)
    except CellRefused as refused:
        raise IssuerError("note", f"The note cannot stand: {refused.reason} {refused.fix}") from refused
    if not text:
        raise IssuerError("note", "Say in the note what is to be changed.")
    return text
