"""Say to an assessor what the partners have agreed on for such ratings: advice, no sum and no threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microcredential.recognition.facts import Halt
from microcredential.recognition.words import (
    Basis,
    Indicator,
    Outcome,
    Purpose,
    Strength,
    not_asked_on_site,
    settled,
)

_CONDITIONS = frozenset({"halts", "purposes", "anyAtMost", "allAtLeast"})


@dataclass(frozen=True)
class Advice:
    """One sentence of the agreed guidance, by language, with the outcomes and bases that it points to.

    `always`: it holds whatever the purpose and the ratings are.
    """

    id: str
    words: Mapping[str, str]
    outcomes: tuple[Outcome, ...] = ()
    bases: tuple[Basis, ...] = ()
    stops: bool = False
    always: bool = False


def guidance(
    purpose: Purpose,
    ratings: Mapping[Indicator, Strength],
    *,
    on_site: bool = False,
    halts: Iterable[Halt] = (),
) -> tuple[Advice, ...]:
    """Give the advice that fits a purpose and the ratings made so far, in the order of the data.

    Where something halts, that alone is said. `on_site`: criteria not asked for there may be without rating.
    """
    stopped = set(halts)
    rows = [
        row
        for row in settled()["guidance"]
        if (stopped & set(row.get("halts", ())) if stopped else _fits(row, purpose, ratings, on_site=on_site))
    ]
    return tuple(
        Advice(
            id=row["id"],
            words=row["words"],
            outcomes=tuple(Outcome(one) for one in row["outcomes"]),
            bases=tuple(Basis(one) for one in row.get("bases", ())),
            stops=bool(row.get("halts")) or row["id"] == "nothing-verifiable",
            always=not _CONDITIONS & row.keys(),
        )
        for row in rows
    )


def _fits(
    row: Mapping[str, Any], purpose: Purpose, ratings: Mapping[Indicator, Strength], *, on_site: bool
) -> bool:
    if row.get("halts") or purpose not in row.get("purposes", list(Purpose)):
        return False
    criteria = {Indicator(one) for one in row.get("criteria", ())}
    if "anyAtMost" in row:
        limit = Strength(row["anyAtMost"])
        return any(limit.at_least(ratings[one]) for one in criteria & ratings.keys())
    if "allAtLeast" in row:
        asked = criteria - (not_asked_on_site() - ratings.keys() if on_site else set())
        limit = Strength(row["allAtLeast"])
        return all(one in ratings and ratings[one].at_least(limit) for one in asked)
    return True
