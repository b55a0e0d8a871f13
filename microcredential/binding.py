"""Bind a definition to a deployment: the Achievement that every credential of that version embeds."""

from __future__ import annotations

import copy
from typing import Any

from microcredential.definition import Definition
from microcredential.errors import MicroCredentialError
from microcredential.outcome_matrix import place_outcomes
from microcredential.shapes import objects, text

# Written for an awarding body in a definition: the institution that issues, whose id the author cannot know.
ISSUER = "issuer"


def bind(
    definition: Definition,
    *,
    achievement_id: str,
    issuer_profile: dict[str, Any],
    base_url: str,
    previous_id: str | None = None,
    previous_version: str | None = None,
) -> dict[str, Any]:
    """Give the Achievement with ids, badge image, criteria address and creator.

    `achievement_id` is the immutable address of this version under `base_url`; parts become
    `{achievement_id}#exam`. `previous_id` and `previous_version` link the version before it (`related`).
    Raises MicroCredentialError (`foreign_id`) for an id outside the deployment.
    """
    if not achievement_id.startswith(base_url.rstrip("/") + "/") or "#" in achievement_id:
        raise MicroCredentialError(
            "foreign_id",
            f"The id “{achievement_id[:200]}” is not an address of this deployment.",
            fix=f"Give an address that begins with {base_url.rstrip('/')}/.",
        )
    given = copy.deepcopy(definition.achievement)
    achievement: dict[str, Any] = {"id": achievement_id, "type": given.pop("type"), **given}
    for term in ("learningOutcome", "resultDescription"):
        for _, part in objects(achievement.get(term)):
            part["id"] = achievement_id + text(part.get("id"))
    place_outcomes(achievement, before="", after=achievement_id)
    for place, programme in objects(achievement.get("isPartOf")):
        programme.setdefault("id", f"{achievement_id}#programme{place + 1}")
    achievement["image"] = {
        "id": f"{achievement_id}/badge.png",
        "type": "Image",
        "caption": "Badge of the micro-credential",
    }
    achievement["criteria"] = {"id": f"{achievement_id}#criteria", **achievement.get("criteria", {})}
    achievement["creator"] = _bind_awarding_bodies(achievement, issuer_profile)
    if previous_id:
        link = {"id": previous_id, "type": ["Related"], "inLanguage": achievement["inLanguage"]}
        achievement["related"] = [link | ({"version": previous_version} if previous_version else {})]
    return achievement


def _bind_awarding_bodies(achievement: dict[str, Any], issuer_profile: dict[str, Any]) -> dict[str, Any]:
    """Put the issuer's profile where a body is called `issuer`, and give the creator."""
    if "awardingBody" not in achievement:
        return copy.deepcopy(issuer_profile)
    given = [body for _, body in objects(achievement["awardingBody"])]
    bodies = [copy.deepcopy(issuer_profile) if body.get("id") == ISSUER else body for body in given]
    achievement["awardingBody"] = bodies
    own = any(body.get("id") == issuer_profile.get("id") for body in bodies)
    return copy.deepcopy(issuer_profile) if own or not bodies else copy.deepcopy(bodies[0])
