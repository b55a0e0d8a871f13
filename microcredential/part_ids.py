"""The ids of the parts of an achievement: short in a definition (`#exam`), full once it is bound."""

from __future__ import annotations

import copy
import re
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.shapes import has_type, mapping, objects, text

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)
_PARTS = {"learningOutcome": "lo", "resultDescription": "result"}


def without_deployment(raw: dict[str, Any]) -> tuple[dict[str, Any], str, list[str]]:
    """Give the achievement without the addresses of a deployment, its own id, and what was left out."""
    bare = copy.deepcopy(raw)
    own_id = text(bare.pop("id", None))
    notes = [
        f"“{term}” was left out: {reason}."
        for term, reason in (
            ("creator", "the institution that publishes takes its place"),
            ("image", "the badge is drawn by this deployment"),
            ("related", "the link to the earlier version is made when this one is published"),
        )
        if bare.pop(term, None) is not None
    ]
    criteria = bare.get("criteria")
    if isinstance(criteria, dict) and own_id and text(criteria.get("id")).startswith(own_id):
        criteria.pop("id")
    return bare, own_id, notes


def shorten_ids(achievement: dict[str, Any], own_id: str) -> None:
    """Give outcomes and result descriptions short ids in place.

    Raises MicroCredentialError for a part whose id is neither short nor under the achievement's own id.
    """
    for term, stem in _PARTS.items():
        _shorten(achievement.get(term), own_id, term, stem)


def _shorten(parts: Any, own_id: str, term: str, stem: str) -> None:
    seen: set[str] = set()
    for place, part in objects(parts):
        key = _key(part.get("id"), own_id, f"achievement.{term}[{place}].id") or f"{stem}{place + 1}"
        if key in seen:
            raise MicroCredentialError(
                "duplicate_id",
                f"“{key}” names two parts.",
                path=f"achievement.{term}[{place}].id",
                fix="Give each its own short name.",
            )
        seen.add(key)
        part["id"] = f"#{key}"


def _key(value: Any, own_id: str, path: str) -> str:
    if value is None:
        return ""
    written = text(value)
    if own_id and written.startswith(f"{own_id}#"):
        written = written[len(own_id) :]
    key = written.removeprefix("#")
    if not _KEY.fullmatch(key):
        raise MicroCredentialError(
            "bad_id",
            "The id of a part is a short word; addresses are given when the definition is published.",
            path=path,
            fix="Write a word such as exam, project or lo1.",
        )
    return key


def result_keys(achievement: dict[str, Any]) -> dict[str, str]:
    """Give the short key of each result description (`exam`) with its id, in the order of the definition."""
    ids = [text(part.get("id")) for _, part in objects(achievement.get("resultDescription"))]
    return {one.rpartition("#")[2]: one for one in ids if "#" in one}


def final_description(achievement: dict[str, Any]) -> dict[str, Any] | None:
    """Give the description of the overall grade: no assessment, and of type `Result` if there is one."""
    wholes = [
        part
        for _, part in objects(achievement.get("resultDescription"))
        if not has_type(part, "AssessmentDescription")
    ]
    typed = [part for part in wholes if part.get("resultType") == "Result"]
    return next(iter(typed or wholes), None)


def final_result_key(achievement: dict[str, Any]) -> str | None:
    """Give the short key of the overall grade, None where the definition has none."""
    return text(mapping(final_description(achievement)).get("id")).rpartition("#")[2] or None
