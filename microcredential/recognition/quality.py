"""Rate the quality assurance that a badge states, by what was found of those that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from microcredential.recognition.facts import Rating, ReportFacts
from microcredential.recognition.words import NS, Indicator, Strength
from microcredential.shapes import concept_id, moment, objects, text

_EXTERNAL_PREFIX = "http://data.europa.eu/snb/accreditation/"
_INTERNAL, _PEERS = f"{NS}internalQA", f"{NS}consortiumPeerReview"

Entry = Mapping[str, Any]


def quality(credential: Entry, achievement: Entry, facts: ReportFacts) -> Rating:
    """Rate the entries of quality assurance; None where an agency or report has not been looked up yet."""
    entries = [one for _, one in objects(achievement.get("qualityAssurance"))]
    kinds = [concept_id(one.get("qaType")) for one in entries]
    told = {
        text(next(iter(one.get("title", {}).values()), "")) or f"entry {place + 1}": concept_id(
            one.get("accreditingAgent")
        )
        for place, one in enumerate(entries)
        if isinstance(one.get("title", {}), dict)
    }
    external = [one for one, kind in zip(entries, kinds, strict=True) if kind.startswith(_EXTERNAL_PREFIX)]
    internal = [one for one, kind in zip(entries, kinds, strict=True) if kind == _INTERNAL]
    strength, reason = _rated(credential, external, internal, peers=_PEERS in kinds, facts=facts)
    return Rating(Indicator.QUALITY, strength, reason, told)


def _rated(
    credential: Entry,
    external: Sequence[Entry],
    internal: Sequence[Entry],
    *,
    peers: bool,
    facts: ReportFacts,
) -> tuple[Strength | None, str]:
    in_force = [one for one in external if _in_force(one, credential)]
    if in_force and (facts.known_agents is None or facts.public_reports is None):
        return None, "Look up first whether the agency is in DEQAR or the national register."
    if any(_is_found(one, facts) for one in in_force):
        if any(_is_specific(one, facts) for one in internal):
            return Strength.STRONG, "Accredited, and its own procedure names micro-credentials in public."
        return Strength.SUBSTANTIAL, "Accredited as an institution, without evidence for micro-credentials."
    if peers and internal:
        return Strength.SUBSTANTIAL, "Reviewed by peers of the consortium beside its own procedure."
    if in_force:
        return Strength.WEAK, "The agency or its report cannot be found."
    if external:
        return Strength.WEAK, "The accreditation was not in force on the day of the award."
    if internal or peers:
        return Strength.WEAK, "It is assured by nobody outside, or by peers alone."
    return Strength.NONE, "No quality assurance is stated."


def _in_force(entry: Entry, credential: Entry) -> bool:
    awarded, expiry = moment(credential.get("awardedDate")), moment(entry.get("expiryDate"))
    return awarded is not None and expiry is not None and expiry > awarded


def _is_found(entry: Entry, facts: ReportFacts) -> bool:
    agents, reports = facts.known_agents or frozenset(), facts.public_reports or frozenset()
    return concept_id(entry.get("accreditingAgent")) in agents and text(entry.get("report")) in reports


def _is_specific(entry: Entry, facts: ReportFacts) -> bool:
    public = text(entry.get("report")) in (facts.public_reports or frozenset())
    return public and facts.internal_names_micro_credentials is True
