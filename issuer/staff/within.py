"""What of an institution's work belongs to the faculties in which somebody may act."""

from typing import Any, TypeVar

from sqlmodel import col, select

from issuer.errors import NotAllowed
from issuer.staff.actor import Actor
from issuer.staff.roles import Act
from issuer.tables import DefinitionRow, DefinitionVersionRow

Query = TypeVar("Query", bound=Any)


def within(query: Query, actor: Actor, act: Act, *, version: Any = None) -> Query:
    """Keep of a query only what belongs to definitions of the faculties in which `actor` may do `act`.

    The query joins DefinitionRow, or names with `version` the column that holds the key of a definition's
    version, such as `Batch.definition_version_id`. A role in the whole institution sees everything of it.
    """
    condition = condition_within(actor, act, version=version)
    kept: Query = query if condition is None else query.where(condition)
    return kept


def condition_within(actor: Actor, act: Act, *, version: Any = None) -> Any:
    """Give the condition that `within` adds, None for whoever reaches the whole institution."""
    faculties = actor.faculties(act)
    if faculties is None:
        return None
    theirs = col(DefinitionRow.faculty_id).in_(faculties)
    if version is None:
        return theirs
    versions = (
        select(DefinitionVersionRow.id)
        .join(DefinitionRow, col(DefinitionRow.id) == col(DefinitionVersionRow.definition_id))
        .where(theirs)
    )
    return col(version).in_(versions)


def may_within(actor: Actor, act: Act, faculty_id: int | None) -> bool:
    """Tell whether they may do something to what belongs to that faculty, None: to the whole institution.

    Unlike `Actor.may`, a role that is confined to a faculty does not reach what belongs to none.
    """
    faculties = actor.faculties(act)
    return faculties is None or faculty_id in faculties


def must_within(actor: Actor, act: Act, faculty_id: int | None) -> None:
    """Raise NotAllowed unless they may."""
    if not may_within(actor, act, faculty_id):
        raise NotAllowed(
            "not_allowed", "Your roles do not reach this. Ask the administrator for one that does."
        )
