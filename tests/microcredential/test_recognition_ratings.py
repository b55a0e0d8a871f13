"""The seven criteria: every cell of the agreed table, the worked example, and what must never happen."""

import copy
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recognition_statements import VN, worked_decision, worked_example

from microcredential.recognition import (
    Halt,
    HolderMatch,
    HoursPerCredit,
    Indicator,
    Outcome,
    Purpose,
    ReportFacts,
    Signature,
    Standing,
    Strength,
    guidance,
    ratings,
)
from microcredential.recognition.words import not_asked_on_site

AGENCY = "https://qa-agency.example.vn"
FOUND = ReportFacts(
    signature=Signature.VALID,
    issuer_in_registry=True,
    standing=Standing.GOOD,
    holder=HolderMatch.BOUND,
    page_answered=True,
    known_agents=frozenset({AGENCY}),
    public_reports=frozenset(
        {f"{AGENCY}/reports/2024/uef", "https://badges.example.edu.vn/quality/mc-crs-2026"}
    ),
    internal_names_micro_credentials=True,
)
SUPERVISION = "http://data.europa.eu/snb/supervision-verification/"
BOTH, SUPERVISED, IDENTIFIED, NEITHER = (
    SUPERVISION + code for code in ("70be69aaf9", "44314532f9", "df2880c5cb", "c598449d64")
)
PEERS = {"qaType": {"id": "https://w3id.org/testamur/ns/v1#consortiumPeerReview"}}


def rated(badge=None, facts=FOUND):
    """Give the ratings by criterion."""
    return {one.criterion: one for one in ratings(worked_example() if badge is None else badge, facts)}


def course(**changes):
    """Give the badge with other terms of its achievement; None takes one away."""
    badge = worked_example()
    achievement = badge["credentialSubject"]["achievement"]
    achievement |= {term: value for term, value in changes.items() if value is not None}
    for term in [term for term, value in changes.items() if value is None]:
        achievement.pop(term, None)
    return badge


def test_the_machine_part_of_the_worked_example_is_that_of_its_decision():
    decided = {
        one["indicator"].rpartition("-")[2]: one["rating"]["id"].rpartition("#")[2]
        for one in worked_decision()["credentialSubject"]["indicatorResult"]
    }
    found = rated()
    assert list(found) == list(Indicator)
    proposed = {one: rating.proposed for one, rating in found.items() if rating.proposed}
    assert proposed == {
        one: decided[one] for one in ("quality", "verification", "workload", "identification")
    }
    assert found[Indicator.LEVEL].facts["by_table"] == decided["level"]
    assert found[Indicator.LEARNING_OUTCOMES].facts == {"stated": "3"}
    assert found[Indicator.ASSESSMENT].facts["by_table"] == decided["assessment"]
    assert all(rating.reason for rating in found.values())


def qualities():
    internal = worked_example()["credentialSubject"]["achievement"]["qualityAssurance"][1]
    external = worked_example()["credentialSubject"]["achievement"]["qualityAssurance"][0]
    lapsed = external | {"expiryDate": "2026-01-01T00:00:00Z"}
    nobody = replace(FOUND, known_agents=frozenset())
    unread = replace(FOUND, internal_names_micro_credentials=None)
    return [
        pytest.param([external, internal], FOUND, "strong", id="external-and-specific"),
        pytest.param([external, internal], unread, "substantial", id="internal-not-read"),
        pytest.param([external], FOUND, "substantial", id="external-alone"),
        pytest.param([PEERS, internal], FOUND, "substantial", id="peers-and-internal"),
        pytest.param([internal], FOUND, "weak", id="internal-alone"),
        pytest.param([PEERS], FOUND, "weak", id="peers-alone"),
        pytest.param([external, internal], nobody, "weak", id="agency-not-found"),
        pytest.param([lapsed], FOUND, "weak", id="lapsed"),
        pytest.param([], FOUND, "none", id="nothing"),
        pytest.param([{"qaType": {"id": "https://w3id.org/testamur/ns/v1#noQA"}}], FOUND, "none", id="noQA"),
        pytest.param([external, internal], ReportFacts(), None, id="not-looked-up"),
    ]


@pytest.mark.parametrize(("entries", "facts", "expected"), qualities())
def test_quality(entries, facts, expected):
    assert rated(course(qualityAssurance=entries), facts)[Indicator.QUALITY].proposed == expected


@pytest.mark.parametrize(
    ("changes", "expected", "halt"),
    [
        ({}, "strong", None),
        ({"holder": HolderMatch.BY_DOCUMENT}, "substantial", None),
        ({"holder": HolderMatch.NOT_MATCHED}, "weak", None),
        ({"issuer_in_registry": False}, "weak", None),
        ({"signature": Signature.NOT_CHECKED}, "weak", None),
        ({"signature": Signature.NOT_CHECKED, "page_answered": False}, "none", None),
        ({"standing": Standing.UNKNOWN}, None, None),
        ({"standing": Standing.WITHDRAWN}, None, Halt.WITHDRAWN),
        ({"signature": Signature.INVALID}, None, Halt.SIGNATURE_INVALID),
    ],
    ids=[
        "bound",
        "by-document",
        "nobody",
        "no-registry",
        "page-only",
        "nothing",
        "open",
        "withdrawn",
        "invalid",
    ],
)
def test_verification(changes, expected, halt):
    rating = rated(facts=replace(FOUND, **changes))[Indicator.VERIFICATION]
    assert (rating.proposed, rating.halt) == (expected, halt)


@pytest.mark.parametrize(
    ("basis", "by_table"),
    [
        ("legislated", "strong"),
        ("referenced", "strong"),
        ("institutional", "substantial"),
        ("indicative", "weak"),
        (None, "none"),
    ],
)
def test_level_is_for_a_person(basis, by_table):
    badge = worked_example()
    level = badge["credentialSubject"]["achievement"]["alignment"][0]
    if basis:
        level["referencingBasis"]["id"] = f"https://w3id.org/testamur/ns/v1#{basis}"
    badge["credentialSubject"]["achievement"]["alignment"] = [level] if basis else []
    rating = rated(badge)[Indicator.LEVEL]
    assert (rating.proposed, rating.facts["by_table"]) == (None, by_table)


def test_a_level_of_frameworks_alone_only_informs():
    badge = worked_example()
    european = badge["credentialSubject"]["achievement"]["alignment"][1]
    european["referencingBasis"]["id"] = "https://w3id.org/testamur/ns/v1#referenced"
    badge["credentialSubject"]["achievement"]["alignment"] = [european]
    assert rated(badge)[Indicator.LEVEL].facts["by_table"] == "weak"


def point(system, number):
    return [{"type": "CreditPoint", "framework": system, "point": number}]


@pytest.mark.parametrize(
    ("changes", "hours", "expected"),
    [
        ({}, {}, "strong"),
        ({"volumeOfLearning": "PT60H"}, {}, "weak"),
        ({"creditPoint": None, "creditsAvailable": None}, {}, "substantial"),
        ({"volumeOfLearning": None, "creditPoint": point(VN, "2")}, {}, "weak"),
        (
            {"volumeOfLearning": None, "creditPoint": point(VN, "2")},
            {VN: HoursPerCredit(VN, Decimal(45), "Rules")},
            "substantial",
        ),
        ({"volumeOfLearning": None}, {}, "substantial"),
        ({"volumeOfLearning": None, "creditPoint": None}, {}, "weak"),
        ({"volumeOfLearning": None, "creditPoint": None, "creditsAvailable": None}, {}, "none"),
    ],
    ids=["both", "contradict", "hours", "local", "local-known", "ects", "bare-number", "nothing"],
)
def test_workload(changes, hours, expected):
    facts = replace(FOUND, hours_per_credit=hours)
    assert rated(course(**changes), facts)[Indicator.WORKLOAD].proposed == expected


def assessed(*kinds, weights=(50, 50)):
    """Give the badge with its two assessments supervised in these ways."""
    badge = worked_example()
    parts = badge["credentialSubject"]["achievement"]["resultDescription"]
    for part, kind, weight in zip(parts, kinds, weights, strict=False):
        part.pop("supervision")
        part.pop("weightPercent")
        if kind:
            part["supervision"] = {"id": kind, "type": "Concept"}
        if weight:
            part["weightPercent"] = weight
    return badge


@pytest.mark.parametrize(
    ("kinds", "weights", "expected"),
    [
        ((BOTH, NEITHER), (50, 50), "strong"),
        ((BOTH, NEITHER), (40, 60), "weak"),
        ((BOTH, SUPERVISED), (40, 60), "substantial"),
        ((IDENTIFIED, None), (50, 50), "substantial"),
        ((NEITHER, None), (50, 50), "weak"),
        ((None, None), (50, 50), "none"),
        ((BOTH, None), (40, 60), "none"),
        ((BOTH, None), (None, None), "strong"),
    ],
)
def test_identification(kinds, weights, expected):
    assert rated(assessed(*kinds, weights=weights))[Indicator.IDENTIFICATION].proposed == expected


@settings(max_examples=80, deadline=None)
@given(
    kinds=st.tuples(*[st.sampled_from([BOTH, SUPERVISED, IDENTIFIED, NEITHER, None])] * 2),
    weight=st.integers(1, 99),
    place=st.integers(0, 1),
)
def test_better_supervision_never_lowers_the_rating(kinds, weight, place):
    weights = (weight, 100 - weight)
    better = list(kinds)
    better[place] = BOTH
    before = rated(assessed(*kinds, weights=weights))[Indicator.IDENTIFICATION].proposed
    after = rated(assessed(*better, weights=weights))[Indicator.IDENTIFICATION].proposed
    assert after.at_least(before)


@settings(max_examples=80, deadline=None)
@given(
    registry=st.booleans(),
    page=st.booleans(),
    holder=st.sampled_from(HolderMatch),
    signature=st.sampled_from([Signature.NOT_CHECKED, Signature.VALID]),
)
def test_more_that_was_verified_never_lowers_the_rating(registry, page, holder, signature):
    less = replace(FOUND, issuer_in_registry=registry, page_answered=page, holder=holder, signature=signature)
    before = rated(facts=less)[Indicator.VERIFICATION].proposed
    assert rated(facts=FOUND)[Indicator.VERIFICATION].proposed.at_least(before)
    more = rated(facts=replace(less, issuer_in_registry=True, page_answered=True))
    assert more[Indicator.VERIFICATION].proposed.at_least(before)


def test_an_invalid_signature_stops_whatever_else_was_found():
    for standing in Standing:
        facts = replace(FOUND, signature=Signature.INVALID, standing=standing)
        assert rated(facts=facts)[Indicator.VERIFICATION].halt is Halt.SIGNATURE_INVALID


def test_on_site_two_criteria_may_be_left_out():
    on_site = course(mode=[{"id": "http://data.europa.eu/snb/learning-assessment/9191af2ed9"}])
    left_out = {one for one, rating in rated(on_site).items() if rating.may_be_left_out}
    assert left_out == not_asked_on_site()
    assert not any(rating.may_be_left_out for rating in rated().values())


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(term=st.sampled_from(sorted(worked_example()["credentialSubject"]["achievement"])), value=ANY)
def test_a_bad_badge_is_rated_and_never_raises(term, value):
    badge = copy.deepcopy(worked_example())
    badge["credentialSubject"]["achievement"][term] = value
    assert len(ratings(badge, FOUND)) == 7
    assert len(ratings({"credentialSubject": value}, FOUND)) == 7


def advised(purpose, on_site=False, halts=(), **strengths):
    given = dict.fromkeys(Indicator, Strength.SUBSTANTIAL) | {
        Indicator(code): Strength(value) for code, value in strengths.items() if value
    }
    for code in [code for code, value in strengths.items() if value is None]:
        del given[Indicator(code)]
    return {one.id: one for one in guidance(purpose, given, on_site=on_site, halts=halts)}


ALWAYS = {"partial", "alternative", "conditional", "refusal"}


@pytest.mark.parametrize(
    ("purpose", "changes", "expected"),
    [
        (Purpose.CREDIT_TRANSFER, {}, {"full-for-credits"}),
        (Purpose.PARTIAL_QUALIFICATION, {"assessment": "weak"}, {"weak-for-credits"}),
        (Purpose.CREDIT_TRANSFER, {"identification": None}, set()),
        (Purpose.CREDIT_TRANSFER, {"identification": None, "on_site": True}, {"full-for-credits"}),
        (Purpose.CREDIT_TRANSFER, {"quality": "none"}, {"full-for-credits", "quality-is-no-refusal"}),
        (Purpose.EMPLOYMENT, {"assessment": "weak"}, {"admission-or-work"}),
        (Purpose.INFORMATION_ONLY, {"verification": "none"}, {"nothing-verifiable"}),
    ],
)
def test_guidance(purpose, changes, expected):
    given = advised(purpose, **changes)
    assert set(given) - ALWAYS == expected
    assert {one.id for one in given.values() if one.always} == ALWAYS


@pytest.mark.parametrize("halt", Halt)
def test_a_halt_leaves_nothing_else_to_say(halt):
    advice = list(advised(Purpose.CREDIT_TRANSFER, halts=[halt]).values())
    assert len(advice) == 1
    assert advice[0].stops
    assert not advice[0].outcomes


def test_guidance_points_to_outcomes_of_the_list():
    given = advised(Purpose.CREDIT_TRANSFER, assessment="weak")
    assert given["weak-for-credits"].outcomes == (Outcome.CONDITIONAL, Outcome.PARTIAL)
