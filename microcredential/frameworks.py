"""Qualifications frameworks and their levels: what a level IRI stands for, and whether it is referenced."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from microcredential.vocabulary import Vocabulary, concepts

EQF = "EQF"
QF_EHEA = "QF-EHEA"
AQRF = "AQRF"
_TARGET_TYPES = {EQF: "ext:EQF", QF_EHEA: "ext:QFEHEA", AQRF: "ext:AQRF"}
_NATIONAL = "ext:NQF"
LEVEL_TYPES = frozenset({*_TARGET_TYPES.values(), _NATIONAL})


@dataclass(frozen=True)
class Level:
    """Describe one level of one framework.

    `country` is None for a framework of frameworks and for a national list of the EU whose country is not
    recorded; `eqf` is the EQF level of an adopted referencing report, None where none could be sourced;
    `name` is empty when the list has no name for the level.
    """

    iri: str
    framework: str
    framework_name: str
    code: str
    target_type: str
    country: str | None = None
    eqf: int | None = None
    name: str = ""


@cache
def _document() -> dict[str, Any]:
    text = files("microcredential").joinpath("data", "frameworks.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _levels(framework: dict[str, Any]) -> list[Level]:
    return [
        Level(
            iri=iri,
            framework=framework["id"],
            framework_name=framework["name"],
            code=str(row["level"]),
            target_type=_TARGET_TYPES.get(framework["id"], _NATIONAL),
            country=framework.get("country"),
            eqf=row["eqf"],
            name=row.get("label", {}).get("en", ""),
        )
        for row in framework["levels"]
        for iri in filter(None, (row["iri"], row.get("altIri")))
    ]


@cache
def _by_iri() -> dict[str, Level]:
    return {level.iri: level for framework in _document()["frameworks"] for level in _levels(framework)}


def level_of(iri: str) -> Level | None:
    """Give the level behind an IRI, or None for an IRI that neither our list nor the EU's knows."""
    known = _by_iri().get(iri)
    if known or iri not in concepts(Vocabulary.NQF_LEVEL):
        return known
    name = concepts(Vocabulary.NQF_LEVEL)[iri]["labels"]["en"]
    framework, _, code = name.rpartition(" ")
    return Level(
        iri=iri,
        framework=framework.removesuffix(" Level"),
        framework_name=name,
        code=code,
        target_type=_NATIONAL,
    )


@cache
def _by_country() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for framework in _document()["frameworks"]:
        if "country" in framework:
            found.setdefault(framework["country"], []).append(framework)
    return found


def is_referenced(country: str) -> bool:
    """Tell whether a framework of that country (ISO 3166-1 alpha-2) is referenced to the EQF."""
    own = _by_country().get(country, [])
    return any(level["eqf"] is not None for framework in own for level in framework["levels"])


def unreferenced_framework(country: str) -> tuple[str, str] | None:
    """Give id and name of a country's framework that no adopted report links to the EQF.

    None where one of the country's frameworks is referenced, and where none of them is in the list: of those
    nothing can be said.
    """
    own = _by_country().get(country, [])
    return None if not own or is_referenced(country) else (own[0]["id"], own[0]["name"])


def known_levels() -> tuple[Level, ...]:
    """Give each level of the frameworks that the profile describes once, in the order of its list."""
    first = {(level.framework, level.code): level for level in reversed(_by_iri().values())}
    return tuple(level for level in _by_iri().values() if first[level.framework, level.code] is level)
