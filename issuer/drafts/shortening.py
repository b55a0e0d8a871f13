"""Short forms: a definition written out in full becomes again what a person would write.

A member is left out only if the definition that is loaded without it is the same, so nothing is lost, and
what follows from other fields does not go stale when those are changed.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from microcredential import Definition, MicroCredentialError, load_definition
from microcredential.definition import WORKLOAD_REASON
from microcredential.outcome_matrix import without_outcomes

_MOST_TRIALS = 600
_DERIVED = (
    "type",
    "name",
    "description",
    "inLanguage",
    "creditsAvailable",
    "fieldOfStudy",
    "achievementType",
)
_FROM_LEVEL = ("targetName", "targetCode", "targetFramework", "targetType")

Place = tuple[str | int, ...]


def shortened(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the shortest document that loads as the same definition; one that does not load stays as it is."""
    wanted = _loaded(document)
    kept = deepcopy(dict(document))
    if wanted is None:
        return kept
    for place, value in list(_trials(kept))[:_MOST_TRIALS]:
        trial = deepcopy(kept)
        if _change(trial, place, value) and _loaded(trial) == wanted:
            kept = trial
    return _with_reason(_with_matrix(kept, wanted), wanted)


def _loaded(document: Mapping[str, Any]) -> Definition | None:
    try:
        return load_definition(json.dumps(document).encode(), kind="json")
    except (MicroCredentialError, ValueError, TypeError, RecursionError):
        return None


def _trials(document: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Say what might be shorter: places with what may stand there, None for nothing. The last rows first."""
    achievement = document.get("achievement")
    if not isinstance(achievement, dict):
        return
    yield from (
        (("definition", option), None)
        for option in ("suspension", "refresh", "valid_for", "signatory")
        if option in (document.get("definition") or {})
    )
    yield from ((("achievement", term), None) for term in ("humanCode", "version"))
    alignments = achievement.get("alignment")
    for number in reversed(range(len(alignments) if isinstance(alignments, list) else 0)):
        place: Place = ("achievement", "alignment", number)
        yield place, None
        yield from (((*place, member), None) for member in _FROM_LEVEL)
    yield from _within(achievement, ("achievement",))


def _within(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _within(one, (*place, number))
    elif isinstance(value, dict):
        if set(value) == {"id", "type", "prefLabel"}:
            yield place, value["id"]
        if set(value) == {"type", "noteLiteral"}:
            yield place, value["noteLiteral"]
        if isinstance(value.get("id"), str) and value["id"].startswith("#"):
            yield (*place, "id"), value["id"][1:]
        if place[-1] == "accreditingAgent":
            yield (*place, "id"), None
        yield from (((*place, term), None) for term in _DERIVED if term in value)
        for key, one in value.items():
            yield from _within(one, (*place, key))


def _change(document: dict[str, Any], place: Place, value: Any) -> bool:
    here: Any = document
    for part in place[:-1]:
        if not _has(here, part):
            return False
        here = here[part]
    last: Any = place[-1]
    if not _has(here, last):
        return False
    if value is None:
        del here[last]
    else:
        here[last] = value
    return True


def _has(here: Any, part: Any) -> bool:
    if isinstance(here, dict):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _with_matrix(document: dict[str, Any], wanted: Definition) -> dict[str, Any]:
    """Write which outcomes an assessment covers as a person would."""
    trial = deepcopy(document)
    without_outcomes(trial["achievement"])
    return trial if _loaded(trial) == wanted else document


def _with_reason(document: dict[str, Any], wanted: Definition) -> dict[str, Any]:
    """Write the note that is the reason for the workload as the option that makes it."""
    trial = deepcopy(document)
    notes = trial["achievement"].get("additionalNote")
    if not isinstance(notes, list) or not notes or not isinstance(notes[-1], dict):
        return document
    words = notes[-1].get("noteLiteral", notes[-1])
    if not all(isinstance(one, str) and one.startswith(WORKLOAD_REASON) for one in words.values()):
        return document
    notes.pop()
    if not notes:
        del trial["achievement"]["additionalNote"]
    reason = {tag: one.removeprefix(WORKLOAD_REASON) for tag, one in words.items()}
    trial.setdefault("definition", {})["workload_reason"] = reason
    return trial if _loaded(trial) == wanted else document
