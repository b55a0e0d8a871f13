"""M2 title, M6 outcomes, M7 workload, M10 form of participation, O1 entry requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from microcredential.characters import forbidden_text, is_composed
from microcredential.definition import WORKLOAD_REASON
from microcredential.expansion import ECTS, ESCO_PREFIX
from microcredential.findings import Finding, block, warn
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, decimal, items, language_map, mapping, objects, text, texts
from microcredential.vocabulary import Vocabulary, in_vocabulary

MAX_TITLE = 200
_DURATION = re.compile(r"PT([1-9][0-9]{0,4})H", re.ASCII)
_HOURS_PER_ECTS = (Decimal(25), Decimal(30))
_ECTS_RANGE = (Decimal(1), Decimal(15))
_ARTICLES = ("the ", "a ", "an ", "ability ", "knowledge ", "understanding ", "skills ", "competence ")


@rule("M2")
def title_is_there(matter: Matter) -> Iterator[Finding]:
    """Ask for a name, a title in English and one in the language of instruction."""
    title = language_map(matter.achievement.get("title"))
    if not text(matter.achievement.get("name")):
        yield block(
            "name", "no_name", "The micro-credential has no name.", "Give it the title in one language."
        )
    if "en" not in title:
        yield block("title", "no_english_title", "The title in English is missing.", "Write it under “en:”.")
    language = text(matter.achievement.get("inLanguage")).split("-")[0]
    if title and language and not any(tag.split("-")[0] == language for tag in title):
        yield warn(
            "title",
            "no_title_in_language",
            "The title is missing in the language of instruction.",
            f"Write it under “{language}:”.",
        )


@rule("M2")
def title_is_printable(matter: Matter) -> Iterator[Finding]:
    """Ask for titles of 200 characters at most."""
    for path, value in texts(
        {"name": matter.achievement.get("name"), "title": matter.achievement.get("title")}
    ):
        if len(value) > MAX_TITLE:
            yield block(
                path, "title_too_long", f"The title has more than {MAX_TITLE} characters.", "Shorten it."
            )


@rule("M2")
def texts_are_composed(matter: Matter) -> Iterator[Finding]:
    """Ask for every text in normalisation form C and without control characters."""
    for path, value in texts(matter.achievement):
        if not is_composed(value):
            yield block(
                path,
                "not_nfc",
                "The text is not in Unicode normalisation form C: letters and marks are apart.",
                "Type it again, or convert it to NFC.",
            )
    for path, _, reason in forbidden_text(matter.achievement):
        yield block(path, "forbidden_character", f"The text has {reason}.", "Type it again without it.")


@rule("M2", Scope.CREDENTIAL)
def credential_has_the_title(matter: Matter) -> Iterator[Finding]:
    """Ask for one name on the credential and its achievement."""
    if text(matter.credential.get("name")) != text(matter.achievement.get("name")):
        yield block(
            "name",
            "other_name",
            "The credential is named other than its achievement.",
            "Use the name of the achievement.",
        )


def _outcome_titles(matter: Matter) -> list[tuple[int, dict[str, str]]]:
    outcomes = objects(matter.achievement.get("learningOutcome"))
    return [(place, title) for place, one in outcomes if (title := language_map(one.get("title")))]


@rule("M6", indicators=("QC-11",))
def outcomes_are_there(matter: Matter) -> Iterator[Finding]:
    """Ask for learning outcomes; two to eight are usual."""
    number = len(_outcome_titles(matter))
    if number == 0:
        yield block(
            "learningOutcome",
            "no_outcome",
            "No learning outcome is named.",
            "Write what the holder can do, two to eight lines.",
        )
    elif not 2 <= number <= 8:
        yield warn(
            "learningOutcome",
            "number_of_outcomes",
            f"There are {number} learning outcomes.",
            "Two to eight can be compared.",
        )


@rule("M6", indicators=("QC-11",))
def outcomes_begin_with_a_verb(matter: Matter) -> Iterator[Finding]:
    """Warn of an English outcome that begins like a noun phrase."""
    for place, title in _outcome_titles(matter):
        if title.get("en", "").lower().startswith(_ARTICLES):
            yield warn(
                f"learningOutcome[{place}].title.en",
                "no_verb",
                "The outcome does not begin with a verb.",
                "Begin with what the holder does: analyse, apply, design ...",
            )


@rule("M6", indicators=("QC-12",))
def outcomes_are_linked(matter: Matter) -> Iterator[Finding]:
    """Warn when no outcome is tied to ESCO or another framework of skills."""
    outcomes = objects(matter.achievement.get("learningOutcome"))
    for place, outcome in outcomes:
        for number, skill in enumerate(items(outcome.get("relatedESCOSkill"))):
            if not concept_id(skill).startswith(ESCO_PREFIX):
                yield block(
                    f"learningOutcome[{place}].relatedESCOSkill[{number}]",
                    "not_esco",
                    "This is not a skill of ESCO.",
                    f"Give an address that begins with {ESCO_PREFIX}.",
                )
    if outcomes and not any(one.get("relatedESCOSkill") or one.get("relatedSkill") for _, one in outcomes):
        yield warn(
            "learningOutcome",
            "no_skill",
            "No outcome is tied to a skill of ESCO or another framework.",
            "Add relatedESCOSkill where one fits.",
        )


@rule("M6")
def skills_are_repeated(matter: Matter) -> Iterator[Finding]:
    """Warn of a skill of ESCO that displayers who know Open Badges alone would not see."""
    aligned = {text(one.get("targetUrl")) for _, one in objects(matter.achievement.get("alignment"))}
    skills = {
        concept_id(skill)
        for _, outcome in objects(matter.achievement.get("learningOutcome"))
        for skill in items(outcome.get("relatedESCOSkill"))
    }
    if skills - aligned - {""}:
        yield warn(
            "alignment",
            "skill_not_repeated",
            "A skill of ESCO is not repeated as an alignment.",
            "Repeat each with the targetType ext:ESCO; a definition that is loaded does so.",
        )


def ects_of(matter: Matter) -> Decimal | None:
    """Give the ECTS credits, or None."""
    for _, point in objects(matter.achievement.get("creditPoint")):
        if point.get("framework") == ECTS:
            return decimal(point.get("point"))
    return None


def _hours(matter: Matter) -> Decimal | None:
    match = _DURATION.fullmatch(text(matter.achievement.get("volumeOfLearning")))
    return Decimal(match[1]) if match else None


@rule("M7", indicators=("QC-13",))
def workload_is_there(matter: Matter) -> Iterator[Finding]:
    """Ask for hours and credits; warn where the credits are not ECTS."""
    if _hours(matter) is None:
        yield block(
            "volumeOfLearning",
            "no_hours",
            "The hours of study are missing or not written in hours.",
            "Write PT90H for 90 hours.",
        )
    points = objects(matter.achievement.get("creditPoint"))
    if not points:
        yield block(
            "creditPoint",
            "no_credits",
            "The credits are missing.",
            "Give the ECTS credits and their framework.",
        )
    elif not any(point.get("framework") == ECTS for _, point in points):
        yield warn("creditPoint", "no_ects", "The credits are not ECTS.", "Add ECTS wherever possible.")
    for place, point in points:
        if not in_vocabulary(Vocabulary.CREDIT_SYSTEM, text(point.get("framework"))):
            yield block(
                f"creditPoint[{place}].framework",
                "unknown_credits",
                "The credit system is not in the list.",
                "Choose one.",
            )


@rule("M7", indicators=("QC-13",))
def one_number_per_system(matter: Matter) -> Iterator[Finding]:
    """Ask for one number of credits in each system."""
    seen: set[str] = set()
    for place, point in objects(matter.achievement.get("creditPoint")):
        framework = text(point.get("framework"))
        if framework and framework in seen:
            yield block(
                f"creditPoint[{place}]",
                "two_credits",
                "Credits of one system stand twice.",
                "Keep one of them.",
            )
        seen.add(framework)


@rule("M7", indicators=("QC-13",))
def ects_are_in_steps(matter: Matter) -> Iterator[Finding]:
    """Ask for 1 to 15 ECTS in steps of a half."""
    ects = ects_of(matter)
    if ects is not None and (not _ECTS_RANGE[0] <= ects <= _ECTS_RANGE[1] or ects % Decimal("0.5")):
        yield block(
            "creditPoint",
            "ects_range",
            f"{ects} ECTS is not 1 to 15 in steps of 0.5.",
            "Correct the credits.",
        )


@rule("M7", indicators=("QC-13",))
def hours_fit_ects(matter: Matter) -> Iterator[Finding]:
    """Ask for 25 to 30 hours a credit, or a written reason in a note that begins with “Workload: ”."""
    ects, hours = ects_of(matter), _hours(matter)
    if not ects or hours is None or _HOURS_PER_ECTS[0] <= hours / ects <= _HOURS_PER_ECTS[1]:
        return
    if not workload_reason(matter.achievement):
        yield block(
            "volumeOfLearning",
            "hours_per_credit",
            f"{hours} hours for {ects} ECTS are {float(hours / ects):.1f} hours a credit, not 25 to 30.",
            "Correct one of the two, or give the reason in “workload_reason”.",
        )


def workload_reason(achievement: dict[str, object]) -> str:
    """Give the written reason for an unusual workload, or nothing."""
    for _, note in objects(achievement.get("additionalNote")):
        for words in language_map(note.get("noteLiteral")).values():
            if words.startswith(WORKLOAD_REASON) and words.removeprefix(WORKLOAD_REASON).strip():
                return words.removeprefix(WORKLOAD_REASON)
    return ""


@rule("M7", indicators=("QC-13",))
def credits_available_agree(matter: Matter) -> Iterator[Finding]:
    """Ask for the same number in the native field of Open Badges."""
    available = decimal(matter.achievement.get("creditsAvailable"))
    points = {decimal(point.get("point")) for _, point in objects(matter.achievement.get("creditPoint"))}
    expected = {ects_of(matter)} if ects_of(matter) is not None else points
    if points and available not in expected:
        yield block(
            "creditsAvailable",
            "credits_differ",
            "creditsAvailable is missing or not the number of credits.",
            "Write the same number as in creditPoint.",
        )


@rule("M7", Scope.CREDENTIAL)
def earned_within_available(matter: Matter) -> Iterator[Finding]:
    """Ask that nobody earns more credits than there are."""
    if "creditsEarned" not in matter.subject:
        return
    earned, available = (
        decimal(matter.subject["creditsEarned"]),
        decimal(matter.achievement.get("creditsAvailable")),
    )
    if earned is None or earned <= 0 or (available is not None and earned > available):
        yield block(
            "credentialSubject.creditsEarned",
            "credits_earned",
            "More credits are earned than there are, or none.",
            "Correct the credits of this learner.",
        )


@rule("M10", indicators=("QC-19",))
def participation_is_told(matter: Matter) -> Iterator[Finding]:
    """Ask for the form of participation, from the list."""
    modes = items(matter.achievement.get("mode"))
    if not modes:
        yield block(
            "mode",
            "no_mode",
            "The form of participation is missing.",
            "Choose one: presential, online, blended ...",
        )
    for place, mode in enumerate(modes):
        if not in_vocabulary(Vocabulary.MODE, concept_id(mode)):
            yield block(
                f"mode[{place}]",
                "unknown_mode",
                "This form of participation is not in the list.",
                "Take an IRI under /snb/learning-assessment/; /snb/assessment/ is for assessments.",
            )


@rule("O1", indicators=("QC-16",))
def entry_is_told(matter: Matter) -> Iterator[Finding]:
    """Warn when nothing says who may enrol."""
    if not language_map(mapping(matter.achievement.get("entryRequirement")).get("noteLiteral")):
        yield warn(
            "entryRequirement", "no_entry", "The entry requirements are missing.", "Write them, or “None”."
        )
