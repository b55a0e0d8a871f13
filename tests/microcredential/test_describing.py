"""What pages and certificates show: all of ours, and of a foreign credential as much as it says."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcredential import Description, Text, check_credential, describe, describing
from microcredential.terms import achievement_part

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_the_example_is_told_in_english(example):
    told = describe(example)
    assert told.learner == "Nguyễn Thị Minh Anh"
    assert told.student_number == "UEF-2231-0457"
    assert told.title == Text("Credit Risk Analysis for Small-Business Lending", "en")
    assert [one.lang for one in told.other_titles] == ["vi"]
    assert told.workload.sentence.text == "3 ECTS credits, 90 hours of study in all"
    assert (told.workload.ects, told.workload.hours) == ("3", 90)
    assert [one.text.text for one in told.levels] == [
        "Level 6 (University, Bachelor) of the Vietnamese Qualifications Framework",
        "EQF level 6",
    ]
    assert told.levels[0].basis_text.text == (
        "Assigned by the university with the level descriptors of the framework."
    )
    assert told.levels[1].basis == "indicative"
    assert told.levels[1].basis_text.text == (
        "Only indicative: not referenced to the EQF, "
        "for no adopted report links the Vietnamese Qualifications Framework to it."
    )
    assert [
        (one.name.text, one.weight, one.supervised, one.identity_checked) for one in told.assessments
    ] == [
        ("Written examination", 40, True, True),
        ("Individual project with oral defence", 60, True, True),
    ]
    assert told.institution.country == Text("Viet Nam", "en")
    assert told.quality[0].external
    assert told.quality[0].agent == "Example Education Quality Accreditation Centre"
    assert not told.quality[1].external
    assert told.programmes[0].code == "7340201"
    assert told.stackability == "standaloneAndStackable"
    assert told.language_name == Text("English", "en")
    assert told.is_profile


EQF_6 = "http://data.europa.eu/snb/eqf/6"
NS = "https://w3id.org/testamur/ns/v1#"


@pytest.mark.parametrize(
    ("url", "country", "awarding", "said"),
    [
        (
            EQF_6,
            "VN",
            None,
            "Only indicative: not referenced to the EQF, for no adopted report links the Viet",
        ),
        (
            EQF_6,
            "LA",
            None,
            "Only indicative: not referenced to the EQF, for no adopted report links the Lao",
        ),
        (
            EQF_6,
            "LA",
            "VN",
            "Only indicative: not referenced to the EQF, for no adopted report links the Lao",
        ),
        (EQF_6, "CZ", None, "An indicative comparison with the European Qualifications Framework only."),
        (EQF_6, "BE", None, "An indicative comparison with the European Qualifications Framework only."),
        (EQF_6, "VN", "HR", "An indicative comparison with the European Qualifications Framework only."),
        (EQF_6, "TH", None, "An indicative comparison with the European Qualifications Framework only."),
        (EQF_6, "", None, "An indicative comparison with the European Qualifications Framework only."),
        (f"{NS}AQRF-6", "VN", None, "An indicative comparison with the ASEAN Qualifications Reference"),
        (
            f"{NS}VQF-6",
            "VN",
            None,
            "An indicative comparison with the Vietnamese Qualifications Framework only.",
        ),
        ("https://somewhere.example/6", "VN", None, "An indicative comparison only."),
    ],
)
def test_an_indicative_level_says_what_is_not_referenced(url, country, awarding, said):
    level = {"type": ["Alignment", "LevelAlignment"], "targetUrl": url, "referencingBasis": f"{NS}indicative"}
    achievement = {"alignment": [level]}
    if awarding:
        achievement["awardingBody"] = [{"address": {"addressCountryCode": awarding}}]
    issuer = {"address": {"addressCountryCode": country}}
    told = describe({"issuer": issuer, "credentialSubject": {"achievement": achievement}})
    (level,) = told.levels
    assert level.basis_text.text.startswith(said)
    assert bool(level.not_referenced) == ("not referenced" in said)


def test_the_example_is_told_in_vietnamese_as_far_as_it_goes(example):
    told = describe(example, "vi")
    assert told.title.lang == "vi"
    assert [one.lang for one in told.other_titles] == ["en"]
    assert told.outcomes[0].lang == "vi"
    assert told.participation == (Text("Kết hợp", "vi"),)
    assert told.setting == Text("non-formal learning", "en")


def test_the_vocabulary_helps_where_the_document_lacks_a_language(example):
    told = describe(example, "fr")
    assert told.participation == (Text("Mixte", "fr"),)
    assert told.title.lang == "en"


def test_grades_and_evidence_stand_apart(example):
    example["evidence"] = {"id": "https://work.example/1", "type": ["Evidence"], "name": "Report"}
    told = describe(example)
    assert [(one.key, one.value, one.final) for one in told.results] == [
        ("exam", "7.8", False),
        ("project", "8.6", False),
        ("final", "8.3", True),
    ]
    assert (told.results[2].maximum, told.results[2].required) == ("10", "5")
    assert [(one.url, one.name) for one in told.evidence] == [("https://work.example/1", "Report")]


def test_a_rubric_level_is_told_by_its_name(example, achievement):
    rubric = {"id": "urn:uuid:1", "type": ["RubricCriterionLevel"], "name": "Very good"}
    achievement["resultDescription"][0]["rubricCriterionLevel"] = [rubric]
    result = example["credentialSubject"]["result"][0]
    del result["value"]
    result["achievedLevel"] = "urn:uuid:1"
    assert describe(example).results[0].value == "Very good"


def test_other_credits_and_the_reason_are_told(example, achievement):
    framework = "https://w3id.org/testamur/ns/v1#credit-VN"
    achievement["creditPoint"] = [{"type": "CreditPoint", "framework": framework, "point": "2.50"}]
    achievement["additionalNote"] = [
        {"type": "Note", "noteLiteral": {"en": "Workload: Field work."}},
        {"type": "Note", "noteLiteral": {"en": "Bring boots."}},
    ]
    told = describe(example)
    assert told.workload.ects is None
    assert told.workload.sentence.text == "2.50 Vietnamese credit (tín chỉ), 90 hours of study in all"
    assert told.workload.reason == Text("Field work.", "en")
    assert [one.text for one in told.notes] == ["Bring boots."]


def test_a_plain_badge_is_told_as_far_as_it_goes():
    plain = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "name": "Badge",
        "issuer": "did:web:other.example",
        "credentialSubject": {"achievement": {"name": "Teamwork", "description": "Works in a team."}},
    }
    told = describe(plain)
    assert (told.title, told.summary) == (Text("Teamwork", None), Text("Works in a team.", None))
    assert told.institution.id == "did:web:other.example"
    assert told.workload is None
    assert told.levels == ()
    assert not told.is_profile


def test_words_that_cannot_be_english_are_in_the_language_of_the_course(example, achievement):
    achievement["inLanguage"] = "lo"
    achievement["resultDescription"][0]["name"] = "ການນຳສະເໜີ"
    names = [one.name for one in describe(example).assessments]
    assert names == [Text("ການນຳສະເໜີ", "lo"), Text("Individual project with oral defence", None)]


def described_afresh(document, language):
    """Describe with nothing remembered."""
    describing._of_course.cache_clear()
    return describe(document, language)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["credentialSubject", "achievement", "title", "en"], "Another title"),
        (["credentialSubject", "achievement", "creditPoint", 0, "point"], "4"),
        (["issuer", "name"], "Another university"),
        (["issuer", "address", "addressCountryCode"], "LA"),
        (["@context"], ["https://www.w3.org/ns/credentials/v2"]),
        (["credentialSubject", "name"], "Another learner"),
    ],
)
def test_what_differs_is_described_anew(example, place, value):
    first = described_afresh(example, "en")
    assert describe(example, "en") == first
    other = copy.deepcopy(example)
    part = other
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    warm = describe(other, "en")
    assert warm == described_afresh(other, "en") != first
    assert describe(example, "vi") == described_afresh(example, "vi") != first


@given(st.sampled_from(["issuer", "@context", "name", "achievement", "result"]), JSON, JSON)
def test_what_was_remembered_of_one_is_not_told_of_another(name, one, other):
    def document(value):
        subject = {"achievement": {"title": {"en": "x"}}, "result": []}
        top = {"issuer": "https://x.example/", "@context": [], "name": "x", "credentialSubject": subject}
        (subject if name in subject else top)[name] = value
        return top

    describe(document(one))
    warm = describe(document(other))
    assert warm == described_afresh(document(other), "en")


@pytest.mark.parametrize("document", [None, [], 1, "x", {}, {"credentialSubject": [1], "issuer": [2]}])
def test_nothing_makes_a_description_raise(document):
    assert isinstance(describe(document), Description)


@given(JSON, JSON)
def test_any_shape_is_described(part, other):
    describe({"credentialSubject": {"achievement": part, "result": other}, "issuer": other, "evidence": part})


TERMS = sorted(achievement_part().terms)
PARTS = st.lists(
    st.dictionaries(st.sampled_from([*TERMS, "point", "targetType", "targetUrl"]), JSON), max_size=3
)


@given(st.dictionaries(st.sampled_from(TERMS), JSON | PARTS, max_size=6), JSON | PARTS)
def test_any_achievement_is_described_and_checked(achievement, result):
    credential = {"credentialSubject": {"achievement": achievement, "result": result, "identifier": result}}
    describe(credential)
    check_credential(credential | {"issuer": result, "evidence": result})
