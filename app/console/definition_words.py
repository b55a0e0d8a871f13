"""Findings of the profile in the words of the form: what is wrong, and which field to turn to.

The profile speaks to whoever writes a file; the form speaks to whoever fills it in, in their language.
"""

from app.words import lazy_gettext as _
from microcredential import Finding

_CHOOSE = _("Choose one from the list.")
_HTTPS = _("Give an address that begins with https://.")

# code -> what is wrong, what to do. What is not here is told as the profile tells it.
_WORDS: dict[str, tuple[object, object]] = {
    "no_name": (_("The micro-credential has no title."), _("Write it in English at least.")),
    "no_english_title": (_("The title in English is missing."), _("Write it beside the other languages.")),
    "no_title_in_language": (
        _("The title is missing in the language of instruction."),
        _("Write it, or choose another language."),
    ),
    "title_too_long": (_("The title has more than 200 characters."), _("Shorten it.")),
    "no_code": (_("The code is missing or longer than 60 characters."), _("Give one such as MC-CRS-2026.")),
    "no_version": (_("The version is missing or longer than 60 characters."), _("Give one such as 2026-1.")),
    "code_taken": (_("This code belongs to another faculty."), _("Give this definition another code.")),
    "version_taken": (
        _("This version is published already, and certificates repeat it."),
        _("Give this one a new version."),
    ),
    "code_goes_on": (_("This code is published already."), _("This will be its next version.")),
    "bad_language": (_("This is not a language."), _CHOOSE),
    "no_description": (_("The summary is missing."), _("Write two sentences for employers.")),
    "no_outcome": (
        _("No learning outcome is named."),
        _("Write what the holder can do."),
    ),
    "number_of_outcomes": (_("One outcome, or more than eight."), _("Two to eight can be compared.")),
    "no_verb": (
        _("The outcome does not begin with a verb."),
        _("Begin with what the learner does: explain, compare, calculate."),
    ),
    "no_skill": (_("No outcome is tied to a skill of ESCO."), _("Add a skill where one fits.")),
    "not_esco": (
        _("This is not a skill of ESCO."),
        _("Give an address that begins with http://data.europa.eu/esco/skill/."),
    ),
    "no_hours": (_("The hours are missing, or are not a whole number."), _("Write digits only.")),
    "no_credits": (_("The credits are missing."), _("Add the ECTS credits.")),
    "no_ects": (_("The credits are not ECTS."), _("Add ECTS wherever possible.")),
    "unknown_credits": (_("The credit system is not in the list."), _CHOOSE),
    "ects_range": (_("ECTS are 1 to 15 here, in halves."), _("Correct the credits.")),
    "hours_per_credit": (
        _("Hours and ECTS do not make 25 to 30 hours a credit."),
        _("Correct one of the two, or give the reason below."),
    ),
    "credits_differ": (_("The credits are not a number."), _("Write a number such as 3 or 2.5.")),
    "no_mode": (_("The form of participation is missing."), _("Tick one at least.")),
    "unknown_mode": (_("This form of participation is not in the list."), _("Tick others.")),
    "no_entry": (_("Nothing says who may enrol."), _("Write it, or “None”.")),
    "no_level": (_("No level is named."), _("Choose the level in the national framework, if one applies.")),
    "unknown_level": (_("This level is not in the list."), _CHOOSE),
    "no_basis": (_("The level does not say on what it rests."), _("Choose the basis.")),
    "two_levels": (_("Two levels of one framework are claimed."), _("Keep one.")),
    "foreign_framework": (
        _("This is the framework of another country."),
        _("Choose a level of the awarding institution’s country."),
    ),
    "not_referenced": (
        _("No adopted report links this level to the EQF level claimed."),
        _("Choose “indicative”, or for the national level “assigned by the institution”."),
    ),
    "must_be_indicative": (
        _("A level of this framework is either referenced or indicative."),
        _("Choose “indicative”."),
    ),
    "no_assessment": (_("No assessment is described."), _("Describe at least one, with its type.")),
    "attendance_only": (
        _("Being present is the only assessment."),
        _("Describe how the outcomes are assessed."),
    ),
    "unknown_assessment": (_("This type of assessment is not in the list."), _CHOOSE),
    "weights": (
        _("The weights of the assessments do not sum to 100."),
        _("Give each its weight in per cent, or none of them."),
    ),
    "no_supervision": (
        _("The course is not wholly in presence, and this assessment does not say how it is supervised."),
        _("Choose one of the four."),
    ),
    "unknown_supervision": (_("This supervision is not in the list."), _CHOOSE),
    "no_quality": (
        _("The quality assurance is missing."),
        _("Choose a type and name the body. “Internal only” is an honest answer and is shown as such."),
    ),
    "unknown_quality": (_("The type of quality assurance is missing."), _CHOOSE),
    "without_quality": (
        _("A micro-credential without quality assurance is not awarded."),
        _("Name what assures it."),
    ),
    "no_agent": (_("External quality assurance names no agency."), _("Name the agency.")),
    "internal_only": (
        _("The quality assurance is internal only."),
        _("Name the accreditation of the institution as well, if there is one."),
    ),
    "no_stackability": (_("Nothing says whether it can be combined."), _("Choose one of the three.")),
    "unknown_stackability": (_("This is not in the list."), _("Choose one of the three.")),
    "stackable_into_nothing": (
        _("It is called stackable, but no programme is named."),
        _("Add the programme, or choose “stand-alone”."),
    ),
    "no_criteria": (_("Nothing says what must be done to earn it."), _("Write it here.")),
    "not_https": (_("The address does not begin with https://."), _HTTPS),
    "body_incomplete": (_("An awarding body has no identifier or no name."), _("Give both.")),
    "joint_award_of_one": (
        _("A joint award names at least two different bodies."),
        _("Name every one, or none where the institution awards alone."),
    ),
    "bad_duration": (_("This is not a duration."), _("Write a whole number and choose its unit.")),
    "bad_id": (_("A short name is one word."), _("Write a word such as exam or project.")),
    "duplicate_id": (_("Two of them have this short name."), _("Give each its own.")),
    "unknown_concept": (_("This is not in the list of the profile."), _CHOOSE),
    "not_nfc": (_("Letters and their marks are apart in this text."), _("Type it again.")),
    "two_credits": (_("Credits of one system stand twice."), _("Keep one of them.")),
    "hours_differ": (
        _("The hours in all are not the sum of their parts."),
        _("Correct one of them."),
    ),
    "skill_not_repeated": (_("A skill of ESCO is not repeated as an alignment."), _("Add it there too.")),
    "outcome_not_linked": (
        _("This outcome is tied to no skill, as others are."),
        _("Add a skill where one fits."),
    ),
    "not_assessed": (
        _("No assessment covers this outcome."),
        _("Write its short name in the assessment that does, such as lo1 for the first."),
    ),
    "unknown_outcome": (
        _("This assessment names an outcome that there is not."),
        _("lo1 is the first outcome, lo2 the second."),
    ),
    "no_scale": (
        _("The assessment has no scale."),
        _("Give its lowest and highest mark, or the grades that there are."),
    ),
    "no_threshold": (_("Nothing says what passing takes."), _("Give the pass mark.")),
    "no_approval": (
        _("Nothing says which body of the institution approved this."),
        _("Add internal quality assurance and write who decided, the reference and the day."),
    ),
    "no_external": (
        _("No agency outside the consortium assures the quality."),
        _("Name the accreditation of the institution as well, if there is one."),
    ),
    "no_expiry": (
        _("Nothing says until when the accreditation is in force."),
        _("Give its last day."),
    ),
    "external_ended": (_("The accreditation has ended."), _("Renew the entry.")),
    "no_report": (_("The decision cannot be looked up."), _("Give the address of the report.")),
    "no_review": (_("No day is set for the next review."), _("Set one within twelve months.")),
    "review_overdue": (_("The review is overdue."), _("Review it, and set the next day.")),
    "review_too_late": (
        _("The next review is more than twelve months ahead."),
        _("Set an earlier day."),
    ),
    "no_field": (_("The field of study has no code."), _CHOOSE),
    "no_language": (_("The language of instruction is missing."), _CHOOSE),
    "no_issuer_id": (
        _("The institution has no key yet, so nothing can be published."),
        _("Ask its administrator."),
    ),
}


def finding_words(finding: Finding) -> str:
    """Say a finding in the language of the page: what is wrong, then what to do."""
    known = _WORDS.get(finding.code)
    if known:
        return f"{known[0]} {known[1]}"
    if finding.code == "schema":
        return str(_("Something is missing or has the wrong form here."))
    return f"{finding.message} {finding.fix}".strip()
