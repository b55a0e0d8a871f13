"""Every rule that blocks or warns: one document that breaks it; its twin, the example, breaks none."""

import copy
import unicodedata

import pytest

from microcredential import Severity, check_achievement, check_credential

NS = "https://w3id.org/testamur/ns/v1#"
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
ATTENDANCE = "http://data.europa.eu/snb/assessment/7331eb4762"
EXAM, PROJECT, FINAL = 0, 1, 2
VQF, EQF = 0, 1

BREAKS = {}
WARNS = {}


def breaks(element, code, table=BREAKS):
    """Register a way to break a credential, and the finding it must give."""

    def register(function):
        table[f"{function.__name__}"] = (function, element, code)
        return function

    return register


def warns(element, code):
    return breaks(element, code, WARNS)


def level(achievement, framework):
    return achievement["alignment"][framework]


@breaks("M1", "no_name")
def nameless(credential, subject, achievement):
    for term in ("name", "familyName", "givenName"):
        del subject[term]


@breaks("M1", "no_identifier")
def without_number(credential, subject, achievement):
    del subject["identifier"]


@breaks("M1", "email_in_clear")
def plain_email(credential, subject, achievement):
    subject["identifier"].append(
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "a@b.example",
            "identityType": "emailAddress",
        }
    )


@breaks("M1", "short_salt")
def salted_too_little(credential, subject, achievement):
    subject["identifier"].append(
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$" + "0" * 64,
            "identityType": "emailAddress",
            "salt": "abcd",
        }
    )


@breaks("M2", "no_english_title")
def title_without_english(credential, subject, achievement):
    del achievement["title"]["en"]


@breaks("M2", "no_name")
def achievement_without_name(credential, subject, achievement):
    del achievement["name"]


@breaks("M2", "title_too_long")
def long_title(credential, subject, achievement):
    achievement["title"]["vi"] = "x" * 201


@breaks("M2", "not_nfc")
def letters_and_marks_apart(credential, subject, achievement):
    achievement["title"]["vi"] = unicodedata.normalize("NFD", achievement["title"]["vi"])


@breaks("M2", "forbidden_character")
def control_character(credential, subject, achievement):
    achievement["description"] += "\x07"


@breaks("M2", "forbidden_character")
def direction_turned(credential, subject, achievement):
    achievement["title"]["en"] += "\u202e"


@breaks("M2", "other_name")
def credential_named_otherwise(credential, subject, achievement):
    credential["name"] = "Something else"


@breaks("M3", "unknown_country")
def country_not_in_list(credential, subject, achievement):
    credential["issuer"]["address"]["addressCountryCode"] = "XX"


@breaks("M3", "other_country")
def iran_for_ireland(credential, subject, achievement):
    credential["issuer"]["address"]["addressCountryCode"] = "IR"


@breaks("M4", "no_issuer_name")
def issuer_without_name(credential, subject, achievement):
    del credential["issuer"]["name"]


@breaks("M4", "no_issuer_url")
def issuer_without_address(credential, subject, achievement):
    del credential["issuer"]["url"]


@breaks("M4", "joint_award_of_one")
def joint_award_alone(credential, subject, achievement):
    achievement["awardingBody"] = [copy.deepcopy(credential["issuer"])]


@breaks("M4", "joint_award_of_one")
def joint_award_with_itself(credential, subject, achievement):
    achievement["awardingBody"] = [copy.deepcopy(credential["issuer"]), copy.deepcopy(credential["issuer"])]


@breaks("M4", "body_incomplete")
def nameless_body(credential, subject, achievement):
    achievement["awardingBody"] = [
        copy.deepcopy(credential["issuer"]),
        {"id": "https://b.example", "type": ["Profile"]},
    ]


@breaks("M5", "no_awardedDate")
def not_awarded(credential, subject, achievement):
    del credential["awardedDate"]


@breaks("M5", "no_validFrom")
def date_without_zone(credential, subject, achievement):
    credential["validFrom"] = "2026-07-03T02:00:00"


@breaks("M5", "dates_out_of_order")
def awarded_before_the_end(credential, subject, achievement):
    subject["activityEndDate"] = "2026-07-01T00:00:00Z"


@breaks("M5", "dates_out_of_order")
def issued_before_the_award(credential, subject, achievement):
    credential["validFrom"] = "2026-06-29T23:59:59Z"


@breaks("M5", "date_in_future")
def issued_tomorrow(credential, subject, achievement):
    credential["validFrom"] = "2026-11-22T00:00:00Z"


@breaks("M5", "ends_before_start")
def ends_at_once(credential, subject, achievement):
    credential["validUntil"] = credential["validFrom"]


@breaks("M6", "no_outcome")
def no_outcomes(credential, subject, achievement):
    achievement["learningOutcome"] = []


@breaks("M6", "not_esco")
def foreign_skill(credential, subject, achievement):
    achievement["learningOutcome"][0]["relatedESCOSkill"][0]["id"] = "https://skills.example/1"


@breaks("M7", "no_hours")
def sixty_months(credential, subject, achievement):
    achievement["volumeOfLearning"] = "P60M"


@breaks("M7", "no_credits")
def no_credits(credential, subject, achievement):
    achievement["creditPoint"] = []


@breaks("M7", "unknown_credits")
def unknown_credits(credential, subject, achievement):
    achievement["creditPoint"].append({"type": "CreditPoint", "framework": f"{NS}credit-XX", "point": "3"})


@breaks("M7", "hours_per_credit")
def too_few_hours(credential, subject, achievement):
    achievement["volumeOfLearning"] = "PT74H"


@breaks("M7", "hours_per_credit")
def too_many_hours(credential, subject, achievement):
    achievement["volumeOfLearning"] = "PT91H"


@breaks("M7", "ects_range")
def quarter_credits(credential, subject, achievement):
    achievement["creditPoint"][0]["point"] = "3.25"
    achievement["creditsAvailable"] = 3.25


@breaks("M7", "ects_range")
def sixteen_credits(credential, subject, achievement):
    achievement["creditPoint"][0]["point"] = "16"
    achievement["creditsAvailable"], achievement["volumeOfLearning"] = 16, "PT400H"


@breaks("M7", "credits_differ")
def other_number_of_credits(credential, subject, achievement):
    achievement["creditsAvailable"] = 4


@breaks("M7", "credits_earned")
def more_than_there_are(credential, subject, achievement):
    subject["creditsEarned"] = 3.5


@breaks("M8", "unknown_level")
def level_nine(credential, subject, achievement):
    level(achievement, VQF)["targetUrl"] = f"{NS}VQF-9"


@breaks("M8", "level_differs")
def level_code_differs(credential, subject, achievement):
    level(achievement, VQF)["targetCode"] = "7"


@breaks("M8", "no_basis")
def unknown_basis(credential, subject, achievement):
    level(achievement, VQF)["referencingBasis"]["id"] = f"{NS}guessed"


@breaks("M8", "two_levels")
def two_levels(credential, subject, achievement):
    achievement["alignment"].append(copy.deepcopy(level(achievement, EQF)))


@breaks("M8", "foreign_framework")
def croatian_level(credential, subject, achievement):
    level(achievement, VQF)["targetUrl"] = "http://data.europa.eu/snb/qdr/c_cb53bf24"


@breaks("M8", "not_referenced")
def vqf_said_referenced(credential, subject, achievement):
    level(achievement, VQF)["referencingBasis"]["id"] = f"{NS}referenced"


@breaks("M8", "not_referenced")
def eqf_said_referenced(credential, subject, achievement):
    level(achievement, EQF)["referencingBasis"]["id"] = f"{NS}referenced"


@breaks("M8", "must_be_indicative")
def eqf_said_institutional(credential, subject, achievement):
    level(achievement, EQF)["referencingBasis"]["id"] = f"{NS}institutional"


@breaks("M9", "no_assessment")
def no_assessment(credential, subject, achievement):
    achievement["resultDescription"] = [achievement["resultDescription"][FINAL]]
    subject["result"] = [subject["result"][FINAL]]


@breaks("M9", "attendance_only")
def presence_is_enough(credential, subject, achievement):
    for place in (EXAM, PROJECT):
        achievement["resultDescription"][place]["assessmentType"][0]["id"] = ATTENDANCE


@breaks("M9", "unknown_assessment")
def mode_as_assessment(credential, subject, achievement):
    achievement["resultDescription"][EXAM]["assessmentType"] = achievement["mode"]


@breaks("M9", "weights")
def weights_of_ninety(credential, subject, achievement):
    achievement["resultDescription"][EXAM]["weightPercent"] = 30


@breaks("M10", "no_mode")
def no_mode(credential, subject, achievement):
    achievement["mode"] = []


@breaks("M10", "unknown_mode")
def assessment_as_mode(credential, subject, achievement):
    achievement["mode"] = achievement["resultDescription"][EXAM]["assessmentType"]


@breaks("M11", "no_quality")
def no_quality(credential, subject, achievement):
    achievement["qualityAssurance"] = []


@breaks("M11", "without_quality")
def said_to_have_none(credential, subject, achievement):
    achievement["qualityAssurance"][1]["qaType"]["id"] = f"{NS}noQA"


@breaks("M11", "unknown_quality")
def unknown_quality(credential, subject, achievement):
    achievement["qualityAssurance"][1]["qaType"]["id"] = f"{NS}hearsay"


@breaks("M11", "no_agent")
def external_without_agent(credential, subject, achievement):
    del achievement["qualityAssurance"][0]["accreditingAgent"]


@breaks("M11", "accreditation_ended")
def accreditation_ended(credential, subject, achievement):
    achievement["qualityAssurance"][0]["expiryDate"] = "2026-06-30T00:00:00Z"


@breaks("O2", "no_supervision")
def blended_without_supervision(credential, subject, achievement):
    del achievement["resultDescription"][PROJECT]["supervision"]


@breaks("O2", "unknown_supervision")
def unknown_supervision(credential, subject, achievement):
    achievement["resultDescription"][PROJECT]["supervision"]["id"] = f"{NS}watched"


@breaks("O3", "unknown_result")
def result_of_nothing(credential, subject, achievement):
    subject["result"][0]["resultDescription"] += "-2"


@breaks("O3", "unknown_result")
def result_twice(credential, subject, achievement):
    subject["result"].append(copy.deepcopy(subject["result"][0]))


@breaks("O3", "off_scale")
def eleven_of_ten(credential, subject, achievement):
    subject["result"][0]["value"] = "11"


@breaks("O3", "off_scale")
def letter_not_on_the_list(credential, subject, achievement):
    scale = achievement["resultDescription"][FINAL]
    for term in ("valueMin", "valueMax", "requiredValue"):
        del scale[term]
    scale["allowedValue"] = ["A", "B"]


@breaks("O3", "below_required")
def not_passed(credential, subject, achievement):
    subject["result"][0]["value"] = "4.9"


@breaks("O3", "not_the_mean")
def wrong_mean(credential, subject, achievement):
    subject["result"][2]["value"] = "8.4"


@breaks("O3", "unknown_rubric")
def level_of_no_rubric(credential, subject, achievement):
    subject["result"][0]["achievedLevel"] = "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e99"


@breaks("O4", "stackable_into_nothing")
def stackable_into_nothing(credential, subject, achievement):
    del achievement["isPartOf"]


@breaks("O4", "unknown_stackability")
def unknown_stackability(credential, subject, achievement):
    achievement["stackability"]["id"] = f"{NS}pileable"


@breaks("O5", "not_https")
def course_page_in_clear(credential, subject, achievement):
    achievement["criteria"]["id"] = "http://badges.example.edu.vn/criteria"


@breaks("O5", "not_https")
def evidence_in_clear(credential, subject, achievement):
    credential["evidence"] = [{"id": "http://work.example/1", "type": ["Evidence"]}]


@breaks("O5", "no_description")
def no_description(credential, subject, achievement):
    del achievement["description"]


@breaks("O5", "no_criteria")
def no_criteria(credential, subject, achievement):
    achievement["criteria"] = {}


@warns("M1", "birth_date")
def birth_date(credential, subject, achievement):
    subject["dateOfBirth"] = "2000-01-01"


@warns("M1", "national_id")
def national_number(credential, subject, achievement):
    subject["identifier"].append({**subject["identifier"][0], "identityType": "nationalIdentityNumber"})


@warns("M2", "no_title_in_language")
def title_not_in_language(credential, subject, achievement):
    achievement["inLanguage"] = "lo"


@warns("M5", "no_period")
def no_period(credential, subject, achievement):
    del subject["activityEndDate"]


@warns("M6", "number_of_outcomes")
def one_outcome(credential, subject, achievement):
    del achievement["learningOutcome"][1:]


@warns("M6", "no_verb")
def outcome_as_a_noun(credential, subject, achievement):
    achievement["learningOutcome"][0]["title"]["en"] = "The ability to read statements."


@warns("M6", "no_skill")
def no_skill(credential, subject, achievement):
    for outcome in achievement["learningOutcome"]:
        del outcome["relatedESCOSkill"]


@warns("M7", "no_ects")
def national_credits_only(credential, subject, achievement):
    achievement["creditPoint"][0]["framework"] = f"{NS}credit-VN"


@warns("M8", "no_level")
def no_level(credential, subject, achievement):
    del achievement["alignment"]


@warns("M11", "internal_only")
def internal_only(credential, subject, achievement):
    del achievement["qualityAssurance"][0]


@warns("O1", "no_entry")
def no_entry(credential, subject, achievement):
    del achievement["entryRequirement"]


@warns("O4", "no_stackability")
def no_stackability(credential, subject, achievement):
    del achievement["stackability"]


def test_the_example_has_no_finding(example, findings):
    assert findings(example) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_blocks(name, example, achievement, findings):
    function, element, code = BREAKS[name]
    function(example, example["credentialSubject"], achievement)
    found = {(one.id, one.code) for one in findings(example) if one.severity is Severity.BLOCK}
    assert (element, code) in found


@pytest.mark.parametrize("name", WARNS)
def test_a_weakness_warns_and_does_not_block(name, example, achievement, findings):
    function, element, code = WARNS[name]
    function(example, example["credentialSubject"], achievement)
    found = findings(example)
    assert (element, code) in {(one.id, one.code) for one in found}
    assert not [one for one in found if one.severity is Severity.BLOCK]


@pytest.mark.parametrize("name", [*BREAKS, *WARNS])
def test_a_finding_says_where_and_what_to_do(name, example, achievement, findings):
    function, _, _ = (BREAKS | WARNS)[name]
    function(example, example["credentialSubject"], achievement)
    for one in findings(example):
        assert one.path
        assert one.message.endswith(".") or one.code == "schema"
        assert one.fix.endswith((".", ":"))


MANDATORY = {
    "M1": [
        ("subject", "name"),
        ("subject", "familyName"),
        ("subject", "givenName"),
        ("subject", "identifier"),
    ],
    "M2": [("achievement", "title")],
    "M3": [("issuer", "address")],
    "M4": [("credential", "issuer")],
    "M5": [("credential", "awardedDate"), ("credential", "validFrom")],
    "M6": [("achievement", "learningOutcome")],
    "M7": [("achievement", "volumeOfLearning"), ("achievement", "creditPoint")],
    "M8": [("achievement", "alignment")],
    "M9": [("achievement", "resultDescription")],
    "M10": [("achievement", "mode")],
    "M11": [("achievement", "qualityAssurance")],
}


@pytest.mark.parametrize("element", MANDATORY)
def test_each_mandatory_element_is_missed(element, example, achievement, findings):
    parts = {
        "credential": example,
        "issuer": example["issuer"],
        "subject": example["credentialSubject"],
        "achievement": achievement,
    }
    for part, term in MANDATORY[element]:
        del parts[part][term]
    severity = Severity.WARN if element == "M8" else Severity.BLOCK
    assert element in {one.id for one in findings(example) if one.severity is severity}


ACCEPTED = {
    "hours at the lower edge": lambda c, s, a: a.update(volumeOfLearning="PT75H"),
    "half a credit": lambda c, s, a: (
        a["creditPoint"][0].update(point="3.5"),
        a.update(creditsAvailable=3.5, volumeOfLearning="PT95H"),
    ),
    "unusual hours with a reason": lambda c, s, a: a.update(
        volumeOfLearning="PT120H",
        additionalNote=[
            {"type": "Note", "noteLiteral": {"en": "Workload: 30 hours of field work come on top."}}
        ],
    ),
    "two awarding bodies": lambda c, s, a: a.update(
        awardingBody=[
            copy.deepcopy(c["issuer"]),
            {"id": "https://other.example", "type": ["Profile"], "name": "Another University"},
        ]
    ),
    "presence does not ask for supervision": lambda c, s, a: (
        a.update(mode=a["resultDescription"][EXAM]["assessmentMode"]),
        a["resultDescription"][PROJECT].pop("supervision"),
    ),
    "no weights at all": lambda c, s, a: [
        a["resultDescription"][n].pop("weightPercent") for n in (EXAM, PROJECT)
    ],
    "the mean rounded": lambda c, s, a: s["result"][2].update(value="8.25"),
    "a name as an identifier": lambda c, s, a: (
        [s.pop(term) for term in ("name", "familyName", "givenName")],
        s["identifier"].append(
            {"type": "IdentityObject", "hashed": False, "identityHash": "Anh", "identityType": "name"}
        ),
    ),
    "stand-alone without a programme": lambda c, s, a: (
        a["stackability"].update(id=f"{NS}standalone"),
        a.pop("isPartOf"),
    ),
    "two status entries": lambda c, s, a: c.update(
        credentialStatus=[c["credentialStatus"], {**c["credentialStatus"], "statusPurpose": "suspension"}]
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_allowed_passes(name, example, achievement, findings):
    ACCEPTED[name](example, example["credentialSubject"], achievement)
    assert [one for one in findings(example) if one.severity is Severity.BLOCK] == []


def referenced(iri, target_type, code, name):
    return {
        "type": ["Alignment", "LevelAlignment"],
        "targetName": name,
        "targetCode": code,
        "targetFramework": name,
        "targetType": target_type,
        "targetUrl": iri,
        "referencingBasis": {"id": f"{NS}referenced", "type": "Concept", "prefLabel": {"en": "referenced"}},
    }


CROATIAN_6 = ("http://data.europa.eu/snb/qdr/c_cb53bf24", "ext:NQF", "6", "CROQF")


@pytest.mark.parametrize(("eqf", "blocked"), [("6", False), ("7", True)])
def test_an_eqf_level_is_referenced_only_where_the_national_one_is(
    eqf, blocked, example, achievement, findings
):
    example["issuer"]["address"]["addressCountryCode"] = "HR"
    achievement["alignment"] = [
        referenced(*CROATIAN_6),
        referenced(f"http://data.europa.eu/snb/eqf/{eqf}", "ext:EQF", eqf, "EQF"),
    ]
    codes = {one.code for one in check_credential(example, institution_country="HR")}
    assert ("not_referenced" in codes) is blocked


@pytest.mark.parametrize(("country", "blocked"), [("CZ", False), ("VN", True)])
def test_a_cycle_backs_the_eqf_only_where_the_country_is_referenced(country, blocked, example, achievement):
    cycle = referenced(f"{NS}QFEHEA-2", "ext:QFEHEA", "second cycle", "QF-EHEA")
    cycle["referencingBasis"]["id"] = f"{NS}institutional"
    example["issuer"]["address"]["addressCountryCode"] = country
    achievement["alignment"] = [cycle, referenced("http://data.europa.eu/snb/eqf/7", "ext:EQF", "7", "EQF")]
    codes = {one.code for one in check_credential(example, institution_country=country)}
    assert ("not_referenced" in codes) is blocked


def test_a_definition_is_judged_without_an_issuer(achievement):
    assert check_achievement(achievement) == []


def test_a_definition_is_judged_with_its_issuer(achievement, example):
    assert check_achievement(achievement, issuer=example["issuer"]) == []
    found = check_achievement(achievement, issuer={})
    assert {"M3", "M4"} == {one.id for one in found}
    assert found[0].path.startswith("issuer")


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"credentialSubject": [{"achievement": 1}]}])
def test_nothing_makes_a_check_raise(document):
    assert any(one.severity is Severity.BLOCK for one in check_credential(document))
    assert any(one.severity is Severity.BLOCK for one in check_achievement(document, issuer=None))
