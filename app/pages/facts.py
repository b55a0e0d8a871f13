"""Facts: what a verified document says, term by term, as values for the templates.

Everything here comes from `microcredential.describe`, which was given the verified document; a name from
the trust list comes from the report. Links out of a document are http(s) only and say whose they are (U5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from markupsafe import Markup

from app.dates import long_date, short_day
from app.pages.report_values import ascii_host, known_name
from app.pages.view import Fact, Value
from app.phrases import enclosed, isolated, phrase
from app.words import gettext as _
from app.words import page_language
from microcredential import Description, Text
from microcredential.description import Evidence, Quality, Result
from verifier import IssuerTrust, TrustEntry, Verdict, VerificationReport

_LONGEST_KEPT = 500  # characters


@dataclass(frozen=True)
class Shown:
    """What of the results a page may show."""

    grade: bool
    parts: bool
    evidence: bool


@dataclass(frozen=True)
class OwnResults:
    """The results in few words, for the holder's own choices."""

    grade: str
    parts: str
    evidence: str


def worded(text: Text, *, lead: bool = False, small: bool = False) -> Value:
    """Turn a text into a value that names its language when it is not the page's."""
    say = _worded if len(text.text) <= _LONGEST_KEPT else _worded.__wrapped__
    return say(page_language(), text, lead, small)


@lru_cache(maxsize=2_000)  # words of courses and vocabularies, the same on the pages of a class
def _worded(language: str, text: Text, lead: bool, small: bool) -> Value:
    other = text.lang if text.lang and text.lang != language else None
    return Value(isolated(text.text), other, lead=lead, small=small)


def facts_of(report: VerificationReport, said: Description) -> tuple[Fact, ...]:
    """Give who, what, when, level, workload and assessment of a verified document."""
    known = report.issuer_trust is IssuerTrust.trusted
    facts = [
        Fact(_("Awarded to"), _holder(said, in_force=known and report.verdict is Verdict.valid)),
        Fact(_("For"), _title(said)),
        None if known else Fact(_("By"), _named_issuer(said)),
        Fact(_("When"), _when(said, report, known=known)),
        Fact(_("Level"), _levels(said)),
        Fact(_("Workload"), _workload(said)),
        Fact(_("Assessment"), _assessment(said)) if said.assessments else None,
    ]
    return tuple(fact for fact in facts if fact is not None)


def achievement_facts(said: Description) -> tuple[Fact, ...]:
    """Give what can be said of an achievement before anyone has earned it."""
    facts = [
        Fact(_("Level"), _levels(said)),
        Fact(_("Workload"), _workload(said)),
        Fact(_("Assessment"), _assessment(said)),
        Fact(_("Form"), tuple(worded(each) for each in said.participation)),
        Fact(_("Taught in"), (worded(said.language_name),) if said.language_name else ()),
        Fact(_("Needed before"), (worded(said.entry_requirement),) if said.entry_requirement else ()),
        Fact(_("Quality"), tuple(Value(line) for line in _quality(said.quality))),
    ]
    return tuple(fact for fact in facts if fact.values)


def outcomes_of(said: Description) -> tuple[Value, ...]:
    """Give what the holder can do, in the order of the document."""
    return tuple(worded(outcome) for outcome in said.outcomes)


def title_of(said: Description) -> Value | None:
    """Give the title in the page's language if the document has it."""
    return worded(said.title) if said.title else None


def other_titles(said: Description) -> tuple[Value, ...]:
    """Give the title in the document's other languages."""
    return tuple(worded(each) for each in said.other_titles)


def workload_line(said: Description) -> str:
    """Give the workload in one line, or nothing."""
    return said.workload.sentence.text if said.workload else ""


def results_of(said: Description, shown: Shown) -> tuple[Markup, ...]:
    """Give grades and evidence, as far as they may be shown."""
    lines = [_result(each) for each in said.results if shown.grade and each.final]
    lines += [_result(each) for each in said.results if shown.parts and not each.final]
    lines += [_evidence(each) for each in said.evidence if shown.evidence]
    return tuple(lines)


def own_results(said: Description) -> OwnResults:
    """Give the results in few words."""
    return OwnResults(
        grade=", ".join(_mark(each) for each in said.results if each.final),
        parts=", ".join(each.value for each in said.results if not each.final),
        evidence=", ".join(each.name or each.url for each in said.evidence),
    )


def institution_facts(report: VerificationReport, said: Description) -> tuple[Fact, ...]:
    """Give who awarded it: the names from the trust list, the place and the quality from the document."""
    entry = report.trust_entry
    if entry is None:
        return ()
    name, language = known_name(entry)
    others = tuple((text, tag) for tag, text in entry.names.items() if text != name)
    place = ", ".join(part for part in (said.institution.locality, _country(said)) if part)
    names = ((name, language), *others)
    return _institution_facts(page_language(), names, place, entry.url, _since(entry), said.quality)


@lru_cache(maxsize=200)
def _institution_facts(
    _language: str,
    names: tuple[tuple[str, str | None], ...],
    place: str,
    url: str | None,
    since: str | Markup,
    quality: tuple[Quality, ...],
) -> tuple[Fact, ...]:
    where = Value(_joined(filter(None, (isolated(place) if place else None, link(url)))))
    told = [Value(isolated(name), language) for name, language in names]
    facts = [
        Fact(_("Awarded by"), (*told, *((where,) if where.text else ()))),
        Fact(_("Known to us"), (Value(since),)),
        Fact(_("Quality"), tuple(Value(line) for line in _quality(quality))),
    ]
    return tuple(fact for fact in facts if fact.values)


def _since(entry: TrustEntry) -> str | Markup:
    """Say on which list it stands: this service's own has no name, those of others have."""
    if entry.list_name:
        values = {"list": isolated(entry.list_name)}
        if entry.since:
            return phrase(_("On the list “{list}”, since {day}"), {**values, "day": long_date(entry.since)})
        return phrase(_("On the list “{list}”"), values)
    if entry.since:
        return _("On the list of institutions that this service knows, since {day}").format(
            day=long_date(entry.since)
        )
    return _("On the list of institutions that this service knows")


def link(url: str | None, text: str | None = None) -> Markup | None:
    """Make a link out of a document's address: http(s) with a host only; it says where it leads, and the
    browser tells nothing to whoever is there (U5)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return None
    host = ascii_host(parts.hostname)
    anchor = Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(url, text or host)
    return phrase(_("{link} (leads to {host})"), {"link": anchor, "host": host}) if text else anchor


def _holder(said: Description, *, in_force: bool) -> tuple[Value, ...]:
    name = Value(isolated(said.learner) if said.learner else _("Not stated"), lead=True)
    hint = Value(_("Compare this name with the person’s identity document."), small=True)
    return (name, hint) if in_force else (name,)


def _title(said: Description) -> tuple[Value, ...]:
    if said.title is None:
        return (Value(_("Not stated"), lead=True),)
    return (worded(said.title, lead=True), *other_titles(said))


def _named_issuer(said: Description) -> tuple[Value, ...]:
    if not said.institution.name:
        return (Value(_("The file names no one")),)
    return (Value(phrase(_("“{name}”, as the file puts it"), {"name": isolated(said.institution.name)})),)


def _when(said: Description, report: VerificationReport, *, known: bool) -> tuple[Value, ...]:
    days = {
        "awarded": said.awarded or said.valid_from,
        "start": said.started,
        "end": said.ended,
        "from": said.valid_from,
        "until": said.valid_until,
    }
    told = {key: long_date(value) for key, value in days.items() if value}
    if said.started and said.ended:
        told["start"] = short_day(said.started, said.ended)
    if not known:
        return (Value(_validity(told)),)
    if {"awarded", "start", "end"} <= told.keys():
        first = _("Awarded on {awarded}, after studies from {start} to {end}")
    else:
        first = _("Awarded on {awarded}") if "awarded" in told else _("Not stated")
    awarded = Value(phrase(first, told))
    says_when = "until" in told or _has_no_end(report)
    return (awarded, Value(_lapse(told), small=True)) if says_when else (awarded,)


def _has_no_end(report: VerificationReport) -> bool:
    """Tell whether it was found to be without an end: a selection may hide one, a proof may bring one."""
    return any(one.code == "in_force_without_end" for one in report.checks)


def _validity(told: dict[str, str]) -> Markup | str:
    if "from" in told:
        return phrase(_("Valid from {from} to {until}") if "until" in told else _("Valid from {from}"), told)
    return _("Not stated")


def _lapse(told: dict[str, str]) -> Markup | str:
    if "until" in told:
        return phrase(_("In force from {from} to {until}.") if "from" in told else _("Until {until}."), told)
    return _("No end date: the achievement does not lapse.")


def _levels(said: Description) -> tuple[Value, ...]:
    """Give each level with its basis: never a level alone."""
    values: list[Value] = []
    for level in said.levels:
        values.append(worded(level.text))
        basis = worded(level.basis_text, small=True) if level.basis_text else None
        values.append(basis or Value(_("The document does not say on what this rests."), small=True))
    return tuple(values) or (Value(_("Not stated")),)


def _workload(said: Description) -> tuple[Value, ...]:
    return (worded(said.workload.sentence),) if said.workload else (Value(_("Not stated")),)


def _assessment(said: Description) -> tuple[Value, ...]:
    lines = []
    for each in said.assessments:
        share = f" ({each.weight} %)" if each.weight is not None else ""
        lines.append(Value(enclosed(isolated(each.name.text, each.name.lang), share, "")))
    if said.assessments and all(each.supervised and each.identity_checked for each in said.assessments):
        lines.append(Value(_("Supervised, with a check of identity"), small=True))
    return tuple(lines)


def _quality(items: Iterable[Quality]) -> list[Markup]:
    lines = []
    for each in items:
        title = each.title or each.kind_text
        parts = [isolated(title.text, title.lang) if title else None]
        if each.expires:
            parts.append(phrase(_("until {day}"), {"day": long_date(each.expires)}))
        if each.external and each.agent:
            parts.append(isolated(each.agent))
        parts.append(link(each.report, _("report")))
        lines.append(_joined(filter(None, parts)))
    return [line for line in lines if line]


def _result(result: Result) -> Markup:
    name = isolated(result.name.text, result.name.lang) if result.name.text else _("Result")
    pass_mark = phrase(_(" (pass mark {required})"), {"required": result.required}) if result.required else ""
    return Markup("{}: <b>{}</b>{}").format(name, _mark(result), pass_mark)


def _mark(result: Result) -> str:
    if result.maximum:
        return _("{value} of {maximum}").format(value=result.value, maximum=result.maximum)
    return result.value


def _evidence(evidence: Evidence) -> Markup:
    name = evidence.name or evidence.narrative[:120]
    shown = link(evidence.url, name) or isolated(name or evidence.url)
    return phrase(_("Evidence: {evidence}"), {"evidence": shown})


def _country(said: Description) -> str:
    return said.institution.country.text if said.institution.country else ""


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup(" · ").join(parts)
