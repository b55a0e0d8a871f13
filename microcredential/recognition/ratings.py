"""Propose the ratings of the seven criteria from a badge: four by machine, the facts for the other three.

Nothing here decides: a proposal is what the agreed table says of what the badge states and what was found
(RECOGNITION, section 4; its text stands beside the concepts of `recognition-indicators`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microcredential.expansion import ECTS
from microcredential.recognition.assessing import assessment, identification, is_on_site
from microcredential.recognition.credits import allowed_hours, stated_credits, stated_hours
from microcredential.recognition.facts import Halt, HolderMatch, Rating, ReportFacts, Signature, Standing
from microcredential.recognition.quality import quality
from microcredential.recognition.words import Indicator, Strength, not_asked_on_site
from microcredential.rules.levels import claims
from microcredential.shapes import decimal, language_map, mapping, objects
from microcredential.vocabulary import label

NATIONAL = "ext:NQF"
_BY_BASIS = {
    "legislated": Strength.STRONG,
    "referenced": Strength.STRONG,
    "institutional": Strength.SUBSTANTIAL,
    "indicative": Strength.WEAK,
}


def ratings(credential: Mapping[str, Any], facts: ReportFacts) -> tuple[Rating, ...]:
    """Give the seven criteria in the order of the vocabulary, each with a proposal or what a person needs.

    Never raises for a bad document: what is not there reads as absent.
    """
    whole = mapping(dict(credential))
    achievement = mapping(mapping(whole.get("credentialSubject")).get("achievement"))
    found = (
        quality(whole, achievement, facts),
        verification(facts),
        level(achievement),
        learning_outcomes(achievement),
        workload(achievement, facts),
        assessment(achievement),
        identification(achievement),
    )
    if not is_on_site(achievement):
        return found
    return tuple(_on_site(one) if one.criterion in not_asked_on_site() else one for one in found)


def verification(facts: ReportFacts) -> Rating:
    """Rate how far the file was found to be authentic, the issuer to be known and the holder to be theirs."""
    told = {
        "signature": facts.signature.value,
        "issuer_in_registry": "yes" if facts.issuer_in_registry else "no",
        "status": facts.standing.value,
        "holder": facts.holder.value,
    }
    strength, reason, halt = _verified(facts)
    return Rating(Indicator.VERIFICATION, strength, reason, told, halt=halt)


def _verified(facts: ReportFacts) -> tuple[Strength | None, str, Halt | None]:
    if facts.signature is Signature.INVALID:
        return None, "The signature is invalid: stop here, this may be fraud.", Halt.SIGNATURE_INVALID
    if facts.signature is Signature.NOT_CHECKED:
        if facts.page_answered:
            return Strength.WEAK, "A page of the issuer answered; no signature was checked.", None
        return Strength.NONE, "Nothing could be verified.", None
    if facts.standing is Standing.WITHDRAWN:
        return None, "The issuer has withdrawn it: there is nothing to recognise.", Halt.WITHDRAWN
    if facts.standing is Standing.UNKNOWN:
        return None, "Its status could not be read, which is neither yes nor no: try again.", None
    if not facts.issuer_in_registry:
        return (
            Strength.WEAK,
            "The signature fits, but nobody vouches that the key is the institution's.",
            None,
        )
    if facts.holder is HolderMatch.BOUND:
        return Strength.STRONG, "Signature, issuer, status and holder were verified.", None
    if facts.holder is HolderMatch.BY_DOCUMENT:
        reason = "Signature, issuer and status were verified; the holder by name or document."
        return Strength.SUBSTANTIAL, reason, None
    return Strength.WEAK, "The certificate is genuine, but nobody showed that it is the applicant's.", None


def level(achievement: Mapping[str, Any]) -> Rating:
    """Give the facts for the level: what is claimed, and what the table says of its basis."""
    told: dict[str, str] = {}
    by_table = Strength.NONE
    for claim in claims(dict(achievement)):
        if claim.level is None:
            continue
        basis = claim.basis.rpartition("#")[2]
        told[f"{claim.level.framework} {claim.level.code}"] = label(claim.basis) if basis else ""
        strength = _BY_BASIS.get(basis, Strength.NONE)
        # The table speaks of the awarding country's framework: one of frameworks can only ever inform.
        if claim.level.target_type != NATIONAL:
            strength = min(strength, Strength.WEAK, key=lambda one: one.rank)
        by_table = max(by_table, strength, key=lambda one: one.rank)
    told["by_table"] = by_table.value
    reason = "A person compares the levels." if len(told) > 1 else "No level is stated."
    return Rating(Indicator.LEVEL, None, reason, told)


def learning_outcomes(achievement: Mapping[str, Any]) -> Rating:
    """Give the facts for the outcomes: how many are stated; the share that they cover is for a person."""
    titles = [language_map(one.get("title")) for _, one in objects(achievement.get("learningOutcome"))]
    number = len([one for one in titles if one])
    if not number:
        told = {"stated": "0", "by_table": Strength.NONE.value}
        return Rating(Indicator.LEARNING_OUTCOMES, None, "No learning outcomes are stated.", told)
    reason = "A person compares them with those of the target and says which share they cover."
    return Rating(Indicator.LEARNING_OUTCOMES, None, reason, {"stated": str(number)})


def workload(achievement: Mapping[str, Any], facts: ReportFacts) -> Rating:
    """Rate whether hours and credits are stated and agree."""
    hours, points = stated_hours(achievement), stated_credits(achievement)
    told = {label(system): str(number) for system, number in points.items()}
    told |= {"hours": str(hours)} if hours is not None else {}
    strength, reason = _workload(achievement, facts)
    return Rating(Indicator.WORKLOAD, strength, reason, told)


def _workload(achievement: Mapping[str, Any], facts: ReportFacts) -> tuple[Strength, str]:
    hours, points = stated_hours(achievement), stated_credits(achievement)
    least, most = allowed_hours(ECTS) or (0, 0)
    ects = points.get(ECTS)
    if hours is not None and ects:
        if least <= hours / ects <= most:
            return Strength.STRONG, "Hours and ECTS credits are stated, and agree."
        return Strength.WEAK, f"{hours} hours are not {ects} ECTS: the two contradict each other."
    if hours is not None:
        return Strength.SUBSTANTIAL, "The hours are stated; they decide."
    if any(system in facts.hours_per_credit or allowed_hours(system) for system in points):
        return Strength.SUBSTANTIAL, "Credits are stated whose hours are known."
    if points or decimal(achievement.get("creditsAvailable")):
        return Strength.WEAK, "Credits are stated, but not how many hours one has."
    return Strength.NONE, "Neither hours nor credits are stated."


def _on_site(rating: Rating) -> Rating:
    return Rating(
        rating.criterion,
        rating.proposed,
        rating.reason,
        rating.facts,
        may_be_left_out=True,
        halt=rating.halt,
    )
