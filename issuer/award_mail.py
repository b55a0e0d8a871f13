"""The words of the mail that tells a learner of a certificate, in the learner's language if we have it."""

import gettext
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from issuer.deployment import Deployment
from issuer.links import LinkSecret
from issuer.records import CredentialRecord
from microcredential import describe

_ROOT = Path(__file__).parents[1]
_TEMPLATES = _ROOT / "templates" / "mail"
_TRANSLATIONS = _ROOT / "translations"


@dataclass(frozen=True)
class MailWords:
    """Subject and both forms of one mail."""

    subject: str
    text: str
    html: str


def award_mail(deployment: Deployment, links: LinkSecret, record: CredentialRecord) -> MailWords:
    """Write the mail for a credential, with the holder's secret link in it."""
    language = _language_with_words(record.language)
    description = describe(json.loads(record.text), language)
    values = {
        "language": language,
        "learner": record.learner_name,
        "institution": record.institution,
        "title": description.title,
        "ects": description.workload.ects if description.workload else None,
        "link": deployment.holder_url(links.token(record.urn)),
        "base_url": deployment.base_url,
    }
    pages = _environment(language)
    subject = pages.get_template("award.subject.txt").render(values)
    return MailWords(
        subject=" ".join(subject.split()),
        text=pages.get_template("award.txt").render(values),
        html=pages.get_template("award.html").render(values),
    )


def _language_with_words(wanted: str) -> str:
    """Give the language if its words are there, so that the mail does not mix two; English if not."""
    language = wanted.partition("-")[0].lower()
    return language if gettext.find("messages", _TRANSLATIONS, [language]) else "en"


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
