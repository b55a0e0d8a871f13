"""The words of an institution's mails: listed, written, tried out, and set back to ours."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.institutions import institution_record
from issuer.mailing.filling import MailText
from issuer.mailing.kinds import WRITABLE_KINDS, MailKind
from issuer.mailing.matters import SIGN_IN, Matter
from issuer.mailing.stored_texts import text_in
from issuer.mailing.text_checks import text_findings
from issuer.mailing.words import MailParts, base_language, mail_parts, our_words
from issuer.office_tables import MailTextRow
from issuer.records import InstitutionRecord
from issuer.staff.roles import Act
from issuer.tables import Institution, Learner, stored_id

_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_EXAMPLE_NAME = "Anna Example"
_EXAMPLE_TITLE = "Example Course"
_EXAMPLE_TOKEN = "x" * 22


class MailTextRefused(IssuerError):  # noqa: N818  (named for the fault, as its siblings)
    """Say that words may not stand in a mail; `findings` has a sentence for each field to mend."""

    def __init__(self, findings: dict[str, str]) -> None:
        super().__init__("mail_text", "These words were not saved: mend what is said beside the fields.")
        self.findings = findings


@dataclass(frozen=True)
class StandingText:
    """The words in force for a kind and a language; `revision` tells them from others, empty for ours."""

    kind: MailKind
    language: str
    text: MailText
    revision: str = ""
    changed: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Tell the institution's words from ours."""
        return bool(self.revision)


def standing_texts(desk: Deployment) -> list[StandingText]:
    """List kinds by languages that its learners read or its words are in. Raises NotAllowed."""
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    with desk.reading() as session:
        rows = {(row.kind, row.language): row for row in session.exec(select(MailTextRow))}
        languages = sorted({"en", *_languages_of(session), *(language for _kind, language in rows)})
    return [
        _standing(kind, language, rows.get((kind.value, language)))
        for kind in WRITABLE_KINDS
        for language in languages
    ]


def standing_text(desk: Deployment, kind: str, language: str) -> StandingText:
    """Give the words in force. Raises NotAllowed, NotFound for a kind or language that is none."""
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    known = _known(kind, language)
    with desk.reading() as session:
        return _standing(known, language, _row(session, known, language))


def findings_of(desk: Deployment, kind: str, language: str, text: MailText) -> dict[str, str]:
    """Give what is wrong with words, by field, without keeping them."""
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    with desk.reading() as session:
        return text_findings(tidied(text), _known(kind, language), own_hosts(_institution(session)))


def change_text(desk: Deployment, kind: str, language: str, text: MailText, *, revision: str) -> StandingText:
    """Put an institution's own words in force; `revision` is that of the words on which they were written.

    Raises NotAllowed, NotFound, MailTextRefused, Conflict.
    """
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    known, new = _known(kind, language), tidied(text)
    with desk.writing() as session:
        institution = session.exec(select(Institution)).one()
        if found := text_findings(new, known, own_hosts(institution_record(institution))):
            raise MailTextRefused(found)
        row = _unchanged(session, known, language, revision)
        before = text_in(row) if row else None
        row = _kept(row, stored_id(institution), StandingText(known, language, new), desk.now())
        session.add(row)
        _audit(session, desk, institution, known, language, before, new)
        return _standing(known, language, row)


def reset_text(desk: Deployment, kind: str, language: str, *, revision: str) -> StandingText:
    """Take our own words again. Raises NotAllowed, NotFound, Conflict."""
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    known = _known(kind, language)
    with desk.writing() as session:
        row = _unchanged(session, known, language, revision)
        if row is not None:
            institution = session.exec(select(Institution)).one()
            _audit(session, desk, institution, known, language, text_in(row), None)
            session.delete(row)
    return _standing(known, language, None)


def preview(desk: Deployment, kind: str, language: str, text: MailText) -> MailParts:
    """Show what a mail would say, to an invented person with a link that opens nothing."""
    desk.actor.must(Act.WRITE_MAIL_TEXTS)
    known = _known(kind, language)
    with desk.reading() as session:
        institution = _institution(session)
    matter = Matter(
        kind=known,
        name=_EXAMPLE_NAME,
        language=language,
        institution=institution,
        link=_example_link(desk, known),
        base_url=desk.base_url,
        service=desk.host,
        reason="replaced",
        date=desk.now() + timedelta(days=7),
        example_title=_EXAMPLE_TITLE,
    )
    return mail_parts(matter, tidied(text), language)


def own_hosts(institution: InstitutionRecord) -> frozenset[str]:
    """Give the domains that an institution's mails may name: of its site and of its office's address."""
    site = (urlsplit(institution.url).hostname or "").removeprefix("www.")
    office = (institution.email or "").rpartition("@")[2].lower()
    return frozenset(host for host in (site, office) if host)


def tidied(text: MailText) -> MailText:
    """Give words as they are kept: one kind of line break, nothing at the ends."""
    return replace(
        text,
        subject=text.subject.strip(),
        opening=text.opening.replace("\r\n", "\n").replace("\r", "\n").strip(),
        closing=text.closing.replace("\r\n", "\n").replace("\r", "\n").strip(),
    )


def _known(kind: str, language: str) -> MailKind:
    if kind not in {each.value for each in WRITABLE_KINDS} or not _LANGUAGE.fullmatch(language):
        raise NotFound("unknown_mail_text", "There is no such mail.")
    return MailKind(kind)


def _standing(kind: MailKind, language: str, row: MailTextRow | None) -> StandingText:
    if row is None:
        return StandingText(kind, language, our_words(kind, language))
    text = text_in(row)
    return StandingText(kind, language, text, _revision(text), row.changed)


def _revision(text: MailText) -> str:
    told = json.dumps([text.subject, text.opening, text.closing])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _row(session: Session, kind: MailKind, language: str) -> MailTextRow | None:
    query = select(MailTextRow).where(MailTextRow.kind == kind.value)
    return session.exec(query.where(MailTextRow.language == language)).first()


def _unchanged(session: Session, kind: MailKind, language: str, revision: str) -> MailTextRow | None:
    row = _row(session, kind, language)
    if (_revision(text_in(row)) if row else "") != revision:
        raise Conflict(
            "mail_text_changed", "Somebody else has changed these words meanwhile. Look at theirs first."
        )
    return row


def _kept(row: MailTextRow | None, institution_id: int, words: StandingText, now: datetime) -> MailTextRow:
    """Put words into the row of their kind and language, making it where there is none."""
    text = words.text
    if row is None:
        return MailTextRow(
            institution_id=institution_id,
            kind=words.kind.value,
            language=words.language,
            subject=text.subject,
            opening=text.opening,
            closing=text.closing,
            changed=now,
        )
    row.subject, row.opening, row.closing, row.changed = text.subject, text.opening, text.closing, now
    return row


def _institution(session: Session) -> InstitutionRecord:
    return institution_record(session.exec(select(Institution)).one())


def _languages_of(session: Session) -> set[str]:
    read = session.exec(select(Learner.language).distinct().order_by(col(Learner.language)))
    named = json.loads(session.exec(select(Institution.names)).one())
    return {base_language(each) for each in (*read, *named) if _LANGUAGE.fullmatch(base_language(each))}


def _example_link(desk: Deployment, kind: MailKind) -> str:
    if kind is MailKind.AWARD:
        return desk.holder_url(_EXAMPLE_TOKEN)
    if kind is MailKind.REVOKED:
        return desk.credential_url(_EXAMPLE_TOKEN)
    return desk.base_url + (SIGN_IN if kind is MailKind.GRANTED else "/staff/invitation/" + _EXAMPLE_TOKEN)


def _audit(
    session: Session,
    desk: Deployment,
    institution: Institution,
    kind: MailKind,
    language: str,
    before: MailText | None,
    after: MailText | None,
) -> None:
    act = AuditedAct("mail_text.change", f"{kind.value} {language}", before=_told(before), after=_told(after))
    record(session, desk, act, institution=institution)


def _told(text: MailText | None) -> dict[str, str] | None:
    if text is None:
        return None
    return {"subject": text.subject, "opening": text.opening, "closing": text.closing}
