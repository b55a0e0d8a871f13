"""Mails in words for staff: their kinds, how far they have come, and what became of each try."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from app.words import get_locale
from app.words import gettext as _
from issuer.mailing.kinds import MailKind
from issuer.mailing.tries import Outcome
from issuer.records import MailState


@dataclass(frozen=True)
class StateWords:
    """A state as it is shown: class, mark and word."""

    css_class: str
    mark: str
    word: str


def kind_words() -> dict[str, str]:
    """Name the kinds of mails."""
    return {
        MailKind.AWARD.value: _("Award"),
        MailKind.REVOKED.value: _("Revocation"),
        MailKind.INVITATION.value: _("Invitation"),
        MailKind.GRANTED.value: _("New role"),
        MailKind.PASSWORD.value: _("New password"),
    }


def state_words() -> dict[str, StateWords]:
    """Show how far a mail has come."""
    return {
        MailState.QUEUED.value: StateWords("is-open", "time", _("Waits")),
        MailState.SENT.value: StateWords("is-good", "tick", _("Sent")),
        MailState.FAILED.value: StateWords("is-bad", "cross", _("Failed")),
        MailState.WITHDRAWN.value: StateWords("is-past", "dash", _("Withdrawn")),
    }


def try_words() -> dict[str, StateWords]:
    """Show what a try came to."""
    return {
        Outcome.SENT.value: StateWords("is-good", "tick", _("The mail server took it")),
        Outcome.DEFERRED.value: StateWords("is-open", "time", _("Not taken this time")),
        Outcome.REFUSED.value: StateWords("is-bad", "cross", _("Refused for good")),
        Outcome.BEGUN.value: StateWords("is-open", "open", _("Begun; its end is not known")),
    }


def language_word(tag: str) -> str:
    """Name a language in the language of the page, by its tag where it has no name."""
    try:
        name = Locale.parse(tag).get_language_name(get_locale())
    except (UnknownLocaleError, ValueError):
        name = None
    return name or tag
