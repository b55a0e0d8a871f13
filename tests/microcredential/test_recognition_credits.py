"""Credits by hours, and refusals as letters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recognition_statements import ECTS, VN, worked_example

from microcredential import MicroCredentialError
from microcredential.recognition import (
    Basis,
    Credits,
    Difference,
    HoursPerCredit,
    Indicator,
    Purpose,
    Refusal,
    converted,
    refusal_letter,
)

ESPB = "https://w3id.org/testamur/ns/v1#credit-RS-ESPB"


def course(hours=90, **points):
    systems = {"ects": ECTS, "vn": VN}
    return {
        "volumeOfLearning": f"PT{hours}H" if hours else None,
        "creditPoint": [{"framework": systems[name], "point": value} for name, value in points.items()],
    }


def test_credits_of_one_system_stay():
    achievement = worked_example()["credentialSubject"]["achievement"]
    made = converted(achievement, system=ECTS)
    assert (made.credits, made.code) == (Credits(ECTS, Decimal(3)), "same_system")


def test_a_system_with_two_names_is_one():
    assert converted(course(ects="3"), system=ESPB).credits == Credits(ESPB, Decimal(3))


@pytest.mark.parametrize(
    ("hours", "each", "points"),
    [(90, 28, "3"), (90, 30, "3"), (100, 30, "3"), (59, 25, "2"), (70, 28, "2.5")],
)
def test_hours_decide_and_are_rounded_down(hours, each, points):
    made = converted(
        course(hours, vn="2"), system=ECTS, hours_per_credit=HoursPerCredit(ECTS, Decimal(each), "Rules, 4")
    )
    assert (made.credits, made.code) == (Credits(ECTS, Decimal(points)), "by_hours")
    assert "Rules, 4" in made.reason


@pytest.mark.parametrize(
    ("given", "each", "code"),
    [
        (course(90), None, "ask_hours"),
        (course(None, vn="2"), HoursPerCredit(ECTS, Decimal(25), "x"), "no_hours"),
        (course(10), HoursPerCredit(ECTS, Decimal(25), "x"), "less_than_half"),
        (course(90), HoursPerCredit(VN, Decimal(45), "x"), "ask_hours"),
    ],
    ids=["nobody-said", "no-hours", "too-few", "of-another-system"],
)
def test_what_cannot_be_worked_out_is_said_and_not_guessed(given, each, code):
    made = converted(given, system=ECTS, hours_per_credit=each)
    assert (made.credits, made.code) == (None, code)
    assert made.reason


@pytest.mark.parametrize(
    ("system", "hours", "reference", "code"),
    [
        (ECTS, "24", "Rules", "hours_per_credit"),
        (ECTS, "31", "Rules", "hours_per_credit"),
        (VN, "0", "Rules", "hours_per_credit"),
        (VN, "45", " ", "no_reference"),
        ("https://other.example/x", "25", "Rules", "unknown_credits"),
    ],
)
def test_an_answer_without_a_source_is_none(system, hours, reference, code):
    with pytest.raises(MicroCredentialError) as caught:
        HoursPerCredit(system, Decimal(hours), reference)
    assert caught.value.code == code
    HoursPerCredit(ECTS, Decimal(25), "Rules")
    HoursPerCredit(VN, Decimal(45), "Circular 08/2021")


def test_an_unknown_system_is_refused():
    with pytest.raises(MicroCredentialError):
        converted(course(90), system="https://other.example/x")


@given(hours=st.integers(1, 5000), each=st.integers(25, 30))
def test_never_more_than_the_hours_give_and_never_half_a_credit_less(hours, each):
    made = converted(course(hours), system=ECTS, hours_per_credit=HoursPerCredit(ECTS, Decimal(each), "x"))
    points = made.credits.points if made.credits else Decimal(0)
    assert points * each <= hours < (points + Decimal("0.5")) * each
    assert points % Decimal("0.5") == 0


@given(hours=st.integers(1, 5000), more=st.integers(0, 500), each=st.integers(25, 30))
def test_more_hours_never_come_to_less(hours, more, each):
    answer = HoursPerCredit(ECTS, Decimal(each), "x")
    less, much = (
        converted(course(one), system=ECTS, hours_per_credit=answer).credits for one in (hours, hours + more)
    )
    assert (much.points if much else 0) >= (less.points if less else 0)


REFUSAL = Refusal(
    course="Credit Risk Analysis",
    office="Recognition Office",
    decided=date(2026, 9, 14),
    purpose=Purpose.CREDIT_TRANSFER,
    bases=[Basis.INSTITUTIONAL_RULES],
    differences=[
        Difference(Indicator.LEARNING_OUTCOMES, "One of five outcomes is covered.", "Four must be studied.")
    ],
    reference="REC-7",
    appeal="https://www.example-uni.eu/recognition/appeal",
)


def test_a_refusal_is_a_letter_with_reasons_and_the_way_to_appeal():
    letter = refusal_letter(REFUSAL)
    for words in ("REC-7", "is not recognised", "Learning outcomes: One of five", "Four must", "appeal"):
        assert words in letter
    assert "Nguyễn" not in letter


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"differences": []}, "no_difference"),
        ({"differences": [Difference(Indicator.LEVEL, "Other", " ")]}, "no_difference"),
        (
            {"differences": [Difference(Indicator.LEVEL, "Only indicative", "?")], "only_indicative": True},
            "level_alone",
        ),
        ({"appeal": ""}, "no_appeal"),
        ({"reference": " "}, "no_appeal"),
    ],
)
def test_a_refusal_without_what_it_owes_is_not_written(changes, code):
    with pytest.raises(MicroCredentialError) as caught:
        replace(REFUSAL, **changes)
    assert caught.value.code == code
