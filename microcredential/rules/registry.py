"""The register of rules: which element each belongs to, and what it needs to see."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from microcredential.findings import Finding
from microcredential.shapes import mapping


class Scope(StrEnum):
    """Say what a rule needs to see."""

    ACHIEVEMENT = "achievement"
    CREDENTIAL = "credential"


@dataclass(frozen=True)
class Matter:
    """Hold what is judged.

    `credential` and `subject` are empty for a definition; `has_issuer` is False when nobody has said who
    will issue it; `institution_country` is the registry's entry for the issuer (ISO 3166-1 alpha-2), None
    where there is no registry; `now` is None where no clock was given.
    """

    achievement: dict[str, Any]
    issuer: dict[str, Any] = field(default_factory=dict)
    has_issuer: bool = True
    credential: dict[str, Any] = field(default_factory=dict)
    institution_country: str | None = None
    now: datetime | None = None

    @property
    def subject(self) -> dict[str, Any]:
        """Give the subject of the credential."""
        return mapping(self.credential.get("credentialSubject"))

    @property
    def country(self) -> str:
        """Give the country that the issuer names, in capital letters, or nothing."""
        code = mapping(self.issuer.get("address")).get("addressCountryCode")
        return code if isinstance(code, str) else ""


Rule = Callable[[Matter], Iterator[Finding]]
_RULES: list[tuple[str, Scope, Rule]] = []


def rule(element: str, scope: Scope = Scope.ACHIEVEMENT) -> Callable[[Rule], Rule]:
    """Register a rule for an element of Annex I."""

    def register(function: Rule) -> Rule:
        _RULES.append((element, scope, function))
        return function

    return register


def judge(matter: Matter, scope: Scope) -> list[Finding]:
    """Apply the rules that can be judged: those of a credential include those of its achievement."""
    return [
        dataclasses.replace(finding, id=element, path=_placed(finding.path, rule_scope, scope))
        for element, rule_scope, function in _RULES
        if rule_scope is Scope.ACHIEVEMENT or scope is Scope.CREDENTIAL
        for finding in function(matter)
    ]


def _placed(path: str, rule_scope: Scope, scope: Scope) -> str:
    """Give the place from the top of the document that is judged; `^` marks a path from the top already."""
    if path.startswith("^"):
        return path[1:]
    if rule_scope is scope:
        return path
    return f"credentialSubject.achievement.{path}".rstrip(".")
