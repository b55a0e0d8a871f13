"""Documents of drafts: half-finished definitions, and how they become definitions that can be published.

A draft's document is a definition file (`definition`, `achievement`) with one member more, `working`: notes
of the author, such as the parts of the workload, that are never published.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from microcredential import Definition, Finding, MicroCredentialError, Severity, load_definition
from microcredential.shapes import mapping, text
from ob3.errors import JsonRefused
from ob3.strict_json import parse

_MOST_FAULTS = 40
_PLACEHOLDERS = {"definition.code": "DRAFT", "definition.version": "0"}
_PART = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")
_ELEMENTS = {
    "title": "M2",
    "language": "M2",
    "inLanguage": "M2",
    "code": "M2",
    "version": "M2",
    "awardingBody": "M4",
    "learningOutcome": "M6",
    "volumeOfLearning": "M7",
    "creditPoint": "M7",
    "workload": "M7",
    "workload_reason": "M7",
    "alignment": "M8",
    "resultDescription": "M9",
    "mode": "M10",
    "qualityAssurance": "M11",
}


@dataclass(frozen=True)
class Reading:
    """What a document says as far as it can be read: the definition, and what could not be read in it."""

    definition: Definition | None
    faults: tuple[Finding, ...]


def publishable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the definition file in a draft's document: without working notes and without empty wordings."""
    kept = {
        term: deepcopy(value) for term, value in document.items() if term in ("definition", "achievement")
    }
    return {term: _without_blanks(value) for term, value in kept.items()}


def definition_of(document: Mapping[str, Any]) -> Definition:
    """Load the definition in a draft's document; raises MicroCredentialError."""
    return load_definition(json.dumps(publishable(document)).encode(), kind="json")


def readable(document: Mapping[str, Any]) -> Reading:
    """Read as much of a document as can be read, leaving out each part that cannot with a finding for it."""
    trial = publishable(document)
    if isinstance(trial.setdefault("achievement", {}), dict):
        trial["achievement"].setdefault("achievementType", "MicroCredential")  # an empty one is read too
    faults: list[Finding] = []
    while len(faults) < _MOST_FAULTS:
        try:
            return Reading(load_definition(json.dumps(trial).encode(), kind="json"), tuple(faults))
        except MicroCredentialError as error:
            faults.append(_finding(error))
            if not _leave_out(trial, error.path):
                break
    return Reading(None, tuple(faults))


def check_storable(document: Any) -> dict[str, Any]:
    """Give a document back if it can be kept and carried by a form; raises JsonRefused."""
    parsed = parse(json.dumps(document).encode())
    if not isinstance(parsed, dict):
        raise JsonRefused("not_a_map", "The document holds no keys with values.")
    return parsed


def named(document: Mapping[str, Any]) -> tuple[str, str, str]:
    """Give code, version and title of a document as lists show them, empty where it says none."""
    options, achievement = mapping(document.get("definition")), mapping(document.get("achievement"))
    code = options.get("code") or achievement.get("humanCode") or ""
    version = options.get("version") or achievement.get("version") or ""
    title = achievement.get("title")
    words = [title] if isinstance(title, str) else [mapping(title).get("en"), *mapping(title).values()]
    first = next((text(one) for one in words if text(one)), "")
    return str(code)[:100], str(version)[:100], first[:300]


def _finding(error: MicroCredentialError) -> Finding:
    words = [match[1] for match in _PART.finditer(error.path) if match[1]]
    element = next((_ELEMENTS[word] for word in words if word in _ELEMENTS), "O5")
    return Finding(element, Severity.BLOCK, error.path, error.message, error.fix, error.code)


def _leave_out(document: dict[str, Any], path: str) -> bool:
    """Take away the value at a path, or put a word in its place; False where there is nothing to take."""
    if path in _PLACEHOLDERS:
        options = document.setdefault("definition", {})
        option = path.rpartition(".")[2]
        if not isinstance(options, dict) or options.get(option) == _PLACEHOLDERS[path]:
            return False
        options[option] = _PLACEHOLDERS[path]
        return True
    parts: list[Any] = [match[1] or int(match[2]) for match in _PART.finditer(path)]
    here: Any = document
    for part in parts[:-1]:
        here = _inside(here, part)
    last = parts[-1] if parts else ""
    if isinstance(here, dict) and last in here and len(parts) > 1:
        del here[last]
        return True
    if isinstance(here, list) and isinstance(last, int) and last < len(here):
        # an empty object keeps the places of the others; where even that cannot be read, the row goes
        here[last : last + 1] = [] if here[last] == {} else [{}]
        return True
    return len(parts) > 1 and _leave_out(document, path[: max(path.rfind("."), path.rfind("["), 0)])


def _inside(here: Any, part: Any) -> Any:
    if isinstance(part, int):
        return here[part] if isinstance(here, list) and part < len(here) else here
    return here.get(part) if isinstance(here, dict) else None


def _without_blanks(value: Any) -> Any:
    """Leave out members that are empty texts: a language or a field that nobody has filled yet."""
    if isinstance(value, dict):
        return {key: _without_blanks(one) for key, one in value.items() if not _is_blank(one)}
    if isinstance(value, list):
        return [_without_blanks(one) for one in value]
    return value


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()
