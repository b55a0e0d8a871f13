"""The lines of a list as the preview pages through them: filtered, searched, sorted."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from issuer.batches import awarded_numbers
from issuer.batching.access import BatchState, Found, find_batch
from issuer.batching.criteria import began_before
from issuer.batching.lines import ISSUED, KeptLine, LineState, load_lines, told_revocation
from issuer.deployment import Deployment
from issuer.staff.roles import Act

ERRORS_FIRST = "state"
_URGENT = {
    LineState.LEFT_OUT: 0,
    LineState.CHECK: 1,
    LineState.READY: 2,
    LineState.ALREADY: 3,
}
_FILTERS: Mapping[str, Callable[[KeptLine], bool]] = {
    "errors": lambda line: line.state is LineState.LEFT_OUT,
    "warnings": lambda line: line.state is LineState.CHECK,
    "ready": lambda line: line.state is LineState.READY,
    "already": lambda line: line.state is LineState.ALREADY,
    "mended": lambda line: bool(line.mended),
}
SHOWN = tuple(_FILTERS)
SORTED = ("state", "line", "name", "number")


@dataclass(frozen=True)
class PreviewQuery:
    """What of the lines is asked for; `show` is one of SHOWN or empty, `sort` one of SORTED."""

    show: str = ""
    query: str = ""
    sort: str = ERRORS_FIRST
    descending: bool = False
    line: int | None = None  # this one line alone


@dataclass(frozen=True)
class PreviewPage:
    """The lines that fit a query, all of them, and where the columns that have a meaning stand."""

    lines: tuple[KeptLine, ...]
    places: Mapping[str, int]  # column of ours -> position of its cell
    first: KeptLine | None = None  # of those that would be issued, whatever the query
    longest: KeptLine | None = None  # the one with the longest name
    began: date | None = None  # the first day of learning, where the version was published later (QC-21)


def preview_lines(desk: Deployment, batch_id: str, asked: PreviewQuery) -> PreviewPage:
    """Give the lines of a batch that fit a query, in its order. Raises NotFound."""
    with desk.reading() as session:
        found = find_batch(session, desk, batch_id, Act.READ_BATCHES)
        header = json.loads(found.batch.header or "[]")
        meant: dict[str, str] = json.loads(found.batch.mapping or "{}")
        places = {meant[cell]: place for place, cell in enumerate(header) if meant.get(cell)}
        lines = _as_awards_stand(session, found, load_lines(session, batch_id), places)
    good = [line for line in lines if line.state in ISSUED]
    longest = max(good, key=lambda line: len(name_of(line, places)), default=None)
    return PreviewPage(
        lines=_fitting(lines, asked, places),
        places=places,
        first=good[0] if good else None,
        longest=longest,
        began=_began(found, [_cell(line, places, "start_date") for line in good]),
    )


def _began(found: Found, cells: list[str]) -> date | None:
    told = json.loads(found.batch.source or "{}").get("day_zero")
    zero = date.fromisoformat(told) if told else None
    return began_before(cells, found.version.created, day_zero=zero)


def _fitting(
    lines: Sequence[KeptLine], asked: PreviewQuery, places: Mapping[str, int]
) -> tuple[KeptLine, ...]:
    if asked.line is not None:
        return tuple(line for line in lines if line.line == asked.line)
    wanted = _FILTERS.get(asked.show)
    words = _folded(asked.query).split()
    fit = [line for line in lines if (wanted is None or wanted(line)) and (not words or _holds(line, words))]
    fit.sort(key=_key(asked.sort, places), reverse=asked.descending)
    return tuple(fit)


def _as_awards_stand(
    session: Session, found: Found, lines: list[KeptLine], places: Mapping[str, int]
) -> list[KeptLine]:
    """Say of the lines that are skipped what was revoked since the list was read, in one query for all."""
    is_open = found.state in (BatchState.DRAFT, BatchState.APPROVAL)
    if not is_open or all(line.state is not LineState.ALREADY for line in lines):
        return lines
    awarded = awarded_numbers(session, found.version, found.batch.run)
    numbers = [unicodedata.normalize("NFC", _cell(line, places, "student_number")) for line in lines]
    return [
        replace(line, findings=told_revocation(awarded.get(number)))
        if line.state is LineState.ALREADY
        else line
        for line, number in zip(lines, numbers, strict=True)
    ]


def name_of(line: KeptLine, places: Mapping[str, int]) -> str:
    """Give the name in a line as its cells write it."""
    parts = [_cell(line, places, column) for column in ("given_name", "family_name")]
    return _cell(line, places, "name") or " ".join(part for part in parts if part)


def _key(sort: str, places: Mapping[str, int]) -> Callable[[KeptLine], Any]:
    if sort == "line":
        return lambda line: line.line
    if sort == "name":
        return lambda line: (_folded(name_of(line, places)), line.line)
    if sort == "number":
        return lambda line: (_cell(line, places, "student_number").casefold(), line.line)
    return lambda line: (_URGENT[line.state], line.line)


def _cell(line: KeptLine, places: Mapping[str, int], column: str) -> str:
    place = places.get(column)
    return line.cells[place].strip() if place is not None and place < len(line.cells) else ""


def _holds(line: KeptLine, words: list[str]) -> bool:
    text = _folded(" ".join(line.cells))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Fold capitals and marks: Nguyễn is found by nguyen."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(each for each in apart if not unicodedata.combining(each))
