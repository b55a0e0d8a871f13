"""Tenancy: a session that serves one institution sees and writes no other's rows, by construction (W1).

Every statement of a bound session is read before it runs (`issuer.tenancy_statements`): what names a table so
that the tenant's condition would not reach it is refused, and each table gets that condition wherever it is
named. Every row that is written must carry the tenant and may point at rows of the tenant only. A table that
is not listed here cannot be used at all. docs/tenants.md tells it to people.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, PassiveFlag, with_loader_criteria
from sqlalchemy.orm.attributes import get_history
from sqlmodel import Session, SQLModel, col, false, select, true

from issuer.audit_tables import AuditEntryRow, AuditHead
from issuer.catalogue_tables import CatalogueEntryRow, CatalogueTermRow, ProgrammeConfirmationRow
from issuer.office_tables import (
    BadgePictureRow,
    BatchLineRow,
    ColumnMappingRow,
    DefinitionDraftRow,
    MailTextRow,
)
from issuer.recognition_tables import CreditHoursRow, ReceivedStatementRow, StatementRow
from issuer.staff_tables import ApiTokenRow, Faculty, Person, RoleGrantRow, StaffSession, StaffTokenRow
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
from issuer.tenancy_statements import CrossedTenancy, check_statement
from issuer.version_tables import CredentialVersionRow

__all__ = ["CONSORTIUM", "CrossedTenancy", "bind"]

CONSORTIUM: Final = 0  # the tenant of those who act for the consortium; no institution has this key
_OWNED: tuple[Any, ...] = (
    ApiTokenRow,
    AuditEntryRow,
    AuditHead,
    BadgePictureRow,
    Batch,
    BatchLineRow,
    BatchRow,
    CatalogueEntryRow,
    CatalogueTermRow,
    ColumnMappingRow,
    CredentialRow,
    CredentialVersionRow,
    CreditHoursRow,
    DefinitionDraftRow,
    DefinitionRow,
    DefinitionVersionRow,
    Faculty,
    InstitutionKey,
    Learner,
    MailTextRow,
    OutboxMailRow,
    ProgrammeConfirmationRow,
    ReceivedStatementRow,
    RoleGrantRow,
    StaffTokenRow,
    StatementRow,
    StatusChange,
    StatusEntry,
    StatusList,
)
_READ = frozenset({*_OWNED, Institution, Person})
_WRITTEN = frozenset({*_OWNED, Institution, StaffSession})  # sessions of people are ended here, not read
_ORDER = (*_OWNED, Institution, Person, StaffSession)  # of the conditions: one statement, one text
_PAST_THE_CHECKS = ("connection", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")


def bind(session: Session, tenant: int) -> None:
    """Let a session see and write only what belongs to one institution, or to the consortium itself.

    What would reach further raises CrossedTenancy.
    """

    @event.listens_for(session, "do_orm_execute")
    def bound(state: ORMExecuteState) -> None:
        if not state.is_orm_statement:
            raise CrossedTenancy("a bound session takes statements on mapped classes only")
        named, target = check_statement(state.statement, read=_READ, written=_WRITTEN)
        if state.is_insert:
            _check_inserted(state, target, tenant)
        elif not state.is_select:
            _check_changed(state, target)
            if target is StaffSession:
                state.update_execution_options(synchronize_session=False)  # it would read them first
        conditions = _conditions(tenant)
        state.statement = state.statement.options(*(conditions[each] for each in _ORDER if each in named))

    @event.listens_for(session, "before_flush")
    def checked(flushed: Session, _context: Any, _instances: Any) -> None:
        written = [*flushed.new, *(row for row in flushed.dirty if flushed.is_modified(row))]
        _check_written(flushed, [*written, *flushed.deleted], tenant)
        _check_pointers(flushed, written)

    @event.listens_for(session, "before_attach")
    def attached(_session: Session, row: SQLModel) -> None:
        _check_attached(row, tenant)

    for name in _PAST_THE_CHECKS:
        setattr(session, name, _refused)


def _refused(*_given: Any, **_named: Any) -> Any:
    raise CrossedTenancy("a bound session does nothing past its checks")


@lru_cache(maxsize=1_000)
def _conditions(tenant: int) -> dict[Any, Any]:
    """Give the condition of each class; made once a tenant, and compiled once for all of them."""
    if tenant == CONSORTIUM:
        conditions = {table: _of_consortium(table) for table in _OWNED}
        conditions[Institution] = lambda cls: true()
        granted = select(RoleGrantRow.person_id).where(col(RoleGrantRow.institution_id).is_(None))
    else:
        conditions = {table: lambda cls: cls.institution_id == tenant for table in _OWNED}
        conditions[Institution] = lambda cls: cls.id == tenant
        granted = select(RoleGrantRow.person_id).where(RoleGrantRow.institution_id == tenant)
    conditions[Person] = lambda cls: cls.id.in_(granted)
    conditions[StaffSession] = lambda cls: cls.person_id.in_(granted)
    return {
        table: with_loader_criteria(table, condition, include_aliases=True)
        for table, condition in conditions.items()
    }


def _of_consortium(table: Any) -> Callable[[Any], Any]:
    """Give what the consortium sees of a table: rows of no institution, and everybody's public keys."""
    if table is InstitutionKey:
        return lambda cls: true()
    if table.__table__.c.institution_id.nullable:
        return lambda cls: cls.institution_id.is_(None)
    return lambda cls: false()


def _check_inserted(state: ORMExecuteState, target: type[SQLModel], tenant: int) -> None:
    """See that each row of `insert(...)` carries the tenant and points at rows of the tenant."""
    given = state.parameters
    rows: Iterable[Any] = given if isinstance(given, list) else [given or {}]
    values = {str(getattr(key, "key", key)): value for key, value in _values(state).items()}
    told = [{**values, **row} for row in rows]
    if target not in _OWNED or any("institution_id" not in row for row in told):
        raise CrossedTenancy(f"a {target.__name__} that says no institution would have been written")
    if any(row["institution_id"] != (tenant or None) for row in told):
        raise CrossedTenancy("a row of another institution would have been written")
    for column, parent in _pointers(target).items():
        _check_there(state.session, parent, {row[column] for row in told if row.get(column) is not None})


def _values(state: ORMExecuteState) -> dict[Any, Any]:
    """Give what `insert(...).values(...)` says, by column."""
    written = getattr(state.statement, "_values", None) or {}
    return {key: getattr(value, "value", value) for key, value in written.items()}


def _check_changed(state: ORMExecuteState, target: type[SQLModel]) -> None:
    """See that an update or a delete is one whose condition the tenant's can join.

    A list of parameters makes an update by key, which has none; a dict fills in its places, and its columns.
    """
    given = state.parameters or {}
    if target is StaffSession and state.is_update:
        raise CrossedTenancy("sessions of people are ended here, not changed")
    if not isinstance(given, dict):
        raise CrossedTenancy("an update by key takes no condition")
    changed = {str(getattr(key, "key", key)) for key in (*_values(state), *given)}
    if changed & {"institution_id", *_pointers(target)}:
        raise CrossedTenancy("rows change their owner, or what they point at, one by one only")


def _check_written(session: Session, rows: Iterable[SQLModel], tenant: int) -> None:
    for row in rows:
        kind = type(row).__name__
        if isinstance(row, Person) and row in session.new:
            continue  # nobody's before a role is given; read through `_conditions` from then on
        if isinstance(row, Institution):
            own = tenant == CONSORTIUM or row.id == tenant
        else:
            own = type(row) in _OWNED and _owners(row) == {tenant or None}
        if not own:
            raise CrossedTenancy(f"a {kind} of another institution would have been written")


def _owners(row: SQLModel) -> set[Any]:
    """Give to whom a row belongs now, and to whom it belonged before it was changed."""
    history = get_history(row, "institution_id", PassiveFlag.PASSIVE_OFF)
    return {getattr(row, "institution_id", None), *history.deleted}


def _check_attached(row: SQLModel, tenant: int) -> None:
    """See that a row that another session has read is the tenant's: a refresh takes no condition."""
    if inspect(row).has_identity:
        own = row.__dict__.get("id" if isinstance(row, Institution) else "institution_id")
        if isinstance(row, Person) or own != (tenant or None):
            raise CrossedTenancy(f"a {type(row).__name__} that is not known to be its own was brought in")


def _check_pointers(session: Session, rows: Iterable[SQLModel]) -> None:
    """See that rows point at rows of the tenant: a role in another's faculty is a crossing too."""
    asked: dict[Any, set[Any]] = {}
    for row in rows:
        for column, parent in _pointers(type(row)).items():
            value = getattr(row, column)
            if value is not None:
                asked.setdefault(parent, set()).add(value)
    for parent, values in asked.items():
        new = {getattr(each, "id", None) for each in session.new if type(each) is parent}
        _check_there(session, parent, values - new)


def _check_there(session: Any, parent: Any, values: set[Any]) -> None:
    if not values:
        return
    found = set(session.execute(select(parent.id).where(parent.id.in_(sorted(values)))).scalars())
    if values - found:
        raise CrossedTenancy(f"a row would have pointed at a {parent.__name__} that is not there for it")


@lru_cache(maxsize=100)
def _pointers(table: type[SQLModel]) -> dict[str, Any]:
    """Give the columns of a table that name a row of a table with owners, with that table."""
    owners = {owned.__tablename__: owned for owned in _OWNED}
    return {
        column.key: owners[key.column.table.name]
        for column in inspect(table).columns
        for key in column.foreign_keys
        if key.column.table.name in owners
    }
