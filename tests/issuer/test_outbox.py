"""Mails: owed in the commit that issues, written when sent, repeated with patience and never for ever."""

import pytest
from stored_rows import kept_bytes

from issuer import IssuerError, MailState
from issuer.outbox import BACK_OFF, TRIES, MailNotTaken


def refuse(permanent):
    def send(mail):
        raise MailNotTaken("The mail server answered 4xx or 5xx.", permanent=permanent)

    return send


def test_a_mail_is_owed_for_each_credential_and_says_where_it_is(office):
    office.ready()
    record = office.one()
    (mail,) = office.issuer.outbox()
    assert (mail.recipient, mail.state, mail.credential) == ("l1@example.edu", MailState.QUEUED, record.urn)
    assert mail.subject == "Your certificate: Credit Risk Analysis for Small-Business Lending"
    link = office.issuer.holder_url(record)
    assert link in mail.text
    assert f'href="{link}"' in mail.html
    assert "3 ECTS credits" in mail.text
    assert office.issuer.by_holder_token(link.rpartition("/")[2]).urn == record.urn


def test_the_database_alone_opens_no_holder_page(office):
    office.ready()
    token = office.issuer.holder_url(office.one()).rpartition("/")[2]
    assert token.encode() not in kept_bytes(office.folder)


def test_a_sent_mail_is_not_sent_again(office):
    office.ready()
    office.issue(3)
    sent = []
    assert office.issuer.deliver(sent.append).sent == 3
    assert office.issuer.deliver(sent.append).sent == 0
    assert len({mail.message_id for mail in sent}) == 3
    assert {mail.state for mail in office.issuer.outbox()} == {MailState.SENT}


def test_a_mail_that_is_put_off_is_tried_again_with_growing_patience(office):
    office.ready()
    office.one()
    identifiers = set()
    for number, pause in enumerate(BACK_OFF, start=1):
        assert office.issuer.deliver(refuse(permanent=False)).deferred == 1
        assert office.issuer.deliver(refuse(permanent=False)).deferred == 0  # not before its time
        (mail,) = office.issuer.outbox()
        assert (mail.attempts, mail.next_attempt) == (number, office.clock() + pause)
        identifiers.add(mail.message_id)
        office.clock.now += pause
    assert office.issuer.deliver(refuse(permanent=False)).failed == 1
    office.clock.forward(days=365)
    assert office.issuer.deliver(refuse(permanent=False)) == office.issuer.deliver(refuse(permanent=False))
    (mail,) = office.issuer.outbox()
    assert (mail.state, mail.attempts) == (MailState.FAILED, TRIES)
    assert len(identifiers) == 1


def test_a_permanent_refusal_is_final(office):
    office.ready()
    office.one()
    assert office.issuer.deliver(refuse(permanent=True)).failed == 1
    office.clock.forward(days=2)
    sent = []
    office.issuer.deliver(sent.append)
    assert sent == []
    assert office.issuer.outbox()[0].error


def test_a_crash_while_sending_leads_to_a_repeat_with_the_same_message_id(office):
    office.ready()
    office.one()
    seen = []

    def crash(mail):
        seen.append(mail.message_id)
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        office.issuer.deliver(crash)
    office.clock.now += BACK_OFF[0]
    office.issuer.deliver(lambda mail: seen.append(mail.message_id))
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_a_process_without_the_link_secret_writes_no_mail(office):
    office.ready()
    with pytest.raises(IssuerError) as refused:
        office.another(links=None).outbox()
    assert refused.value.code == "no_links"


def test_what_a_name_says_is_text_and_never_markup(office):
    office.ready()
    row = b"<b>Anh</b> & {{ 7 * 7 }},U-1,a@example.edu,2026-06-30\n"
    record = office.one(data=b"name,student_number,email,awarded_date\n" + row)
    assert record.learner_name == "<b>Anh</b> & {{ 7 * 7 }}"
    (mail,) = office.issuer.outbox()
    assert "&lt;b&gt;Anh&lt;/b&gt; &amp; {{ 7 * 7 }}" in mail.html
    assert "<b>Anh</b> & {{ 7 * 7 }}" in mail.text
