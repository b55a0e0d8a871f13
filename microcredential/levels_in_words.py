"""Say a level with its basis: a number alone would promise more than the frameworks do."""

from __future__ import annotations

from typing import Any

from microcredential import vocabulary
from microcredential.description import Level, Text
from microcredential.frameworks import EQF
from microcredential.rules.levels import NS, Claim, claims
from microcredential.shapes import text

# The words that the pages show beside a level.
_BASIS = {
    "legislated": "Set by national law or register.",
    "referenced": "Linked by an adopted referencing report.",
    "institutional": "Assigned by the university with the level descriptors of the framework.",
    "indicative": "An indicative comparison only: the two frameworks have not been referenced to each other.",
}


def levels(achievement: dict[str, Any]) -> tuple[Level, ...]:
    """Give the level claims of an achievement, the national ones before those across frameworks."""
    found = [_level(claim) for claim in claims(achievement)]
    return tuple(sorted(found, key=lambda level: level.kind != "ext:NQF"))


def _level(claim: Claim) -> Level:
    known = claim.level
    code = text(claim.alignment.get("targetCode")) or (known.code if known else "")
    framework = text(claim.alignment.get("targetFramework")) or (known.framework_name if known else "")
    name = text(claim.alignment.get("targetName"))
    basis = claim.basis.removeprefix(NS) if claim.basis.removeprefix(NS) in _BASIS else None
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
        basis_text=Text(_BASIS[basis], "en") if basis else _own_basis(claim),
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
