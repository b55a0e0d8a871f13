"""The register as programs read it: each version with what it is found by, its state and its evidence."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from issuer.register.records import Entry
from issuer.register.searching import Found
from microcredential.levels_in_words import levels
from microcredential.shapes import concept_id, items, mapping, objects, text


def page_of_register(found: Found, *, limit: int, following: Callable[[int], str]) -> dict[str, Any]:
    """Describe a page of entries; `next` is the address of the next one, None at the end."""
    is_full = len(found.entries) == limit
    return {
        "total": found.total,
        "totalIsAtLeast": found.more,
        "next": following(found.entries[-1].number) if is_full else None,
        "versions": [described(each) for each in found.entries],
    }


def described(entry: Entry) -> dict[str, Any]:
    """Describe one version; its wording stands at its `id`, and `digest` is the SHA-256 of that text."""
    version, wording = entry.version, dict(entry.version.achievement)
    return {
        "id": version.achievement_id,
        "code": version.code,
        "version": version.version,
        "state": entry.state.value,
        **_retired(entry),
        "published": version.created.isoformat(),
        "previous": _previous(wording),
        "title": wording.get("title"),
        "institution": {
            "id": version.institution.did,
            "name": version.institution.name,
            "country": version.institution.country,
        },
        "thematicArea": [concept_id(one) for one in items(wording.get("thematicArea"))],
        "levels": [
            {"id": one.iri, "framework": one.framework_id, "level": one.code, "basis": one.basis}
            for one in levels(wording)
        ],
        "creditPoint": [
            {"framework": text(one.get("framework")), "point": text(one.get("point"))}
            for _place, one in objects(wording.get("creditPoint"))
        ],
        "volumeOfLearning": wording.get("volumeOfLearning"),
        "inLanguage": wording.get("inLanguage"),
        "digest": hashlib.sha256(version.text.encode()).hexdigest(),
        "endorsements": f"{version.achievement_id}/endorsements",
        "evidence": _public(entry.evidence),
    }


def _retired(entry: Entry) -> dict[str, str]:
    if entry.retired is None:
        return {}
    return {"retired": entry.retired.isoformat(), "retiredReason": entry.retired_reason}


def _previous(wording: Mapping[str, Any]) -> str | None:
    related = (text(mapping(one).get("id")) for one in items(wording.get("related")))
    return next(filter(None, related), None)


def _public(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Give what anybody may read of the evidence: indicators and whether somebody reviewed, never who."""
    return {
        "judged": evidence["judged"],
        "reviewed": evidence["reviewed"],
        "document": evidence["document"],
        "met": evidence["met"],
        "unmet": evidence["unmet"],
    }
