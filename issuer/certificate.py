"""The certificate on paper: one A4 landscape page with the signed credential inside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from issuer.certificate_words import (
    certificate_language,
    date_in_words,
    in_order,
    period_in_words,
    words,
    workload_in_words,
)
from issuer.errors import IssuerError
from issuer.qr import certificate_qr_svg
from issuer.shown_text import content_type, file_ending
from issuer.typesetter import typeset

TEMPLATE = "certificate.typ"
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")

# More would not be read, and every one of them stands on the verification page.
_MOST_ASSESSMENTS = 4

_WORDS_AS_THEY_ARE = (
    *("kind", "awarded_to", "student_number", "for_completing", "outcomes", "more_outcomes"),
    *("check", "check_how"),
)


@dataclass(frozen=True, kw_only=True)
class CertificateInput:
    """What a certificate says. Texts are in `language` unless they come with a language of their own.

    `levels` are pairs of a level and its basis, never a level alone. `participation` is in words, `taught_in`
    and every other language a BCP 47 tag. `ects` and `hours` are decimal numbers as text. With `sample` a
    large word across the page says that it is one.
    """

    language: str
    institution_names: Mapping[str, str]
    titles: Mapping[str, str]
    learner_name: str
    awarded: date
    issued: date
    verify_url: str
    shown_address: str
    short_code: str
    learner_language: str | None = None
    learner_name_other: tuple[str, str] | None = None
    student_number: str = ""
    locality: str = ""
    country: str = ""
    accent: str = "#1f3f6b"
    initials: str = ""
    logo_svg: str | None = None
    outcomes: tuple[str, ...] = ()
    outcomes_language: str | None = None
    ects: str | None = None
    hours: str | None = None
    levels: tuple[tuple[str, str], ...] = ()
    assessments: tuple[str, ...] = ()
    period_start: date | None = None
    period_end: date | None = None
    participation: str = ""
    taught_in: str | None = None
    certificate_number: str = ""
    quality: tuple[str, ...] = ()
    signatory_name: str = ""
    signatory_role: str = ""
    demonstration: bool = False
    sample: bool = False


def render_certificate(data: Mapping[str, Any], credential_text: str) -> bytes:
    """Set the page as PDF/A-3a and PDF/UA-1 with `credential_text` in it, byte for byte.

    It is attached as credential.json, a token as credential.jwt. `data` is what `certificate_data` returns.
    Raises IssuerError: UnprintableCharacter or TypesettingRefused.
    """
    attached = {
        "credential": credential_text,
        "credential_name": f"credential.{file_ending(credential_text)}",
        "credential_type": content_type(credential_text),
    }
    return typeset(TEMPLATE, {**data, **attached}, form="pdf")


def render_certificate_png(data: Mapping[str, Any], ppi: float = 110) -> bytes:
    """Draw the page as a picture for the screen; at 110 pixels an inch it is 1286 wide."""
    return typeset(TEMPLATE, data, form="png", ppi=ppi)


def certificate_data(input: CertificateInput) -> dict[str, Any]:
    """Turn what a certificate says into the data of templates/certificate/certificate.typ.

    Words, dates and the QR code are made here. Raises IssuerError for an accent, number or address that
    cannot be used.
    """
    language = certificate_language(input.language)
    titles = in_order(input.titles, language)
    table = words(language)
    return {
        "lang": language,
        "region": table["region"],
        "document_title": f"{table['kind']}: {titles[0]['text']}, {input.learner_name}",
        "description": table["description"],
        "date": [input.issued.year, input.issued.month, input.issued.day],
        "institution": _institution(input, language),
        "words": _page_words(input, language, titles[:2]),
        "learner": _learner(input, language),
        "title": titles[0],
        "title_other": titles[1:2],
        "outcomes": list(input.outcomes),
        "outcomes_lang": input.outcomes_language or language,
        "facts": _facts(input, language),
        "signatory": _signatory(input),
        "verify": {
            "url": input.verify_url,
            "shown_address": input.shown_address,
            "short_code": input.short_code,
            "qr_svg": certificate_qr_svg(input.verify_url),
            "qr_alt": table["qr_alt"].format(url=input.verify_url),
        },
    }


def _institution(input: CertificateInput, language: str) -> dict[str, Any]:
    if not _ACCENT.fullmatch(input.accent):
        raise IssuerError("accent_unreadable", f"“{input.accent}” is not a colour such as #1f3f6b.")
    name, *others = in_order(input.institution_names, language)
    logo = {}
    if input.logo_svg:
        alt = words(language)["logo_alt"].format(institution=name["text"])
        logo = {"logo_svg": input.logo_svg, "logo_alt": alt}
    return {
        "name": name,
        "other_names": others[:1],
        "place": ", ".join(part for part in (input.locality, input.country) if part),
        "initials": input.initials,
        "accent": input.accent,
        **logo,
    }


def _page_words(input: CertificateInput, language: str, titles: list[dict[str, str]]) -> dict[str, Any]:
    """Return the words around the facts; the kind of document also in the titles' second language."""
    table = words(language)
    page: dict[str, Any] = {name: table[name] for name in _WORDS_AS_THEY_ARE}
    note = "signed_note" if input.signatory_name else "sealed_note"
    page["signed_note"] = table[note].format(date=date_in_words(input.issued, language))
    tags = (certificate_language(title["lang"]) for title in titles)
    if second := next((tag for tag in tags if tag != language), None):
        page["kind_other"] = {"lang": second, "text": words(second)["kind"]}
    if input.demonstration:
        page["demonstration"] = table["demonstration"]
    if input.sample:
        page["sample"] = table["sample"]
    return page


def _learner(input: CertificateInput, language: str) -> dict[str, Any]:
    learner: dict[str, Any] = {
        "name": input.learner_name,
        "lang": input.learner_language or language,
        "number": input.student_number,
    }
    if input.learner_name_other:
        tag, name = input.learner_name_other
        learner["name_other"] = {"lang": tag, "text": name}
    return learner


def _signatory(input: CertificateInput) -> dict[str, str] | None:
    if not input.signatory_name:
        return None
    return {"name": input.signatory_name, "role": input.signatory_role}


def _facts(input: CertificateInput, language: str) -> list[dict[str, Any]]:
    """Return the terms of the right column that have something to say, each with its lines."""
    number = (
        words(language)["number"].format(number=input.certificate_number) if input.certificate_number else ""
    )
    columns = {
        "workload": [workload_in_words(input.ects, input.hours, language)],
        "level": _levels(input),
        "assessment": _shortened(input.assessments, words(language)["more"]),
        "period": [_period(input, language), _way(input, language)],
        "awarded": [date_in_words(input.awarded, language), number],
        "quality": list(input.quality),
    }
    filled = {name: [line for line in lines if line] for name, lines in columns.items()}
    return [{"term": words(language)[name], "lines": lines} for name, lines in filled.items() if lines]


def _levels(input: CertificateInput) -> list[str]:
    """The first level stands alone with its basis under it; each other one shares a line with its own."""
    if not input.levels:
        return []
    (first, basis), *others = input.levels
    return [first, basis, *(": ".join(part for part in level if part) for level in others)]


def _shortened(lines: tuple[str, ...], more: str) -> list[str]:
    if len(lines) <= _MOST_ASSESSMENTS:
        return list(lines)
    return [*lines[: _MOST_ASSESSMENTS - 1], more]


def _period(input: CertificateInput, language: str) -> str:
    days = [day for day in (input.period_start, input.period_end) if day]
    if len(days) == 2:
        return period_in_words(days[0], days[1], language)
    return date_in_words(days[0], language) if days else ""


def _way(input: CertificateInput, language: str) -> str:
    taught = (
        words(language)["taught_in"].get(input.taught_in.partition("-")[0], "") if input.taught_in else ""
    )
    return "; ".join(part for part in (input.participation, taught) if part)
