"""Which terms each part of a definition may use: those with a meaning in the contexts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.publication import context
from microcredential.shapes import objects

# Open Badges 3.0, appendix B. Without `endorsementJwt`, which one body of the context leaves undefined.
_ACHIEVEMENT = (
    "id type alignment achievementType creator creditsAvailable criteria description endorsement fieldOfStudy"
    " humanCode image inLanguage name otherIdentifier related resultDescription specialization tag version"
)
_ALIGNMENT = "id type targetCode targetDescription targetName targetFramework targetType targetUrl"
_RESULT_DESCRIPTION = (
    "id type alignment allowedValue name requiredLevel requiredValue resultType"
    " rubricCriterionLevel valueMax valueMin"
)
_IN_DEFINITIONS_ALONE = " assesses"  # written out as alignments (microcredential.outcome_matrix)


@dataclass(frozen=True)
class Part:
    """Describe one kind of object: its terms, and the kinds of the objects in them."""

    terms: frozenset[str]
    parts: Mapping[str, Part] = field(default_factory=dict)


def _part(words: str = "", kind: str = "", **parts: Part) -> Part:
    own = context()["@context"][kind]["@context"] if kind else {}
    terms = {*words.split(), *(term for term in own if not term.startswith("@"))}
    return Part(frozenset(terms), parts)


@cache
def achievement_part(*, short: bool = True) -> Part:
    """Give the terms of a profile Achievement and of everything in it that the profile describes.

    `short` adds the words that a definition may use in place of what they are written out as.
    """
    more = _IN_DEFINITIONS_ALONE if short else ""
    note = _part(kind="Note")
    concept = _part(kind="Concept")
    return _part(
        _ACHIEVEMENT,
        "MicroCredentialAchievement",
        alignment=_part(_ALIGNMENT, "LevelAlignment", referencingBasis=concept),
        criteria=_part("id narrative"),
        creditPoint=_part(kind="CreditPoint"),
        learningOutcome=_part(kind="LearningOutcome", relatedESCOSkill=concept, relatedSkill=concept),
        resultDescription=_part(_RESULT_DESCRIPTION + more, "AssessmentDescription", supervision=concept),
        qualityAssurance=_part(kind="QualityAssurance", qaType=concept),
        isPartOf=_part(kind="LearningSpecification"),
        entryRequirement=note,
        additionalNote=note,
        mode=concept,
        learningSetting=concept,
        learningOpportunityType=concept,
        thematicArea=concept,
        stackability=concept,
    )


def refuse_unknown_terms(value: Any, part: Part, path: str) -> None:
    """Raise MicroCredentialError (`unknown_key`) at the first key that no context gives a meaning to."""
    for place, key, known in unknown_terms(value, part, path):
        raise MicroCredentialError(
            "unknown_key",
            f"“{key}” is not a word of the profile here.",
            path=place,
            fix=f"Use one of: {', '.join(sorted(known))}.",
        )


def unknown_terms(value: Any, part: Part, path: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Give the place of each key without a meaning, the key, and what may stand there."""
    for number, one in objects(value):
        here = f"{path}[{number}]" if isinstance(value, list) else path
        for key, child in one.items():
            if key not in part.terms:
                shown = str(key)[:80]
                yield f"{here}.{shown}" if here else shown, shown, part.terms
            elif key in part.parts and not _is_language_map(child, part.parts[key]):
                yield from unknown_terms(child, part.parts[key], f"{here}.{key}" if here else key)


def _is_language_map(value: Any, part: Part) -> bool:
    """Tell whether this is the short form of a note: texts by language."""
    return "noteLiteral" in part.terms and isinstance(value, dict) and "noteLiteral" not in value
