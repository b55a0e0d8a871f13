"""Statements at work: made by who may, signed by the worker, withdrawn through the list, never another's."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from definition_drafts import desk, faculty, open_institution
from recognition_statements import ECTS, VN, decision, quality, standing, trust
from sqlmodel import select

from issuer import IssuerError, NotFound
from issuer.audit_tables import AuditEntryRow
from issuer.errors import Conflict, NotAllowed
from issuer.recognition.hours import state_hours, stated_hours
from issuer.recognition.making import Order, StatementRefused, make_statement
from issuer.recognition.standing import statement, statements, withdraw
from issuer.staff.roles import Role
from issuer.transactions import reading
from microcredential.recognition import Credits, Kind, Outcome
from verifier import Policy, Verdict, Verifier

END = datetime(2029, 1, 1, tzinfo=UTC)
DECIDED = date(2026, 7, 1)


@pytest.fixture
def receiver(office):
    """Two institutions: `uef` has issued a badge, and the officer of `receiver` holds it."""
    office.ready()
    office.badge = json.loads(office.one().text)
    key = open_institution(office, "receiver")
    return desk(office, key, "Officer", Role.RECOGNITION_OFFICER, slug="receiver")


def order(office, kind="R1", **changes):
    achievement = office.badge["credentialSubject"]["achievement"]
    content = {
        "T": lambda: trust(office.badge["issuer"]["id"], **changes),
        "Q": lambda: quality(achievement["id"], **changes),
        "R1": lambda: standing(achievement["id"], **changes),
        "R2": lambda: decision(office.badge["id"], **changes),
    }[kind]()
    return Order(
        content=content,
        decided=DECIDED,
        valid_until=None if kind == "R2" else END,
        badge=office.badge if kind == "R2" else None,
        achievement=achievement,
    )


def acts(office):
    with reading(office.engine) as session:
        rows = session.exec(select(AuditEntryRow).order_by(AuditEntryRow.id)).all()
        return [row.act for row in rows if row.act.startswith("recognition.")]


def verified(office, record):
    verifier = Verifier(
        fetcher=None, clock=office.clock, local=office.issuer.local, policy=Policy(isolate=False)
    )
    return verifier.verify(record.text.encode())


@pytest.mark.parametrize("kind", Kind)
def test_each_is_planned_by_a_person_and_signed_by_the_worker(office, receiver, kind):
    planned = make_statement(receiver, order(office, kind.value))
    assert (planned.kind, planned.state, planned.text) == (kind, "planned", None)
    assert office.issuer.sign_statements() == 1
    record = statement(receiver, planned.urn)
    assert (record.state, verified(office, record).verdict) == ("issued", Verdict.valid)
    document = json.loads(record.text)
    assert isinstance(document["proof"], list)
    assert document["id"] == planned.urn
    assert document["issuer"]["id"] == json.loads(office.issuer.did_document("receiver"))["id"]
    assert acts(office) == ["recognition.state", "recognition.sign"]


def test_signing_again_does_nothing(office, receiver):
    make_statement(receiver, order(office))
    assert (office.issuer.sign_statements(), office.issuer.sign_statements()) == (1, 0)


def test_the_web_process_signs_nothing(office, receiver):
    make_statement(receiver, order(office))
    with pytest.raises(IssuerError) as caught:
        office.another(keys=None).sign_statements()
    assert caught.value.code == "no_keys"
    assert office.issuer.sign_statements() == 1


def test_a_withdrawn_one_is_revoked_for_whoever_reads_its_list(office, receiver):
    first, second = (make_statement(receiver, order(office)) for _ in range(2))
    office.issuer.sign_statements()
    withdrawn = withdraw(receiver, first.urn, reason="The programme has ended.")
    assert withdrawn.withdrawn == office.clock.now
    office.clock.forward(minutes=1)
    office.issuer.sign_status_lists()
    assert verified(office, statement(receiver, first.urn)).verdict is Verdict.revoked
    assert verified(office, statement(receiver, second.urn)).verdict is Verdict.valid
    assert acts(office)[-1] == "recognition.withdraw"


def test_withdrawing_standing_recognition_leaves_decisions_alone(office, receiver):
    first, second = make_statement(receiver, order(office)), make_statement(receiver, order(office, "R2"))
    office.issuer.sign_statements()
    withdraw(receiver, first.urn, reason="The programme has ended.")
    office.clock.forward(minutes=1)
    office.issuer.sign_status_lists()
    assert verified(office, statement(receiver, second.urn)).verdict is Verdict.valid


def test_it_is_withdrawn_once_and_only_when_signed(office, receiver):
    planned = make_statement(receiver, order(office))
    with pytest.raises(Conflict):
        withdraw(receiver, planned.urn, reason="Too early.")
    office.issuer.sign_statements()
    with pytest.raises(IssuerError) as caught:
        withdraw(receiver, planned.urn, reason=" ")
    assert caught.value.code == "reason"
    withdraw(receiver, planned.urn, reason="It was wrong.")
    with pytest.raises(Conflict):
        withdraw(receiver, planned.urn, reason="Again.")


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.RECOGNITION_OFFICER])
def test_no_other_role_states_anything(office, receiver, role):
    key = receiver.actor.institution_id
    other = desk(office, key, f"Other{role.value}", role, slug="receiver")
    for act in (
        lambda: make_statement(other, order(office)),
        lambda: statements(other),
        lambda: withdraw(other, "urn:uuid:x", reason="x"),
        lambda: state_hours(other, VN, "45", "Rules"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert acts(office) == []


def test_who_is_an_officer_in_one_faculty_states_nothing_for_the_whole(office, receiver):
    key = receiver.actor.institution_id
    code = faculty(office, key, "finance")
    confined = desk(office, key, "Confined", Role.RECOGNITION_OFFICER, slug="receiver", faculty_id=code)
    for act in (
        lambda: make_statement(confined, order(office)),
        lambda: statements(confined),
        lambda: withdraw(confined, "urn:uuid:x", reason="x"),
        lambda: state_hours(confined, VN, "45", "Rules"),
    ):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert caught.value.code == "of_a_faculty"
        assert "recognition officer in the whole institution" in caught.value.message
    assert acts(office) == []
    make_statement(receiver, order(office))


def test_another_institution_neither_sees_nor_withdraws_it(office, receiver):
    made = make_statement(receiver, order(office))
    office.issuer.sign_statements()
    key = open_institution(office, "third")
    third = desk(office, key, "Third", Role.RECOGNITION_OFFICER, slug="third")
    assert statements(third) == []
    with pytest.raises(NotFound):
        withdraw(third, made.urn, reason="Not mine.")
    assert [one.urn for one in statements(receiver)] == [made.urn]


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("R1", {"credits": [Credits(ECTS, Decimal(4))]}, "too_many_credits"),
        ("R2", {"outcome": Outcome.CONDITIONAL}, "no_condition"),
        ("R2", {"comment": "Nguyễn Thị Minh B did well."}, "names_learner"),
        ("R2", {"outcome": Outcome.NOT_RECOGNISED}, "refusal_is_a_letter"),
        ("R1", {"towards": []}, "no_recognisedTowards"),
    ],
)
def test_what_breaks_a_rule_is_never_planned(office, receiver, kind, changes, code):
    with pytest.raises(IssuerError) as caught:
        make_statement(receiver, order(office, kind, **changes))
    assert caught.value.code == code
    assert statements(receiver) == []
    make_statement(receiver, order(office, kind))


def test_nobody_recognises_what_they_award(office, receiver):
    own = desk(office, _key_of(office), "Own", Role.RECOGNITION_OFFICER)
    with pytest.raises(StatementRefused) as caught:
        make_statement(own, order(office))
    assert caught.value.findings[0].id == "R-2"


def _key_of(office):
    from issuer.tables import Institution

    with reading(office.engine) as session:
        return session.exec(select(Institution.id).where(Institution.slug == "uef")).one()


def test_a_decision_needs_the_badge(office, receiver):
    with pytest.raises(IssuerError) as caught:
        make_statement(receiver, replace(order(office, "R2"), badge=None))
    assert caught.value.code == "no_badge"


def test_hours_are_asked_once_and_decide(office, receiver):
    too_many = {"credits": [Credits(VN, Decimal("2.5"))]}
    make_statement(receiver, order(office, **too_many))
    state_hours(receiver, VN, "45", "Circular 08/2021, article 3")
    assert stated_hours(receiver)[VN].hours == 45
    with pytest.raises(StatementRefused) as caught:
        make_statement(receiver, order(office, **too_many))
    assert caught.value.code == "too_many_credits"
    make_statement(receiver, order(office, credits=[Credits(VN, Decimal(2))]))
    state_hours(receiver, VN, "30", "Corrected")
    make_statement(receiver, order(office, **too_many))


@pytest.mark.parametrize(
    ("hours", "reference", "code"),
    [("many", "x", "hours_per_credit"), ("0", "x", "hours_per_credit"), ("45", " ", "no_reference")],
)
def test_an_answer_without_number_or_source_is_not_kept(office, receiver, hours, reference, code):
    with pytest.raises(IssuerError) as caught:
        state_hours(receiver, VN, hours, reference)
    assert caught.value.code == code
    assert stated_hours(receiver) == {}


def test_places_in_the_list_are_random_and_taken_once(office, receiver):
    urns = [make_statement(receiver, order(office)).urn for _ in range(5)]
    office.issuer.sign_statements()
    entries = [json.loads(statement(receiver, urn).text)["credentialStatus"] for urn in urns]
    assert len({entry["statusListIndex"] for entry in entries}) == 5
    assert {entry["statusPurpose"] for entry in entries} == {"revocation"}
    assert {entry["statusListCredential"].rpartition("/")[2] for entry in entries} == {
        "receiver-recognition-1"
    }


def test_the_end_is_that_of_the_order(office, receiver):
    made = make_statement(receiver, order(office, "T"))
    office.issuer.sign_statements()
    office.clock.now = END + timedelta(days=1)
    office.issuer.sign_status_lists()
    assert verified(office, statement(receiver, made.urn)).verdict is Verdict.expired
