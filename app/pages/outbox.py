"""The outbox of the demonstration: the mails that learners would get, with their private links."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from app.headers import not_indexed
from app.pages.office import Services
from app.settings import Settings
from issuer.mailing.kinds import LEARNER_KINDS
from issuer.records import OutboxMail


@dataclass(frozen=True)
class Piece:
    """A stretch of a mail's text, or a link of ours in it."""

    text: str
    is_link: bool


@dataclass(frozen=True)
class ShownMail:
    """A mail as the outbox shows it."""

    subject: str
    recipient: str
    state: str
    lines: tuple[tuple[Piece, ...], ...]


def outbox_pages(services: Services, settings: Settings) -> Blueprint:
    """Make `/outbox`; it is there in the demonstration only, for it shows every learner's private link.

    Mails to staff are left out: whoever reads an invitation or a link for a new password becomes that person.
    """
    pages = Blueprint("outbox", __name__)

    @pages.get("/outbox")
    def outbox() -> Response:
        owed = [mail for mail in services.office.outbox() if mail.kind in LEARNER_KINDS]
        mails = [_shown(mail, settings) for mail in owed]
        return not_indexed(Response(render_template("pages/outbox.html", mails=mails)))

    return pages


def _shown(mail: OutboxMail, settings: Settings) -> ShownMail:
    """Make links of this service's own addresses, and of no other."""
    own = re.compile(f"({re.escape(settings.base_url)}/[A-Za-z0-9/_.-]*)")
    lines = [
        tuple(Piece(text, bool(at % 2)) for at, text in enumerate(own.split(line)) if text)
        for line in mail.text.splitlines()
        if line.strip()
    ]
    return ShownMail(mail.subject, mail.recipient, mail.state.value, tuple(lines))
