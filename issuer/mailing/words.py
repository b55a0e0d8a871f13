"""The words of a mail: an institution's own where it has some, else ours; links and warnings are always ours.

A learner is addressed in their language where we or their institution have words in it, else in English.
"""

import gettext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from issuer.mailing.filling import MailText, filled, one_line, paragraphs
from issuer.mailing.kinds import MailKind, placeholders
from issuer.mailing.matters import Matter
from issuer.records import InstitutionRecord

_ROOT = Path(__file__).parents[2]
_TEMPLATES = _ROOT / "templates" / "mail"
_TRANSLATIONS = _ROOT / "translations"
_ACCENT = "#1f3f6b"
_SUBJECT = 250  # characters, after names and titles were set in


@dataclass(frozen=True)
class MailWords:
    """Subject and both forms of one mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class MailParts:
    """One mail in its paragraphs; `opening`, `closing` and `subject` may be the institution's own.

    `language` is that of our own lines, `text_language` that of the other ones.
    """

    subject: str
    opening: tuple[str, ...]
    matter: tuple[str, ...]
    closing: tuple[str, ...]
    signature: tuple[str, ...]
    legal: tuple[str, ...]
    link: str
    language: str
    text_language: str


def base_language(tag: str) -> str:
    """Give the language of a tag without script and region: mails are worded by language alone."""
    return tag.replace("_", "-").partition("-")[0].lower()


def language_with_words(wanted: str) -> str:
    """Give the language if its words are there, so that our own lines do not mix two; English if not."""
    language = base_language(wanted)
    return language if gettext.find("messages", _TRANSLATIONS, [language]) else "en"


def our_words(kind: MailKind, language: str, *, ects: str | None = None) -> MailText:
    """Give our own words of a kind, with the placeholders in their places."""
    named = {name: f"{{{name}}}" for name in ("name", "title", "institution")}
    block = _Blocks(kind, language_with_words(language), {**named, "ects": ects})
    return MailText(one_line(block("subject")), block("opening").strip(), block("closing").strip())


def mail_parts(matter: Matter, own: MailText | None = None, own_language: str = "") -> MailParts:
    """Set the values of a matter into words: `own`, which are in `own_language`, or ours."""
    language = language_with_words(matter.language)
    text_language = own_language if own else language
    text = own or our_words(matter.kind, language, ects=matter.ects(language))
    values = _values(matter, text_language)
    ours = _Blocks(matter.kind, language, _lines(matter, language))
    return MailParts(
        subject=one_line(filled(text.subject, values))[:_SUBJECT],
        opening=paragraphs(filled(text.opening, values)),
        matter=paragraphs(ours("matter")),
        closing=paragraphs(filled(text.closing, values)),
        signature=_signature(matter.institution, matter.service),
        legal=paragraphs(ours("legal")),
        link=matter.link,
        language=language,
        text_language=text_language,
    )


def mail_words(parts: MailParts, institution: InstitutionRecord | None) -> MailWords:
    """Write a mail as text and as HTML."""
    environment = _environment(parts.language)
    accent = institution.accent if institution else _ACCENT
    return MailWords(
        subject=parts.subject,
        text=environment.get_template("layout.txt").render(parts=parts),
        html=environment.get_template("layout.html").render(parts=parts, accent=accent),
    )


class _Blocks:
    """The blocks of a kind's template, rendered one by one."""

    def __init__(self, kind: MailKind, language: str, values: dict[str, object]) -> None:
        self._template = _environment(language).get_template(f"{kind.value}.txt")
        self._values = values

    def __call__(self, name: str) -> str:
        context = self._template.new_context(self._values)
        return "".join(self._template.blocks[name](context))


def _values(matter: Matter, language: str) -> dict[str, str]:
    told = {
        "name": matter.name,
        "title": matter.title(language),
        "institution": matter.institution_name(language),
    }
    return {name: told[name] for name in placeholders(matter.kind)}


def _lines(matter: Matter, language: str) -> dict[str, object]:
    """Give what our own lines name; one line each, so that no value can look like a paragraph of ours."""
    values: dict[str, object] = {name: one_line(text) for name, text in _values(matter, language).items()}
    return values | {
        "link": matter.link,
        "base_url": matter.base_url,
        "reason": matter.reason,
        "contact": matter.institution.email if matter.institution else None,
        "date": _day(matter.date, language),
    }


def _day(date: datetime | None, language: str) -> str:
    if date is None:
        return ""
    return format_date(date.date(), format="d MMMM y" if language == "en" else "long", locale=language)


def _signature(institution: InstitutionRecord | None, service: str) -> tuple[str, ...]:
    if institution is None:
        return (service,)
    return tuple(
        one_line(line) for line in (institution.official, institution.name, institution.email) if line
    )


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words = gettext.translation("messages", _TRANSLATIONS, [language], fallback=True)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return environment
