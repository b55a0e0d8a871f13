"""Make a statement: a person of the institution says it, the rules judge it, a plan waits for the worker.

The web process signs nothing (ADR 1): what is stored here is the exact document without its proof, with its
place in a status list, as it is with credentials.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import issuer_profile
from issuer.recognition.allowed import must_recognise
from issuer.recognition.hours import hours_of
from issuer.recognition.records import StatementRecord
from issuer.recognition.rows import institution_of, statement_record
from issuer.recognition_tables import StatementRow
from issuer.status_places import RECOGNITION, REVOCATION, open_list
from issuer.tables import DefinitionVersionRow, Institution, StatusList, stored_id
from microcredential import MicroCredentialError
from microcredential.credential import status_entry
from microcredential.recognition import (
    Frame,
    IndividualDecision,
    Kind,
    QualityStatement,
    StandingRecognition,
    TrustStatement,
    blocking,
    check_statement,
    individual_decision,
    quality_statement,
    standing_recognition,
    subject_id,
    trust_statement,
)
from microcredential.shapes import mapping, text
from microcredential.vocabulary import countries
from ob3.strict_json import dump

Content = TrustStatement | QualityStatement | StandingRecognition | IndividualDecision
_TRIES = 64


class StatementRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Say which rule of the mechanism a statement breaks; `findings` is all of them."""

    def __init__(self, findings: list[Any]) -> None:
        first = findings[0]
        super().__init__(first.code, f"{first.id}: {first.message} {first.fix}".strip())
        self.findings = findings


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person wants to be signed.

    `badge` is the credential that an individual decision is about, as it was verified; `achievement` the
    course of a statement about one, where it is known here.
    """

    content: Content
    decided: date
    valid_until: datetime | None = None
    badge: Mapping[str, Any] | None = None
    achievement: Mapping[str, Any] | None = None


def make_statement(desk: Deployment, order: Order) -> StatementRecord:
    """Store what somebody states for their institution; the worker signs it within a minute.

    Raises NotAllowed without the role, StatementRefused for what breaks a rule, IssuerError where the
    institution has no key yet.
    """
    must_recognise(desk.actor)
    if isinstance(order.content, IndividualDecision) and order.badge is None:
        raise IssuerError(
            "no_badge", "A decision is about a certificate that was verified: hand it in first."
        )
    with desk.writing() as session:
        institution = institution_of(session, desk)
        status_list = open_list(session, institution, RECOGNITION)
        index = _free_index(session, status_list, desk.random)
        frame = _frame(desk, institution, status_list, index, order)
        unsigned = _checked(order, frame, hours_of(session), desk.now())
        row = _row(desk, institution, status_list, index, unsigned, order)
        status_list.used += 1
        session.add_all([status_list, row])
        session.flush()
        told = {"kind": row.kind, "about": row.about}
        record(session, desk, AuditedAct("recognition.state", row.urn, after=told), institution=institution)
        return statement_record(row)


def _frame(
    desk: Deployment, institution: Institution, status_list: StatusList, index: int, order: Order
) -> Frame:
    place = desk.status_list_url(status_list.public_id)
    return Frame(
        credential_id=f"urn:uuid:{uuid.UUID(int=desk.random.getrandbits(128), version=4)}",
        issuer_profile=issuer_profile(institution),
        decided=order.decided,
        valid_from=desk.now(),
        status_entry=status_entry(list_url=place, index=index, purpose=REVOCATION),
        base_url=desk.base_url,
        valid_until=order.valid_until,
    )


def _checked(order: Order, frame: Frame, hours: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Write the document; raises StatementRefused."""
    try:
        unsigned = _document(order.content, frame)
    except MicroCredentialError as error:
        raise IssuerError(error.code, error.message) from error
    findings = blocking(
        check_statement(
            unsigned, badge=order.badge, achievement=order.achievement, hours_per_credit=hours, now=now
        )
    )
    if findings:
        raise StatementRefused(findings)
    return unsigned


def _document(content: Content, frame: Frame) -> dict[str, Any]:
    if isinstance(content, TrustStatement):
        return trust_statement(content, frame)
    if isinstance(content, QualityStatement):
        return quality_statement(content, frame)
    if isinstance(content, StandingRecognition):
        return standing_recognition(content, frame)
    return individual_decision(content, frame)


_KINDS: Mapping[type[Any], Kind] = {
    TrustStatement: Kind.TRUST,
    QualityStatement: Kind.QUALITY,
    StandingRecognition: Kind.STANDING,
    IndividualDecision: Kind.INDIVIDUAL,
}


def _row(
    desk: Deployment,
    institution: Institution,
    status_list: StatusList,
    index: int,
    unsigned: dict[str, Any],
    order: Order,
) -> StatementRow:
    return StatementRow(
        institution_id=stored_id(institution),
        urn=unsigned["id"],
        kind=_KINDS[type(order.content)].value,
        about=subject_id(unsigned)[:1000],
        title=order.content.title[:300],
        state="planned",
        unsigned=dump(unsigned),
        status_list_id=stored_id(status_list),
        list_index=index,
        decided=datetime(order.decided.year, order.decided.month, order.decided.day, tzinfo=UTC),
        created=desk.now(),
        valid_until=order.valid_until,
        made_by=desk.actor.name[:200],
        country=_awarded_in(desk, order, subject_id(unsigned)),
        outcome=order.content.outcome.value if isinstance(order.content, IndividualDecision) else None,
    )


def _awarded_in(desk: Deployment, order: Order, about: str) -> str | None:
    """Find the country in which what it is about is awarded, for reports; None where nobody says it.

    The register of courses is open to everybody, so that of another institution is looked up too.
    """
    known = country_of(mapping(order.badge).get("issuer")) or country_of(
        mapping(order.achievement).get("creator")
    )
    if known:
        return known
    with replace(desk, tenant=None).reading() as session:
        return session.exec(
            select(Institution.country)
            .where(DefinitionVersionRow.institution_id == Institution.id)
            .where(DefinitionVersionRow.achievement_id == about)
        ).first()


def country_of(profile: object) -> str:
    """Give the country that a profile says it is in (ISO 3166-1 alpha-2), empty where it says none."""
    code = text(mapping(mapping(profile).get("address")).get("addressCountryCode"))
    return code if code in countries() else ""


def _free_index(session: Session, status_list: StatusList, random: Random) -> int:
    """Draw a place that no statement has; a list is at most half full."""
    for _ in range(_TRIES):
        index = random.randrange(status_list.length)
        taken = (
            select(StatementRow.id)
            .where(StatementRow.status_list_id == status_list.id)
            .where(col(StatementRow.list_index) == index)
        )
        if session.exec(taken).first() is None:
            return index
    raise IssuerError("list_full", f"The status list {status_list.public_id} has no free place.")
