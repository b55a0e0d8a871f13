"""Definitions of varied shape: each complete one passes, and each rule that can block has one it blocks."""

import copy
import json

import pytest
import yaml
from varied_definitions import ECTS, EU, EXTERNAL, INTERNAL, NS, SHAPES, exam, level, outcome

from microcredential import Severity, bind, check_achievement, load_definition
from microcredential.document_check import Kind, check_document
from microcredential.rules import Scope
from microcredential.rules.registry import registered

COUNTRY = {"blended in Vietnamese, level of the institution": "VN", "Lao with credits of two systems": "LA"}
ISSUER = {
    "id": "did:web:uni.example",
    "type": ["Profile"],
    "name": "Example University",
    "url": "https://uni.example",
    "address": {"type": ["Address"], "addressCountryCode": "CZ"},
}


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def checked(document, kind="json", **known):
    data = json.dumps(document)
    if kind == "yaml":
        data = yaml.dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False)
    return check_document(data.encode(), **known)


def blocking(done):
    return {(one.id, one.code) for one in done.findings if one.severity is Severity.BLOCK}


@pytest.mark.parametrize("kind", ["json", "yaml"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_complete_definition_has_no_finding(name, kind):
    done = checked(SHAPES[name], kind, country=COUNTRY.get(name, "CZ"))
    assert (done.kind, done.findings) == (Kind.DEFINITION, ())
    assert done.indicators.unmet == ()


@pytest.mark.parametrize("name", SHAPES)
def test_it_has_none_either_where_it_is_published(name):
    issuer = copy.deepcopy(ISSUER)
    issuer["address"]["addressCountryCode"] = COUNTRY.get(name, "CZ")
    loaded = load_definition(json.dumps(SHAPES[name]).encode())
    bound = bind(
        loaded,
        achievement_id="https://uni.example/achievements/1",
        issuer_profile=issuer,
        base_url="https://uni.example",
    )
    assert check_achievement(bound, issuer=issuer) == []
    done = checked(bound)
    assert (done.kind, done.findings) == (Kind.ACHIEVEMENT, ())


# What breaks: the id and code of the rule, the definition that is broken, and how.
def part(**terms):
    return lambda definition: definition["achievement"].update(terms)


def option(**options):
    return lambda definition: definition["definition"].update(options)


def assessment(**terms):
    return lambda definition: definition["achievement"]["resultDescription"][0].update(terms)


def missing(term):
    return lambda definition: definition["achievement"].pop(term)


def title(**words):
    return lambda definition: definition["achievement"].update(title=words)


LETTERS, RUBRIC, JOINT = "grades in letters", "a rubric of levels", "joint award of two"
ONLINE, HYBRID = "online with two supervised parts and a matrix", "hybrid, stackable into two programmes"
FIELD, CYCLE = "more hours than usual, with the reason", "a laboratory, half a credit more, the second cycle"
EIGHT, FIFTEEN = "eight outcomes of many kinds", "fifteen credits over two fields"
VIET, LAO, PLAIN = *COUNTRY, "one examination in a room"
PARTS, AT_WORK = "hours in parts, credits calculated", "at work, passed or failed"

NAMELESS = {term: value for term, value in EXTERNAL.items() if term != "accreditingAgent"}
BROKEN = [
    ("M2", "no_name", PLAIN, missing("title")),
    ("M2", "no_english_title", VIET, title(vi="Nước")),
    ("M2", "title_too_long", LAO, title(en="x" * 201, lo="ເຂົ້າ")),
    ("M2", "not_nfc", VIET, title(en="Water", vi="Nu\u031bo\u031b\u0301c")),
    ("M2", "forbidden_character", PLAIN, title(en="Reading \u202eStatistics")),
    ("M4", "joint_award_of_one", JOINT, part(awardingBody=[{"id": "issuer"}])),
    ("M4", "body_incomplete", JOINT, part(awardingBody=[{"id": "issuer"}, {"url": "https://other.example"}])),
    ("M6", "no_outcome", EIGHT, part(learningOutcome=[])),
    (
        "M6",
        "not_esco",
        EIGHT,
        part(
            learningOutcome=[
                outcome("Explain.", {"id": "https://skills.example/1", "prefLabel": {"en": "s"}}),
                outcome("Judge."),
            ]
        ),
    ),
    ("M7", "no_hours", FIFTEEN, missing("volumeOfLearning")),
    ("M7", "no_credits", FIFTEEN, missing("creditPoint")),
    (
        "M7",
        "unknown_credits",
        LAO,
        part(
            creditPoint=[
                {"framework": ECTS, "point": "2"},
                {"framework": f"{NS}credit-XX", "point": "1"},
            ]
        ),
    ),
    ("M7", "two_credits", LAO, part(creditPoint=[{"framework": ECTS, "point": "2"}] * 2)),
    ("M7", "ects_range", FIFTEEN, part(creditPoint=[{"framework": ECTS, "point": "15.5"}])),
    ("M7", "hours_per_credit", FIELD, lambda one: one["definition"].pop("workload_reason")),
    ("M7", "hours_differ", PARTS, part(volumeOfLearning="PT80H")),
    ("M7", "wrong_shape", PARTS, option(workload={"contact": "many"})),
    ("M7", "credits_differ", CYCLE, part(creditsAvailable=3)),
    (
        "M8",
        "unknown_level",
        CYCLE,
        part(alignment=[{**level(f"{EU}/eqf/9", "indicative"), "targetType": "ext:EQF"}]),
    ),
    (
        "M8",
        "level_differs",
        PLAIN,
        part(alignment=[{**level(f"{EU}/qdr/c_82e7da58", "referenced"), "targetCode": "7"}]),
    ),
    ("M8", "no_basis", PLAIN, part(alignment=[{"targetUrl": f"{EU}/qdr/c_82e7da58"}])),
    (
        "M8",
        "two_levels",
        VIET,
        part(alignment=[level(f"{NS}VQF-5", "institutional"), level(f"{NS}VQF-6", "institutional")]),
    ),
    ("M8", "foreign_framework", LAO, part(alignment=[level(f"{NS}VQF-5", "institutional")])),
    ("M8", "not_referenced", VIET, part(alignment=[level(f"{NS}VQF-6", "referenced")])),
    ("M8", "must_be_indicative", VIET, part(alignment=[level(f"{EU}/eqf/6", "institutional")])),
    (
        "M9",
        "no_assessment",
        ONLINE,
        lambda one: one["achievement"].update(resultDescription=one["achievement"]["resultDescription"][2:]),
    ),
    ("M9", "attendance_only", AT_WORK, assessment(assessmentType=[f"{EU}/assessment/7331eb4762"])),
    ("M9", "unknown_concept", AT_WORK, assessment(assessmentType=[f"{EU}/assessment/0"])),
    (
        "M9",
        "unknown_assessment",
        AT_WORK,
        assessment(assessmentType=[f"{EU}/learning-assessment/920fbb3cbe"]),
    ),
    ("M9", "weights", ONLINE, assessment(weightPercent=20)),
    ("M10", "no_mode", AT_WORK, missing("mode")),
    ("M10", "unknown_mode", PLAIN, part(mode=[f"{EU}/assessment/6e6cb2cc78"])),
    ("M11", "no_quality", RUBRIC, missing("qualityAssurance")),
    (
        "M11",
        "without_quality",
        RUBRIC,
        part(qualityAssurance=[EXTERNAL, {**INTERNAL, "qaType": f"{NS}noQA"}]),
    ),
    (
        "M11",
        "unknown_quality",
        RUBRIC,
        part(qualityAssurance=[{**EXTERNAL, "qaType": f"{NS}indicative"}, INTERNAL]),
    ),
    ("M11", "no_agent", RUBRIC, part(qualityAssurance=[NAMELESS, INTERNAL])),
    (
        "O2",
        "no_supervision",
        HYBRID,
        lambda one: one["achievement"]["resultDescription"][0].pop("supervision"),
    ),
    ("O2", "unknown_supervision", HYBRID, assessment(supervision=f"{NS}indicative")),
    ("O4", "stackable_into_nothing", HYBRID, missing("isPartOf")),
    ("O4", "unknown_stackability", HYBRID, part(stackability=f"{NS}indicative")),
    ("O5", "no_description", PLAIN, missing("summary")),
    ("O5", "no_criteria", PLAIN, missing("criteria")),
    ("O5", "not_https", PLAIN, part(criteria={"id": "http://uni.example/course", "narrative": "Pass."})),
    ("O5", "unknown_key", PLAIN, part(flavour="sweet")),
    ("QC-05", "no_approval", LETTERS, part(qualityAssurance=[EXTERNAL])),
    (
        "QC-20",
        "not_assessed",
        ONLINE,
        lambda one: one["achievement"]["resultDescription"][1].update(assesses=["lo1"]),
    ),
    ("QC-20", "unknown_outcome", ONLINE, assessment(assesses=["lo3"])),
    (
        "QC-23",
        "no_scale",
        LETTERS,
        lambda one: one["achievement"]["resultDescription"][0].pop("allowedValue"),
    ),
    (
        "QC-23",
        "no_threshold",
        RUBRIC,
        lambda one: one["achievement"]["resultDescription"][0].pop("requiredLevel"),
    ),
]


@pytest.mark.parametrize(
    ("element", "code", "name", "break_it"), BROKEN, ids=[f"{one[0]} {one[1]}" for one in BROKEN]
)
def test_a_definition_that_breaks_a_rule_is_blocked_by_it_and_its_twin_is_not(element, code, name, break_it):
    broken = copy.deepcopy(SHAPES[name])
    break_it(broken)
    known = {"country": COUNTRY.get(name, "CZ")}
    assert (element, code) in blocking(checked(broken, **known))
    assert (element, code) in blocking(checked(broken, "yaml", **known))
    assert checked(SHAPES[name], **known).findings == ()


def test_every_shape_is_broken_at_least_once_and_every_rule_of_a_definition_breaks_one():
    assert len(SHAPES) >= 12
    assert set(SHAPES) == {name for _, _, name, _ in BROKEN}
    elements = {one.element for one in registered(Scope.ACHIEVEMENT)}
    warn_only = {"M3", "O1", "QC-02", "QC-03", "QC-07", "QC-08", "QC-12", "QC-17", "QC-18", "QC-27"}
    assert {element for element, _, _, _ in BROKEN} == elements - warn_only  # M3 is the institution's


MANDATORY = {
    "M2": ("title",),
    "M6": ("learningOutcome",),
    "M7": ("volumeOfLearning", "creditPoint"),
    "M8": ("alignment",),
    "M9": ("resultDescription",),
    "M10": ("mode",),
    "M11": ("qualityAssurance",),
}


@pytest.mark.parametrize("element", MANDATORY)
def test_a_definition_without_a_mandatory_element_is_told_so(element):
    document = copy.deepcopy(SHAPES[PLAIN])
    for term in MANDATORY[element]:
        del document["achievement"][term]
    found = {one.id: one.severity for one in checked(document).findings}
    assert found[element] is (Severity.WARN if element == "M8" else Severity.BLOCK)


def test_only_parts_that_cannot_be_read_are_left_out():
    document = copy.deepcopy(SHAPES[ONLINE])
    document["achievement"]["mode"] = ["https://nowhere.example"]
    document["achievement"]["resultDescription"][0]["colour"] = "red"
    document["achievement"]["creditPoint"][0]["point"] = "3"
    assert {(one.id, one.code, one.path) for one in checked(document).findings} == {
        ("M10", "unknown_concept", "achievement.mode[0]"),
        ("M7", "hours_per_credit", "achievement.volumeOfLearning"),
        ("M9", "unknown_key", "achievement.resultDescription[0].colour"),
    }


def test_a_description_without_options_has_its_places_from_its_own_top():
    bare = {"humanCode": "MC-1", "version": "1", **SHAPES[PLAIN]["achievement"]}
    assert checked(bare).findings == ()
    del bare["mode"]
    assert [(one.id, one.path) for one in checked(bare).findings] == [("M10", "mode")]


def test_an_assessment_says_which_outcomes_it_covers_in_native_words():
    loaded = load_definition(json.dumps(SHAPES[ONLINE]).encode()).achievement
    assert loaded["resultDescription"][0]["alignment"] == [
        {
            "type": ["Alignment"],
            "targetName": "Read a table.",
            "targetType": "ext:LearningOutcome",
            "targetUrl": "#lo1",
        }
    ]
    assert "assesses" not in json.dumps(loaded)
    again = load_definition(
        json.dumps(
            bind(
                load_definition(json.dumps(SHAPES[ONLINE]).encode()),
                achievement_id="https://uni.example/achievements/1",
                issuer_profile=ISSUER,
                base_url="https://uni.example",
            )
        ).encode()
    )
    assert again.achievement["resultDescription"] == loaded["resultDescription"]


def test_a_wrong_weight_is_a_finding_of_its_own_shape():
    document = copy.deepcopy(SHAPES[PLAIN])
    document["achievement"]["resultDescription"] = [
        exam("exam", f"{EU}/assessment/6e6cb2cc78", weightPercent="x")
    ]
    assert blocking(checked(document)) == {("M9", "weights")}
