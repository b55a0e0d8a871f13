"""The report: named checks with an outcome each, one verdict, and the document that was verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from verifier.trust import TrustEntry
from verifier.verdict import Verdict
from verifier.wording import wording


class Outcome(StrEnum):
    """How one check ended."""

    passed = "passed"
    failed = "failed"
    warning = "warning"
    unknown = "unknown"
    skipped = "skipped"


class IssuerTrust(StrEnum):
    """Whether the issuer named in the document is on the trust list."""

    trusted = "trusted"
    unknown = "unknown"


CHECK_IDS = (
    "kind",
    "container",
    "parse",
    "shape",
    "schema",
    "context",
    "canonical",
    "issuer_key",
    "signature",
    "dates",
    "status",
    "refresh",
    "endorsements",
    "profile",
    "recipient",
    "trust",
)


@dataclass(frozen=True)
class Check:
    """One question and its answer.

    `id` is one of CHECK_IDS, `code` a machine word of `verifier.wording`, `message` its sentence, and
    `detail` the values in it (suite, verification_method, list address, dates as RFC 3339 text).
    """

    id: str
    outcome: Outcome
    code: str
    message: str
    detail: Mapping[str, str] = field(default_factory=dict)


def check(check_id: str, outcome: Outcome, code: str, **detail: str) -> Check:
    """Make a check whose message is the wording of its code."""
    if not detail:
        return _without_detail(check_id, outcome, code)
    return Check(check_id, outcome, code, wording(code, detail), detail)


@lru_cache(maxsize=512)  # more than there are; most checks of most documents are among them
def _without_detail(check_id: str, outcome: Outcome, code: str) -> Check:
    return Check(check_id, outcome, code, wording(code, {}))


def passed(check_id: str, code: str, **detail: str) -> Check:
    """Say that a question was answered well."""
    return check(check_id, Outcome.passed, code, **detail)


def failed(check_id: str, code: str, **detail: str) -> Check:
    """Say that a question was answered badly."""
    return check(check_id, Outcome.failed, code, **detail)


def warning(check_id: str, code: str, **detail: str) -> Check:
    """Say that a reader should know something that does not change the verdict."""
    return check(check_id, Outcome.warning, code, **detail)


def unknown(check_id: str, code: str, **detail: str) -> Check:
    """Say that a question could not be answered: neither yes nor no."""
    return check(check_id, Outcome.unknown, code, **detail)


def skipped(check_id: str, code: str, **detail: str) -> Check:
    """Say that a question was not asked, or does not apply."""
    return check(check_id, Outcome.skipped, code, **detail)


@dataclass(frozen=True, kw_only=True)
class Endorsement:
    """What came of one endorsement inside a document.

    `issuer_id` and `about` are what it *claims*; `credential` is the very endorsement whose signature was
    verified, without its proof, or None where it is no good: nothing else of it may be shown (P11). It
    `counts` for the document unless it speaks of something that is not shown to be of this document's issuer.
    """

    verdict: Verdict
    issuer_id: str | None
    about: str | None
    issuer_trust: IssuerTrust = IssuerTrust.unknown
    trust_entry: TrustEntry | None = None
    credential: dict[str, Any] | None = None
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """What a verification found.

    `credential` is the very document whose signature was verified, without its proof, or None when nothing
    was verified: a page shows this object and no other (P11). `issuer_id` is what the document *claims*, so
    with `credential` None nobody has confirmed it. `status_detail` holds, where the issuer's list was read,
    its `list` address, `index`, `purpose`, `valid_from` and `valid_until`. `checked_at` is an aware datetime.
    `within` holds the reports of the credentials inside a learner record or a presentation, in their order,
    `endorsements` what came of each endorsement inside the document.
    """

    verdict: Verdict
    issuer_trust: IssuerTrust
    checks: tuple[Check, ...]
    credential: dict[str, Any] | None
    checked_at: datetime
    kind: str | None = None
    issuer_id: str | None = None
    trust_entry: TrustEntry | None = None
    status_detail: Mapping[str, str] = field(default_factory=dict)
    within: "tuple[VerificationReport, ...]" = ()
    endorsements: tuple[Endorsement, ...] = ()

    def check(self, check_id: str) -> Check:
        """Give the check with this id. Raises KeyError for an id that is not in CHECK_IDS."""
        for one in self.checks:
            if one.id == check_id:
                return one
        raise KeyError(check_id)

    def to_json(self) -> dict[str, Any]:
        """Give the public JSON form: verdict, issuer_trust, checks and credential; nothing else but, where
        there are any, `within` with the same of each credential inside and `endorsements`."""
        made: dict[str, Any] = {
            "verdict": self.verdict.value,
            "issuer_trust": self.issuer_trust.value,
            "checks": [
                {"id": one.id, "outcome": one.outcome.value, "code": one.code, "message": one.message}
                for one in self.checks
            ],
            "credential": self.credential,
        }
        if self.endorsements:
            made["endorsements"] = [_endorsement_json(one) for one in self.endorsements]
        if self.within:
            made["within"] = [one.to_json() for one in self.within]
        return made


def _endorsement_json(one: Endorsement) -> dict[str, Any]:
    return {
        "verdict": one.verdict.value,
        "issuer_trust": one.issuer_trust.value,
        "issuer": one.issuer_id,
        "about": one.about,
        "counts": one.counts,
        "credential": one.credential,
    }
