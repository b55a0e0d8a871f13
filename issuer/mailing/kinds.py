"""The kinds of mails, whom each is for, and which values its words may name."""

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is about."""

    AWARD = "award"
    REVOKED = "revoked"
    INVITATION = "invitation"
    GRANTED = "granted"
    PASSWORD = "password"  # noqa: S105  (a kind, not a password)


LEARNER_KINDS = frozenset({MailKind.AWARD, MailKind.REVOKED})
# An institution may word these itself; a mail about a password belongs to the service.
WRITABLE_KINDS = (MailKind.AWARD, MailKind.REVOKED, MailKind.INVITATION, MailKind.GRANTED)


def placeholders(kind: MailKind) -> tuple[str, ...]:
    """List the names that words of a kind may set in braces."""
    return ("name", "title", "institution") if kind in LEARNER_KINDS else ("name", "institution")
