"""Completeness: how many indicators of quality are met, of those that were judged, by group."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select

from issuer.catalogue_tables import CatalogueEntryRow
from issuer.deployment import Deployment
from issuer.register.evidence import standing_of
from issuer.reports.scope import counting, is_of_consortium
from issuer.reports.tables import Cell, Table
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution
from microcredential.indicators import indicators

NAME = "completeness"
MOST_VERSIONS = 20_000  # the newest; beyond, the figures are of these alone
Counts = dict[str, tuple[int, int]]


def completeness(desk: Deployment) -> Table:
    """Count indicators of what is offered now, as they stood when each version was published.

    For the consortium a row an institution, for an institution a row a version. Each group has two columns,
    met and judged: never one number for all. No figure is about people, so none is hidden.
    """
    with counting(desk) as session:
        rows = session.exec(
            select(  # type: ignore[call-overload]
                Institution.name,
                Institution.country,
                DefinitionRow.code,
                DefinitionVersionRow.version,
                CatalogueEntryRow.evidence,
            )
            .where(CatalogueEntryRow.institution_id == Institution.id)
            .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
            .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
            .where(col(CatalogueEntryRow.newest), col(CatalogueEntryRow.retired).is_(None))
            .order_by(col(CatalogueEntryRow.id).desc())
            .limit(MOST_VERSIONS)
        ).all()
    if is_of_consortium(desk):
        return _by_institution(rows)
    lines = [(code, version, *_cells(_counts(evidence))) for _, _, code, version, evidence in rows]
    return Table(NAME, ("code", "version", *_columns()), tuple(sorted(lines)))


def groups() -> tuple[str, ...]:
    """Give the groups of the indicators in the order of the list."""
    return tuple(dict.fromkeys(one.group for one in indicators()))


def _by_institution(rows: Iterable[Any]) -> Table:
    found: dict[tuple[str, str], Counts] = defaultdict(dict)
    versions: dict[tuple[str, str], int] = defaultdict(int)
    for name, country, _code, _version, evidence in rows:
        versions[name, country] += 1
        _add(found[name, country], _counts(evidence))
    lines: list[tuple[Cell, ...]] = [(*key, versions[key], *_cells(found[key])) for key in sorted(found)]
    return Table(NAME, ("institution", "country", "versions", *_columns()), tuple(lines))


def _counts(evidence: str) -> Mapping[str, tuple[int, int]]:
    return standing_of(json.loads(evidence)).by_group()


def _add(counts: Counts, more: Mapping[str, tuple[int, int]]) -> None:
    for group, (met, judged) in more.items():
        before = counts.get(group, (0, 0))
        counts[group] = (before[0] + met, before[1] + judged)


def _columns() -> list[str]:
    return [f"{group}_{what}" for group in groups() for what in ("met", "judged")]


def _cells(counts: Mapping[str, tuple[int, int]]) -> list[int]:
    return [figure for group in groups() for figure in counts.get(group, (0, 0))]
