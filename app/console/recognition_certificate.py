"""The certificate that an officer decides about: which it is, and what the check came to, in words."""

from dataclasses import dataclass

from app.dates import long_date
from app.pages.facts import Shown, results_of, title_of, worded
from app.pages.report_values import known_name
from app.pages.result import described_document, report_sentence
from app.pages.view import Fact, Value
from app.phrases import isolated, phrase
from app.sentences import Sentence
from app.words import gettext as _
from microcredential import Description
from verifier import IssuerTrust, VerificationReport

_FINAL = Shown(grade=True, parts=False, evidence=False)


@dataclass(frozen=True)
class HandedIn:
    """What the check says, and the facts of the verified document; none of a file that is no good."""

    sentence: Sentence
    facts: tuple[Fact, ...]


def handed_in(report: VerificationReport) -> HandedIn:
    """Say which certificate was handed in, from the report of its check and nothing else."""
    said = described_document(report)
    return HandedIn(report_sentence(report, said), _facts(report, said) if said else ())


def _facts(report: VerificationReport, said: Description) -> tuple[Fact, ...]:
    missing = Value(_("Not stated"))
    result = tuple(Value(line) for line in results_of(said, _FINAL))
    facts = [
        Fact(_("Micro-credential"), (title_of(said) or missing,)),
        Fact(_("Awarded by"), (_institution(report, said) or missing,)),
        Fact(_("Awarded to"), (Value(isolated(said.learner)) if said.learner else missing,)),
        Fact(_("Awarded on"), (Value(long_date(said.awarded)) if said.awarded else missing,)),
        _credits(said) or Fact(_("ECTS"), (missing,)),
        Fact(_("Result"), result) if result else None,
    ]
    return tuple(fact for fact in facts if fact is not None)


def _institution(report: VerificationReport, said: Description) -> Value | None:
    """Name a known issuer as the trust list does, and another as the file does, which proves nothing."""
    if report.issuer_trust is IssuerTrust.trusted and report.trust_entry is not None:
        name, language = known_name(report.trust_entry)
        return Value(isolated(name, language), language)
    if not said.institution.name:
        return None
    return Value(phrase(_("“{name}”, as the file puts it"), {"name": isolated(said.institution.name)}))


def _credits(said: Description) -> Fact | None:
    if said.workload is None:
        return None
    if said.workload.ects:
        return Fact(_("ECTS"), (Value(said.workload.ects),))
    return Fact(_("Workload"), (worded(said.workload.sentence),))
