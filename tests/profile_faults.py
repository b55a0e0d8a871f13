"""Ways to break a mandatory element of the profile, each with the finding that it must give."""

import copy
import unicodedata

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


@breaks("M1", "short_salt")
def salted_with_few_digits(credential, subject, achievement):
    salted_too_little(credential, subject, achievement)
    subject["identifier"][-1]["salt"] = "0123456789abcdef0123456789"


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


@breaks("M4", "no_awarding_body")
def made_by_another_body(credential, subject, achievement):
    achievement["creator"]["id"] = "https://other.example"


@breaks("M5", "not_a_date")
def end_of_studies_in_words(credential, subject, achievement):
    subject["activityEndDate"] = "in June"


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


@breaks("M7", "two_credits")
def two_numbers_of_one_system(credential, subject, achievement):
    achievement["creditPoint"].append({"type": "CreditPoint", "framework": ECTS, "point": "2"})


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


@breaks("M8", "level_differs")
def level_under_another_type(credential, subject, achievement):
    level(achievement, EQF).update(targetType="ext:Level", type=["Alignment"])


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
