"""Step 16: is its issuer on the trust list? (W10)

Only an issuer of whom nothing has shown that it did not sign is looked up at all. One that was withdrawn from
its list is unknown again, and the answer says so by the name in the list.
"""

from dataclasses import dataclass
from datetime import datetime

from verifier.dates import day_text
from verifier.examination import Examined
from verifier.report import Check, IssuerTrust, Outcome, passed, unknown, warning
from verifier.trust import TrustEntry, TrustList, leaves_open


@dataclass(frozen=True)
class TrustJudgement:
    """What the list says of an issuer; `check` is None where nothing has been signed by anybody.

    `entry` is the entry in force of the issuer that the document claims, confirmed or not.
    """

    issuer_trust: IssuerTrust
    entry: TrustEntry | None
    check: Check | None


def judge_trust(examined: Examined, trust: TrustList, *, now: datetime) -> TrustJudgement:
    """Look the issuer of an examined document up."""
    found = trust.find(examined.issuer) if examined.issuer else None
    entry = found if found is not None and found.in_force(now) else None
    if not _has_spoken(examined):
        return TrustJudgement(IssuerTrust.unknown, entry, None)
    if found is None and leaves_open(trust, examined.issuer or ""):
        issuer = (examined.issuer or "")[:500]
        return TrustJudgement(IssuerTrust.unknown, None, unknown("trust", "trust_list_unread", issuer=issuer))
    if entry is None:
        return TrustJudgement(IssuerTrust.unknown, None, _unlisted(examined.issuer or "", found, now))
    confirmed = examined.proven is not None and examined.proven.confirmed
    return TrustJudgement(IssuerTrust.trusted, entry, _listed(entry, confirmed=confirmed))


def _has_spoken(examined: Examined) -> bool:
    """Tell whether the claimed issuer may be looked up: nothing has shown that it did not sign."""
    proven = examined.proven
    if proven is None or Outcome.failed in (proven.issuer_key.outcome, proven.signature.outcome):
        return False
    return proven.issuer_key.outcome in (Outcome.passed, Outcome.unknown)


def _unlisted(issuer: str, found: TrustEntry | None, now: datetime) -> Check:
    detail = {"issuer": issuer[:500]}
    if found is None or found.until is None or found.in_force(now):
        return warning("trust", "issuer_not_listed", **detail)
    reason = found.reason or ""
    said = f" {reason.rstrip('.')}." if reason else ""
    return warning(
        "trust",
        "issuer_no_longer_listed",
        **detail,
        name=found.name or found.issuer_id,
        day=day_text(datetime.combine(found.until, datetime.min.time())),
        reason=said,
    )


def _listed(entry: TrustEntry, *, confirmed: bool) -> Check:
    if not confirmed:
        return unknown("trust", "issuer_listed_unconfirmed", issuer=entry.issuer_id)
    if entry.list_name:
        return passed("trust", "issuer_listed_by", issuer=entry.issuer_id, list=entry.list_name)
    return passed("trust", "issuer_listed", issuer=entry.issuer_id)
