"""The rules of the profile, by element of Annex I: each is a small function from the document to findings."""

from microcredential.rules import (
    assessment,
    award,
    identity,
    indicators,
    learning,
    levels,
    quality,
    relations,
)
from microcredential.rules.registry import Matter, Scope, judge

__all__ = [
    "Matter",
    "Scope",
    "assessment",
    "award",
    "identity",
    "indicators",
    "judge",
    "learning",
    "levels",
    "quality",
    "relations",
]
