"""Findings stand beside what they speak of; the meter counts the elements; buttons change the document."""

import copy

import pytest
from definition_drafts import complete_document
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.definition_acts import MOST_ROWS, acted
from app.console.definition_findings import anchors_of, findings_by_field, hints_of, meter
from app.console.definition_form import fields_of
from app.console.definition_words import finding_words
from issuer.drafts.checking import findings_of
from issuer.drafts.drafts import blank_document
from microcredential import Finding, Severity

OUTCOMES = "achievement.learningOutcome"


def found(path, severity=Severity.BLOCK, element="M6", code="x"):
    return Finding(element, severity, path, "Wrong.", "Mend it.", code)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("learningOutcome[0].title.en", "achievement.learningOutcome.0.title.en"),
        ("learningOutcome[0].title", "achievement.learningOutcome.0.title.en"),
        ("learningOutcome[0]", "achievement.learningOutcome.0"),
        ("learningOutcome", "achievement.learningOutcome"),
        ("learningOutcome[7]", "achievement.learningOutcome"),
        ("title", "achievement.title.en"),
        ("name", "achievement.title.en"),
        ("description", "achievement.summary.en"),
        ("creditsAvailable", "achievement.creditPoint"),
        ("mode[0]", "achievement.mode"),
        ("criteria", "achievement.criteria.narrative"),
        ("alignment[1].referencingBasis", "achievement.alignment.1.referencingBasis"),
        ("resultDescription[0].assessmentType[2]", "achievement.resultDescription.0.assessmentType"),
        ("achievement.resultDescription[1].id", "achievement.resultDescription.1.id"),
        ("definition.valid_for", "definition.valid_for"),
        ("definition.signatory", "definition.signatory.name"),
        ("issuer.id", ""),
        ("", ""),
        ("nothing.of[3].this", ""),
    ],
)
def test_a_finding_stands_beside_its_field_or_on_top(path, place):
    placed = findings_by_field([found(path)], fields_of(complete_document()))
    assert list(placed.beside) == ([place] if place else [])
    assert len(placed.others) == (0 if place else 1)


def test_the_missing_english_title_is_told_at_the_english_title():
    form = fields_of({"definition": {"language": "vi"}, "achievement": {"title": {"vi": "T"}}})
    placed = findings_by_field([found("title", code="no_english_title"), found("title", code="other")], form)
    assert sorted(placed.beside) == ["achievement.title.en", "achievement.title.vi"]


PATHS = st.lists(
    st.sampled_from(
        ["achievement", "learningOutcome", "[0]", "[31]", ".title", ".en", "mode", "x", "definition", "."]
    ),
    max_size=5,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(PATHS, max_size=6))
def test_no_finding_is_lost(paths):
    form = fields_of(complete_document())
    placed = findings_by_field([found(path) for path in paths], form)
    assert sum(map(len, placed.beside.values())) + len(placed.others) == len(paths)
    assert set(placed.beside) <= set(anchors_of(form))


def test_the_meter_counts_what_blocks_and_what_warns():
    empty = meter(findings_of(blank_document(), profile=None))
    assert len(empty.elements) == 11
    assert {element.id: element.state for element in empty.elements}["M1"] == "done"
    assert empty.done == 11 - empty.to_mend
    mixed = meter([found("", element="M6"), found("", Severity.WARN, "M6"), found("", Severity.WARN, "M8")])
    states = {element.id: element.state for element in mixed.elements}
    assert (states["M6"], states["M8"], states["M7"]) == ("block", "warn", "done")
    assert (mixed.done, mixed.to_mend, mixed.to_check) == (10, 1, 1)


@pytest.mark.parametrize(
    ("hours", "stated", "codes"),
    [
        ({}, "3", []),
        ({}, "2", ["ects_calculated"]),
        ({"contact": 24, "self_study": 66}, "3", []),
        ({"contact": 24, "self_study": 60}, "3", ["hours_differ"]),
        ({"contact": "many"}, "3", ["hours_unreadable"]),
    ],
)
def test_numbers_are_calculated_as_hints(hours, stated, codes):
    document = complete_document()
    document["working"] = {"hours": hours}
    document["achievement"]["creditPoint"][0]["point"] = stated
    hints = hints_of(document)
    assert [hint.code for hint in hints] == codes
    assert all(hint.severity is not Severity.BLOCK for hint in hints)


def test_hints_of_nothing_are_none():
    assert hints_of({}) == []
    assert hints_of({"achievement": {"volumeOfLearning": "long", "creditPoint": "x"}}) == []


def test_every_finding_of_the_profile_has_words_for_people():
    for code in ("no_quality", "unknown_level", "schema", "something_new"):
        assert finding_words(found("x", code=code)).endswith(".")
    assert finding_words(found("x", code="something_new")) == "Wrong. Mend it."


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (f"add:{OUTCOMES}:", f"{OUTCOMES}.3"),
        (
            "add:achievement.learningOutcome.1.relatedESCOSkill:",
            "achievement.learningOutcome.1.relatedESCOSkill.1",
        ),
        ("add:achievement.resultDescription:grade", "achievement.resultDescription.3"),
        ("add:achievement.awardingBody:issuer", "achievement.awardingBody.0"),
        ("remove:achievement.qualityAssurance.0", "achievement.qualityAssurance"),
        ("down:achievement.alignment.0", "achievement.alignment.1"),
    ],
)
def test_an_act_changes_the_document_and_says_where(act, place):
    before = complete_document()
    after, anchor = acted(before, act)
    assert anchor == place
    assert after != before
    assert before == complete_document()
    assert anchor in anchors_of(fields_of(after))


@pytest.mark.parametrize(
    "act",
    [
        *("", "save", "add:", "add:achievement.title:", f"add:{OUTCOMES}:nothing", "remove:"),
        *(
            "remove:achievement",
            "remove:achievement.learningOutcome",
            "remove:achievement.learningOutcome.99",
        ),
        *("up:achievement.learningOutcome.x", "up:achievement.learningOutcome.0", "down:definition.0"),
        *("remove:achievement.learningOutcome.0.0", "add:achievement.0.learningOutcome:", "language"),
    ],
)
def test_an_act_that_names_nothing_changes_nothing(act):
    assert acted(complete_document(), act)[0] == complete_document()


def test_rows_have_an_end():
    document = complete_document()
    document["achievement"]["tag"] = []
    for _ in range(MOST_ROWS + 5):
        document, _place = acted(document, "add:achievement.isPartOf:")
    assert len(document["achievement"]["isPartOf"]) == MOST_ROWS


def test_the_last_row_taken_out_leaves_no_empty_list():
    document = complete_document()
    del document["achievement"]["isPartOf"][1:]
    assert "isPartOf" not in acted(document, "remove:achievement.isPartOf.0")[0]["achievement"]


@pytest.mark.parametrize(
    ("title", "after"),
    [
        ({"en": "T"}, {"en": "T", "lo": ""}),
        ({"en": "T", "lo": "L"}, {"en": "T", "lo": "L"}),
        ("T", {"en": "T", "lo": ""}),
        (None, {"lo": ""}),
        (["odd"], ["odd"]),
    ],
)
def test_a_language_is_added_to_the_title(title, after):
    document = copy.deepcopy({"achievement": {"title": title}})
    assert acted(document, "language", language="lo")[0]["achievement"]["title"] == after
    assert acted(document, "language", language="not a tag")[0] == document


ACTS = st.tuples(
    st.sampled_from(["add", "remove", "up", "down"]),
    st.sampled_from(sorted(set(anchors_of(fields_of(complete_document()))))),
    st.sampled_from(["", ":", ":grade", ":issuer", ":x"]),
).map(lambda parts: f"{parts[0]}:{parts[1]}{parts[2]}")


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=8))
def test_any_row_of_acts_leaves_a_document_with_a_form(acts):
    document = complete_document()
    for act in acts:
        document, place = acted(document, act)
        assert not place or place in anchors_of(fields_of(document))
    findings_of(document, profile=None)
