"""Read a statement before a bound session runs it, and refuse what the tenant's condition would not reach.

SQLAlchemy puts a condition of `with_loader_criteria` beside each mapped class that a SELECT names in its
columns (the first of each expression), its FROM, its joins or its WHERE, and beside the target of an UPDATE
or DELETE. So a class that is named elsewhere only, a table without its class, and text are refused: whoever
meets CrossedTenancy writes the statement in the plain way. tests/issuer/test_tenancy_random.py compares what
is let through with an office that has one institution only.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Table, TextClause
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.expression import Alias, Delete, Insert, SelectBase, TableClause, Update, UpdateBase
from sqlalchemy.sql.selectable import CompoundSelect, Join, Select, SelectStatementGrouping

_ENTITY = "parententity"


class CrossedTenancy(Exception):  # noqa: N818  (named for the fault; a fault of ours, never of a visitor)
    """Say that a statement of a bound session would have reached beyond its institution."""


def check_statement(
    statement: Any, *, read: Collection[type], written: Collection[type]
) -> tuple[set[type], Any]:
    """Refuse a statement on unknown classes or with blind spots.

    `read` may be named anywhere, `written` as the target of a change. Gives the classes that it names, and
    the one that it writes or None. Raises CrossedTenancy.
    """
    if isinstance(statement, Select | CompoundSelect):
        return _check_select(statement, read), None
    if not isinstance(statement, Insert | Update | Delete):
        raise CrossedTenancy(f"{type(statement).__name__} is nothing that a bound session takes")
    target = statement.entity_description["entity"]
    if target not in written:
        raise CrossedTenancy(f"{target.__name__} belongs to no tenant")
    if isinstance(statement, Insert):
        _check_insert(statement)
        return {target}, target
    return {target} | _check_change(statement, target, read), target


def _check_select(statement: SelectBase, allowed: Collection[type]) -> set[type]:
    if isinstance(statement, SelectStatementGrouping):
        statement = statement.element
    if isinstance(statement, CompoundSelect):
        return set().union(*(_check_select(part, allowed) for part in statement.selects))
    if not isinstance(statement, Select):
        raise CrossedTenancy(f"{type(statement).__name__} is nothing that a bound session takes")
    reached = _reached(statement)
    named: set[type] = set()
    for element in _surface(statement):
        if isinstance(element, SelectBase):
            named |= _check_select(element, allowed)
        else:
            named |= _check_element(element, reached, allowed)
    _check_sources(statement, reached)
    return named


def _check_sources(statement: Select[Any], reached: Collection[Any]) -> None:
    tables = {getattr(entity, "selectable", None) for entity in reached}
    for source in _sources(statement):
        if _is_table(source) and not _entities([source]) and source not in tables:
            raise CrossedTenancy(f"{source} is named without its class")
        if isinstance(source, Join):
            raise CrossedTenancy("name joins with `select(...).join(...)`")


def _reached(statement: Select[Any]) -> set[Any]:
    """Give the classes beside which SQLAlchemy puts their condition."""
    found = set(_entities(_sources(statement)))
    for where in statement._where_criteria:
        found |= _entities(_surface(where))
    for column in statement._raw_columns:
        named = _entities(_surface(column))
        found |= named if len(named) == 1 else set()
    return found


def _sources(statement: Select[Any]) -> list[Any]:
    joined = [join[0] for join in statement._setup_joins]
    beside = [join[2] for join in statement._setup_joins if join[2] is not None]
    return [*statement._from_obj, *joined, *beside]


def _check_element(element: Any, reached: Collection[Any], allowed: Collection[type]) -> set[type]:
    is_text = isinstance(element, TextClause) or getattr(element, "is_literal", False) is True
    if isinstance(element, UpdateBase) or (is_text and str(element) != "*"):
        raise CrossedTenancy("a bound session takes no text, and writes one table at a time")
    entities = _entities([element])
    for entity in entities:
        if entity.mapper.class_ not in allowed:
            raise CrossedTenancy(f"{entity.mapper.class_.__name__} belongs to no tenant")
        if entity not in reached:
            raise CrossedTenancy(f"name {entity.mapper.class_.__name__} among the columns or in a join too")
    plain = isinstance(element, ColumnClause) and not entities and _is_table(element.table)
    if plain and element.table not in {getattr(entity, "selectable", None) for entity in reached}:
        raise CrossedTenancy(f"{element.table} is named without its class")
    return {entity.mapper.class_ for entity in entities}


def _is_table(source: Any) -> bool:
    return isinstance(source.element if isinstance(source, Alias) else source, TableClause)


def _check_change(statement: Update | Delete, target: Any, allowed: Collection[type]) -> set[type]:
    named: set[type] = set()
    for element in _surface(statement):
        if isinstance(element, SelectBase):
            named |= _check_select(element, allowed)
        elif {entity.mapper.class_ for entity in _entities([element])} - {target}:
            raise CrossedTenancy("an update or a delete names other classes in subqueries only")
        elif isinstance(element, TextClause | UpdateBase | Alias):
            raise CrossedTenancy("a bound session takes no text, and writes one table at a time")
        elif isinstance(element, Table) and element != target.__table__:
            raise CrossedTenancy(f"{element.name} is named without its class")
    return named


def _check_insert(statement: Insert) -> None:
    if statement._post_values_clause is not None or statement.select is not None:
        raise CrossedTenancy("rows are inserted one by one: not from a query, not over others")
    for value in (statement._values or {}).values():
        if any(isinstance(element, SelectBase) for element in _surface(value)):
            raise CrossedTenancy("rows are inserted one by one: not from a query, not over others")


def _entities(elements: Iterable[Any]) -> set[Any]:
    annotated = (getattr(element, "_annotations", {}) for element in elements)
    return {found[_ENTITY] for found in annotated if _ENTITY in found}


def _surface(start: Any) -> Iterator[Any]:
    """Give an element's parts; a query within is given, and not entered."""
    waiting = list(start.get_children()) if isinstance(start, Select | UpdateBase) else [start]
    seen: set[int] = set()
    while waiting:
        element = waiting.pop()
        if id(element) in seen:
            continue
        seen.add(id(element))
        yield element
        if not isinstance(element, SelectBase | TableClause):
            waiting.extend(element.get_children())
