"""Which of many versions have every programme confirmed (QC-28), with a few queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlmodel import Session, col, or_, select

from issuer.catalogue_tables import ProgrammeConfirmationRow
from issuer.deployment import Deployment
from issuer.recognition_tables import ReceivedStatementRow, StatementRow
from issuer.tables import DefinitionVersionRow
from microcredential.recognition import Kind
from microcredential.shapes import mapping, objects, text
from ob3.strict_json import parse

_AT_ONCE = 500


def all_confirmed(desk: Deployment, versions: Collection[int]) -> dict[int, bool]:
    """Say of each of the versions, by key, whether all programmes that it names are confirmed.

    Statements of other institutions are read past the tenancy: what confirms is public.
    """
    found: dict[int, bool] = {}
    with replace(desk, tenant=None).reading() as session:
        keys = sorted(versions)
        for first in range(0, len(keys), _AT_ONCE):
            found |= _confirmed(session, desk, keys[first : first + _AT_ONCE])
    return found


def _confirmed(session: Session, desk: Deployment, versions: list[int]) -> dict[int, bool]:
    rows = session.exec(select(DefinitionVersionRow).where(col(DefinitionVersionRow.id).in_(versions))).all()
    stated: dict[str, set[str]] = defaultdict(set)
    for about, statement in _standing(session, desk, [row.achievement_id for row in rows]):
        subject = mapping(mapping(parse(statement)).get("credentialSubject"))
        stated[about] |= {text(one.get("id")) for _, one in objects(subject.get("recognisedTowards"))}
    recorded: dict[int, set[int]] = defaultdict(set)
    own = select(ProgrammeConfirmationRow).where(
        col(ProgrammeConfirmationRow.definition_version_id).in_(versions)
    )
    for row in session.exec(own):
        recorded[row.definition_version_id].add(row.place)
    return {
        row.id or 0: all(
            place in recorded[row.id or 0] or text(one.get("id")) in stated[row.achievement_id]
            for place, one in objects(mapping(parse(row.document)).get("isPartOf"))
        )
        for row in rows
    }


def _standing(session: Session, desk: Deployment, about: list[str]) -> Iterator[tuple[str, str]]:
    """Give the standing recognitions of courses, made here or received, that hold today."""
    made = session.exec(
        select(StatementRow.about, StatementRow.secured)
        .where(col(StatementRow.about).in_(about))
        .where(StatementRow.kind == Kind.STANDING.value, StatementRow.state == "issued")
        .where(col(StatementRow.withdrawn).is_(None))
        .where(or_(col(StatementRow.valid_until).is_(None), col(StatementRow.valid_until) > desk.now()))
    )
    yield from ((named, secured or "{}") for named, secured in made)
    yield from session.exec(
        select(ReceivedStatementRow.about, ReceivedStatementRow.text)
        .where(col(ReceivedStatementRow.about).in_(about))
        .where(ReceivedStatementRow.kind == Kind.STANDING.value, ReceivedStatementRow.verdict == "valid")
    )
