"""Find a batch for somebody who acts: theirs by institution and faculty, and locked where it changes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.staff.actor import ActorKind
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.staff_tables import ApiTokenRow, Person
from issuer.tables import Batch, DefinitionRow, DefinitionVersionRow, Institution


class BatchState(StrEnum):
    """How far a batch has come."""

    DRAFT = "draft"
    APPROVAL = "approval"
    OPEN = "open"
    FINISHED = "finished"
    UNDONE = "undone"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Found:
    """A batch with what it belongs to, as rows of one session."""

    batch: Batch
    institution: Institution
    version: DefinitionVersionRow
    definition: DefinitionRow

    @property
    def handled_by(self) -> frozenset[str]:
        """Who had the list in hand: uploaded, mended, mapped or sent it."""
        return frozenset(json.loads(self.batch.handled_by or "[]"))

    @property
    def state(self) -> BatchState:
        """How far it has come."""
        return BatchState(self.batch.state)

    def add_hand(self, session: Session, desk: Deployment) -> None:
        """Note that the actor had the list in hand: they may not approve it.

        Nor may whoever made the program's token: who holds it would be both persons at once.
        """
        hands = {desk.actor.ref}
        if desk.actor.kind is ActorKind.TOKEN:
            made = select(ApiTokenRow.created_by).where(ApiTokenRow.public_id == desk.actor.ref)
            hands |= set(session.exec(made))
        self.batch.handled_by = json.dumps(sorted(self.handled_by | hands))


def find_batch(
    session: Session, desk: Deployment, batch_id: str, act: Act, *, to_change: bool = False
) -> Found:
    """Find a batch in which the actor may do `act`; `to_change` locks its row until the transaction ends.

    Raises NotAllowed without a role for it, NotFound for a batch of others.
    """
    desk.actor.must(act)
    query = (
        select(Batch, Institution, DefinitionVersionRow, DefinitionRow)
        .where(Batch.id == batch_id)
        .where(Batch.institution_id == Institution.id)
        .where(Batch.definition_version_id == DefinitionVersionRow.id)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
    )
    query = within(query, desk.actor, act)
    found = session.exec(query.with_for_update(of=Batch) if to_change else query).first()
    if found is None:
        raise NotFound("unknown_batch", f"There is no batch {batch_id[:40]} here.")
    return Found(*found)


def audit(
    session: Session,
    desk: Deployment,
    found: Found,
    act: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write `batch.<act>` into the audit within a writing transaction."""
    acted = AuditedAct(f"batch.{act}", found.batch.id, before=before, after=after)
    record(session, desk, acted, institution=found.institution)


def names_of(session: Session, refs: Iterable[str | None]) -> dict[str, str]:
    """Give the names of persons by their public ids; who no longer works here is left out."""
    wanted = {ref for ref in refs if ref}
    if not wanted:
        return {}
    query = select(Person.public_id, Person.name).where(col(Person.public_id).in_(wanted))
    return dict(session.exec(query).all())
