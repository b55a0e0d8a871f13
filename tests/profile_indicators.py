"""Ways to leave an indicator of quality unmet that no element of Annex I asks for."""

import copy

from profile_faults import EXAM, NS, PROJECT, breaks, warns

from microcredential.outcome_matrix import with_outcomes

EXTERNAL, INTERNAL = 0, 1


def assess(achievement, **outcomes):
    """Say in each assessment which outcomes it assesses, by the ends of their ids."""
    base = achievement["id"]
    for place, key in ((EXAM, "exam"), (PROJECT, "project")):
        achievement["resultDescription"][place]["assesses"] = outcomes[key]
    with_outcomes(achievement)
    for one in achievement["resultDescription"]:
        for each in one.get("alignment", ()):
            each["targetUrl"] = base + each["targetUrl"]


@warns("QC-02", "no_external")
def reviewed_by_peers_only(credential, subject, achievement):
    achievement["qualityAssurance"][EXTERNAL]["qaType"]["id"] = f"{NS}consortiumPeerReview"


@warns("QC-02", "no_expiry")
def accredited_for_ever(credential, subject, achievement):
    del achievement["qualityAssurance"][EXTERNAL]["expiryDate"]


@warns("QC-03", "no_report")
def decision_nowhere(credential, subject, achievement):
    del achievement["qualityAssurance"][EXTERNAL]["report"]


@breaks("QC-05", "no_approval")
def approved_by_nobody(credential, subject, achievement):
    del achievement["qualityAssurance"][INTERNAL]


@warns("QC-07", "no_review")
def never_reviewed(credential, subject, achievement):
    del achievement["qualityAssurance"][INTERNAL]["reviewDate"]


@warns("QC-07", "review_overdue")
def review_forgotten(credential, subject, achievement):
    achievement["qualityAssurance"][INTERNAL]["reviewDate"] = "2026-11-20T00:00:00Z"


@warns("QC-07", "review_too_late")
def review_in_two_years(credential, subject, achievement):
    achievement["qualityAssurance"][INTERNAL]["reviewDate"] = "2028-11-20T00:00:00Z"


@warns("QC-08", "no_version")
def without_version(credential, subject, achievement):
    del achievement["version"]


@warns("QC-12", "outcome_not_linked")
def one_outcome_without_skill(credential, subject, achievement):
    del achievement["learningOutcome"][1]["relatedESCOSkill"]


@warns("QC-17", "no_field")
def field_in_words_only(credential, subject, achievement):
    del achievement["thematicArea"]


@warns("QC-18", "no_language")
def language_untold(credential, subject, achievement):
    del achievement["inLanguage"]


@warns("QC-18", "no_language")
def language_in_words(credential, subject, achievement):
    achievement["inLanguage"] = "English"


@breaks("QC-20", "not_assessed")
def third_outcome_not_assessed(credential, subject, achievement):
    assess(achievement, exam=["lo1"], project=["lo2"])


@breaks("QC-20", "unknown_outcome")
def fourth_outcome_assessed(credential, subject, achievement):
    assess(achievement, exam=["lo1", "lo2"], project=["lo3", "lo4"])


@breaks("QC-23", "no_scale")
def marks_without_scale(credential, subject, achievement):
    for term in ("valueMin", "valueMax"):
        del achievement["resultDescription"][EXAM][term]


@breaks("QC-23", "no_threshold")
def no_pass_mark(credential, subject, achievement):
    del achievement["resultDescription"][PROJECT]["requiredValue"]


@breaks("QC-32", "no_status")
def never_revoked(credential, subject, achievement):
    credential["credentialStatus"] = {}


@breaks("QC-32", "no_status")
def only_suspended(credential, subject, achievement):
    credential["credentialStatus"] = {
        **copy.deepcopy(credential["credentialStatus"]),
        "statusPurpose": "suspension",
    }
