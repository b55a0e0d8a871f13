"""Find the words that an institution has for its mails."""

from collections.abc import Sequence

from sqlmodel import select

from issuer.deployment import Deployment
from issuer.mailing.filling import MailText
from issuer.office_tables import MailTextRow


def stored_text(
    deployment: Deployment, institution_id: int | None, kind: str, languages: Sequence[str]
) -> tuple[MailText | None, str]:
    """Give an institution's words in the first of the languages in which it has some, with that language."""
    if institution_id is None:
        return None, ""
    with deployment.reading() as session:
        rows = session.exec(
            select(MailTextRow)
            .where(MailTextRow.institution_id == institution_id)
            .where(MailTextRow.kind == kind)
        ).all()
    found = {row.language: row for row in rows}
    language = next((each for each in languages if each in found), "")
    return (text_in(found[language]), language) if language else (None, "")


def text_in(row: MailTextRow) -> MailText:
    """Give the words of a row."""
    return MailText(row.subject, row.opening, row.closing)
