"""Send mails by SMTP; the only place that speaks that protocol."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import parseaddr

from app.mail_message import Mailbox, as_bytes, compose, mailbox
from app.mail_server import MailSettingsError, SmtpServer
from issuer.deployment import Clock
from issuer.outbox import MailNotTaken
from issuer.records import OutboxMail

__all__ = ["MailSettingsError", "SmtpSender", "SmtpServer", "compose", "smtp_sender"]

_TIMEOUT = 20.0  # seconds for each answer of the server
_PATIENCE = 3  # times that, for the answer to a whole message
_OURS = (530, 534, 535, 538)  # RFC 4954: about our signing in, whatever the mail
_CLOSING = 421
_LONGEST_ANSWER = 450  # characters
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
Connect = Callable[[tuple[str, int], float], socket.socket]


def smtp_sender(
    url: str,
    *,
    sender: str,
    clock: Clock,
    context: ssl.SSLContext | None = None,
    connect: Connect = socket.create_connection,
    timeout: float = _TIMEOUT,
) -> "SmtpSender":
    """Make what hands mails to the server; `sender` is an address, with a name or without.

    `context` says whose certificates are trusted, the system's authorities unless given. Raises
    MailSettingsError.
    """
    server = SmtpServer.from_url(url)
    _check_sender(sender)
    trusted = context or ssl.create_default_context()
    return SmtpSender(server, sender, clock, lambda: _Connection(server, trusted, connect, timeout))


def _check_sender(sender: str) -> None:
    try:
        ours = mailbox(parseaddr(sender)[1])
    except MailNotTaken:
        ours = None
    if ours is None or not ours.address.isascii() or re.search(r"[\r\n\0]", sender):
        raise MailSettingsError(
            "mail_from", "TESTAMUR_MAIL_FROM must be an address such as badges@example.edu."
        )


class SmtpSender:
    """Hands over one mail at a time, over one connection for as long as it holds.

    Raises MailNotTaken: permanent after an answer of 5xx to this mail, an outage where the server takes none.
    """

    def __init__(
        self, server: SmtpServer, sender: str, clock: Clock, open_connection: Callable[[], "_Connection"]
    ) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._open = open_connection
        self._connection: _Connection | None = None

    def __call__(self, mail: OutboxMail) -> str:
        """Send a mail and give the server's answer, code and text."""
        message = compose(mail, sender=self._sender, now=self._clock())
        with self._translated(mail.recipient):
            return self._hand_over(message, mailbox(mail.recipient))

    def hang_up(self) -> None:
        """Close the connection, politely where it still answers."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.part()

    def _hand_over(self, message: EmailMessage, recipient: Mailbox) -> str:
        connection = self._begun(recipient)
        content = as_bytes(message, utf8=recipient.needs_utf8)
        code, said = connection.rcpt(recipient.address)
        if code not in (250, 251, 252):
            raise smtplib.SMTPResponseException(code, said)
        code, said = connection.message(content)
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)
        return _answer(code, said)

    def _begun(self, recipient: Mailbox) -> "_Connection":
        """Say MAIL; a kept connection that the server has closed meanwhile is replaced once."""
        if self._connection is not None:
            try:
                self._mail(self._connection, recipient)
            except smtplib.SMTPServerDisconnected:
                self.hang_up()
            except smtplib.SMTPResponseException as refused:
                if refused.smtp_code != _CLOSING:
                    raise
                self.hang_up()
            else:
                return self._connection
        with _outage():
            self._connection = self._open()
            self._connection.greet()
        self._mail(self._connection, recipient)
        return self._connection

    def _mail(self, connection: "_Connection", recipient: Mailbox) -> None:
        options = ["SMTPUTF8", "BODY=8BITMIME"] if recipient.needs_utf8 else []
        if options and not connection.has_extn("smtputf8"):
            raise MailNotTaken(
                "The address has letters before the @ that our mail server does not know (no SMTPUTF8).",
                permanent=True,
            )
        code, said = connection.mail(parseaddr(self._sender)[1], options)
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)

    @contextmanager
    def _translated(self, recipient: str) -> Iterator[None]:
        """Say in our words what came of one mail; the connection is kept while the server still talks."""
        try:
            yield
        except MailNotTaken as refused:
            if refused.outage:
                self.hang_up()
            raise
        except smtplib.SMTPResponseException as refused:
            code = refused.smtp_code
            self._begin_anew(code)
            said = _without_others(_answer(code, refused.smtp_error), recipient)
            raise MailNotTaken(
                f"The mail server answered {said}",
                permanent=500 <= code < 600 and code not in _OURS,
                outage=code in _OURS,
                cut=code == _CLOSING,
            ) from refused
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise MailNotTaken(
                f"The mail server fell silent: {_words(error)}", permanent=False, cut=True
            ) from error

    def _begin_anew(self, code: int) -> None:
        """Forget the refused mail (RSET), so that the next one can use the same connection."""
        if self._connection is None or code == _CLOSING or code in _OURS:
            self.hang_up()
            return
        try:
            self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.hang_up()


class _Connection(smtplib.SMTP):
    """A connection that is secured before anything is said that matters."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext, connect: Connect, timeout: float) -> None:
        self._server = server
        self._context = context
        self._connect = connect
        self._timeout = timeout
        super().__init__(timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Open the socket; smtplib's own TLS class takes its place of this method in the same way."""
        opened = self._connect((host, port), timeout)
        if self._server.scheme == "smtp":
            return opened
        try:
            return self._context.wrap_socket(opened, server_hostname=host)
        except BaseException:
            opened.close()
            raise

    def greet(self) -> None:
        """Connect, secure the line and sign in."""
        self._host = self._server.host  # the name that its certificate must bear
        code, said = self.connect(self._server.host, self._server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        self.ehlo_or_helo_if_needed()
        if self._server.scheme == "smtp" and not self._server.never_starttls:
            self._secure()
        if self._server.user is not None:
            self.login(self._server.user, self._server.password or "")

    def message(self, content: bytes) -> tuple[int, bytes]:
        """Hand over the message; its answer may take longer, for the server looks through it first."""
        if self.sock is not None:
            self.sock.settimeout(self._timeout * _PATIENCE)
        try:
            return self.data(content)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self._timeout)

    def part(self) -> None:
        """Say goodbye, and close whatever comes back."""
        try:
            self.quit()
        except (smtplib.SMTPException, OSError, ValueError):
            self.close()

    def _secure(self) -> None:
        if self.has_extn("starttls"):
            self.starttls(context=self._context)
            self.ehlo()
        elif not self._server.on_loopback or self._server.user is not None:
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, so nothing was sent in clear text")


@contextmanager
def _outage() -> Iterator[None]:
    """Tell what keeps all mails back from what is wrong with one."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as refused:
        raise MailNotTaken(
            f"The mail server refused our user name or password ({refused.smtp_code}).",
            permanent=False,
            outage=True,
        ) from refused
    except ssl.SSLCertVerificationError as error:
        raise MailNotTaken(
            f"The mail server's certificate was not accepted: {error.verify_message}.",
            permanent=False,
            outage=True,
        ) from error
    except smtplib.SMTPResponseException as refused:
        raise MailNotTaken(
            f"The mail server takes no mail from us: {_answer(refused.smtp_code, refused.smtp_error)}",
            permanent=False,
            outage=True,
        ) from refused
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotTaken(
            f"The mail server takes no mail from us: {_words(error)}", permanent=False, outage=True
        ) from error


def _answer(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_printable(said)}"


def _words(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _printable(told) or type(error).__name__


def _printable(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:_LONGEST_ANSWER]


def _without_others(said: str, recipient: str) -> str:
    """Leave addresses of other people out of what is kept with a mail."""
    return _ADDRESS.sub(lambda found: found[0] if found[0].lower() == recipient.lower() else "...", said)
