"""A list before it is issued: taken in, its columns named, its cells mended, replaced or thrown away.

A list is read without a lock, for 5,000 rows take a second; it is stored only if nobody has stored another
one meanwhile, and otherwise read again.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, select

from issuer.batches import awarded_numbers, run_name
from issuer.batching.access import BatchState, Found, audit, find_batch
from issuer.batching.lines import delete_lines, keep_source, store_lines
from issuer.batching.mapping import remember
from issuer.batching.reading import Listed, Read, known_mapping, load_listed, read_listed
from issuer.batching.versions import usable_version
from issuer.deployment import Deployment
from issuer.errors import ClassListRefused, Conflict
from issuer.scales import scales
from issuer.sheets import Table, read_table
from issuer.staff.roles import Act
from issuer.tables import Batch, DefinitionRow, DefinitionVersionRow, Institution, stored_id

_TRIES = 5
_LONGEST_FILE_NAME = 200
Change = Callable[[Listed], Listed]


def upload(
    desk: Deployment, *, definition: str, run: str, file_name: str, data: bytes, awarded: date | None = None
) -> str:
    """Take in a class list for a run of a definition (`CODE@VERSION`) as a draft; give the batch's id.

    The same file twice from the same person is one draft. Raises NotFound for the definition, IssuerError for
    the run's name, ClassListRefused for a file that cannot be read.
    """
    desk.actor.must(Act.PREPARE_BATCHES)
    run = run_name(run)
    with desk.reading() as session:
        target = usable_version(session, desk, definition, Act.PREPARE_BATCHES)
        listed = _taken_in(session, target, run, file_name, data, awarded)
    read = read_listed(listed, desk.now().date())
    with desk.writing() as session:
        found = _made(session, desk, target, run=run, digest=listed.table.digest, awarded=awarded)
        if not found.batch.header:
            found.batch.file_name = shown_file_name(file_name)
            _keep(session, desk, found, listed, read)
            told = {"run": run, "file": listed.table.digest, **_counted(read)}
            audit(session, desk, found, "upload", after=told)
        return found.batch.id


def replace_file(desk: Deployment, batch_id: str, *, file_name: str, data: bytes) -> None:
    """Put another file in the place of a draft's. Raises ClassListRefused, NotFound, Conflict."""

    def change(listed: Listed) -> Listed:
        keys = [scale.key for scale in listed.scales]
        table = read_table(data, file_name=file_name, mapping=listed.mapping, result_keys=keys)
        _refuse_empty(table)
        return replace(listed, table=table, mended={})

    def note(found: Found) -> None:
        found.batch.file_name = shown_file_name(file_name)

    _change(desk, batch_id, "upload", change, note=note)


def remap(desk: Deployment, batch_id: str, mapping: Mapping[str, str], *, awarded: date | None = None) -> str:
    """Say which column each header means, "" for none, and remember it for the institution.

    Gives a sentence if the columns do not suffice, else an empty text. Raises NotFound, Conflict.
    """

    def change(listed: Listed) -> Listed:
        told = {header: mapping[header] for header in listed.table.header if header in mapping}
        return replace(listed, mapping=told, awarded=awarded)

    return _change(desk, batch_id, "map", change, mapped=True)


def mend(desk: Deployment, batch_id: str, changes: Mapping[tuple[int, int], str]) -> None:
    """Write other texts into cells, by the number of the line and the position of the column.

    The whole list is read again, for whether a line stands twice depends on the others.
    Raises NotFound, Conflict.
    """
    _change(desk, batch_id, "mend", lambda listed: listed.changed(changes), changes=changes)


def discard(desk: Deployment, batch_id: str) -> None:
    """Throw a list away that was not issued; its lines are forgotten at once. Raises NotFound, Conflict."""
    with desk.writing() as session:
        found = find_batch(session, desk, batch_id, Act.PREPARE_BATCHES, to_change=True)
        if found.state is BatchState.DISCARDED:
            return
        if found.state not in (BatchState.DRAFT, BatchState.APPROVAL):
            raise Conflict("already_issued", "The list was issued already, so it cannot be discarded.")
        before, found.batch.state = found.batch.state, BatchState.DISCARDED.value
        session.add(found.batch)
        delete_lines(session, batch_id)
        audit(session, desk, found, "discard", before={"state": before}, after={"state": "discarded"})


def shown_file_name(name: str) -> str:
    """Give the last part of a file's name without what cannot be seen."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(each for each in last if each.isprintable())[-_LONGEST_FILE_NAME:]


def _untouched(_found: Found) -> None:
    """Note nothing about the file."""


def _taken_in(
    session: Session,
    target: tuple[Institution, DefinitionVersionRow, DefinitionRow],
    run: str,
    file_name: str,
    data: bytes,
    awarded: date | None,
) -> Listed:
    institution, version, _ = target
    achievement: dict[str, Any] = json.loads(version.document)
    mapping = known_mapping(session, institution, version)
    keys = [scale.key for scale in scales(achievement)]
    table = read_table(data, file_name=file_name, mapping=mapping, result_keys=keys)
    _refuse_empty(table)
    return Listed(table, mapping, awarded, {}, achievement, awarded_numbers(session, version, run))


def _refuse_empty(table: Table) -> None:
    if not table.lines:
        raise ClassListRefused("no_rows", "The file names columns and has no rows under them.")


def _made(
    session: Session,
    desk: Deployment,
    target: tuple[Institution, DefinitionVersionRow, DefinitionRow],
    *,
    run: str,
    digest: str,
    awarded: date | None,
) -> Found:
    """Make the batch, or find the draft that the same click has made already."""
    institution, version, definition = target
    day = awarded.isoformat() if awarded else None
    same = session.exec(
        select(Batch)
        .where(Batch.institution_id == institution.id)
        .where(Batch.definition_version_id == version.id)
        .where(Batch.run == run)
        .where(Batch.file_digest == digest)
        .where(Batch.prepared_by == desk.actor.ref)
        .where(Batch.state == BatchState.DRAFT.value)
        .where(Batch.revision == 2)
    ).first()
    if same is not None and same.awarded == day:
        return Found(same, institution, version, definition)
    batch = Batch(
        id=str(uuid.UUID(int=desk.random.getrandbits(128), version=4)),
        institution_id=stored_id(institution),
        definition_version_id=stored_id(version),
        run=run,
        state=BatchState.DRAFT.value,
        file_digest=digest,
        awarded=day,
        prepared_by=desk.actor.ref,
        started_by=desk.actor.name[:200],
        created=desk.now(),
    )
    session.add(batch)
    session.flush()
    return Found(batch, institution, version, definition)


def _keep(session: Session, desk: Deployment, found: Found, listed: Listed, read: Read) -> None:
    batch = found.batch
    keep_source(batch, listed.table)
    settled = read.settled
    batch.mapping = None if settled is None else json.dumps(settled)
    batch.awarded = listed.awarded.isoformat() if listed.awarded else None
    batch.revision += 1
    found.add_hand(session, desk)
    session.add(batch)
    store_lines(session, batch, read.lines)


def _change(
    desk: Deployment,
    batch_id: str,
    act: str,
    change: Change,
    *,
    note: Callable[[Found], None] = _untouched,
    changes: Mapping[tuple[int, int], str] | None = None,
    mapped: bool = False,
) -> str:
    """Change a draft's list and store it, unless somebody else did so meanwhile: then begin again."""
    for _ in range(_TRIES):
        with desk.reading() as session:
            found = find_batch(session, desk, batch_id, Act.PREPARE_BATCHES)
            _refuse_fixed(found)
            before = load_listed(session, found)
        listed = change(before)
        read = read_listed(listed, desk.now().date())
        if mapped and read.class_list is None:
            return read.fault  # what was said is kept in the form, not in the list
        with desk.writing() as session:
            found = find_batch(session, desk, batch_id, Act.PREPARE_BATCHES, to_change=True)
            _refuse_fixed(found)
            if found.batch.revision != before.revision:
                continue
            note(found)
            _keep(session, desk, found, listed, read)
            if mapped:
                remember(session, desk, found.institution, listed.mapping)
            told = {"revision": found.batch.revision, **_counted(read), **_named(changes, listed)}
            audit(session, desk, found, act, before={"revision": before.revision}, after=told)
            return ""
    raise Conflict("changed_meanwhile", "Somebody else is changing this list. Look at it again.")


def _refuse_fixed(found: Found) -> None:
    if found.state is BatchState.APPROVAL:
        raise Conflict(
            "in_approval", "The list waits for approval. Have it sent back first, then it can be changed."
        )
    if found.state is not BatchState.DRAFT:
        raise Conflict("not_a_draft", "The list was issued or discarded, so it cannot be changed any more.")


def _counted(read: Read) -> dict[str, Any]:
    states = [line.state.value for line in read.lines]
    return {"lines": len(states), **{state: states.count(state) for state in sorted(set(states))}}


def _named(changes: Mapping[tuple[int, int], str] | None, listed: Listed) -> dict[str, Any]:
    """Name lines and columns that were mended, never what stands in them."""
    if changes is None:
        return {}
    header = listed.table.header
    cells = sorted((line, header[place]) for line, place in changes if 0 <= place < len(header))
    return {"cells": [f"{line}: {column[:100]}" for line, column in cells[:200]]}
