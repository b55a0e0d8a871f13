"""From an examined document to its report: the checks that never decide, the verdict, what may be shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from verifier.examination import Examination, Examined, complete
from verifier.profile import check_profile
from verifier.reading import Reading
from verifier.recipient import check_recipient
from verifier.report import (
    Check,
    Endorsement,
    IssuerTrust,
    Outcome,
    VerificationReport,
    passed,
    unknown,
    warning,
)
from verifier.trust import TrustEntry, TrustList
from verifier.verdict import Verdict, decide

NOTHING_VERIFIED = frozenset({Verdict.invalid, Verdict.refused, Verdict.unsupported})
Refresh = Callable[[Examined], Examined]


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """Report on documents with one trust list, for one verification and one asked-for recipient."""

    examination: Examination
    trust: TrustList
    recipient: str | None

    def report(self, reading: Reading, *, refresh: Refresh | None = None) -> VerificationReport:
        """Examine what was read and report on it; `refresh` may put a newer version in its place (12)."""
        examined = Examined()
        if reading.complete:
            examined = self.examination.examine(reading.document, jws=reading.jws)  # 4 to 13
            examined = refresh(examined) if refresh else examined
        return self._report(reading, examined)

    def _report(self, reading: Reading, examined: Examined) -> VerificationReport:
        entry = self.trust.find(examined.issuer) if examined.issuer else None
        checks = complete([*reading.checks, *examined.checks, *self._judgements(examined, entry)])
        verdict = decide(checks)
        proven = examined.proven
        return VerificationReport(
            verdict=verdict,
            issuer_trust=_trust_in(entry, named=_has_spoken(examined)),
            checks=tuple(checks),
            credential=proven.document if proven and verdict not in NOTHING_VERIFIED else None,
            checked_at=self.examination.keys.now,
            kind=reading.kind,
            issuer_id=examined.issuer,
            trust_entry=entry,
            status_detail=next((one.detail for one in checks if one.id == "status"), {}),
            endorsements=tuple(self._known(one) for one in examined.endorsements),
        )

    def _judgements(self, examined: Examined, entry: TrustEntry | None) -> list[Check]:
        """Make the checks that never change the verdict, as far as there is something verified to judge."""
        document = examined.proven.document if examined.proven else None
        if document is None:
            not_asked = [] if self.recipient else [check_recipient({}, None)]
            return [*not_asked, *_trust_checks(examined, entry)]
        return [
            check_profile(document, entry=entry, now=self.examination.keys.now),  # 14
            check_recipient(document, self.recipient),  # 15
            *_trust_checks(examined, entry),  # 16
        ]

    def _known(self, endorsement: Endorsement) -> Endorsement:
        """Look up who endorsed, where its signature was confirmed."""
        if endorsement.credential is None or endorsement.issuer_id is None:
            return endorsement
        entry = self.trust.find(endorsement.issuer_id)
        return replace(endorsement, issuer_trust=_trust_in(entry, named=True), trust_entry=entry)


def _trust_in(entry: TrustEntry | None, *, named: bool) -> IssuerTrust:
    return IssuerTrust.trusted if entry is not None and named else IssuerTrust.unknown


def _trust_checks(examined: Examined, entry: TrustEntry | None) -> list[Check]:
    if not _has_spoken(examined):
        return []
    if entry is None:
        return [warning("trust", "issuer_not_listed", issuer=(examined.issuer or "")[:500])]
    confirmed = examined.proven is not None and examined.proven.confirmed
    if not confirmed:
        return [unknown("trust", "issuer_listed_unconfirmed", issuer=entry.issuer_id)]
    return [passed("trust", "issuer_listed", issuer=entry.issuer_id)]


def _has_spoken(examined: Examined) -> bool:
    """Tell whether the claimed issuer may be looked up: nothing has shown that it did not sign."""
    proven = examined.proven
    if proven is None or Outcome.failed in (proven.issuer_key.outcome, proven.signature.outcome):
        return False
    return proven.issuer_key.outcome in (Outcome.passed, Outcome.unknown)
