"""What staff do about a mail that did not arrive: correct the address, and have it tried again."""

from dataclasses import replace

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.cells import CellRefused, email_cell
from issuer.credentials.folding import search_text
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.links import LinkSecret
from issuer.mailing.kinds import MailKind
from issuer.mailing.matters import gone
from issuer.mailing.search import FoundMails, MailSearch, readable_row, search_mails
from issuer.mailing.subjects import audit_subject
from issuer.outbox import outbox_mail
from issuer.records import MailState, OutboxMail
from issuer.staff.roles import Act
from issuer.staff.within import may_within
from issuer.staff_tables import RoleGrantRow, StaffTokenRow
from issuer.tables import CredentialRow, Institution, OutboxMailRow

MOST_EXPORTED = 50_000  # rows: what a spreadsheet opens, and one request can hold in memory


def try_again(desk: Deployment, mail_id: int) -> None:
    """Put a mail that was given up back into the outbox, under its Message-ID, to the present address.

    Raises NotAllowed, NotFound, Conflict where it did not fail or has lost its matter.
    """
    desk.actor.must(Act.SEND_MAIL)
    with desk.writing() as session:
        row, learner, _person, _credential = readable_row(session, desk.actor, Act.SEND_MAIL, mail_id)
        if row.state != MailState.FAILED:
            raise Conflict("not_failed", "This mail was not given up: there is nothing to try again.")
        if gone(session, desk, row):
            raise Conflict("matter_gone", "What this mail was about has ended: it is not sent any more.")
        row.state, row.attempts, row.next_attempt, row.error = "queued", 0, desk.now(), None
        row.recipient = learner.email if learner else row.recipient
        session.add(row)
        _audit(session, desk, "mail.resend", row)


def correct_address(desk: Deployment, mail_id: int, typed: str) -> None:
    """Change the address of the mail's learner, here and for all mails that were not sent yet.

    The audit tells that it was changed and not to what. Raises NotAllowed, NotFound, IssuerError for an
    address that is none, Conflict for a mail that is about no learner.
    """
    desk.actor.must(Act.SEND_MAIL)
    address = _address(typed)
    with desk.writing() as session:
        row, learner, _person, _credential = readable_row(session, desk.actor, Act.SEND_MAIL, mail_id)
        if learner is None:
            raise Conflict("no_learner", "This mail went to a person of the staff; see the page of people.")
        learner.email = address
        learner.search = search_text(learner.name, learner.student_number, address)
        learner.updated = desk.now()
        session.add(learner)
        theirs = select(CredentialRow.id).where(CredentialRow.learner_id == learner.id)
        session.exec(
            update(OutboxMailRow)
            .where(col(OutboxMailRow.credential_id).in_(theirs))
            .where(col(OutboxMailRow.state).in_(["queued", "failed"]))
            .values(recipient=address)
        )
        _audit(session, desk, "mail.address", row)


def readable_words(desk: Deployment, links: LinkSecret, mail_id: int) -> OutboxMail | None:
    """Give a mail with its words to whoever may hand it on; None where its link is for another pair of eyes.

    A link to a certificate is for those who send mails in its faculty, an invitation for those who manage
    people, unless it opens the work of another institution too, and a new password for its owner alone.
    Raises NotAllowed, NotFound, IssuerError without words.
    """
    desk.actor.must(Act.READ_MAIL)
    with desk.reading() as session:
        row, *_rest = readable_row(session, desk.actor, Act.READ_MAIL, mail_id)
        about_learner, kind, token = row.credential_id is not None, row.kind, row.staff_token_id
        sends = about_learner and _may_send(session, desk, mail_id)
    invites = not about_learner and may_within(desk.actor, Act.MANAGE_PEOPLE, None)
    if not (sends or invites) or kind == MailKind.PASSWORD:
        return None
    if invites and _works_elsewhere(desk, token):
        return None
    return outbox_mail(desk, links, mail_id)


def _may_send(session: Session, desk: Deployment, mail_id: int) -> bool:
    """Tell whether the actor sends mails where this one belongs: reading may reach further."""
    try:
        readable_row(session, desk.actor, Act.SEND_MAIL, mail_id)
    except NotFound:
        return False
    return True


def exported_mails(desk: Deployment, asked: MailSearch) -> FoundMails:
    """Find up to MOST_EXPORTED mails for taking away, which the audit notes. Raises NotAllowed."""
    found = search_mails(desk, replace(asked, offset=0, limit=MOST_EXPORTED))
    with desk.writing() as session:
        institution = session.exec(select(Institution)).one()
        told = AuditedAct("mail.export", institution.slug, after={"rows": len(found.mails)})
        record(session, desk, told, institution=institution)
    return found


def _works_elsewhere(desk: Deployment, token_id: int | None) -> bool:
    """Tell whether a person holds a role beyond this institution: their link would open that as well."""
    with replace(desk, tenant=None).reading() as session:  # a bound session does not see other roles
        owners = session.exec(
            select(RoleGrantRow.institution_id)
            .where(StaffTokenRow.id == token_id)
            .where(RoleGrantRow.person_id == StaffTokenRow.person_id)
        ).all()
    return any(owner != desk.tenant for owner in owners)


def _address(typed: str) -> str:
    try:
        return email_cell(typed[:1_000])
    except CellRefused as refused:
        raise IssuerError("address", f"{refused.reason} {refused.fix}") from refused


def _audit(session: Session, desk: Deployment, act: str, row: OutboxMailRow) -> None:
    institution = session.exec(select(Institution)).one()
    told = AuditedAct(act, audit_subject(session, row), after={"mail": row.id, "kind": row.kind})
    record(session, desk, told, institution=institution)
