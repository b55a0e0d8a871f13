"""Documents of drafts: half-finished definitions, and how they become definitions that can be published.

A draft's document is a definition file (`definition`, `achievement`) with one member more, `working`: notes
of the author, such as the parts of the workload, that are never published.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from microcredential import Definition, load_definition
from microcredential.reading import Reading, read_as_far
from microcredential.shapes import mapping, text
from ob3.errors import JsonRefused
from ob3.strict_json import parse


def publishable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the definition file in a draft's document: without working notes and without empty wordings."""
    kept = {
        term: deepcopy(value) for term, value in document.items() if term in ("definition", "achievement")
    }
    return {term: _without_blanks(value) for term, value in kept.items()}


def definition_of(document: Mapping[str, Any]) -> Definition:
    """Load the definition in a draft's document; raises MicroCredentialError."""
    written = json.dumps(publishable(document), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return load_definition(written, kind="json")


def readable(document: Mapping[str, Any]) -> Reading:
    """Read as much of a document as can be read, leaving out each part that cannot with a finding for it."""
    trial = publishable(document)
    if isinstance(trial.setdefault("achievement", {}), dict):
        trial["achievement"].setdefault("achievementType", "MicroCredential")  # an empty one is read too
    return read_as_far(trial)


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


def _without_blanks(value: Any) -> Any:
    """Leave out members that are empty texts: a language or a field that nobody has filled yet."""
    if isinstance(value, dict):
        return {key: _without_blanks(one) for key, one in value.items() if not _is_blank(one)}
    if isinstance(value, list):
        return [_without_blanks(one) for one in value]
    return value


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()
