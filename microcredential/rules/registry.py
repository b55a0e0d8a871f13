"""The register of rules: which element each belongs to, and what it needs to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from microcredential.findings import Finding
from microcredential.shapes import mapping
from ob3.recent import kept_key, told_by


class Scope(StrEnum):
    """Say what a rule needs to see."""

    ACHIEVEMENT = "achievement"
    CREDENTIAL = "credential"


@dataclass(frozen=True)
class Matter:
    """Hold what is judged.

    `credential` and `subject` are empty for a definition, and for the rules that see an achievement alone:
    `is_awarded` tells these whether it stands in a credential. `has_issuer` is False when nobody has said who
    will issue it; `institution_country` is the registry's entry for the issuer (ISO 3166-1 alpha-2), None
    where there is no registry; `now` is None where no clock was given.
    """

    achievement: dict[str, Any]
    issuer: dict[str, Any] = field(default_factory=dict)
    has_issuer: bool = True
    credential: dict[str, Any] = field(default_factory=dict)
    institution_country: str | None = None
    now: datetime | None = None
    is_awarded: bool = False

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


@dataclass(frozen=True, eq=False)
class Registered:
    """Hold one rule: what it is of, what it needs to see, and the indicators of quality that it answers.

    `sees_time`: it asks what time it is; to the other rules on an achievement nobody tells it.
    """

    element: str
    scope: Scope
    function: Rule
    indicators: tuple[str, ...]
    sees_time: bool


Found = Mapping[Registered, tuple[Finding, ...]]

_RULES: list[Registered] = []


def rule(
    element: str,
    scope: Scope = Scope.ACHIEVEMENT,
    *,
    indicators: tuple[str, ...] = (),
    sees_time: bool = False,
) -> Callable[[Rule], Rule]:
    """Register a rule for an element of Annex I, or for an indicator of quality that no element asks for."""
    answered = (element,) if element.startswith("QC-") else indicators

    def register(function: Rule) -> Rule:
        _RULES.append(Registered(element, scope, function, answered, sees_time))
        return function

    return register


def registered(scope: Scope = Scope.CREDENTIAL) -> list[Registered]:
    """Give the rules that can be judged: those of a credential include those of its achievement."""
    if scope is Scope.CREDENTIAL:
        return _RULES.copy()
    return [one for one in _RULES if one.scope is Scope.ACHIEVEMENT]


def judge(matter: Matter, scope: Scope) -> list[Finding]:
    """Apply the rules that can be judged."""
    seen = replace(matter, credential={}, is_awarded=scope is Scope.CREDENTIAL)
    of_achievement = _in_achievement(replace(seen, now=None))
    found: list[Finding] = []
    for one in _RULES:
        if one.scope is Scope.CREDENTIAL:
            found += _placed(one, matter, scope) if scope is Scope.CREDENTIAL else ()
        else:
            found += _placed(one, seen, scope) if one.sees_time else of_achievement[one]
    return found


def _in_achievement(matter: Matter) -> Found:
    """Apply the rules that see an achievement alone, and no clock, once for all credentials of a class."""
    key = _key(matter)
    return _found(matter) if key is None else _remembered(key)


def _key(matter: Matter) -> bytes | None:
    """Give all that those rules may see, or None where it is too long, or no JSON: the schema says that."""
    country = matter.institution_country
    flags = [matter.has_issuer, matter.is_awarded, country is not None]
    return kept_key([matter.achievement, matter.issuer, flags, country or ""])


@lru_cache(maxsize=256)  # pages of many courses are asked for in turn
def _remembered(key: bytes) -> Found:
    """Judge what the key says, so that nothing can count that the key does not hold."""
    achievement, issuer, (has_issuer, is_awarded, is_registered), country = told_by(key)
    registered_in = country if is_registered else None
    return _found(Matter(achievement, issuer, has_issuer, {}, registered_in, None, is_awarded))


def _found(matter: Matter) -> Found:
    scope = Scope.CREDENTIAL if matter.is_awarded else Scope.ACHIEVEMENT
    return MappingProxyType(
        {
            one: tuple(_placed(one, matter, scope))
            for one in registered(Scope.ACHIEVEMENT)
            if not one.sees_time
        }
    )


def _placed(one: Registered, matter: Matter, scope: Scope) -> list[Finding]:
    """Apply a rule, and name in each finding what it is of and its place from the top of what is judged."""
    return [
        replace(
            finding, id=one.element, path=_place(finding.path, one.scope, scope), indicators=one.indicators
        )
        for finding in one.function(matter)
    ]


def _place(path: str, rule_scope: Scope, scope: Scope) -> str:
    """Give the place from the top of the document that is judged; `^` marks a path from the top already."""
    if path.startswith("^"):
        return path[1:]
    if rule_scope is scope:
        return path
    return f"credentialSubject.achievement.{path}".rstrip(".")
