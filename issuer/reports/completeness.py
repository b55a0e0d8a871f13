"""Completeness: how many indicators of quality are met, of those that were judged, by group."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select

from issuer.catalogue_tables import CatalogueEntryRow
from issuer.deployment import Deployment
from issuer.register.evidence import standing_of
from issuer.reports.programmes import all_confirmed
from issuer.reports.scope import counting, is_of_consortium
from issuer.reports.tables import Cell, Table
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution
from microcredential.indicators import Standing, indicators

NAME = "completeness"
MOST_VERSIONS = 20_000  # the newest; beyond, the figures are of these alone
_PROGRAMMES = "QC-28"
Counts = dict[str, tuple[int, int]]


def completeness(desk: Deployment) -> Table:
    """Count indicators of what is offered now, as they stood when each version was published.

    But for QC-28, which others answer later: whether the programmes are confirmed is of today.

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
                CatalogueEntryRow.programmes,
                DefinitionVersionRow.id,
            )
            .where(CatalogueEntryRow.institution_id == Institution.id)
            .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
            .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
            .where(col(CatalogueEntryRow.newest), col(CatalogueEntryRow.retired).is_(None))
            .order_by(col(CatalogueEntryRow.id).desc())
            .limit(MOST_VERSIONS)
        ).all()
    confirmed = all_confirmed(desk, [key for *_, programmes, key in rows if programmes])
    told = [
        (name, country, code, version, _counts(evidence, confirmed.get(key)))
        for name, country, code, version, evidence, _, key in rows
    ]
    if is_of_consortium(desk):
        return _by_institution(told)
    lines = [(code, version, *_cells(counts)) for _, _, code, version, counts in told]
    return Table(NAME, ("code", "version", *_columns()), tuple(sorted(lines)))


def groups() -> tuple[str, ...]:
    """Give the groups of the indicators in the order of the list."""
    return tuple(dict.fromkeys(one.group for one in indicators()))


def _by_institution(rows: Iterable[Any]) -> Table:
    found: dict[tuple[str, str], Counts] = defaultdict(dict)
    versions: dict[tuple[str, str], int] = defaultdict(int)
    for name, country, _code, _version, counts in rows:
        versions[name, country] += 1
        _add(found[name, country], counts)
    lines: list[tuple[Cell, ...]] = [(*key, versions[key], *_cells(found[key])) for key in sorted(found)]
    return Table(NAME, ("institution", "country", "versions", *_columns()), tuple(lines))


def _counts(evidence: str, confirmed: bool | None) -> Mapping[str, tuple[int, int]]:
    """Count by group; whether its programmes are confirmed is of today, None where it names none."""
    stood = standing_of(json.loads(evidence))
    if confirmed is None:
        return stood.by_group()
    met = (*stood.met, _PROGRAMMES) if confirmed else stood.met
    unmet = stood.unmet if confirmed else (*stood.unmet, _PROGRAMMES)
    return Standing(met, unmet, not_judged=()).by_group()


def _add(counts: Counts, more: Mapping[str, tuple[int, int]]) -> None:
    for group, (met, judged) in more.items():
        before = counts.get(group, (0, 0))
        counts[group] = (before[0] + met, before[1] + judged)


def _columns() -> list[str]:
    return [f"{group}_{what}" for group in groups() for what in ("met", "judged")]


def _cells(counts: Mapping[str, tuple[int, int]]) -> list[int]:
    return [figure for group in groups() for figure in counts.get(group, (0, 0))]
