"""STARTTLS and signing in against a real server: nothing is said in clear, and only to the server named."""

from datetime import UTC, datetime

import pytest
from smtp_world import smtp_world

from app.mail import smtp_sender
from issuer.outbox import MailNotTaken
from issuer.records import MailState, OutboxMail

NAME = "mail.example.edu"
USERS = {"badges": "s3cret word"}
NOW = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)
MAIL = OutboxMail(
    id=1,
    institution="uef",
    credential="urn:uuid:0",
    message_id="<5b2f6a52@badges.example.edu>",
    recipient="anh@example.edu",
    state=MailState.QUEUED,
    attempts=1,
    next_attempt=NOW,
    error=None,
    created=NOW,
    sent=None,
    subject="Your certificate",
    text="Good day.\n",
    html="<p>Good day.</p>\n",
)


def hand_over(world, url, *, context=None):
    """Send the mail to the world as if its name led there."""
    send = smtp_sender(
        url,
        sender="badges@example.edu",
        clock=lambda: NOW,
        context=context or world.trusted,
        connect=world.connect,
    )
    try:
        return send(MAIL)
    finally:
        send.hang_up()


def refusal(world, url, **options):
    with pytest.raises(MailNotTaken) as refused:
        hand_over(world, url, **options)
    assert (refused.value.permanent, refused.value.outage) == (False, True)
    assert world.messages == []
    return refused.value.message


def test_a_mail_goes_over_starttls_to_the_server_that_is_named():
    with smtp_world(tls_for=NAME) as world:
        assert hand_over(world, f"smtp://{NAME}:587").startswith("250")
        assert len(world.messages) == 1


def test_a_certificate_for_another_name_is_refused():
    with smtp_world(tls_for="mail.elsewhere.example") as world:
        assert "certificate" in refusal(world, f"smtp://{NAME}:587")
        hand_over(world, "smtp://mail.elsewhere.example:587")
        assert len(world.messages) == 1


def test_a_certificate_of_an_unknown_authority_is_refused():
    with smtp_world(tls_for=NAME) as world, smtp_world(tls_for=NAME) as other:
        assert "certificate" in refusal(world, f"smtp://{NAME}:587", context=other.trusted)
        hand_over(world, f"smtp://{NAME}:587")


def test_stripped_starttls_is_refused():
    with smtp_world() as world:
        assert "STARTTLS" in refusal(world, f"smtp://{NAME}:587")
        hand_over(world, world.url)  # on this machine there is nobody on the way


def test_a_password_goes_out_over_tls_alone():
    with smtp_world(tls_for=NAME, users=USERS) as world:
        hand_over(world, f"smtp://badges:s3cret%20word@{NAME}:587")
        assert (world.signed_in, len(world.messages)) == (["badges"], 1)
    with smtp_world(users=USERS) as world:
        message = refusal(world, f"smtp://badges:s3cret%20word@127.0.0.1:{world.port}")
        assert "s3cret" not in message
        assert world.signed_in == []


def test_a_wrong_password_keeps_all_mails_and_is_not_repeated_anywhere():
    with smtp_world(tls_for=NAME, users=USERS) as world:
        message = refusal(world, f"smtp://badges:wr0ng@{NAME}:587")
        assert "user name or password" in message
        assert "wr0ng" not in message


def test_a_server_that_asks_for_a_password_we_lack_keeps_all_mails():
    with smtp_world(tls_for=NAME, users=USERS) as world:
        refusal(world, f"smtp://{NAME}:587")
