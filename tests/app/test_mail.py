"""SMTP against a real server: what is sent, and what its refusals come to."""

import dataclasses
import email
import socket
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.policy import compat32, default

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from smtp_world import CUT_AFTER, CUT_BEFORE, smtp_world

from app.mail import MailSettingsError, SmtpServer, smtp_sender
from app.mail_message import as_bytes, compose
from issuer.outbox import MailNotTaken
from issuer.records import MailState, OutboxMail

NOW = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)
MAIL = OutboxMail(
    id=1,
    institution="uef",
    credential="urn:uuid:0",
    message_id="<5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10@badges.example.edu>",
    recipient="anh@example.edu",
    state=MailState.QUEUED,
    attempts=1,
    next_attempt=NOW,
    error=None,
    created=NOW,
    sent=None,
    subject="Chứng chỉ của bạn",
    text="Xin chào.\n",
    html="<p>Xin chào.</p>\n",
)


@pytest.fixture
def server():
    with smtp_world() as world:
        yield world


@pytest.fixture
def sender():
    """Make senders whose connections end with the test."""
    made = []

    def make(url, **options):
        options = {"sender": "Badges <badges@example.edu>", "clock": lambda: NOW} | options
        made.append(smtp_sender(url, **options))
        return made[-1]

    yield make
    for each in made:
        each.hang_up()


def shown(content, header):
    """Give a header as a reader sees it; the newer parser of Python 3.11 puts spaces into long names."""
    return str(make_header(decode_header(email.message_from_bytes(content, policy=compat32)[header])))


def refusing(command, answer):
    return lambda said, address, message_id: answer if said == command else None


def test_a_mail_arrives_with_its_id_and_both_forms(server, sender):
    sender(server.url)(MAIL)
    (envelope,), (message,) = server.envelopes, server.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("badges@example.edu", ["anh@example.edu"])
    assert message["Message-ID"] == MAIL.message_id
    assert message["Subject"] == MAIL.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(["plain"]).get_content().strip() == "Xin chào."
    assert message.get_body(["html"]).get_content().strip() == "<p>Xin chào.</p>"


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 Try again later", False), ("550 No such user", True)]
)
def test_4xx_may_be_tried_again_and_5xx_not(server, sender, command, answer, permanent):
    server.decide = refusing(command, answer)
    send = sender(server.url)
    with pytest.raises(MailNotTaken) as refused:
        send(MAIL)
    assert (refused.value.permanent, refused.value.outage, refused.value.cut) == (permanent, False, False)
    assert answer in refused.value.message
    assert server.messages == []
    server.decide = refusing("NOOP", "")
    send(MAIL)  # the same connection goes on after the refusal
    assert server.connections == 1


def test_the_servers_answer_is_given_back(server, sender):
    assert sender(server.url)(MAIL) == "250 2.0.0 taken as 4711"


def test_addresses_of_others_in_an_answer_are_not_kept(server, sender):
    server.decide = refusing("RCPT", "550 anh@example.edu moved to <bob@example.org>")
    with pytest.raises(MailNotTaken) as refused:
        sender(server.url)(MAIL)
    assert "anh@example.edu" in refused.value.message
    assert "bob" not in refused.value.message


def test_one_connection_takes_many_mails(server, sender):
    send = sender(server.url)
    for number in range(5):
        send(dataclasses.replace(MAIL, recipient=f"l{number}@example.edu"))
    assert (len(server.messages), server.connections) == (5, 1)


def test_a_kept_connection_that_the_server_closed_is_replaced(server, sender):
    send = sender(server.url)
    send(MAIL)
    send._connection.sock.shutdown(socket.SHUT_RDWR)
    send(MAIL)
    assert (len(server.messages), server.connections) == (2, 2)


@pytest.mark.parametrize("cut", [CUT_BEFORE, CUT_AFTER])
def test_a_cut_is_no_refusal(server, sender, cut):
    server.decide = refusing("DATA", cut)
    with pytest.raises(MailNotTaken) as refused:
        sender(server.url)(MAIL)
    assert (refused.value.permanent, refused.value.cut) == (False, True)


def test_a_server_that_delays_is_left_after_a_while(server, sender):
    server.delay = 1.5
    with pytest.raises(MailNotTaken) as refused:
        sender(server.url, timeout=0.3)(MAIL)
    assert (refused.value.permanent, refused.value.cut) == (False, True)
    server.delay = 0.1
    sender(server.url, timeout=5.0)(MAIL)


def test_no_server_is_an_outage_and_no_refusal(sender):
    with pytest.raises(MailNotTaken) as refused:
        sender("smtp://127.0.0.1:1")(MAIL)
    assert (refused.value.permanent, refused.value.outage) == (False, True)


@pytest.mark.parametrize(
    "name",
    [
        'Đại học "Ví dụ" <x@evil.example>',
        'A "quoted", plain name <x@evil.example>',
        "Trường Đại học Kinh tế - Tài chính Thành phố Hồ Chí Minh, Khoa Ngân hàng và Bảo hiểm quốc tế",
        "ມະຫາວິທະຍາໄລແຫ່ງຊາດ ສປປ ລາວ ຄະນະເສດຖະສາດ ແລະ ບໍລິຫານທຸລະກິດ",
    ],
)
def test_the_institution_speaks_by_name_from_our_address_and_its_office_gets_answers(server, sender, name):
    mail = dataclasses.replace(MAIL, sender_name=name, reply_to="office@example.edu.vn", subject=f"{name}: 1")
    sender(server.url)(mail)
    (message,), (envelope,) = server.messages, server.envelopes
    assert shown(envelope.content, "Subject") == mail.subject
    assert [each.addr_spec for each in message["From"].addresses] == ["badges@example.edu"]
    assert shown(envelope.content, "From").replace("\\", "").strip('"').startswith(name.rstrip('"'))
    assert message["Reply-To"] == "office@example.edu.vn"
    sender(server.url)(dataclasses.replace(mail, reply_to="no address"))
    assert server.messages[1]["Reply-To"] is None


@given(text=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=120))
def test_any_name_and_subject_survive_their_headers(text):
    plain = " ".join(text.split())
    assume(plain)
    mail = dataclasses.replace(MAIL, sender_name=plain, subject=plain)
    content = as_bytes(compose(mail, sender="badges@example.edu", now=NOW), utf8=False)
    head = content.split(b"\r\n\r\n")[0]
    assert head.isascii()
    read = email.message_from_bytes(content, policy=default)
    assert [address.addr_spec for address in read["From"].addresses] == ["badges@example.edu"]
    assert read["To"] == "anh@example.edu"
    assert shown(content, "Subject") == plain
    assert not {"Bcc", "Cc"} & set(read.keys())


def test_an_address_beyond_ascii_goes_where_the_server_knows_it(sender):
    mail = dataclasses.replace(MAIL, recipient="ánh@vídụ.example")
    with smtp_world() as server:
        sender(server.url)(mail)
        assert server.delivered[0][0] == "ánh@xn--vd-nja3081a.example"
    with smtp_world(utf8=False) as server:
        with pytest.raises(MailNotTaken) as refused:
            sender(server.url)(mail)
        assert refused.value.permanent is True
        assert "SMTPUTF8" in refused.value.message
        sender(server.url)(dataclasses.replace(MAIL, recipient="anh@vídụ.example"))
        assert server.delivered[0][0] == "anh@xn--vd-nja3081a.example"


@pytest.mark.parametrize("address", ["", "anh", "@example.edu", "a b@example.edu", "<a>@b.example", "a@b@"])
def test_a_broken_address_is_refused_for_good_and_the_next_mail_goes(server, sender, address):
    send = sender(server.url)
    with pytest.raises(MailNotTaken) as refused:
        send(dataclasses.replace(MAIL, recipient=address))
    assert refused.value.permanent is True
    send(MAIL)
    assert len(server.messages) == 1


@pytest.mark.parametrize("field", ["recipient", "subject", "message_id", "sender_name", "reply_to"])
def test_a_line_break_in_a_header_is_refused(field):
    broken = dataclasses.replace(MAIL, **{field: getattr(MAIL, field) + "\r\nBcc: all@example.edu"})
    with pytest.raises(MailNotTaken) as refused:
        compose(broken, sender="badges@example.edu", now=NOW)
    assert refused.value.permanent is True
    assert compose(MAIL, sender="badges@example.edu", now=NOW)["To"] == "anh@example.edu"


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example.edu", "http://mail.example.edu", "smtp://", "smtp://h:x", "smtp://h/path"),
        *("smtp://h?starttls=never", "smtps://127.0.0.1?starttls=never", "smtp://h?starttls=maybe"),
        "smtp://user:secret@127.0.0.1?starttls=never",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(MailSettingsError):
        SmtpServer.from_url(url)


def test_an_address_is_read_and_its_password_not_shown():
    server = SmtpServer.from_url("smtps://user:p%40ss@mail.example.edu")
    assert (server.host, server.port, server.user, server.password) == (
        "mail.example.edu",
        465,
        "user",
        "p@ss",
    )
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "sender", ["", "Badges", "badges@", "a@b.example\r\nBcc: x@y.example", "ánh@b.example"]
)
def test_a_sender_that_is_no_address_is_refused(sender):
    with pytest.raises(MailSettingsError):
        smtp_sender("smtp://127.0.0.1", sender=sender, clock=lambda: NOW)
    assert smtp_sender("smtp://127.0.0.1", sender="badges@example.edu", clock=lambda: NOW)


def test_this_machine_may_be_asked_for_no_tls():
    assert SmtpServer.from_url("smtp://127.0.0.1:1025?starttls=never").never_starttls is True
