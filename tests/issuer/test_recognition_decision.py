"""A decision is prepared: the badge verified, the machine's part filled, and halted where it must be."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from definition_drafts import desk, open_institution
from recognition_statements import ALL, ECTS, TOWARDS, VN, decision, standing
from sqlmodel import select

from issuer import IssuerError, RevocationReason
from issuer.audit_tables import AuditEntryRow
from issuer.errors import NotAllowed
from issuer.recognition.deciding import LookedUp, prepare_decision, write_refusal
from issuer.recognition.hours import state_hours
from issuer.recognition.making import Order, make_statement
from issuer.recognition.standing import withdraw
from issuer.staff.roles import Role
from issuer.transactions import reading
from microcredential.recognition import (
    Basis,
    Difference,
    Halt,
    Indicator,
    Purpose,
    Refusal,
    Strength,
)
from verifier import Policy, Verdict, Verifier


@pytest.fixture
def record(office):
    office.ready()
    return office.one()


@pytest.fixture
def receiver(office, record):
    key = open_institution(office, "receiver")
    return desk(office, key, "Officer", Role.RECOGNITION_OFFICER, slug="receiver")


def prepared(office, receiver, data, applicant="Nguyễn Thị Minh B", trusted=True, **changes):
    verifier = Verifier(
        fetcher=None,
        clock=office.clock,
        trust=office.issuer.trust_entries() if trusted else (),
        local=office.issuer.local,
        policy=Policy(isolate=False),
    )
    given = {"purpose": Purpose.CREDIT_TRANSFER, "system": ECTS} | changes
    return prepare_decision(receiver, data, verify=verifier.verify, applicant=applicant, **given)


def strengths(preparation):
    return {one.criterion: one.proposed for one in preparation.ratings}


def test_the_machine_part_is_filled_and_the_rest_is_left_to_a_person(office, record, receiver):
    found = prepared(office, receiver, record.text.encode())
    assert (found.verdict, found.may_be_decided, found.on_site) == (Verdict.valid, True, False)
    assert strengths(found) == {
        Indicator.QUALITY: Strength.WEAK,
        Indicator.VERIFICATION: Strength.SUBSTANTIAL,
        Indicator.LEVEL: None,
        Indicator.LEARNING_OUTCOMES: None,
        Indicator.WORKLOAD: Strength.STRONG,
        Indicator.ASSESSMENT: None,
        Indicator.IDENTIFICATION: Strength.STRONG,
    }
    assert found.conversion.credits.points == 3
    assert found.standing == ()


def test_what_was_prepared_can_be_decided(office, record, receiver):
    found = prepared(office, receiver, record.text.encode())
    content = decision(found.badge["id"], ratings=ALL, towards=[TOWARDS])
    made = make_statement(receiver, Order(content=content, decided=date(2026, 7, 3), badge=found.badge))
    assert made.about == record.urn


@pytest.mark.parametrize(
    ("applicant", "trusted", "expected"),
    [
        ("Somebody Else", True, Strength.WEAK),
        (None, True, Strength.WEAK),
        ("Nguyễn Thị Minh B", False, Strength.WEAK),
    ],
    ids=["another", "nobody", "no-registry"],
)
def test_whose_it_is_and_who_vouches_decide_the_verification(
    office, record, receiver, applicant, trusted, expected
):
    found = prepared(office, receiver, record.text.encode(), applicant, trusted)
    assert strengths(found)[Indicator.VERIFICATION] is expected


def test_an_invalid_signature_halts(office, record, receiver):
    document = json.loads(record.text)
    document["credentialSubject"]["achievement"]["creditPoint"][0]["point"] = "30"
    found = prepared(office, receiver, json.dumps(document).encode())
    assert (found.halts, found.badge, found.may_be_decided) == ((Halt.SIGNATURE_INVALID,), None, False)


def test_a_withdrawn_badge_halts(office, record, receiver):
    office.issuer.revoke(record.urn, reason=RevocationReason.REPLACED, by="registrar")
    office.issuer.sign_status_lists()
    found = prepared(office, receiver, record.text.encode())
    assert (found.halts, found.may_be_decided) == ((Halt.WITHDRAWN,), False)


@pytest.mark.parametrize("data", [b"", b"{}", b"not a badge"])
def test_what_is_no_badge_can_not_be_decided(office, receiver, data):
    found = prepared(office, receiver, data)
    assert (found.badge, found.may_be_decided, found.conversion) == (None, False, None)
    assert strengths(found)[Indicator.VERIFICATION] is Strength.NONE


def test_what_was_looked_up_counts(office, record, receiver):
    unread = prepared(office, receiver, record.text.encode())
    looked = LookedUp(known_agents=frozenset(), public_reports=frozenset())
    found = prepared(office, receiver, record.text.encode(), looked_up=looked)
    assert strengths(found)[Indicator.QUALITY] is strengths(unread)[Indicator.QUALITY] is Strength.WEAK


def test_credits_of_another_system_wait_for_the_hours(office, record, receiver):
    asked = prepared(office, receiver, record.text.encode(), system=VN)
    assert asked.conversion.code == "ask_hours"
    state_hours(receiver, VN, "45", "Circular 08/2021")
    assert prepared(office, receiver, record.text.encode(), system=VN).conversion.credits.points == 2
    with pytest.raises(IssuerError):
        prepared(office, receiver, record.text.encode(), system="https://other.example/x")


def test_standing_recognition_for_the_purpose_is_found(office, record, receiver):
    about = json.loads(record.text)["credentialSubject"]["achievement"]["id"]
    order = Order(
        content=standing(about), decided=date(2026, 7, 3), valid_until=datetime(2029, 1, 1, tzinfo=UTC)
    )
    made = make_statement(receiver, order)
    assert prepared(office, receiver, record.text.encode()).standing == ()
    office.issuer.sign_statements()
    assert prepared(office, receiver, record.text.encode()).standing == (made.urn,)
    other = prepared(office, receiver, record.text.encode(), purpose=Purpose.EMPLOYMENT)
    assert other.standing == ()
    assert prepared(office, receiver, record.text.encode(), trusted=False).standing == ()
    withdraw(receiver, made.urn, reason="The programme has ended.")
    assert prepared(office, receiver, record.text.encode()).standing == ()


REFUSAL = Refusal(
    course="Credit Risk Analysis",
    office="Recognition Office",
    decided=date(2026, 7, 3),
    purpose=Purpose.CREDIT_TRANSFER,
    bases=[Basis.INSTITUTIONAL_RULES],
    differences=[Difference(Indicator.LEARNING_OUTCOMES, "One of five is covered.", "Four are missing.")],
    reference="REC-7",
    appeal="https://www.example-uni.eu/recognition/appeal",
)


def test_a_refusal_is_a_letter_and_an_entry_of_the_audit_and_nothing_else(office, receiver):
    assert "is not recognised" in write_refusal(receiver, REFUSAL)
    with reading(office.engine) as session:
        (row,) = [row for row in session.exec(select(AuditEntryRow)) if row.act.startswith("recognition.")]
    assert (row.act, row.subject) == ("recognition.refuse", "REC-7")
    assert office.issuer.sign_statements() == 0


def test_no_other_role_prepares_or_refuses(office, record, receiver):
    other = desk(office, receiver.actor.institution_id, "Clerk", Role.ISSUER, slug="receiver")
    with pytest.raises(NotAllowed):
        prepared(office, other, record.text.encode())
    with pytest.raises(NotAllowed):
        write_refusal(other, replace(REFUSAL, reference="REC-8"))
