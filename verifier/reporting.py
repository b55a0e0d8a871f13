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
    VerificationReport,
)
from verifier.trust import TrustList
from verifier.trust_check import TrustJudgement, judge_trust
from verifier.verdict import Verdict, decide

NOTHING_VERIFIED = frozenset({Verdict.invalid, Verdict.refused, Verdict.unsupported})
Refresh = Callable[[Examined], Examined]


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """Report on documents with one trust list, for one verification and one asked-for recipient."""

    examination: Examination
    trust: TrustList
    recipient: str | None

    def report(
        self, reading: Reading, *, refresh: Refresh | None = None, measured: bool = False
    ) -> VerificationReport:
        """Examine what was read and report on it; `refresh` may put a newer version in its place (12).

        `measured`: the work of its canonical form is known to be within limits.
        """
        examined = Examined()
        if reading.complete:
            examined = self.examination.examine(  # 4 to 13
                reading.document, jws=reading.jws, measured=measured
            )
            examined = refresh(examined) if refresh else examined
        return self._report(reading, examined)

    def _report(self, reading: Reading, examined: Examined) -> VerificationReport:
        trust = judge_trust(examined, self.trust, now=self.examination.keys.now)  # 16
        checks = complete([*reading.checks, *examined.checks, *self._judgements(examined, trust)])
        verdict = decide(checks)
        proven = examined.proven
        return VerificationReport(
            verdict=verdict,
            issuer_trust=trust.issuer_trust,
            checks=tuple(checks),
            credential=proven.document if proven and verdict not in NOTHING_VERIFIED else None,
            checked_at=self.examination.keys.now,
            kind=reading.kind,
            issuer_id=examined.issuer,
            trust_entry=trust.entry,
            status_detail=next((one.detail for one in checks if one.id == "status"), {}),
            endorsements=tuple(
                self._known(one) for one in (examined.endorsements.found if examined.endorsements else ())
            ),
        )

    def _judgements(self, examined: Examined, trust: TrustJudgement) -> list[Check]:
        """Make the checks that never change the verdict, as far as there is something verified to judge."""
        document = examined.proven.document if examined.proven else None
        known = [trust.check] if trust.check else []
        if document is None:
            not_asked = [] if self.recipient else [check_recipient({}, None)]
            return [*not_asked, *known]
        judged = [check_recipient(document, self.recipient), *known]  # 15
        if self.examination.policy.judge_profile:
            judged.insert(0, check_profile(document, entry=trust.entry, now=self.examination.keys.now))  # 14
        return judged

    def _known(self, endorsement: Endorsement) -> Endorsement:
        """Look up who endorsed, where its signature was confirmed."""
        if endorsement.credential is None or endorsement.issuer_id is None:
            return endorsement
        found = self.trust.find(endorsement.issuer_id)
        if found is None or not found.in_force(self.examination.keys.now):
            return endorsement
        return replace(endorsement, issuer_trust=IssuerTrust.trusted, trust_entry=found)
