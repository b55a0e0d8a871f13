"""What a recognition statement says, term by term, where the file that was checked is one itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from app.dates import long_date
from app.pages.recognised import recognised_credits
from app.pages.view import Fact, Value
from app.phrases import isolated, visible
from app.words import gettext as _
from app.words import page_language
from microcredential.recognition import Kind, kind_of
from microcredential.shapes import concept_id, items, language_map, mapping, moment, objects, text
from microcredential.vocabulary import label

_LONGEST = 2_000
_MOST = 20  # of anything: a stranger's file may hold thousands


def statement_facts(document: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Say what a verified statement states; an empty tuple for any other document."""
    kind = kind_of(dict(document))
    if kind is None:
        return ()
    subject = mapping(document.get("credentialSubject"))
    said = [(_("Statement"), [Value(_kinds()[kind], lead=True)]), *_lines(document, subject)]
    return tuple(Fact(term, tuple(values)) for term, values in said if values)


def _kinds() -> dict[Kind, str]:
    return {
        Kind.TRUST: _("Whoever signed it stands for an institution."),
        Kind.QUALITY: _("Whoever signed it has reviewed the quality of a course."),
        Kind.STANDING: _("Whoever signed it recognises a course for every holder."),
        Kind.INDIVIDUAL: _("Whoever signed it has decided to recognise one certificate."),
    }


def _lines(document: Mapping[str, Any], subject: Mapping[str, Any]) -> Iterator[tuple[str, list[Value]]]:
    yield _("Title"), _texts(document.get("name"))
    yield _("About"), [Value(_code(text(subject.get("id"))))]
    yield _("Outcome"), _labels(subject.get("recognitionOutcome"))
    yield _("Purpose"), _labels(subject.get("recognitionPurpose"))
    credits = [recognised_credits(one) for one in _some(subject.get("creditRecognised"))]
    yield _("Credits"), [Value(isolated(one)) for one in credits]
    yield _("Counts towards"), [_title(one) for one in _some(subject.get("recognisedTowards"))]
    yield _("Words"), _texts(subject.get("endorsementComment"))
    yield _("Ratings"), [_rating(one) for one in _some(subject.get("indicatorResult"))]
    yield _("It rests on"), _labels(subject.get("recognitionBasis"))
    yield _("Reference"), _texts(subject.get("decisionReference"))
    decided = moment(document.get("awardedDate"))
    yield _("Decided on"), [Value(long_date(decided))] if decided else []


def _some(value: object) -> list[dict[str, Any]]:
    return [one for _place, one in objects(value)[:_MOST]]


def _texts(value: object) -> list[Value]:
    said = visible(text(value)[:_LONGEST])
    return [Value(isolated(said))] if said else []


def _labels(value: object) -> list[Value]:
    return [Value(isolated(label(concept_id(one), page_language()))) for one in items(value)[:_MOST]]


def _title(programme: Mapping[str, Any]) -> Value:
    titles = language_map(programme.get("title"))
    found = titles.get(page_language()) or titles.get("en") or next(iter(titles.values()), "")
    return Value(isolated(found[:300]))


def _rating(one: Mapping[str, Any]) -> Value:
    language = page_language()
    criterion, strength = (
        label(text(one.get("indicator")), language),
        label(concept_id(one.get("rating")), language),
    )
    why = text(one.get("narrative"))[:300]
    line = f"{criterion}: {strength}" + (f". {why}" if why else "")
    return Value(isolated(line), small=True)


def _code(address: str) -> Markup:
    return Markup('<bdi class="code">{}</bdi>').format(visible(address[:500]))
