"""SMTP against a real server: what is sent, and what its refusals come to."""

import dataclasses
import email
from datetime import UTC, datetime
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from app.mail import MailSettingsError, SmtpServer, compose, smtp_sender
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


class Server:
    """An SMTP server that answers as it is told."""

    def __init__(self):
        self.rcpt_answer = self.data_answer = None
        self.messages = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer:
            return self.data_answer
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def server(free_port):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{free_port}"
    yield handler
    controller.stop()


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sender(url):
    return smtp_sender(url, sender="Badges <badges@example.edu>", clock=lambda: NOW)


def test_a_mail_arrives_with_its_id_and_both_forms(server):
    sender(server.url)(MAIL)
    (envelope,) = server.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("badges@example.edu", ["anh@example.edu"])
    message = email.message_from_bytes(envelope.content, policy=default)
    assert message["Message-ID"] == MAIL.message_id
    assert message["Subject"] == MAIL.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(["plain"]).get_content().strip() == "Xin chào."
    assert message.get_body(["html"]).get_content().strip() == "<p>Xin chào.</p>"


@pytest.mark.parametrize("where", ["rcpt_answer", "data_answer"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 Try again later", False), ("550 No such user", True)]
)
def test_4xx_may_be_tried_again_and_5xx_not(server, where, answer, permanent):
    setattr(server, where, answer)
    with pytest.raises(MailNotTaken) as refused:
        sender(server.url)(MAIL)
    assert refused.value.permanent is permanent
    assert answer[:3] in refused.value.message
    assert server.messages == []


def test_no_server_is_no_refusal(free_port):
    with pytest.raises(MailNotTaken) as refused:
        sender(f"smtp://127.0.0.1:{free_port}")(MAIL)
    assert refused.value.permanent is False


def test_a_password_never_goes_out_without_tls(server):
    url = server.url.replace("//", "//user:secret@")
    with pytest.raises(MailNotTaken) as refused:
        sender(url)(MAIL)
    assert "secret" not in refused.value.message
    assert server.messages == []


@pytest.mark.parametrize("field", ["recipient", "subject", "message_id"])
def test_a_line_break_in_a_header_is_refused(field):
    broken = dataclasses.replace(MAIL, **{field: getattr(MAIL, field) + "\r\nBcc: all@example.edu"})
    with pytest.raises(MailNotTaken) as refused:
        compose(broken, sender="badges@example.edu", clock=lambda: NOW)
    assert refused.value.permanent is True
    assert compose(MAIL, sender="badges@example.edu", clock=lambda: NOW)["To"] == "anh@example.edu"


@pytest.mark.parametrize(
    "url", ["", "mail.example.edu", "http://mail.example.edu", "smtp://", "smtp://h:x", "smtp://h/path"]
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
