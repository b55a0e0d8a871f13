"""Send the mail about an award again, because a learner asked for it."""

from datetime import timedelta

from sqlmodel import Session, col, func, select

from issuer.audit.record import AuditedAct, record
from issuer.credentials.owed_mail import LearnerMail, owe_mails
from issuer.deployment import Deployment
from issuer.errors import IssuerError, StatusRefused
from issuer.lookup import issued_row
from issuer.records import Status
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.tables import (
    CredentialRow,
    DefinitionRow,
    DefinitionVersionRow,
    Institution,
    OutboxMailRow,
    stored_id,
)

MOST_A_DAY = 3  # a learner who is sent the same mail all day takes it for an attack, and so does their server
_DAY = timedelta(days=1)


def send_again(desk: Deployment, named: str) -> None:
    """Enter the award's mail anew, to the learner's present address and with a Message-ID of its own.

    Raises NotFound, NotAllowed, StatusRefused for a revoked credential, or IssuerError where the mail still
    waits or was asked for too often.
    """
    desk.actor.must(Act.SEND_MAIL)
    with desk.writing() as session:
        row = issued_row(session, named)
        must_within(desk.actor, Act.SEND_MAIL, _faculty(session, row))
        _refuse(session, desk, row)
        owe_mails(session, desk, LearnerMail.AWARD, [stored_id(row)])
        number = session.exec(
            select(func.max(OutboxMailRow.number))
            .where(OutboxMailRow.credential_id == row.id)
            .where(OutboxMailRow.kind == LearnerMail.AWARD.value)
        ).one()
        institution = session.get_one(Institution, row.institution_id)
        act = AuditedAct("mail.resend", row.urn, after={"number": number})
        record(session, desk, act, institution=institution)


def _refuse(session: Session, desk: Deployment, row: CredentialRow) -> None:
    if row.status == Status.REVOKED.value:
        raise StatusRefused("revoked", "The certificate is revoked: its mail is not sent again.")
    mine = (
        select(func.count())
        .where(OutboxMailRow.credential_id == row.id)
        .where(OutboxMailRow.kind == LearnerMail.AWARD.value)
    )
    if session.exec(mine.where(OutboxMailRow.state == "queued")).one():
        raise IssuerError("mail_waits", "The mail waits to be sent already. Its state is in the history.")
    again = mine.where(OutboxMailRow.number > 1).where(col(OutboxMailRow.created) > desk.now() - _DAY)
    if session.exec(again).one() >= MOST_A_DAY:
        raise IssuerError(
            "mail_too_often",
            f"This mail was sent again {MOST_A_DAY} times within a day. Ask the learner whether the address "
            "is right, or wait until tomorrow.",
        )


def _faculty(session: Session, row: CredentialRow) -> int | None:
    return session.exec(
        select(DefinitionRow.faculty_id)
        .join(DefinitionVersionRow, col(DefinitionVersionRow.definition_id) == col(DefinitionRow.id))
        .where(DefinitionVersionRow.id == row.definition_version_id)
    ).one()
