"""Say a level with its basis: a number alone would promise more than the frameworks do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from microcredential import vocabulary
from microcredential.description import Level, Text
from microcredential.frameworks import EQF, is_referenced, unreferenced_framework
from microcredential.rules.levels import NS, Claim, claims
from microcredential.shapes import text

# The words that the pages show beside a level.
_BASIS = {
    "legislated": "Set by national law or register.",
    "referenced": "Linked by an adopted referencing report.",
    "institutional": "Assigned by the university with the level descriptors of the framework.",
    "indicative": "An indicative comparison only.",
}
_COMPARED = "An indicative comparison with the {framework} only."
_NOT_REFERENCED = (
    "Only indicative: not referenced to the EQF, for no adopted report links the {framework} to it."
)


def levels(achievement: dict[str, Any], *, countries: Iterable[str] = ()) -> tuple[Level, ...]:
    """Give the level claims of an achievement, the national ones before those across frameworks.

    `countries` are those of who issues and awards (ISO 3166-1 alpha-2): whether their frameworks are
    referenced decides what is said of an indicative level of the EQF.
    """
    made = claims(achievement)
    own = _not_referenced([*(claim.level.country for claim in made if claim.level), *countries])
    found = [_level(claim, own) for claim in made]
    return tuple(sorted(found, key=lambda level: level.kind != "ext:NQF"))


def _not_referenced(countries: Iterable[str | None]) -> tuple[str, str] | None:
    """Give the framework that is not referenced to the EQF, None where one is or nothing is known."""
    known = [country for country in countries if country]
    if any(map(is_referenced, known)):
        return None
    return next(filter(None, map(unreferenced_framework, known)), None)


def _level(claim: Claim, own: tuple[str, str] | None) -> Level:
    known = claim.level
    code = text(claim.alignment.get("targetCode")) or (known.code if known else "")
    framework = text(claim.alignment.get("targetFramework")) or (known.framework_name if known else "")
    name = text(claim.alignment.get("targetName"))
    basis = claim.basis.removeprefix(NS) if claim.basis.removeprefix(NS) in _BASIS else None
    compared = own if basis == "indicative" and known is not None and known.framework == EQF else None
    return Level(
        code=code,
        name=name,
        framework=framework,
        framework_id=known.framework if known else "",
        kind=text(claim.alignment.get("targetType")),
        iri=text(claim.alignment.get("targetUrl")),
        country_code=known.country if known else None,
        text=Text(_sentence(claim, code, framework) or name, "en"),
        basis=basis,
        basis_text=Text(_basis(basis, framework, compared), "en") if basis else _own_basis(claim),
        not_referenced=compared[0] if compared else None,
    )


def _basis(basis: str, framework: str, compared: tuple[str, str] | None) -> str:
    if compared:
        return _NOT_REFERENCED.format(framework=_short(compared[1]))
    return (
        _COMPARED.format(framework=_short(framework))
        if basis == "indicative" and framework
        else _BASIS[basis]
    )


def _sentence(claim: Claim, code: str, framework: str) -> str:
    if not code or not framework:
        return ""
    known = claim.level
    if known is not None and known.framework == EQF:
        return f"EQF level {code}"
    if not code[:1].isdigit():
        return f"{framework}: {code}"
    name = f" ({_without_brackets(known.name)})" if known is not None and known.name else ""
    return f"Level {code}{name} of the {_short(framework)}"


def _short(framework: str) -> str:
    """Leave out what stands in brackets: a decision's number or the name in another language."""
    return framework.partition(" (")[0]


def _without_brackets(name: str) -> str:
    return name.replace(" (", ", ").replace(")", "")


def _own_basis(claim: Claim) -> Text | None:
    label = vocabulary.label(claim.basis) if claim.basis else ""
    return Text(label) if label and label != claim.basis else None
