"""Unfold what holds other credentials: learner records (CLR 2.0) and verifiable presentations.

Each credential inside is judged by all rules, with its own issuer, dates and status, and has its own report.
All of them share one budget: of fetches, since they share their sources, and of `max_within` credentials in
all, however deep they stand. A learner record that does not hold its form is not unfolded, nor is anything
after the first credential that a limit refused: poison is paid for once.

The verdict is the gravest of the wrapper's and theirs (`verifier.verdict.gravest`), and the checks of the
report are the gravest of each, so that they tell why. Where exactly one credential stands inside, and the
wrapper is no graver, it is what the report is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ob3.jws import JwsInvalid, enveloped_token
from verifier.canonical import check_work
from verifier.contexts import check_contexts
from verifier.examination import Examination
from verifier.json_types import as_list, as_object, has_type
from verifier.presentations import PRESENTATION, check_presentation, is_presentation
from verifier.reading import Reading, read
from verifier.report import (
    Check,
    IssuerTrust,
    Outcome,
    VerificationReport,
    failed,
    passed,
    unknown,
)
from verifier.reporting import NOTHING_VERIFIED, Refresh, Reporting
from verifier.shape import LEARNER_RECORD
from verifier.text_forms import token_in
from verifier.verdict import GRAVITY, Verdict, envelope_verdict, gravest

_INSIDE = (
    passed("kind", "kind_recognised"),
    passed("container", "container_read"),
    passed("parse", "json_read"),
)
_OUTCOMES = (Outcome.failed, Outcome.unknown, Outcome.warning, Outcome.passed, Outcome.skipped)
_OF_ONE = frozenset({"profile", "recipient"})  # these say something of one credential only
_STOPPED = frozenset({"shape", "schema", "context", "canonical"})


@dataclass(kw_only=True)
class Unfolding:
    """Report on a document and on the credentials inside it, for one verification."""

    reporting: Reporting
    left: int

    @property
    def _examination(self) -> Examination:
        return self.reporting.examination

    def report(self, reading: Reading, *, refresh: Refresh | None = None) -> VerificationReport:
        """Judge what was read, and whatever it holds; never raises for a bad document."""
        if reading.complete and is_presentation(reading.document):
            return self._unfolded(self._presentation(reading), reading)
        return self._unfolded(self.reporting.report(reading, refresh=refresh), reading)

    def _unfolded(self, own: VerificationReport, reading: Reading) -> VerificationReport:
        entries = credentials_within(own.credential or reading.document) if reading.complete else None
        if entries is None or any(_stops(one) for one in own.checks):
            return own
        self.left -= len(entries)
        if self.left < 0:
            most = self._examination.policy.max_within
            return _refused(own, failed("within", "limit_count", what=f"more than {most} certificates"))
        if not entries:
            if self._examination.policy.any_credential:  # a holder may show nothing but themselves
                return own
            return _refused(own, failed("within", "within_nothing"))
        readings = [read_within(entry) for entry in entries]
        limit = self._work(readings) if self._measures else None
        return _refused(own, limit) if limit else combined(own, tuple(self._each(readings)))

    @property
    def _measures(self) -> bool:
        policy = self._examination.policy
        return policy.isolate and not policy.any_credential

    def _work(self, readings: list[Reading]) -> Check | None:
        """Measure the work of all that stands inside in one child, as if it were one document."""
        accepted = self._examination.accepted_contexts
        documents = [one.document for one in readings if one.complete and isinstance(one.document, dict)]
        given = [(one, check_contexts(one, accepted=accepted).extra) for one in documents]
        return check_work(given, check_id="within")

    def _each(self, readings: Iterable[Reading]) -> Iterable[VerificationReport]:
        """Judge each by itself; only credentials are read inside, and a presentation is none."""
        for reading in readings:
            one = self.reporting.report(reading, measured=self._measures)
            if not is_presentation(reading.document):
                one = self._unfolded(one, reading)
            yield one
            if one.verdict is Verdict.refused:
                return

    def _presentation(self, reading: Reading) -> VerificationReport:
        examination = self._examination
        checks = check_presentation(
            reading.document,
            jws=reading.jws,
            keys=examination.keys,
            accepted=examination.accepted_contexts,
            policy=examination.policy,
        )
        return VerificationReport(
            verdict=envelope_verdict(checks),
            issuer_trust=IssuerTrust.unknown,
            checks=(*reading.checks, *checks),
            credential=None,
            checked_at=examination.keys.now,
            kind=reading.kind,
        )


def credentials_within(document: object) -> list[Any] | None:
    """Give what stands inside a learner record or a presentation; None for any other document."""
    if is_presentation(document):
        return as_list(as_object(document).get("verifiableCredential"))
    if has_type(document, LEARNER_RECORD) and not has_type(document, PRESENTATION):
        subject = as_object(as_object(document).get("credentialSubject"))
        return as_list(subject.get("verifiableCredential"))
    return None


def read_within(entry: Any) -> Reading:
    """Read one entry: a credential as JSON, a token, or a token in an envelope."""
    try:
        text = entry if isinstance(entry, str) else enveloped_token(entry)
    except JwsInvalid as error:
        return Reading((failed("kind", "no_credential", reason=error.message[:300]),))
    if text is None:
        return Reading(_INSIDE, "json", entry)
    if token_in(text.encode("utf-8", "replace")) != text:
        return Reading((failed("kind", "no_credential", reason="It is neither JSON nor a signed token."),))
    return read(text.encode("ascii"), "jwt", isolate=False)


def combined(own: VerificationReport, inner: tuple[VerificationReport, ...]) -> VerificationReport:
    """Put the reports of a wrapper and of what stands inside together."""
    verdict = gravest([own.verdict, *(one.verdict for one in inner)])
    about = _about(own, inner)
    checks = [*_gravest_checks(own, inner, about), _within(inner)]
    made = replace(own, verdict=verdict, checks=tuple(checks), within=inner)
    if about is None:
        made = replace(made, issuer_trust=_trust_in_all(own, inner))
    else:
        made = replace(
            made,
            credential=about.credential,
            issuer_id=about.issuer_id,
            issuer_trust=about.issuer_trust,
            trust_entry=about.trust_entry,
            endorsements=about.endorsements,
        )
    status = next((one.detail for one in checks if one.id == "status"), {})
    credential = None if verdict in NOTHING_VERIFIED else made.credential
    return replace(made, credential=credential, status_detail=status)


def _about(own: VerificationReport, inner: tuple[VerificationReport, ...]) -> VerificationReport | None:
    """Give the report that the whole is about, so that no finding is told of another's certificate.

    That is the wrapper's where it is graver than what stands inside, else that of the only one inside; None
    where several stand inside.
    """
    among = gravest(one.verdict for one in inner)
    if GRAVITY.index(own.verdict) < GRAVITY.index(among):
        return own
    return inner[0] if len(inner) == 1 else None


def _trust_in_all(own: VerificationReport, inner: tuple[VerificationReport, ...]) -> IssuerTrust:
    """Say `trusted` only where every issuer is; a presentation has none itself."""
    named = inner if own.issuer_id is None else (own, *inner)
    known = all(one.issuer_trust is IssuerTrust.trusted for one in named)
    return IssuerTrust.trusted if known else IssuerTrust.unknown


def _gravest_checks(
    own: VerificationReport, inner: tuple[VerificationReport, ...], about: VerificationReport | None
) -> list[Check]:
    """Give for each question the gravest of the answers; of equals that which the report is about."""
    answers: dict[str, list[Check]] = {}
    first_inside = about is not None and about is not own
    for report in (*inner, own) if first_inside else (own, *inner):
        for one in report.checks:
            if one.id != "within":
                answers.setdefault(one.id, []).append(one)
    whose = {one.id: one for one in (about or own).checks}
    kept = _OF_ONE | {"trust"} if about else _OF_ONE
    return [
        whose[name] if name in kept and name in whose else min(found, key=_gravity)
        for name, found in answers.items()
    ]


def _gravity(one: Check) -> int:
    return _OUTCOMES.index(one.outcome)


def _within(inner: tuple[VerificationReport, ...]) -> Check:
    """Say in one check how the credentials inside came off."""
    verdict = gravest([one.verdict for one in inner])
    detail = {
        "count": str(len(inner)),
        "good": str(sum(one.verdict is Verdict.valid for one in inner)),
    }
    if verdict is Verdict.valid:
        return passed("within", "within_good", **detail)
    if verdict in (Verdict.undetermined, Verdict.unsupported, Verdict.refused):
        return unknown("within", "within_open", **detail)
    return failed("within", "within_not_good", **detail)


def _stops(one: Check) -> bool:
    """Tell whether a check of the wrapper says that what is inside cannot be found, or not at a fit price."""
    return one.id in _STOPPED and one.outcome in (Outcome.failed, Outcome.unknown)


def _refused(own: VerificationReport, answer: Check) -> VerificationReport:
    verdict = gravest([own.verdict, envelope_verdict([answer])])
    credential = None if verdict in NOTHING_VERIFIED else own.credential
    return replace(own, verdict=verdict, checks=(*own.checks, answer), credential=credential)
