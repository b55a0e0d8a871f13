"""Weigh the assessments that a badge describes: what was supervised, and where the learner was identified."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from microcredential.recognition.facts import Rating
from microcredential.recognition.words import Indicator, Strength, settled
from microcredential.shapes import concept_id, decimal, has_type, items, mapping, objects, text
from microcredential.vocabulary import label

SUPERVISED_IDENTIFIED = "http://data.europa.eu/snb/supervision-verification/70be69aaf9"
SUPERVISED = "http://data.europa.eu/snb/supervision-verification/44314532f9"
IDENTIFIED = "http://data.europa.eu/snb/supervision-verification/df2880c5cb"
NEITHER = "http://data.europa.eu/snb/supervision-verification/c598449d64"
PRESENTIAL = "http://data.europa.eu/snb/learning-assessment/9191af2ed9"
_ATTENDANCE = "http://data.europa.eu/snb/assessment/7331eb4762"
_LIGHT = frozenset(
    {
        "http://data.europa.eu/snb/assessment/b1b68f6735",
        "http://data.europa.eu/snb/assessment/c_2b3bd410",
        "http://data.europa.eu/snb/assessment/c_4f874951",
        _ATTENDANCE,
    }
)

Achievement = Mapping[str, Any]


def is_on_site(achievement: Achievement) -> bool:
    """Tell whether the course says that it was held on site and in no other way."""
    modes = {concept_id(one) for one in items(achievement.get("mode"))}
    return modes == {PRESENTIAL}


def identification(achievement: Achievement) -> Rating:
    """Rate how the learner was identified, by the share of weight that each kind of supervision has."""
    shares = _shares(achievement)
    limit = Decimal(settled()["parameters"]["identified_weight_percent"])
    strong = shares.get(SUPERVISED_IDENTIFIED, Decimal(0))
    substantial = strong + shares.get(SUPERVISED, Decimal(0)) + shares.get(IDENTIFIED, Decimal(0))
    any_kind = substantial + shares.get(NEITHER, Decimal(0))
    told = {label(kind) if kind else "not stated": f"{share:.0f} %" for kind, share in shares.items()}
    for share, strength, reason in (
        (strong, Strength.STRONG, "At least half of the weight was supervised with a check of identity."),
        (substantial, Strength.SUBSTANTIAL, "At least half was supervised or the learner identified."),
        (any_kind, Strength.WEAK, "At least half was neither supervised nor was the learner identified."),
    ):
        if shares and share >= limit:
            return Rating(Indicator.IDENTIFICATION, strength, reason, told)
    reason = "How the learner was identified is not stated for at least half of the weight."
    return Rating(Indicator.IDENTIFICATION, Strength.NONE, reason, told)


def assessment(achievement: Achievement) -> Rating:
    """Give the facts for the assessment: types, thresholds, criteria, and the share that was supervised."""
    parts = _parts(achievement)
    types = {concept_id(one) for part in parts for one in items(part.get("assessmentType"))} - {""}
    shares = _shares(achievement)
    supervised = shares.get(SUPERVISED_IDENTIFIED, Decimal(0)) + shares.get(SUPERVISED, Decimal(0))
    criteria = mapping(achievement.get("criteria"))
    public = bool(text(criteria.get("narrative")) or text(criteria.get("id")))
    thresholds = bool(parts) and all(text(part.get("requiredValue")) for part in parts)
    told = {
        "types": ", ".join(sorted(label(one) for one in types)),
        "supervised": f"{supervised:.0f} %",
        "thresholds": "yes" if thresholds else "no",
        "criteria": "public" if public else "none",
        "by_table": _by_table(types, public=public, thresholds=thresholds, supervised=supervised).value,
    }
    reason = "A person says whether every outcome is assessed, and was so by rules known beforehand."
    return Rating(Indicator.ASSESSMENT, None, reason if parts else "No assessment is described.", told)


def _by_table(types: set[str], *, public: bool, thresholds: bool, supervised: Decimal) -> Strength:
    if types <= {_ATTENDANCE}:
        return Strength.NONE
    if types <= _LIGHT or not public:
        return Strength.WEAK
    enough = supervised >= Decimal(settled()["parameters"]["supervised_weight_percent"])
    return Strength.STRONG if enough and thresholds else Strength.SUBSTANTIAL if thresholds else Strength.WEAK


def _parts(achievement: Achievement) -> list[dict[str, Any]]:
    found = [one for _, one in objects(achievement.get("resultDescription"))]
    return [one for one in found if has_type(one, "AssessmentDescription")]


def _shares(achievement: Achievement) -> dict[str, Decimal]:
    """Give the percentage of weight by kind of supervision; parts weigh the same where one has no weight."""
    parts = _parts(achievement)
    weights = [decimal(part.get("weightPercent")) for part in parts]
    even = any(weight is None or weight <= 0 for weight in weights)
    real = [Decimal(1) if even or weight is None else weight for weight in weights]
    total = sum(real, Decimal(0))
    shares: dict[str, Decimal] = {}
    for part, weight in zip(parts, real, strict=True):
        kind = concept_id(part.get("supervision"))
        known = kind if kind in (SUPERVISED_IDENTIFIED, SUPERVISED, IDENTIFIED, NEITHER) else ""
        shares[known] = shares.get(known, Decimal(0)) + weight * 100 / total
    return shares
