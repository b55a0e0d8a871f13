"""Which assessment covers which learning outcome, in the native words of Open Badges.

A definition writes `assesses: [lo1, lo2]` in an assessment. The Achievement carries each as an alignment of
the result description whose `targetUrl` is the id of the outcome, so that the matrix is public with the
achievement and no term is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microcredential.shapes import has_type, items, language_map, objects, text

OUTCOME_TYPE = "ext:LearningOutcome"


@dataclass(frozen=True)
class OutcomeMatrix:
    """Say where the matrix has gaps: places of outcomes, and of assessments that name what is no outcome."""

    not_assessed: tuple[int, ...]
    unknown: tuple[int, ...]


def matrix_of(achievement: dict[str, Any]) -> OutcomeMatrix | None:
    """Give the gaps of the matrix that an Achievement carries, None where no assessment names an outcome."""
    outcomes = objects(achievement.get("learningOutcome"))
    named = {
        place: _targets(one)
        for place, one in objects(achievement.get("resultDescription"))
        if has_type(one, "AssessmentDescription")
    }
    if not any(named.values()):
        return None
    covered = {target for targets in named.values() for target in targets}
    ids = {text(one.get("id")) for _, one in outcomes}
    return OutcomeMatrix(
        not_assessed=tuple(place for place, one in outcomes if text(one.get("id")) not in covered),
        unknown=tuple(place for place, targets in named.items() if not targets <= ids),
    )


def with_outcomes(achievement: dict[str, Any]) -> None:
    """Write `assesses` of each assessment out as alignments, in place; outcomes have their short ids."""
    titles = {
        text(one.get("id")): language_map(one.get("title"))
        for _, one in objects(achievement.get("learningOutcome"))
    }
    for _, one in objects(achievement.get("resultDescription")):
        keys = [f"#{text(key).removeprefix('#')}" for key in items(one.pop("assesses", None))]
        present = _targets(one)
        added = [_alignment(key, titles.get(key, {})) for key in dict.fromkeys(keys) if key not in present]
        if added:
            one["alignment"] = [*items(one.get("alignment")), *added]


def without_outcomes(achievement: dict[str, Any]) -> None:
    """Undo `with_outcomes` in place: alignments with outcomes become `assesses` again."""
    for _, one in objects(achievement.get("resultDescription")):
        ours = [each for each in items(one.get("alignment")) if _is_outcome(each)]
        if ours:
            one["assesses"] = [text(each["targetUrl"]).rpartition("#")[2] for each in ours]
            rest = [each for each in items(one["alignment"]) if not _is_outcome(each)]
            one["alignment"] = rest
            if not rest:
                del one["alignment"]


def place_outcomes(achievement: dict[str, Any], *, before: str, after: str) -> None:
    """Change the address before the `#` of every alignment with an outcome, in place."""
    for _, one in objects(achievement.get("resultDescription")):
        for each in items(one.get("alignment")):
            if _is_outcome(each) and text(each["targetUrl"]).startswith(f"{before}#"):
                each["targetUrl"] = after + text(each["targetUrl"])[len(before) :]


def _targets(description: dict[str, Any]) -> set[str]:
    return {text(one["targetUrl"]) for one in items(description.get("alignment")) if _is_outcome(one)}


def _is_outcome(alignment: Any) -> bool:
    return (
        isinstance(alignment, dict)
        and alignment.get("targetType") == OUTCOME_TYPE
        and bool(text(alignment.get("targetUrl")))
    )


def _alignment(key: str, title: dict[str, str]) -> dict[str, Any]:
    name = title.get("en") or next(iter(title.values()), key.removeprefix("#"))
    return {"type": ["Alignment"], "targetName": name, "targetType": OUTCOME_TYPE, "targetUrl": key}
