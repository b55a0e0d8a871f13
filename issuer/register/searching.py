"""Search the register: by words, field, level, credits, language and institution, a page at a time.

Every condition is an index lookup; no more than MOST_COUNTED entries are counted or skipped, so that a search
costs about the same among a hundred thousand versions as among a thousand.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from issuer.catalogue_tables import CatalogueEntryRow, CatalogueTermRow
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.records import DefinitionVersion
from issuer.register.records import Entry, version_state
from issuer.register.terms import asked_words
from issuer.tables import DefinitionVersionRow, Institution

MOST_COUNTED = 10_000
MOST_CHOICES = 300
_LAST = "\U0010ffff"  # sorts after every letter: the end of a prefix


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; empty means any.

    `field` is a code of ISCED-F of two to four digits, `level` framework and code (`EQF:6`), credits are ECTS
    in hundredths, `institution` a short name. `every` takes in what was replaced or retired. `below` gives
    only entries with a smaller number: the next page for programs.
    """

    text: str = ""
    field: str = ""
    level: str = ""
    language: str = ""
    institution: str = ""
    least: int | None = None
    most: int | None = None
    every: bool = False
    below: int | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True)
class Found:
    """A page of entries, the newest first; `total` is never more than MOST_COUNTED, `more` says if it is."""

    entries: tuple[Entry, ...]
    total: int
    more: bool


@dataclass(frozen=True)
class Choices:
    """What a search can be narrowed by, as there is something for it: terms by kind, in order."""

    fields: tuple[str, ...]
    levels: tuple[str, ...]
    languages: tuple[str, ...]


def search(deployment: Deployment, asked: Search) -> Found:
    """Find entries of every institution; an unknown institution or term finds nothing."""
    with deployment.reading() as session:
        wanted = _wanted(asked)
        counted = select(func.count()).select_from(wanted.limit(MOST_COUNTED + 1).subquery())
        total = session.exec(counted).one()
        if asked.below is not None:
            wanted = wanted.where(col(CatalogueEntryRow.id) < asked.below)
        paged = wanted.order_by(col(CatalogueEntryRow.id).desc())
        keys = session.exec(paged.offset(min(asked.offset, MOST_COUNTED)).limit(asked.limit)).all()
        entries = tuple(_entries(session, list(keys)))
    return Found(entries, min(total, MOST_COUNTED), total > MOST_COUNTED)


def entry_of(deployment: Deployment, public_id: str) -> Entry:
    """Find the entry of a version by the last part of its address; raises NotFound."""
    with deployment.reading() as session:
        key = session.exec(
            select(CatalogueEntryRow.id)
            .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
            .where(DefinitionVersionRow.public_id == public_id[:36])
        ).first()
        if key is None:
            raise NotFound("unknown_achievement", "There is no micro-credential with that address here.")
        return next(iter(_entries(session, [key])))


def offered_instead(deployment: Deployment, public_id: str) -> DefinitionVersion | None:
    """Give the version of the same code that is offered now; None where it is this one, or there is none."""
    same = select(DefinitionVersionRow.definition_id).where(DefinitionVersionRow.public_id == public_id[:36])
    with deployment.reading() as session:
        found = session.exec(
            select(DefinitionVersionRow, Institution)
            .where(col(DefinitionVersionRow.definition_id).in_(same))
            .where(DefinitionVersionRow.public_id != public_id[:36])
            .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
            .where(col(CatalogueEntryRow.newest), col(CatalogueEntryRow.retired).is_(None))
            .where(DefinitionVersionRow.institution_id == Institution.id)
        ).first()
        return definition_record(*found) if found else None


def choices(deployment: Deployment) -> Choices:
    """Give the fields (broad ones), levels and languages that the register has."""
    with deployment.reading() as session:
        fields = (term for term in _terms(session, "field") if len(term) == 2)
        return Choices(tuple(fields), tuple(_terms(session, "level")), tuple(_terms(session, "language")))


def _wanted(asked: Search) -> SelectOfScalar[Any]:
    wanted: SelectOfScalar[Any] = select(CatalogueEntryRow.id)
    if not asked.every:
        wanted = wanted.where(col(CatalogueEntryRow.newest), col(CatalogueEntryRow.retired).is_(None))
    for kind, term in (("field", asked.field), ("level", asked.level), ("language", asked.language)):
        if term:
            wanted = wanted.where(col(CatalogueEntryRow.id).in_(_with(kind, term)))
    for word in asked_words(asked.text):
        wanted = wanted.where(col(CatalogueEntryRow.id).in_(_beginning(word)))
    if asked.institution:
        named = select(Institution.id).where(Institution.slug == asked.institution[:63])
        wanted = wanted.where(col(CatalogueEntryRow.institution_id).in_(named))
    if asked.least is not None:
        wanted = wanted.where(col(CatalogueEntryRow.ects) >= asked.least)
    if asked.most is not None:
        wanted = wanted.where(col(CatalogueEntryRow.ects) <= asked.most)
    return wanted


def _with(kind: str, term: str) -> SelectOfScalar[int]:
    return select(CatalogueTermRow.entry_id).where(
        CatalogueTermRow.kind == kind, CatalogueTermRow.term == term
    )


def _beginning(word: str) -> SelectOfScalar[int]:
    """Select what has a word that begins so."""
    return select(CatalogueTermRow.entry_id).where(
        CatalogueTermRow.kind == "word",
        col(CatalogueTermRow.term) >= word,
        col(CatalogueTermRow.term) < word + _LAST,
    )


def _terms(session: Session, kind: str) -> Sequence[str]:
    """List the terms of a kind in one statement that steps from each to the next: one lookup in the index."""
    term = col(CatalogueTermRow.term)
    least = select(func.min(term).label("term")).where(CatalogueTermRow.kind == kind)
    found = least.cte("found", recursive=True)
    following = least.where(term > found.c.term).scalar_subquery()
    found = found.union_all(select(following).where(found.c.term.is_not(None)))
    listed = select(found.c.term).where(found.c.term.is_not(None)).order_by(found.c.term)
    return session.exec(listed.limit(MOST_CHOICES)).all()


def _entries(session: Session, keys: list[int]) -> list[Entry]:
    rows = session.exec(
        select(CatalogueEntryRow, DefinitionVersionRow, Institution)
        .where(col(CatalogueEntryRow.id).in_(keys))
        .where(CatalogueEntryRow.definition_version_id == DefinitionVersionRow.id)
        .where(CatalogueEntryRow.institution_id == Institution.id)
        .order_by(col(CatalogueEntryRow.id).desc())
    )
    return [_entry(row, definition_record(version, institution)) for row, version, institution in rows]


def _entry(row: CatalogueEntryRow, version: Any) -> Entry:
    return Entry(
        number=row.id or 0,
        version=version,
        state=version_state(row),
        evidence=json.loads(row.evidence),
        retired=row.retired,
        retired_reason=row.retired_reason or "",
    )
