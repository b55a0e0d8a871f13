"""Every rule of the mechanism: what breaks it is found with its number, and its twin passes."""

import copy
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recognition_statements import (
    ALL,
    ECTS,
    OFFICE,
    VN,
    decision,
    frame,
    quality,
    standing,
    trust,
    worked_decision,
    worked_example,
)

from microcredential import Severity
from microcredential.recognition import (
    Credits,
    HoursPerCredit,
    Indicator,
    IndicatorRating,
    Outcome,
    Strength,
    blocking,
    check_statement,
    individual_decision,
    quality_statement,
    standing_recognition,
    trust_statement,
)

END = datetime(2029, 5, 20, tzinfo=UTC)
NS = "https://w3id.org/testamur/ns/v1#"


def found(document, **beside):
    """Give number and code of each finding that blocks."""
    return [(one.id, one.code) for one in blocking(check_statement(document, **beside))]


def made(kind="R2", **changes):
    """Give a statement that nothing is wrong with, to spoil."""
    if kind == "R2":
        return individual_decision(decision(**changes), frame())
    if kind == "R1":
        return standing_recognition(standing(**changes), frame(valid_until=END))
    if kind == "Q":
        return quality_statement(quality(**changes), frame(valid_until=END))
    return trust_statement(trust(**changes), frame(valid_until=END))


def without(document, *path):
    """Take a member away."""
    spoiled = copy.deepcopy(document)
    place = spoiled
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return spoiled


def changed(document, value, *path):
    """Put something else into a member."""
    spoiled = copy.deepcopy(document)
    place = spoiled
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return spoiled


def rated(**strengths):
    """Give all ratings, some of them other than usual."""
    by_code = {Indicator(code): strength for code, strength in strengths.items()}
    return [IndicatorRating(one.indicator, by_code.get(one.indicator, one.strength), "x") for one in ALL]


def test_the_worked_example_passes():
    assert check_statement(worked_decision(), badge=worked_example()) == []


def test_nobody_recognises_what_they_award_themselves():
    badge = worked_example()
    own = changed(made(), badge["issuer"]["id"], "issuer", "id")
    assert found(own, badge=badge) == [("R-2", "own_achievement")]
    assert found(made(), badge=badge) == []


def test_nobody_vouches_for_themselves():
    assert found(made("T", institution_id=OFFICE["id"])) == [("R-2", "own_achievement")]


def test_a_decision_is_about_the_badge_that_was_read():
    other = made(credential_id="urn:uuid:00000000-0000-4000-8000-000000000000")
    assert found(other, badge=worked_example()) == [("R-3", "other_credential")]


@pytest.mark.parametrize(
    "words",
    [
        "Nguyễn Thị Minh Anh is recognised.",
        "for minh anh  nguyễn",
        "For UEF-2231-0457.",
        "Write to anh.nguyen@student.example.edu.vn",
    ],
    ids=["name", "name-turned", "number", "email"],
)
@pytest.mark.parametrize("place", ["name", "description", "comment", "narrative"])
def test_a_decision_names_nobody(words, place):
    document = made(comment="The holder is recognised.", description="A decision.")
    if place == "narrative":
        document["credentialSubject"]["indicatorResult"][2]["narrative"] = words
    elif place == "comment":
        document["credentialSubject"]["endorsementComment"] = words
    else:
        document[place] = words
    assert found(document, badge=worked_example()) == [("R-3", "names_learner")]


def test_the_office_may_give_its_own_address():
    document = changed(made(), "recognition@example-uni.eu", "issuer", "email")
    assert found(document, badge=worked_example()) == []


def test_a_part_of_another_word_is_nobody():
    badge = changed(worked_example(), "Anne", "credentialSubject", "name")
    del badge["credentialSubject"]["familyName"], badge["credentialSubject"]["givenName"]
    assert found(made(comment="In Annemasse."), badge=badge) == []
    assert found(made(comment="In (Anne)."), badge=badge) == [("R-3", "names_learner")]


def test_a_refusal_is_no_credential():
    document = changed(made(), f"{NS}notRecognised", "credentialSubject", "recognitionOutcome", "id")
    assert ("R-3", "refusal_is_a_letter") in found(document)


@pytest.mark.parametrize(("points", "code"), [("3", None), ("2.5", None), ("3.5", "too_many_credits")])
def test_no_more_credits_than_the_badge_has(points, code):
    document = made(credits=[Credits(ECTS, Decimal(points))])
    assert found(document, badge=worked_example()) == ([("R-4", code)] if code else [])


@pytest.mark.parametrize(
    ("points", "hours", "code"),
    [("3", 30, None), ("3.5", 30, "too_many_credits"), ("2", 45, None), ("1.7", 45, "credit_step")],
)
def test_between_systems_the_hours_decide(points, hours, code):
    answers = {VN: HoursPerCredit(VN, Decimal(hours), "Rules of study, article 3")}
    document = made(credits=[Credits(VN, Decimal(points))])
    expected = [("R-4", code)] if code else []
    assert found(document, badge=worked_example(), hours_per_credit=answers) == expected


def test_hours_that_nobody_stated_leave_the_question_open():
    document = made(credits=[Credits(VN, Decimal(3))])
    findings = check_statement(document, badge=worked_example())
    assert [(one.code, one.severity) for one in findings] == [("credits_not_comparable", Severity.WARN)]


def test_one_system_stands_once():
    document = made(credits=[Credits(ECTS, Decimal(1)), Credits(ECTS, Decimal(1))])
    assert found(document, badge=worked_example()) == [("R-4", "credits_twice")]


def leveled(basis, url="https://w3id.org/testamur/ns/v1#VQF-6"):
    """Give the badge with one level that rests on this."""
    badge = worked_example()
    level = badge["credentialSubject"]["achievement"]["alignment"][0]
    level["referencingBasis"]["id"], level["targetUrl"] = NS + basis, url
    badge["credentialSubject"]["achievement"]["alignment"] = [level]
    return badge


def test_referenced_counts_only_where_a_report_was_adopted():
    strong = made(ratings=rated(level=Strength.STRONG))
    assert found(strong, badge=leveled("referenced")) == [("R-5", "level_not_referenced")]
    assert found(strong, badge=leveled("legislated")) == []
    assert check_statement(made(), badge=leveled("institutional")) == []


def test_a_level_rated_above_the_table_is_told():
    findings = check_statement(made(), badge=leveled("indicative"))
    assert [(one.id, one.severity) for one in findings] == [("R-5", Severity.WARN)]


def test_a_condition_is_written():
    assert found(made(outcome=Outcome.CONDITIONAL)) == [("R-6", "no_condition")]
    assert found(made(outcome=Outcome.CONDITIONAL, comment="After an interview.")) == []


@pytest.mark.parametrize("proof", [{"type": "x"}, [], [{}, {}]], ids=["object", "none", "two"])
def test_the_proof_stands_alone_in_an_array(proof):
    assert found(made() | {"proof": proof}) == [("R-7", "proof_form")]
    assert found(made() | {"proof": [{"type": "DataIntegrityProof"}]}) == []


@pytest.mark.parametrize(
    ("term", "code"), [("decisionReference", "no_reference"), ("appealInformation", "no_appeal")]
)
def test_a_decision_says_how_to_appeal(term, code):
    assert found(without(made(), "credentialSubject", term)) == [("R-8", code)]


@pytest.mark.parametrize("kind", ["T", "Q", "R1", "R2"])
def test_every_statement_can_be_withdrawn(kind):
    assert found(without(made(kind), "credentialStatus")) == [("R-9", "no_status")]
    suspension = changed(made(kind), "suspension", "credentialStatus", "statusPurpose")
    assert ("R-9", "no_status") in found(suspension)


@pytest.mark.parametrize(("kind", "blocks"), [("T", True), ("Q", True), ("R1", False)])
def test_trust_and_quality_end(kind, blocks):
    findings = check_statement(without(made(kind), "validUntil"))
    assert [(one.id, one.code) for one in findings] == [("R-10", "no_end")]
    assert bool(blocking(findings)) is blocks


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("validUntil", "2026-09-01T00:00:00Z", "ends_before_start"),
        ("awardedDate", "2026-09-16T00:00:00Z", "dates_out_of_order"),
    ],
)
def test_times_are_in_order(member, value, code):
    assert found(changed(made("R1"), value, member)) == [("R-10", code)]


def test_no_decision_is_of_tomorrow():
    assert found(made(), now=datetime(2026, 9, 13, tzinfo=UTC)) == [("R-10", "date_in_future")]
    assert found(made(), now=datetime(2026, 9, 15, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    "path",
    [
        ("recognitionOutcome", "id"),
        ("recognitionPurpose", "id"),
        ("recognitionBasis", 0, "id"),
        ("indicatorResult", 0, "indicator"),
        ("indicatorResult", 0, "rating", "id"),
    ],
    ids=["outcome", "purpose", "basis", "indicator", "rating"],
)
def test_words_come_from_the_lists(path):
    assert ("R-11", "unknown_concept") in found(changed(made(), f"{NS}invented", "credentialSubject", *path))


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("T", "endorsementComment"),
        ("R1", "recognitionBasis"),
        ("R1", "recognisedTowards"),
        ("R2", "recognitionPurpose"),
        ("R2", "recognitionBasis"),
    ],
)
def test_each_says_what_makes_it_one(kind, term):
    assert found(without(made(kind), "credentialSubject", term)) == [("R-11", f"no_{term}")]


@pytest.mark.parametrize("member", ["name", "identifier", "email", "achievement"])
def test_a_subject_has_no_room_for_more(member):
    assert ("R-11", "schema") in found(changed(made(), "x", "credentialSubject", member))


def test_all_seven_are_rated_online_and_five_on_site():
    online, on_site = worked_example(), worked_example()
    on_site["credentialSubject"]["achievement"]["mode"] = [
        {"id": "http://data.europa.eu/snb/learning-assessment/9191af2ed9"}
    ]
    five = made(ratings=[one for one in ALL if one.indicator not in ("verification", "identification")])
    assert found(five, badge=on_site) == []
    assert found(five, badge=online) == [("R-12", "not_rated")]
    assert found(made(ratings=ALL[:1]), badge=on_site) == [("R-12", "not_rated")]


def test_a_review_rates_three():
    assert found(made("Q", ratings=[one for one in ALL if one.indicator in ("assessment", "level")])) == [
        ("R-12", "not_rated")
    ]


def test_nothing_verified_is_no_decision():
    document = made(ratings=rated(verification=Strength.NONE))
    assert found(document, badge=worked_example()) == [("R-12", "nothing_verified")]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACES = [
    *((term,) for term in made()),
    *(("credentialSubject", term) for term in made()["credentialSubject"]),
    ("credentialSubject", "indicatorResult", 0),
    ("credentialSubject", "creditRecognised", 0),
    ("credentialSubject", "recognisedTowards", 0),
]


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(PLACES), value=ANY, spoil_badge=st.booleans())
def test_a_bad_document_is_judged_and_never_raises(place, value, spoil_badge):
    badge = {"credentialSubject": value} if spoil_badge else worked_example()
    check_statement(changed(made(), value, *place), badge=badge)
