"""The forms of recognition: from what an officer typed to a statement, and the words beside each choice."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from app.words import gettext as _
from issuer.errors import IssuerError
from issuer.recognition.making import Content
from microcredential import MicroCredentialError
from microcredential.recognition import (
    Basis,
    Credits,
    Difference,
    Indicator,
    IndicatorRating,
    IndividualDecision,
    Kind,
    Outcome,
    Programme,
    Purpose,
    QualityStatement,
    Refusal,
    StandingRecognition,
    Strength,
    TrustStatement,
)
from microcredential.vocabulary import Vocabulary, concepts, countries, label

Form = Mapping[str, str]
Word = TypeVar("Word", Outcome, Purpose, Basis, Strength)
_LONGEST = 10_000


def choices(language: str) -> dict[str, dict[str, str]]:
    """Give what each list of a form offers, with its words in a language."""
    return {
        "purposes": {one.value: label(one.iri, language) for one in Purpose},
        "bases": {one.value: label(one.iri, language) for one in Basis},
        "outcomes": {
            one.value: label(one.iri, language) for one in Outcome if one is not Outcome.NOT_RECOGNISED
        },
        "strengths": {one.value: label(one.iri, language) for one in Strength},
        "indicators": {one.value: label(one.iri, language) for one in Indicator},
        "systems": {iri: label(iri, language) for iri in concepts(Vocabulary.CREDIT_SYSTEM)},
        "countries": {"": _("not known"), **_countries(language)},
    }


def _countries(language: str) -> dict[str, str]:
    """Give the countries by their names in a language, in the order of the names."""
    named = {code: one.labels.get(language) or one.labels["en"] for code, one in countries().items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def statement_of(kind: Kind, form: Form) -> Content:
    """Read a statement about an institution or a course; raises IssuerError that names the field."""
    about, title = _filled(form, "about", _("About")), _filled(form, "title", _("Title"))
    reference = form.get("reference", "").strip() or None
    words = _text(form, "comment")
    if kind is Kind.TRUST:
        return TrustStatement(
            title=title, institution_id=about, mandate=words, bases=_bases(form), reference=reference
        )
    if kind is Kind.QUALITY:
        return QualityStatement(
            title=title,
            achievement_id=about,
            ratings=ratings_of(form),
            comment=words,
            bases=_bases(form),
            reference=reference,
        )
    return StandingRecognition(
        title=title,
        achievement_id=about,
        purpose=_word(Purpose, form, "purpose", _("Purpose")),
        bases=_bases(form),
        credits=_credits(form),
        towards=_programmes(form),
        conditions=words,
        reference=reference,
    )


def decision_of(form: Form, credential_id: str) -> IndividualDecision:
    """Read a decision about a badge; raises IssuerError that names the field."""
    return IndividualDecision(
        title=_filled(form, "title", _("Title")),
        credential_id=credential_id,
        outcome=_word(Outcome, form, "outcome", _("Outcome")),
        purpose=_word(Purpose, form, "purpose", _("Purpose")),
        bases=_bases(form),
        ratings=ratings_of(form),
        reference=_filled(form, "reference", _("Reference")),
        appeal=_filled(form, "appeal", _("How to appeal")),
        comment=_text(form, "comment"),
        credits=_credits(form),
        towards=_programmes(form),
    )


def refusal_of(form: Form, *, office: str, today: date) -> Refusal:
    """Read a refusal; raises IssuerError that names the field or what the letter lacks."""
    differences = [
        Difference(one, _text(form, f"difference-{one.value}"), _text(form, f"effect-{one.value}"))
        for one in Indicator
        if form.get(f"difference-{one.value}", "").strip()
    ]
    try:
        return Refusal(
            course=_filled(form, "course", _("Title of the course")),
            office=office,
            decided=day(form, "decided") or today,
            purpose=_word(Purpose, form, "purpose", _("Purpose")),
            bases=_bases(form),
            differences=differences,
            reference=_filled(form, "reference", _("Reference")),
            appeal=_filled(form, "appeal", _("How to appeal")),
            only_indicative=bool(form.get("indicative")),
        )
    except MicroCredentialError as error:
        raise IssuerError(error.code, f"{error.message} {error.fix}".strip()) from error


def ratings_of(form: Form) -> list[IndicatorRating]:
    """Read the ratings; a criterion that is not rated is left out."""
    found = []
    for indicator in Indicator:
        if form.get(f"rating-{indicator.value}"):
            strength = _word(Strength, form, f"rating-{indicator.value}", label(indicator.iri))
            found.append(IndicatorRating(indicator, strength, _text(form, f"why-{indicator.value}")))
    return found


def day(form: Form, name: str) -> date | None:
    """Read a day, None where the field is empty; raises IssuerError that names it."""
    typed = form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise IssuerError(name, _("This is not a day. Write it like 2026-06-30.")) from None


def end_of(form: Form) -> datetime | None:
    """Read the last day on which a statement holds, as the moment after it."""
    last = day(form, "until")
    return datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC) if last else None


def _bases(form: Form) -> list[Basis]:
    return [one for one in Basis if form.get(f"basis-{one.value}")]


def _credits(form: Form) -> list[Credits]:
    typed = form.get("credits", "").strip().replace(",", ".")
    if not typed:
        return []
    try:
        return [Credits(form.get("system", ""), Decimal(typed))]
    except InvalidOperation:
        raise IssuerError("credits", _("The credits are not a number.")) from None


def _programmes(form: Form) -> list[Programme]:
    title = form.get("towards", "").strip()
    address = form.get("towards_id", "").strip() or None
    return [Programme({"en": title[:300]}, id=address)] if title else []


def _word(kind: type[Word], form: Form, name: str, words: str) -> Word:
    try:
        return kind(form.get(name, ""))
    except ValueError:
        raise IssuerError(name, _("Choose “{label}”.").format(label=words)) from None


def _filled(form: Form, name: str, words: str) -> str:
    typed = form.get(name, "").strip()[:1000]
    if not typed:
        raise IssuerError(name, _("“{label}” is empty. Fill it in.").format(label=words))
    return typed


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip()[:_LONGEST].replace("\r\n", "\n")
