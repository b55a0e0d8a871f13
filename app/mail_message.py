"""Write a mail as a message (RFC 5322): an institution's name before our address, and headers that hold."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

import idna

from issuer.outbox import MailNotTaken
from issuer.records import OutboxMail

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.:-]+>", re.ASCII)
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\],;:\\\"@]{1,64}")
_BREAKS = re.compile(r"[\r\n\0]")


@dataclass(frozen=True)
class Mailbox:
    """An address as mail servers read it: its domain in ASCII, its local part perhaps beyond (RFC 6531)."""

    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address as written."""
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Tell whether only a server with SMTPUTF8 takes it."""
        return not self.local.isascii()


def mailbox(text: str) -> Mailbox:
    """Read one address; raises MailNotTaken, for good, where mail cannot be sent to it."""
    local, at, domain = text.rpartition("@")
    try:
        if not at or not _LOCAL.fullmatch(local) or len(text) > 254:
            raise ValueError
        plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
        if not re.fullmatch(r"[A-Za-z0-9.-]+", plain, re.ASCII):
            raise ValueError
    except ValueError as error:  # also IDNAError, UnicodeError
        raise MailNotTaken("The address is not one that mail can be sent to.", permanent=True) from error
    return Mailbox(local, plain)


def compose(mail: OutboxMail, *, sender: str, now: datetime) -> EmailMessage:
    """Write the message with text and HTML; raises MailNotTaken for a value that would break a header."""
    try:
        return _composed(mail, sender=sender, now=now)
    except (ValueError, LookupError, TypeError, MessageError) as error:
        raise MailNotTaken(
            f"The message could not be written ({type(error).__name__}).", permanent=True
        ) from error


def as_bytes(message: EmailMessage, *, utf8: bool) -> bytes:
    """Write a message as it goes over the line; `utf8` only to a server that offers SMTPUTF8."""
    try:
        return message.as_bytes(policy=SMTPUTF8 if utf8 else SMTP)
    except (ValueError, LookupError, TypeError, MessageError) as error:
        raise MailNotTaken(
            f"The message could not be written ({type(error).__name__}).", permanent=True
        ) from error


def _composed(mail: OutboxMail, *, sender: str, now: datetime) -> EmailMessage:
    given = {"To": mail.recipient, "Subject": mail.subject, "Message-ID": mail.message_id}
    given |= {"From": mail.sender_name + sender, "Reply-To": mail.reply_to}
    broken = [name for name, value in given.items() if _BREAKS.search(value)]
    if broken or not _MESSAGE_ID.fullmatch(mail.message_id):
        raise MailNotTaken(f"The header {(broken or ['Message-ID'])[0]} cannot be written.", permanent=True)
    own_name, own_address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(mail.sender_name or own_name, own_address)
    message["To"] = _named("", mailbox(mail.recipient).address)
    if reply_to := _reply_to(mail.reply_to):
        message["Reply-To"] = reply_to
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _named(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _reply_to(address: str) -> Address | None:
    """Give the office's address; one that is none is left out, for the mail matters more."""
    try:
        found = mailbox(address)
    except MailNotTaken:
        return None
    return None if found.needs_utf8 else _named("", found.address)
