"""Send mails by SMTP; the only place that speaks that protocol."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

from app.setting_values import SettingsError
from issuer.deployment import Clock
from issuer.outbox import MailNotTaken
from issuer.records import OutboxMail

_TIMEOUT = 20  # seconds for each answer of the server
_PORTS = {"smtp": 25, "smtps": 465}
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.:-]+>", re.ASCII)


class MailSettingsError(SettingsError):
    """Say what is wrong with the address of the mail server; `code` is a machine word."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mail goes out: `smtp` (STARTTLS wherever it is offered) or `smtps` (TLS from the start)."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None

    def __repr__(self) -> str:
        return f"SmtpServer({self.scheme}://{self.host}:{self.port})"

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read `smtp://user:password@host:port`; raises MailSettingsError."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or parts.scheme not in _PORTS or parts.path not in ("", "/") or parts.query:
            raise MailSettingsError(
                "smtp_url", "TESTAMUR_SMTP_URL must look like smtp://user:password@mail.example.edu:587."
            )
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], user, password)


def smtp_sender(url: str, *, sender: str, clock: Clock) -> Callable[[OutboxMail], None]:
    """Make the function that hands one mail to the server; `sender` is an address, with a name or without.

    The function raises MailNotTaken, permanent after an answer of 5xx. Raises MailSettingsError.
    """
    server = SmtpServer.from_url(url)

    def send(mail: OutboxMail) -> None:
        message = compose(mail, sender=sender, clock=clock)
        try:
            _hand_over(server, message, envelope_sender=parseaddr(sender)[1], recipient=mail.recipient)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _not_taken(code, words) from refused
        except smtplib.SMTPResponseException as refused:
            raise _answered(refused) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise MailNotTaken(f"The mail server did not answer: {error}", permanent=False) from error

    return send


def compose(mail: OutboxMail, *, sender: str, clock: Clock) -> EmailMessage:
    """Write the message with text and HTML; raises MailNotTaken for a value that would break a header."""
    headers = {
        "From": sender,
        "To": formataddr(("", mail.recipient)),
        "Subject": mail.subject,
        "Message-ID": mail.message_id,
        "Date": format_datetime(clock()),
        "Auto-Submitted": "auto-generated",
    }
    broken = [name for name, value in headers.items() if re.search(r"[\r\n\0]", value)]
    if broken or not _MESSAGE_ID.fullmatch(mail.message_id):
        raise MailNotTaken(f"The header {(broken or ['Message-ID'])[0]} cannot be written.", permanent=True)
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _hand_over(server: SmtpServer, message: EmailMessage, *, envelope_sender: str, recipient: str) -> None:
    with _connected(server) as connection:
        if server.user is not None:
            connection.login(server.user, server.password or "")
        connection.send_message(message, from_addr=envelope_sender, to_addrs=[recipient])


def _connected(server: SmtpServer) -> smtplib.SMTP:
    """Connect; a password never goes out without TLS."""
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    try:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        elif server.user is not None:
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, so the password was not sent")
    except BaseException:
        connection.close()
        raise
    return connection


def _answered(refused: smtplib.SMTPResponseException) -> MailNotTaken:
    if isinstance(refused, smtplib.SMTPAuthenticationError):  # our own settings, not this mail
        return MailNotTaken("The mail server refused our user name or password.", permanent=False)
    return _not_taken(refused.smtp_code, refused.smtp_error)


def _not_taken(code: int, words: bytes | str) -> MailNotTaken:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return MailNotTaken(
        f"The mail server answered {code}: {' '.join(said.split())[:300]}", permanent=500 <= code < 600
    )
