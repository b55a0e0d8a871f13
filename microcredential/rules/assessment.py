"""M9 assessment, O2 supervision, O3 grade."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from microcredential.findings import Finding, block
from microcredential.part_ids import final_description
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, decimal, has_type, items, mapping, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary

LEVEL_OF_ATTENDANCE = "http://data.europa.eu/snb/assessment/7331eb4762"
_MODES = "http://data.europa.eu/snb/learning-assessment/"
_REMOTE = frozenset(
    {f"{_MODES}920fbb3cbe", f"{_MODES}e92d221e4d", f"{_MODES}c_3a90b26d"}
)  # online, blended, hybrid
_TOLERANCE = Decimal("0.05")


def assessments(achievement: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Give the result descriptions that are assessments, with their places."""
    found = objects(achievement.get("resultDescription"))
    return [(place, one) for place, one in found if has_type(one, "AssessmentDescription")]


@rule("M9", indicators=("QC-22",))
def assessment_is_told(matter: Matter) -> Iterator[Finding]:
    """Ask for an assessment that is more than attendance."""
    types = [
        concept_id(kind)
        for _, one in assessments(matter.achievement)
        for kind in items(one.get("assessmentType"))
    ]
    if not types:
        yield block(
            "resultDescription",
            "no_assessment",
            "No assessment is described.",
            "Describe at least one, with its type.",
        )
    elif set(types) == {LEVEL_OF_ATTENDANCE}:
        yield block(
            "resultDescription",
            "attendance_only",
            "Being present is the only assessment.",
            "Describe how the outcomes are assessed.",
        )
    for place, one in assessments(matter.achievement):
        for number, kind in enumerate(items(one.get("assessmentType"))):
            if not in_vocabulary(Vocabulary.ASSESSMENT_TYPE, concept_id(kind)):
                yield block(
                    f"resultDescription[{place}].assessmentType[{number}]",
                    "unknown_assessment",
                    "This type of assessment is not in the list.",
                    "Choose one.",
                )


@rule("M9", indicators=("QC-22",))
def weights_sum_up(matter: Matter) -> Iterator[Finding]:
    """Ask weights, where any is given, to sum to 100."""
    weights = [one.get("weightPercent") for _, one in assessments(matter.achievement)]
    if any(weight is not None for weight in weights):
        numbers = [decimal(weight) for weight in weights]
        if None in numbers or sum(number for number in numbers if number is not None) != 100:
            yield block(
                "resultDescription",
                "weights",
                "The weights of the assessments do not sum to 100.",
                "Give each assessment its weight in per cent.",
            )


@rule("O2", indicators=("QC-24",))
def remote_is_supervised(matter: Matter) -> Iterator[Finding]:
    """Ask an online, blended or hybrid course how each assessment is supervised."""
    modes = {concept_id(mode) for mode in items(matter.achievement.get("mode"))}
    for place, one in assessments(matter.achievement):
        path = f"resultDescription[{place}].supervision"
        if "supervision" in one and not in_vocabulary(Vocabulary.SUPERVISION, concept_id(one["supervision"])):
            yield block(
                path, "unknown_supervision", "This supervision is not in the list.", "Choose one of the four."
            )
        elif modes & _REMOTE and "supervision" not in one:
            yield block(
                path,
                "no_supervision",
                "The course is not wholly in presence; this assessment does not say how it is supervised.",
                "Say whether it is supervised and the identity checked.",
            )


def _described(matter: Matter) -> dict[str, dict[str, Any]]:
    return {text(one.get("id")): one for _, one in objects(matter.achievement.get("resultDescription"))}


@rule("O3", Scope.CREDENTIAL, indicators=("QC-26",))
def results_are_described(matter: Matter) -> Iterator[Finding]:
    """Ask each result to name a result description of the achievement, once."""
    known, seen = _described(matter), set()
    for place, result in objects(matter.subject.get("result")):
        reference = text(result.get("resultDescription"))
        if reference not in known or reference in seen:
            yield block(
                f"credentialSubject.result[{place}].resultDescription",
                "unknown_result",
                "The result belongs to no description of the achievement, or stands twice.",
                "Correct its reference.",
            )
        seen.add(reference)


@rule("O3", Scope.CREDENTIAL, indicators=("QC-26",))
def values_are_on_the_scale(matter: Matter) -> Iterator[Finding]:
    """Ask each value to be on its scale, and to reach what passing asks for."""
    known = _described(matter)
    for place, result in objects(matter.subject.get("result")):
        scale = known.get(text(result.get("resultDescription")), {})
        path = f"credentialSubject.result[{place}]"
        if "value" in result and not _on_scale(result["value"], scale):
            yield block(f"{path}.value", "off_scale", "The value is not on the scale.", "Correct the grade.")
        levels = {text(level.get("id")) for _, level in objects(scale.get("rubricCriterionLevel"))}
        if "achievedLevel" in result and text(result["achievedLevel"]) not in levels:
            yield block(
                f"{path}.achievedLevel",
                "unknown_rubric",
                "The level is not in the rubric.",
                "Choose one of it.",
            )
        value, required = decimal(result.get("value")), decimal(scale.get("requiredValue"))
        if (
            value is not None
            and required is not None
            and value < required
            and result.get("status") != "Failed"
        ):
            yield block(
                f"{path}.value",
                "below_required",
                "The value is below the pass mark.",
                "Correct it, or do not award.",
            )


@rule("O3", Scope.CREDENTIAL, indicators=("QC-26",))
def levels_reach_what_is_required(matter: Matter) -> Iterator[Finding]:
    """Ask each level of a rubric to reach the required one, where the rubric gives points to both."""
    known = _described(matter)
    for place, result in objects(matter.subject.get("result")):
        scale = known.get(text(result.get("resultDescription")), {})
        points = {
            text(one.get("id")): decimal(one.get("points"))
            for _, one in objects(scale.get("rubricCriterionLevel"))
        }
        achieved = points.get(text(result.get("achievedLevel")))
        required = points.get(text(scale.get("requiredLevel")))
        if achieved is None or required is None or result.get("status") == "Failed":
            continue
        if achieved < required:
            yield block(
                f"credentialSubject.result[{place}].achievedLevel",
                "level_below_required",
                "The level is below the one that is required.",
                "Correct it, or do not award.",
            )


def _on_scale(value: object, scale: dict[str, Any]) -> bool:
    allowed = items(scale.get("allowedValue"))
    if allowed:
        return value in allowed
    low, high, number = decimal(scale.get("valueMin")), decimal(scale.get("valueMax")), decimal(value)
    if low is None and high is None:
        return bool(text(value))
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


@rule("O3", Scope.CREDENTIAL, indicators=("QC-26",))
def overall_is_the_mean(matter: Matter) -> Iterator[Finding]:
    """Ask the overall grade to be the weighted mean, where all parts are numbers on one scale."""
    values = {
        text(one.get("resultDescription")): decimal(one.get("value"))
        for _, one in objects(matter.subject.get("result"))
    }
    parts = [one for _, one in assessments(matter.achievement)]
    final = final_description(matter.achievement)
    overall = values.get(text(final.get("id"))) if final else None
    if overall is None or len({_scale(one) for one in (*parts, final)}) != 1:
        return
    mean = Decimal(0)
    for part in parts:
        value, weight = values.get(text(part.get("id"))), decimal(part.get("weightPercent"))
        if value is None or weight is None:
            return
        mean += value * weight / 100
    if abs(mean - overall) > _TOLERANCE:
        yield block(
            "credentialSubject.result",
            "not_the_mean",
            f"The overall grade {overall} is not the weighted mean {mean:.2f}.",
            "Correct one of the grades.",
        )


def _scale(one: object) -> tuple[Decimal | None, Decimal | None]:
    return decimal(mapping(one).get("valueMin")), decimal(mapping(one).get("valueMax"))
