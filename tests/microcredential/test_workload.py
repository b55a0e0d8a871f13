"""The workload is calculated from its parts, and never against what is stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcredential import MicroCredentialError
from microcredential.workload import LEAST_HOURS, MOST_HOURS, ects_of_hours, with_workload

ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
VIETNAMESE = "https://w3id.org/testamur/ns/v1#credit-VN"


@pytest.mark.parametrize(
    ("hours", "ects"),
    [
        (25, "1"),
        (30, "1"),
        (24, None),
        (31, None),
        (42, "1.5"),
        (54, "2"),
        (90, "3"),
        (108, "4"),
        (450, "15"),
    ],
)
def test_ects_are_twenty_five_to_thirty_hours(hours, ects):
    found = ects_of_hours(hours)
    assert (found is None) if ects is None else (found == pytest.approx(float(ects)))


@given(st.integers(0, 20_000))
def test_there_is_no_less_that_would_do(hours):
    found = ects_of_hours(hours)
    if found is not None:
        assert LEAST_HOURS <= hours / found <= MOST_HOURS
        assert found % 1 in (0, 0.5)
        assert found == 0.5 or hours / (float(found) - 0.5) > MOST_HOURS
    elif hours:
        assert all(not LEAST_HOURS <= hours / (half / 2) <= MOST_HOURS for half in range(1, 2_000))


def test_parts_are_added_up_and_give_the_credits():
    made = with_workload({}, {"contact": 24, "self_study": 60, "assessment": 6})
    assert made == {"volumeOfLearning": "PT90H", "creditPoint": [{"framework": ECTS, "point": "3"}]}


def test_without_parts_nothing_changes():
    assert with_workload({"title": "T"}, None) == {"title": "T"}


@pytest.mark.parametrize("stated", [90, "PT90H"])
def test_the_same_hours_may_be_stated_too(stated):
    assert with_workload({"volumeOfLearning": stated}, {"contact": 90})["volumeOfLearning"] == "PT90H"


@pytest.mark.parametrize("stated", [80, "PT80H", "ninety", ["PT90H"], True])
def test_other_hours_are_refused(stated):
    with pytest.raises(MicroCredentialError) as refused:
        with_workload({"volumeOfLearning": stated}, {"contact": 90})
    assert (refused.value.code, refused.value.path) == ("hours_differ", "definition.workload")


def test_credits_that_are_stated_are_kept():
    stated = [{"framework": ECTS, "point": "2.5"}, {"framework": VIETNAMESE, "point": "2"}]
    workload = {"contact": 75, "local_credits": [{"framework": VIETNAMESE, "hours_per_credit": 15}]}
    assert with_workload({"creditPoint": stated}, workload)["creditPoint"] == stated


@pytest.mark.parametrize(("worth", "point"), [(45, "2"), (50, "1.5"), ("60", "1.5"), (90, "1"), (200, None)])
def test_local_credits_follow_from_the_hours_that_the_institution_gives(worth, point):
    workload = {"contact": 90, "local_credits": [{"framework": VIETNAMESE, "hours_per_credit": worth}]}
    expected = [{"framework": ECTS, "point": "3"}]
    expected += [{"framework": VIETNAMESE, "point": point}] if point else []
    assert with_workload({}, workload)["creditPoint"] == expected


def test_hours_of_no_credit_leave_the_credits_to_be_asked_for():
    assert with_workload({}, {"contact": 35}) == {"volumeOfLearning": "PT35H"}


@pytest.mark.parametrize(
    "workload",
    [
        *([], "90", 90, True, {}, {"contact": 0}, {"contact": -1}, {"contact": 1.5}, {"contact": True}),
        *({"contact": "many"}, {"contact": 10_001}, {"travel": 3}, {"local_credits": []}),
        {"contact": 9, "local_credits": [1]},
        {"contact": 9, "local_credits": [{"framework": VIETNAMESE}]},
        {"contact": 9, "local_credits": [{"framework": VIETNAMESE, "hours_per_credit": 0}]},
        {"contact": 9, "local_credits": [{"framework": "", "hours_per_credit": 45}]},
        {"contact": 9, "local_credits": [{"framework": VIETNAMESE, "hours_per_credit": "many"}]},
    ],
    ids=str,
)
def test_what_is_no_workload_is_refused_with_its_place(workload):
    with pytest.raises(MicroCredentialError) as refused:
        with_workload({}, workload)
    assert refused.value.code == "wrong_shape"
    assert refused.value.path.startswith("definition.workload")
