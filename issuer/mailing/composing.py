"""Put a mail together: its row, its matter, and the words that its institution or we have for it."""

from issuer.deployment import Deployment
from issuer.links import LinkSecret
from issuer.mailing.matters import matter_of
from issuer.mailing.stored_texts import stored_text
from issuer.mailing.words import base_language, language_with_words, mail_parts, mail_words
from issuer.records import MailState, OutboxMail
from issuer.tables import OutboxMailRow, stored_id


def composed(deployment: Deployment, links: LinkSecret, row: OutboxMailRow) -> OutboxMail:
    """Give a mail with its words, made anew. Raises whatever is wrong with its matter."""
    matter = matter_of(deployment, links, row)
    wanted = base_language(matter.language)
    languages = (wanted, language_with_words(wanted))  # the reader's own first, then the one we would use
    own, language = stored_text(deployment, row.institution_id, row.kind, languages)
    words = mail_words(mail_parts(matter, own, language), matter.institution)
    about = matter.institution
    return OutboxMail(
        id=stored_id(row),
        institution=about.slug if about else "",
        credential=matter.urn,
        message_id=row.message_id,
        recipient=row.recipient,
        state=MailState(row.state),
        attempts=row.attempts,
        next_attempt=row.next_attempt,
        error=row.error,
        created=row.created,
        sent=row.sent,
        subject=words.subject,
        text=words.text,
        html=words.html,
        kind=row.kind,
        sender_name=about.name if about else "",
        reply_to=about.email or "" if about else "",
    )
