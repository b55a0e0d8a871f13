"""Random statements: bound to one of two institutions they give what an office with that one alone gives."""

import warnings

import pytest
from bound_sessions import two_institutions
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exists, func, literal, true, union_all
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import aliased
from sqlmodel import Session, select

from issuer.staff_tables import Faculty, Person, RoleGrantRow
from issuer.tables import DefinitionRow, Institution
from issuer.tenancy import CrossedTenancy, bind

KINDS = [Faculty, DefinitionRow, RoleGrantRow, Person, Institution]


@pytest.fixture(scope="module")
def offices():
    both, alone = two_institutions(), two_institutions(only=(1,))
    yield both, alone
    both.dispose()
    alone.dispose()


@st.composite
def sources(draw, below=2):
    """Give a class, an alias of one, or an alias of a query."""
    kind = draw(st.sampled_from(KINDS))
    shape = draw(st.sampled_from(["class", "alias", "query", "union"] if below else ["class", "alias"]))
    if shape == "class":
        return kind
    if shape == "alias":
        return aliased(kind)
    if shape == "query":
        return aliased(kind, select(kind).where(draw(conditions(kind, below - 1))).subquery())
    other = aliased(kind)
    return aliased(kind, union_all(select(kind), select(other)).subquery())


@st.composite
def conditions(draw, source, below):
    shape = draw(st.sampled_from(["id", "exists", "in", "scalar"] if below > 0 else ["id"]))
    if shape == "id":
        return source.id >= draw(st.integers(0, 4))
    other = draw(sources(below - 1))
    inner = draw(conditions(other, below - 1))
    if shape == "exists":
        tied = draw(st.sampled_from([true(), other.id == source.id, other.id != source.id]))
        found = exists(select(other.id).where(inner, tied))
        return found if draw(st.booleans()) else ~found
    if shape == "in":
        return source.id.in_(select(other.id).where(inner))
    return source.id <= select(func.count(other.id)).where(inner).scalar_subquery()


@st.composite
def statements(draw):
    first, second = draw(sources()), draw(sources())
    shape = draw(st.sampled_from(["one", "join", "outer", "comma", "count", "literal", "order", "grouped"]))
    where = draw(conditions(first, 2))
    if shape == "one":
        return select(first.id).where(where)
    if shape == "join":
        return select(first.id, second.id).join(second, second.id >= first.id).where(where)
    if shape == "outer":
        return select(first.id, second.id).outerjoin(second, second.id == first.id + 1).where(where)
    if shape == "comma":
        return select(first.id).where(where, second.id == first.id)
    if shape == "count":
        return select(func.count()).select_from(first).where(where)
    if shape == "literal":
        return select(literal(1), func.max(first.id)).where(where)
    if shape == "order":
        return select(first.id).where(where).order_by(second.id)
    return select(first.id, func.count(second.id)).join(second, true()).where(where).group_by(first.id)


@given(statements())
def test_bound_is_as_if_alone(offices, statement):
    both, alone = offices
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cartesian products, which are wanted here
        try:
            found = _rows(both, statement, bound=True)
        except (CrossedTenancy, InvalidRequestError):
            return  # refused, or no statement at all: nothing was reached
        assert found == _rows(alone, statement, bound=False)


def _rows(engine, statement, *, bound):
    with Session(engine) as session:
        if bound:
            bind(session, 1)
        return sorted((tuple(row) for row in session.execute(statement)), key=repr)
