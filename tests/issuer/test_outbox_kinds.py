"""Mails of every kind: what they say, when they lose their matter, whose turn it is, and their tries."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select
from stored_rows import kept_bytes

from issuer import IssuerError, MailState, RevocationReason
from issuer.audit_tables import AuditEntryRow
from issuer.credentials.owed_mail import LearnerMail, new_message_id, owe_mails
from issuer.mailing import turns
from issuer.mailing.tries import Outcome, tries_of
from issuer.outbox import MailNotTaken, outbox_mail
from issuer.staff.tokens import TokenKind, new_token
from issuer.staff_tables import Person, StaffTokenRow
from issuer.tables import CredentialRow, Institution, OutboxMailRow

NOT_THERE = MailNotTaken("The mail server answered 550 no such user", permanent=True)


def refuse(mail):
    raise NOT_THERE


def owe_to_staff(office, kind, *, slug="uef", used=False):
    """Owe a mail to somebody who is invited, and give the key of the mail."""
    deployment = office.issuer.deployment
    with deployment.writing() as session:
        owner = session.exec(select(Institution.id).where(Institution.slug == slug)).first()
        person = session.exec(select(Person)).first() or Person(
            public_id="p-1", email="mai@staff.example", name="Mai Phạm", created=deployment.now()
        )
        session.add(person)
        session.flush()
        token_kind = TokenKind.PASSWORD if kind == "password" else TokenKind.INVITATION
        token = new_token(session, deployment, person, token_kind, institution_id=owner, used=used)
        row = OutboxMailRow(
            institution_id=owner,
            staff_token_id=token.id,
            kind=kind,
            message_id=new_message_id(deployment),
            recipient=person.email,
            state="queued",
            next_attempt=deployment.now(),
            created=deployment.now(),
        )
        session.add(row)
        session.flush()
        return row.id


def stored(office, mail_id):
    with office.issuer.deployment.reading() as session:
        return session.get(OutboxMailRow, mail_id)


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        ("invitation", "/staff/invitation/", "You are invited, Mai Phạm."),
        ("password", "/staff/reset/", "You can choose a new password, Mai Phạm."),
        ("granted", "/staff/sign-in", "You have a new role, Mai Phạm."),
    ],
)
def test_staff_get_their_mails(office, kind, path, words):
    office.ready()
    owe_to_staff(office, kind, used=kind == "granted")
    sent = []
    assert office.issuer.deliver(sent.append).sent == 1
    (mail,) = sent
    assert (mail.kind, mail.recipient, mail.institution) == (kind, "mai@staff.example", "uef")
    assert words in mail.text
    assert f"{office.base_url}{path}" in mail.text
    assert f'href="{office.base_url}{path}' in mail.html
    if kind != "granted":
        secret = mail.text.partition(path)[2].split()[0]
        assert secret.encode() not in kept_bytes(office.folder)


def test_a_revoked_learner_reads_the_public_sentence_and_whom_to_ask(office):
    office.ready()
    record = office.one()
    office.issuer.deliver(lambda mail: None)
    office.issuer.revoke(record.urn, reason=RevocationReason.BOARD, by="registrar")
    sent = []
    office.issuer.deliver(sent.append)
    (mail,) = sent
    assert mail.subject == "Your certificate was revoked: Credit Risk Analysis for Small-Business Lending"
    said = " ".join(mail.text.split())
    assert "was revoked on 3 July 2026 by Example University of Economics and Finance, because the" in said
    assert "the examination board has decided so" in said
    assert "write to microcredentials@example.edu.vn" in said
    assert office.issuer.holder_url(record) not in mail.text
    assert record.url in mail.text


@pytest.mark.parametrize("end", ["used", "expired", "closed"])
def test_an_invitation_that_is_over_is_withdrawn(office, end):
    office.ready()
    mail_id = owe_to_staff(office, "invitation")
    with office.issuer.deployment.writing() as session:
        token, person = session.exec(select(StaffTokenRow)).one(), session.exec(select(Person)).one()
        if end == "used":
            token.used = office.clock.now
        if end == "closed":
            person.state = "closed"
        session.add_all([token, person])
    if end == "expired":
        office.clock.forward(days=8)
    sent = []
    office.issuer.deliver(sent.append)
    assert (sent, stored(office, mail_id).state) == ([], MailState.WITHDRAWN)


def test_an_award_that_was_revoked_before_its_mail_is_withdrawn(office):
    office.ready()
    office.one()
    with office.issuer.deployment.writing() as session:  # as if the withdrawal came between two rounds
        credential = session.exec(select(CredentialRow)).one()
        credential.status = "revoked"
        session.add(credential)
    sent = []
    office.issuer.deliver(sent.append)
    assert sent == []
    assert {mail.state for mail in office.issuer.outbox()} == {MailState.WITHDRAWN}


def test_a_mail_without_words_fails_with_the_reason_and_holds_up_no_other(office):
    office.ready()
    urns = office.issue(3).credentials
    with office.issuer.deployment.writing() as session:
        broken = session.exec(select(CredentialRow).where(CredentialRow.urn == urns[0])).one()
        broken.secured = "{"
        session.add(broken)
        key = broken.id
    sent = []
    delivered = office.issuer.deliver(sent.append)
    assert (delivered.sent, delivered.failed) == (2, 1)
    with office.issuer.deployment.reading() as session:
        row = session.exec(select(OutboxMailRow).where(OutboxMailRow.credential_id == key)).one()
    assert row.state == MailState.FAILED
    assert row.error.startswith("The words of this mail could not be made")
    assert len(office.issuer.outbox()) == 2
    with pytest.raises(IssuerError):
        outbox_mail(office.issuer.deployment, office.links, row.id)


def test_every_try_is_kept_with_its_answer_and_the_audit_tells_of_the_end_without_the_address(office):
    office.ready()
    record = office.one()

    def later(mail):
        raise MailNotTaken("The mail server answered 451 later", permanent=False)

    office.issuer.deliver(later)
    office.clock.forward(hours=1)
    office.issuer.deliver(refuse)
    with office.issuer.deployment.reading() as session:
        row = session.exec(select(OutboxMailRow)).one()
        entry = session.exec(select(AuditEntryRow).where(AuditEntryRow.act == "mail.failed")).one()
    outcomes = [(each.outcome, each.answer) for each in tries_of(row.tries)]
    assert outcomes == [
        (Outcome.DEFERRED, "The mail server answered 451 later"),
        (Outcome.REFUSED, "The mail server answered 550 no such user"),
    ]
    assert (entry.subject, json.loads(entry.after)) == (
        record.urn,
        {"kind": "award", "mail": row.id, "tries": 2},
    )
    assert row.recipient not in entry.after


def test_the_answer_of_a_server_that_took_it_is_kept(office):
    office.ready()
    office.one()
    office.issuer.deliver(lambda mail: "250 2.0.0 queued as 4711")
    with office.issuer.deployment.reading() as session:
        (last,) = tries_of(session.exec(select(OutboxMailRow)).one().tries)
    assert (last.outcome, last.answer) == (Outcome.SENT, "250 2.0.0 queued as 4711")


def test_a_mail_that_is_withdrawn_while_it_is_tried_does_not_come_back(office):
    office.ready()
    record = office.one()

    def revoked_meanwhile(mail):
        office.issuer.revoke(record.urn, reason="error", by="registrar")
        raise MailNotTaken("later", permanent=False)

    office.issuer.deliver(revoked_meanwhile)
    office.clock.forward(days=3)
    sent = []
    office.issuer.deliver(sent.append)
    assert [mail.kind for mail in sent] == ["revoked"]  # it may have gone: the learner is told


def two_institutions(office, first, second):
    """Owe so many award mails in each of two institutions."""
    office.ready(slug="uef")
    office.ready(slug="other")
    deployment = office.issuer.deployment
    for slug, number in (("uef", first), ("other", second)):
        office.one(slug=slug)
        with deployment.writing() as session:
            owner = select(Institution.id).where(Institution.slug == slug).scalar_subquery()
            key = session.exec(select(CredentialRow.id).where(CredentialRow.institution_id == owner)).one()
            for _ in range(number - 1):
                owe_mails(session, deployment, LearnerMail.AWARD, [key])


def test_institutions_take_turns_and_staff_come_first(office):
    two_institutions(office, 12, 3)
    office.clock.forward(seconds=1)
    owe_to_staff(office, "password")
    sent = []
    office.issuer.deliver(sent.append, at_most=6)
    assert sent[0].kind == "password"
    assert sorted(mail.institution for mail in sent[1:]) == ["other", "other", "uef", "uef", "uef"]


def test_nobody_sends_more_in_an_hour_than_their_share(office, monkeypatch):
    monkeypatch.setattr(turns, "LEARNERS_AN_HOUR", 4)
    two_institutions(office, 6, 2)
    owe_to_staff(office, "invitation")
    sent = []
    assert office.issuer.deliver(sent.append).sent == 4 + 2 + 1
    assert office.issuer.deliver(sent.append).sent == 0
    office.clock.now += timedelta(hours=1, seconds=1)
    assert office.issuer.deliver(sent.append).sent == 2
