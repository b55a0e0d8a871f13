"""Read as much of a definition as can be read: each part that cannot becomes a finding."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from microcredential.definition import Definition, load_definition
from microcredential.errors import MicroCredentialError
from microcredential.findings import Finding, Severity

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


def read_as_far(trial: dict[str, Any]) -> Reading:
    """Read a definition document; each part that cannot be read is taken out in place, with a finding."""
    faults: list[Finding] = []
    while len(faults) < _MOST_FAULTS:
        try:
            return Reading(load_definition(_written(trial), kind="json"), tuple(faults))
        except MicroCredentialError as error:
            faults.append(_finding(error))
            if not _leave_out(trial, error.path):
                break
    return Reading(None, tuple(faults))


def _written(trial: dict[str, Any]) -> bytes:
    """Write letters as they are: as escapes a definition in Lao would be twice as large as its file."""
    return json.dumps(trial, ensure_ascii=False).encode("utf-8", "surrogatepass")


def told_already(finding: Finding, faults: Iterable[Finding]) -> bool:
    """Tell whether a part that could not be read was left out, so that the rest of it is missed now."""
    for fault in faults:
        place = fault.path.removeprefix("achievement.")
        around = place.rpartition("[")[0] or place
        if finding.path == place or (finding.code == "schema" and finding.path.startswith(around)):
            return True
    return False


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
