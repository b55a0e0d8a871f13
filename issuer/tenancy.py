"""Tenancy: a session that serves one institution sees and writes no other's rows, by construction (W1).

Every ORM statement of a bound session gets the tenant as a condition on each table that it names, and
every row that it writes must carry the tenant. A table that is not listed here cannot be used at all.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlmodel import Session, SQLModel, col, or_, select

from issuer.audit_tables import AuditEntryRow, AuditHead
from issuer.office_tables import (
    BadgePictureRow,
    BatchLineRow,
    ColumnMappingRow,
    DefinitionDraftRow,
    MailTextRow,
)
from issuer.staff_tables import ApiTokenRow, Faculty, Person, RoleGrantRow, StaffTokenRow
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionRow,
    DefinitionVersionRow,
    Institution,
    InstitutionKey,
    Learner,
    OutboxMailRow,
    StatusChange,
    StatusEntry,
    StatusList,
)

_OWNED: tuple[Any, ...] = (
    ApiTokenRow,
    AuditEntryRow,
    AuditHead,
    BadgePictureRow,
    Batch,
    BatchLineRow,
    BatchRow,
    ColumnMappingRow,
    CredentialRow,
    DefinitionDraftRow,
    DefinitionRow,
    DefinitionVersionRow,
    Faculty,
    InstitutionKey,
    Learner,
    MailTextRow,
    OutboxMailRow,
    RoleGrantRow,
    StaffTokenRow,
    StatusChange,
    StatusEntry,
    StatusList,
)
_ALLOWED = frozenset({*_OWNED, Institution, Person})


class CrossedTenancy(Exception):  # noqa: N818  (named for the fault; a fault of ours, never of a visitor)
    """Say that a statement of a bound session would have reached beyond its institution."""


def bind(session: Session, tenant: int) -> None:
    """Let a session see and write only what belongs to one institution."""

    @event.listens_for(session, "do_orm_execute")
    def bound(state: ORMExecuteState) -> None:
        _refuse_unknown_tables(state)
        if state.is_insert:
            _check_inserted(state, tenant)
        else:
            state.statement = state.statement.options(*_conditions(tenant))

    @event.listens_for(session, "before_flush")
    def checked(flushed: Session, _context: Any, _instances: Any) -> None:
        _check_written([*flushed.new, *flushed.dirty, *flushed.deleted], tenant)


def _conditions(tenant: int) -> list[Any]:
    owned = [with_loader_criteria(table, table.institution_id == tenant) for table in _OWNED]
    return [
        *owned,
        with_loader_criteria(Institution, col(Institution.id) == tenant),
        with_loader_criteria(Person, _works_here(tenant)),
    ]


def _works_here(tenant: int) -> ColumnElement[bool]:
    """Name the people of an institution: whoever has, or was invited to, a role in it."""
    granted = select(RoleGrantRow.person_id).where(RoleGrantRow.institution_id == tenant)
    invited = select(StaffTokenRow.person_id).where(StaffTokenRow.institution_id == tenant)
    return or_(col(Person.id).in_(granted), col(Person.id).in_(invited))


def _refuse_unknown_tables(state: ORMExecuteState) -> None:
    if not state.is_orm_statement:
        raise CrossedTenancy("a bound session takes statements on mapped classes only")
    named = {mapper.class_ for mapper in state.all_mappers}
    if named - _ALLOWED:
        raise CrossedTenancy(f"{sorted(each.__name__ for each in named - _ALLOWED)} belong to no tenant")


def _check_inserted(state: ORMExecuteState, tenant: int) -> None:
    given = state.parameters
    rows: Iterable[Any] = given if isinstance(given, list) else [given or {}]
    values = {str(getattr(key, "key", key)): value for key, value in _values(state).items()}
    for row in rows:
        if {**values, **row}.get("institution_id") != tenant:
            raise CrossedTenancy("a row of another institution would have been written")


def _values(state: ORMExecuteState) -> dict[Any, Any]:
    """Give what `insert(...).values(...)` says, by column."""
    written = getattr(state.statement, "_values", None) or {}
    return {key: getattr(value, "value", value) for key, value in written.items()}


def _check_written(rows: Iterable[SQLModel], tenant: int) -> None:
    for row in rows:
        if isinstance(row, Person):
            continue  # read through `_works_here`; made by `issuer.staff` in the service's own sessions
        own = row.id if isinstance(row, Institution) else getattr(row, "institution_id", None)
        if own != tenant:
            raise CrossedTenancy(f"a {type(row).__name__} of another institution would have been written")
