"""Checking a file: what it is taken for, what cannot be read, and that nothing makes it raise."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yardsticks import yardsticks

from microcredential import Severity, check_achievement, check_credential
from microcredential.document_check import Kind, check_document
from microcredential.indicators import OUTSIDE, Judge, indicators
from microcredential.rules.registry import registered

_EXAMPLE = (Path(__file__).parent / "documents" / "credential-vn-3ects.json").read_bytes()


def checked(document, **known):
    return check_document(json.dumps(document).encode(), **known)


def test_a_credential_is_taken_for_one_with_or_without_proof(example):
    for document in (example, example | {"proof": [{"type": "DataIntegrityProof"}]}):
        done = checked(document, country="VN")
        assert (done.kind, done.findings) == (Kind.CREDENTIAL, ())
    assert done.indicators.unmet == ()
    assert {"QC-02", "QC-13", "QC-26", "QC-32"} <= set(done.indicators.met)


def test_its_achievement_alone_is_taken_for_an_achievement(achievement):
    done = checked(achievement, country="VN")
    assert (done.kind, done.findings) == (Kind.ACHIEVEMENT, ())
    assert {"M1", "M5", "QC-26", "QC-32"} <= set(done.not_judged)


def test_a_credential_of_another_country_is_told(example):
    assert [one.code for one in checked(example, country="CZ").findings if one.id == "M3"] == [
        "other_country"
    ]


def test_each_indicator_is_met_unmet_or_not_judged(example, achievement):
    every = [one.id for one in indicators()]
    for done in (checked(example), checked(achievement), checked({"definition": {}, "achievement": {}})):
        stands = done.indicators
        assert sorted([*stands.met, *stands.unmet, *stands.not_judged]) == every


def test_the_indicators_are_counted_by_group_and_never_in_one_number(example):
    done = checked(example)
    assert done.indicators.by_group() == {
        "authority": (5, 5),
        "design": (8, 8),
        "assessment": (4, 4),
        "recognition": (0, 0),
        "portability": (1, 1),
        "transparency": (0, 0),
    }


def test_every_indicator_is_judged_by_a_rule_or_it_is_said_why_not():
    judged = {one for each in registered() for one in each.indicators}
    known = {one.id: one for one in indicators()}
    assert len(known) == 35
    assert judged | set(OUTSIDE) == set(known)
    assert not judged & set(OUTSIDE)
    assert not [one for one in judged if known[one].judge is Judge.PERSON]


def test_what_only_a_machine_needs_and_no_document_shows_is_named():
    machine = {one.id for one in indicators() if one.judge is Judge.MACHINE}
    assert machine & set(OUTSIDE) == {"QC-21", "QC-28", "QC-30", "QC-31", "QC-34"}


def test_a_definition_with_accreditation_that_has_ended_warns(achievement):
    now = datetime(2030, 1, 1, tzinfo=UTC)
    codes = {one.code: one.severity for one in checked(achievement, now=now).findings}
    assert codes == {"external_ended": Severity.WARN, "review_overdue": Severity.WARN}


def test_what_time_it_is_counts_each_time_that_a_description_is_checked(example, achievement):
    known = {
        None: set(),
        datetime(2026, 11, 22, tzinfo=UTC): set(),
        datetime(2030, 1, 1, tzinfo=UTC): {"review_overdue"},
    }
    for now, found in [*known.items(), *reversed(known.items())]:
        assert {one.code for one in check_credential(example, now=now)} == found
        codes = {one.code for one in checked(achievement, now=now).findings}
        assert codes == found | ({"external_ended"} if found else set())


def test_statements_of_recognition_inside_are_counted(achievement):
    statement = {
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": "did:web:other.example"},
        "credentialSubject": {"type": ["EndorsementSubject", "RecognitionDecision"]},
    }
    achievement["endorsement"] = [statement]
    found = checked(achievement).findings
    assert [(one.id, one.severity, one.code) for one in found] == [("QC-27", Severity.INFO, "recognised_by")]


def test_a_misspelt_word_blocks_since_no_signature_would_cover_it(example, achievement):
    achievement["entryRequirment"] = achievement.pop("entryRequirement")
    found = {(one.id, one.code, one.path) for one in checked(example).findings}
    assert found == {
        ("O5", "unknown_key", "credentialSubject.achievement.entryRequirment"),
        ("O1", "no_entry", "credentialSubject.achievement.entryRequirement"),
    }


UNREADABLE = {
    "nothing": (b"", "not_a_map"),
    "no JSON": (b"{", "not_json"),
    "a key twice": (b'{"achievement": {}, "achievement": {}}', "duplicate_key"),
    "a key twice in YAML": (b"achievement: {}\nachievement: {}", "duplicate_key"),
    "a list": (b"[]", "not_a_map"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "not_utf8"),
    "an alias": (b"a: &x [1]\nb: *x", "alias"),
    "a bomb": (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", "alias"),
    "a tag": (b"a: !!python/object:os.system x", "tag"),
    "deep": (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", "too_deep"),
    "deep YAML": (b"[" * 5000, "too_deep"),
    "five megabytes": (b'{"a": "' + b"x" * 5_000_000 + b'"}', "too_large"),
    "five megabytes of YAML": (b"a: " + b"x" * 5_000_000, "too_large"),
    "a definition of half a megabyte": (b'{"title": "' + b"x" * 500_000 + b'"}', "too_large"),
    "many members": (json.dumps({str(n): n for n in range(30_000)}).encode(), "too_many_values"),
    "not a number": (b'{"a": NaN}', "not_a_number"),
    "another file": (b"slug: uef\ncountry: VN", "no_achievement"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_so(name):
    data, code = UNREADABLE[name]
    assert yardsticks(lambda: check_document(data)) < 50
    done = check_document(data)
    assert done.kind is Kind.UNREADABLE
    assert [(one.severity, one.code) for one in done.findings] == [(Severity.BLOCK, code)]
    assert done.findings[0].message
    assert done.not_judged == ()


def test_a_definition_in_lao_may_be_as_long_as_one_in_english():
    document = {"definition": {}, "achievement": {"title": {"en": "T"}, "summary": {"lo": "ນ" * 60_000}}}
    done = check_document(json.dumps(document, ensure_ascii=False).encode())
    assert done.kind is Kind.DEFINITION
    assert "too_large" not in {one.code for one in done.findings}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["PT90H", "http://data.europa.eu/snb/eqf/6", "ext:EQF", "2026-06-30T00:00:00Z"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def places(value, place=()):
    """Give the place of every part of a document."""
    yield place
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(child, (*place, key))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_part_of_a_credential_may_be_such_that_a_check_raises(data):
    example = json.loads(_EXAMPLE)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(sorted(places(example), key=str)))
        example = replaced(example, place, data.draw(JSON))
    check_credential(example, institution_country="VN")
    subject = example.get("credentialSubject") if isinstance(example, dict) else None
    check_achievement(subject.get("achievement") if isinstance(subject, dict) else subject)


def replaced(value, place, by):
    if not place:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = replaced(value[place[0]], place[1:], by)
    return copy


NUMBERS = {"large": 10**5000, "small": -(10**5000), "infinite": float("inf"), "no number": float("nan")}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("term", ["creditsAvailable", "volumeOfLearning", "resultDescription", "creditPoint"])
def test_no_number_makes_a_check_raise(name, term, example, achievement):
    number = NUMBERS[name]
    achievement[term] = [
        {"point": number, "weightPercent": number, "type": ["AssessmentDescription"]},
        number,
    ]
    assert check_credential(example)
    achievement[term] = number
    assert check_credential(example)
    assert check_achievement(achievement)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_json_makes_a_check_raise(document):
    assert check_credential(document)
    assert check_achievement(document)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | JSON.map(lambda value: repr(value).encode("utf-8", "replace")))
def test_no_bytes_make_a_check_raise(data):
    assert check_document(data).findings


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_definition_makes_a_check_raise(data):
    term = data.draw(st.sampled_from(sorted(json.loads(_EXAMPLE)["credentialSubject"]["achievement"])))
    document = {"definition": data.draw(JSON), "achievement": {"title": "T", term: data.draw(JSON)}}
    assert check_document(json.dumps(document, default=str).encode()).findings
