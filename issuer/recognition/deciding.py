"""Prepare a decision about a badge: verify it, propose what a machine can, say what stands already.

Nothing is stored here. What the officer then decides is stated through `making`, or refused in a letter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.recognition.allowed import must_recognise
from issuer.recognition.hours import hours_of
from issuer.recognition.rows import institution_of
from issuer.recognition_tables import StatementRow
from microcredential import MicroCredentialError
from microcredential.recognition import (
    Conversion,
    Halt,
    HolderMatch,
    HoursPerCredit,
    Kind,
    Purpose,
    Rating,
    Refusal,
    ReportFacts,
    Signature,
    Standing,
    converted,
    ratings,
    refusal_letter,
)
from microcredential.recognition.assessing import is_on_site
from microcredential.shapes import concept_id, mapping, text
from microcredential.vocabulary import countries
from ob3.strict_json import parse
from verifier import IssuerTrust, Outcome, Verdict, VerificationReport
from verifier.speaking_for import speaks_for

_SETTLED = (Outcome.passed, Outcome.warning)


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """What a person found out beside the badge; None where nobody has looked."""

    known_agents: frozenset[str] | None = None
    public_reports: frozenset[str] | None = None
    internal_names_micro_credentials: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What a decision begins with.

    `report` is what the verifier found. `badge` is the document that was verified, None where nothing could
    be: then there is nothing to decide.
    `halts` forbid a decision. `standing` are the urns of recognitions of this institution that hold for
    every holder of this course for the purpose: with one of them, only authenticity, identity and its
    conditions are left to look at.
    """

    report: VerificationReport
    badge: Mapping[str, Any] | None
    ratings: tuple[Rating, ...]
    on_site: bool
    conversion: Conversion | None
    standing: tuple[str, ...] = ()
    halts: tuple[Halt, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """Give the verdict of the report."""
        return self.report.verdict

    @property
    def may_be_decided(self) -> bool:
        """Tell whether anything may be decided about it."""
        return self.badge is not None and not self.halts


def prepare_decision(
    desk: Deployment,
    data: bytes,
    *,
    verify: Callable[..., VerificationReport],
    applicant: str | None,
    purpose: Purpose,
    system: str,
    looked_up: LookedUp | None = None,
) -> Preparation:
    """Verify a badge that somebody hands in and fill what a machine can.

    `verify` is called as `verify(data, recipient=applicant)`: the name or e-mail address of who applies is
    compared and not kept. `system` (an IRI) is the receiver's credit system. Raises NotAllowed, IssuerError
    for a credit system that is not known.
    """
    must_recognise(desk.actor)
    report = verify(data, recipient=applicant)
    with desk.reading() as session:
        hours = hours_of(session)
    facts = facts_of(report, applicant=applicant, hours=hours, looked_up=looked_up or LookedUp())
    badge = report.credential or {}
    achievement = mapping(mapping(badge.get("credentialSubject")).get("achievement"))
    rated = ratings(badge, facts)
    try:
        conversion = converted(achievement, system=system, hours_per_credit=hours.get(system))
    except MicroCredentialError as error:
        raise IssuerError(error.code, error.message) from error
    return Preparation(
        report=report,
        badge=report.credential if achievement else None,
        ratings=rated,
        on_site=is_on_site(achievement),
        conversion=conversion if achievement else None,
        standing=_standing(desk, report, text(achievement.get("id")), purpose),
        halts=tuple(one.halt for one in rated if one.halt is not None),
    )


def facts_of(
    report: VerificationReport,
    *,
    applicant: str | None,
    hours: Mapping[str, HoursPerCredit],
    looked_up: LookedUp,
) -> ReportFacts:
    """Read what the seven criteria need out of a verification report."""
    return ReportFacts(
        signature=_signature(report),
        issuer_in_registry=report.issuer_trust is IssuerTrust.trusted,
        standing=_status(report),
        holder=_holder(report, applicant),
        known_agents=looked_up.known_agents,
        public_reports=looked_up.public_reports,
        internal_names_micro_credentials=looked_up.internal_names_micro_credentials,
        hours_per_credit=hours,
    )


def write_refusal(desk: Deployment, refusal: Refusal, *, country: str = "") -> str:
    """Give the letter of a refusal and note in the audit that one was written, by its reference alone.

    `country` (ISO 3166-1 alpha-2) is where the certificate was awarded, empty where nobody said: with purpose
    and criteria it is all that is kept, for the report. Raises NotAllowed, IssuerError for no country.
    """
    must_recognise(desk.actor)
    if country and country not in countries():
        raise IssuerError("country", "Choose the country from the list.")
    criteria = sorted({one.criterion.value for one in refusal.differences})
    told = {
        "purpose": refusal.purpose.value,
        "criteria": criteria,
        **({"country": country} if country else {}),
    }
    with desk.writing() as session:
        act = AuditedAct("recognition.refuse", refusal.reference, after=told)
        record(session, desk, act, institution=institution_of(session, desk))
    return refusal_letter(refusal)


def _signature(report: VerificationReport) -> Signature:
    """Take a key that is not the issuer's for what it is: as bad as a signature that does not fit."""
    outcomes = {report.check("signature").outcome, report.check("issuer_key").outcome}
    if Outcome.failed in outcomes:
        return Signature.INVALID
    return Signature.VALID if outcomes <= set(_SETTLED) else Signature.NOT_CHECKED


def _status(report: VerificationReport) -> Standing:
    if report.verdict in (Verdict.revoked, Verdict.suspended):
        return Standing.WITHDRAWN
    return Standing.GOOD if report.check("status").outcome is Outcome.passed else Standing.UNKNOWN


def _holder(report: VerificationReport, applicant: str | None) -> HolderMatch:
    """Tell an address whose hash fits, which binds, from a name that fits, which many may have."""
    if report.check("recipient").outcome is not Outcome.passed:
        return HolderMatch.NOT_MATCHED
    return HolderMatch.BOUND if "@" in (applicant or "") else HolderMatch.BY_DOCUMENT


def _standing(
    desk: Deployment, report: VerificationReport, achievement_id: str, purpose: Purpose
) -> tuple[str, ...]:
    """Find what this institution recognises for every holder, where the badge is of the course's owner."""
    trusted = report.verdict is Verdict.valid and report.issuer_trust is IssuerTrust.trusted
    theirs = speaks_for(report.issuer_id or "", achievement_id) or desk.is_loopback
    if not (trusted and theirs and achievement_id):
        return ()
    with desk.reading() as session:
        rows = session.exec(
            select(StatementRow)
            .where(StatementRow.institution_id == institution_of(session, desk).id)
            .where(StatementRow.kind == Kind.STANDING.value)
            .where(StatementRow.state == "issued")
            .where(StatementRow.about == achievement_id)
        ).all()
    now = desk.now()
    held = [row for row in rows if row.withdrawn is None and (not row.valid_until or row.valid_until > now)]
    return tuple(row.urn for row in held if _purpose(row) == purpose.iri)


def _purpose(row: StatementRow) -> str:
    subject = mapping(mapping(parse(row.secured or "{}")).get("credentialSubject"))
    return concept_id(subject.get("recognitionPurpose"))
