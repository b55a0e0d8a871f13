"""Ways to break an optional element of the profile, or to weaken a description without breaking it."""

import copy

from profile_faults import (
    EXAM,
    FINAL,
    NS,
    PROJECT,
    breaks,
    warns,
)


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


def _rubric(subject, achievement, required, achieved):
    """Grade the examination by a rubric of two levels, with these ones required and achieved."""
    ids = {name: f"urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e0{place}" for place, name in enumerate("ab")}
    achievement["resultDescription"][EXAM] |= {
        "rubricCriterionLevel": [
            {"id": ids[name], "type": ["RubricCriterionLevel"], "name": name, "points": points}
            for name, points in (("a", "2"), ("b", "1"))
        ],
        "requiredLevel": ids[required],
    }
    subject["result"][0]["achievedLevel"] = ids[achieved]


@breaks("O3", "level_below_required")
def good_was_required(credential, subject, achievement):
    _rubric(subject, achievement, "a", "b")


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


@warns("M6", "skill_not_repeated")
def skill_shown_once(credential, subject, achievement):
    del achievement["alignment"][-1]


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
