"""Bound sessions: what reaches another institution is not there, or is refused before it runs."""

import pytest
import sqlalchemy.exc
from bound_sessions import NOW, two_institutions
from sqlalchemy import (
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    table,
    text,
    true,
    union,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

import issuer.tenancy as tenancy
from issuer.staff.actor import Actor, ActorKind
from issuer.staff_tables import Faculty, Person, RoleGrantRow, StaffSession
from issuer.tables import DefinitionRow, Institution, InstitutionKey, Learner
from issuer.tenancy import CONSORTIUM, CrossedTenancy, bind

PLAIN = Faculty.__table__
OTHER = aliased(Faculty)
UNION = union(select(Faculty.code), select(OTHER.code)).subquery()
CTE = select(Faculty).cte()
ROW = {"code": "new", "name": "New", "created": NOW}
# Tables of nobody: of people wherever they work, and of the service itself.
GLOBAL = {"institution", "person", "staff_session", "recovery_code", "sign_in_failure"}

READS = {
    "get": lambda session: session.get(Faculty, 2),
    "get institution": lambda session: session.get(Institution, 2),
    "get person": lambda session: session.get(Person, 2),
    "select": lambda session: session.exec(select(Faculty.code)).all(),
    "alias": lambda session: session.exec(select(OTHER.code)).all(),
    "join": lambda session: session.exec(
        select(Faculty.code, OTHER.code).join(OTHER, OTHER.id != Faculty.id)
    ).all(),
    "outer join": lambda session: session.exec(
        select(Institution.slug, OTHER.code).outerjoin(OTHER, true())
    ).all(),
    "comma join": lambda session: session.exec(
        select(Institution.slug).where(Institution.id > 0, DefinitionRow.institution_id == Institution.id)
    ).all(),
    "person": lambda session: session.exec(select(Person.email)).all(),
    "institution": lambda session: session.exec(select(Institution.slug)).all(),
    "subquery": lambda session: session.exec(
        select(Institution.slug).where(literal("f2").in_(select(OTHER.code)))
    ).all(),
    "exists": lambda session: [
        "2" for found in session.exec(select(exists(select(Faculty.id).where(Faculty.id == 2)))) if found
    ],
    "exists in where": lambda session: [
        "2" for _ in session.exec(select(Institution).where(exists(select(OTHER.id).where(OTHER.id == 2))))
    ],
    "scalar subquery": lambda session: session.exec(
        select(Institution.slug, select(func.max(OTHER.code)).where(OTHER.id.in_([1, 2])).scalar_subquery())
    ).all(),
    "union": lambda session: session.exec(
        union(select(Faculty.code).where(Faculty.id < 3), select(OTHER.code).where(OTHER.id == 2))
    ).all(),
    "union below": lambda session: session.exec(select(UNION.c.code)).all(),
    "common table": lambda session: session.exec(select(CTE.c.code)).all(),
    "alias of a query": lambda session: session.exec(
        select(aliased(Faculty, select(Faculty).subquery()).code)
    ).all(),
    "update": lambda session: (
        ["2"] * session.exec(update(Faculty).where(Faculty.id == 2).values(name="x")).rowcount
    ),
    "update with parameters": lambda session: (
        ["2"]
        * session.exec(
            update(Faculty).where(col(Faculty.id).in_(bindparam("keys", expanding=True))).values(name="x"),
            params={"keys": [2]},
        ).rowcount
    ),
    "update by alias below": lambda session: (
        ["2"]
        * session.exec(
            update(Faculty).where(exists(select(OTHER.id).where(OTHER.id == 2))).values(name="x")
        ).rowcount
    ),
    "delete": lambda session: (
        ["2"] * session.exec(delete(DefinitionRow).where(DefinitionRow.id == 2)).rowcount
    ),
    "delete by count": lambda session: (
        ["2"]
        * session.exec(
            delete(DefinitionRow).where(select(func.count(OTHER.id)).scalar_subquery() == 4)
        ).rowcount
    ),
    "end sessions": lambda session: (
        ["2"] * session.exec(delete(StaffSession).where(StaffSession.person_id == 2)).rowcount
    ),
}

REFUSED = {
    "text": lambda session: session.exec(text("select code from faculty")),
    "text in where": lambda session: session.exec(select(Faculty.code).where(text("1=1 or 1=1"))),
    "from text": lambda session: session.exec(select(Faculty).from_statement(text("select * from faculty"))),
    "literal column": lambda session: session.exec(select(Institution.id, literal_column("1"))),
    "table": lambda session: session.exec(select(PLAIN)),
    "table beside a class": lambda session: session.exec(select(Institution.id, PLAIN.c.code)),
    "table below": lambda session: session.exec(
        select(Institution.id).where(literal("f2").in_(select(PLAIN.c.code)))
    ),
    "alias of a table": lambda session: session.exec(select(Institution.id, PLAIN.alias().c.code)),
    "table by name": lambda session: session.exec(
        select(Institution.id, table("faculty", column("code")).c.code)
    ),
    "count of a table": lambda session: session.exec(select(func.count()).select_from(PLAIN)),
    "order by another": lambda session: session.exec(select(Institution.id).order_by(Faculty.code)),
    "two in one expression": lambda session: session.exec(select(Institution.slug + Faculty.code)),
    "connection": lambda session: session.connection(),
    "recovery codes": lambda session: session.exec(select(Faculty.id).where(exists(select(StaffSession.id)))),
    "update of a table": lambda session: session.exec(update(PLAIN).values(name="x")),
    "update by key": lambda session: session.execute(update(Faculty), [{"id": 2, "name": "x"}]),
    "giving rows away": lambda session: session.exec(update(Faculty).values(institution_id=2)),
    "giving rows away by a parameter": lambda session: session.exec(
        update(Faculty).values(name="x"), params={"institution_id": 2}
    ),
    "pointing abroad": lambda session: session.exec(update(DefinitionRow).values(faculty_id=2)),
    "pointing abroad by a parameter": lambda session: session.exec(
        update(DefinitionRow).values(faculty_id=bindparam("abroad")), params={"abroad": 2}
    ),
    "people": lambda session: session.exec(update(Person).values(name="x")),
    "sessions": lambda session: session.exec(update(StaffSession).values(second_factor=True)),
    "insert": lambda session: session.exec(insert(Faculty).values(institution_id=2, **ROW)),
    "insert without": lambda session: session.exec(insert(Faculty).values(**ROW)),
    "insert many": lambda session: session.execute(
        insert(Faculty), [{"institution_id": 1, **ROW}, {"institution_id": 2, **ROW}]
    ),
    "insert lists": lambda session: session.exec(
        insert(Faculty).values([{"institution_id": 2, **ROW}, {"institution_id": 2, **ROW}])
    ),
    "insert from": lambda session: session.exec(
        insert(Faculty).from_select(["institution_id", "code"], select(literal(2), Faculty.code))
    ),
    "insert pointing abroad": lambda session: session.exec(
        insert(DefinitionRow).values(institution_id=1, faculty_id=2, code="n", created=NOW)
    ),
    "bulk save": lambda session: session.bulk_save_objects([Faculty(institution_id=2, **ROW)]),
    "bulk insert": lambda session: session.bulk_insert_mappings(Faculty, []),
    "bulk update": lambda session: session.bulk_update_mappings(Faculty, [{"id": 2, "name": "x"}]),
    "add": lambda session: added(session, Faculty(institution_id=2, **ROW)),
    "add pointing abroad": lambda session: added(
        session, DefinitionRow(institution_id=1, faculty_id=2, code="n", created=NOW)
    ),
    "add a role in another's faculty": lambda session: added(
        session,
        RoleGrantRow(institution_id=1, faculty_id=2, person_id=1, role="issuer", granted_by="x", created=NOW),
    ),
    "add to the consortium": lambda session: added(
        session, RoleGrantRow(person_id=1, role="consortium_admin", granted_by="x", created=NOW)
    ),
    "give away": lambda session: changed(session, session.get(Faculty, 1), institution_id=2),
    "take": lambda session: changed(session, detached(session, Faculty, 2), institution_id=1),
    "change another's": lambda session: changed(session, detached(session, Faculty, 2), name="x"),
    "delete another's": lambda session: (session.delete(detached(session, Faculty, 2)), session.flush()),
    "change a person": lambda session: changed(session, session.get(Person, 1), name="x"),
    "change another institution": lambda session: changed(
        session, detached(session, Institution, 2), name="x"
    ),
}


@pytest.fixture
def engine():
    made = two_institutions()
    yield made
    made.dispose()


@pytest.fixture
def bound(engine):
    with Session(engine) as session:
        bind(session, 1)
        yield session


def added(session, row):
    session.add(row)
    session.flush()


def changed(session, row, **values):
    session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def detached(session, kind, key):
    with Session(session.get_bind()) as unbound:
        row = unbound.get(kind, key)
        unbound.expunge(row)
    return row


@pytest.mark.parametrize("name", READS)
def test_another_institution_is_not_there(bound, name):
    assert not any(mark in str(READS[name](bound)) for mark in ("2", "4"))


@pytest.mark.parametrize("name", READS)
def test_own_rows_are_there(engine, name):
    """The accepted twin: bound to the second institution the same statements find its rows."""
    if name in ("update by alias below", "delete by count"):
        return
    with Session(engine) as session:
        bind(session, 2)
        found = READS[name](session)
        assert "2" in str(found.model_dump(include={"id"}) if hasattr(found, "model_dump") else found)


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_reach_further_is_refused(bound, name):
    with pytest.raises(CrossedTenancy):
        REFUSED[name](bound)


def test_own_rows_are_written(bound):
    added(bound, Faculty(institution_id=1, **ROW))
    changed(bound, bound.get(Faculty, 1), name="changed")
    bound.exec(insert(DefinitionRow).values(institution_id=1, faculty_id=1, code="n", created=NOW))
    bound.exec(update(Faculty).values(name="all"))
    assert bound.exec(select(func.count()).select_from(Faculty)).one() == 3
    assert bound.exec(select(func.count()).select_from(DefinitionRow)).one() == 3


def test_only_ones_own_rows_are_changed(engine):
    with Session(engine) as session:
        bind(session, 1)
        session.exec(update(Faculty).values(name="all"))
        session.commit()
    with Session(engine) as session:
        names = dict(session.exec(select(Faculty.code, Faculty.name)).all())
    assert names == {"f1": "all", "f3": "all", "f2": "F2", "f4": "F4"}


def test_identity_map_gives_no_way_round(bound):
    """What was read stays readable; what was not read is asked for with the condition."""
    own = bound.get(Faculty, 1)
    assert bound.get(Faculty, 1) is own
    assert bound.get(Faculty, 2) is None
    with pytest.raises(sqlalchemy.exc.NoResultFound):
        bound.get_one(Faculty, 2)
    with pytest.raises(CrossedTenancy):
        bound.add(detached(bound, Faculty, 2))  # a refresh of it would take no condition
    with pytest.raises(CrossedTenancy):
        bound.add(detached(bound, Person, 1))
    bound.expunge_all()
    brought = detached(bound, Faculty, 1)
    bound.add(brought)
    bound.refresh(brought)
    assert bound.get(Faculty, 1) is brought


def test_a_person_of_two_institutions_shows_the_roles_of_one(engine):
    with Session(engine) as session:
        session.add(RoleGrantRow(person_id=2, institution_id=1, role="auditor", granted_by="x", created=NOW))
        session.commit()
        bind(session, 1)
        assert session.exec(select(Person.email).where(Person.id == 2)).all() == ["e2"]
        assert session.exec(select(RoleGrantRow.role).where(RoleGrantRow.person_id == 2)).all() == ["auditor"]


def test_the_consortium_sees_institutions_and_nothing_of_theirs(engine):
    with Session(engine) as session:
        session.add(RoleGrantRow(person_id=4, role="consortium_admin", granted_by="x", created=NOW))
        session.commit()
        bind(session, CONSORTIUM)
        assert session.exec(select(Institution.slug).order_by(Institution.slug)).all() == ["slug1", "slug2"]
        assert session.exec(select(Person.email)).all() == ["e4"]
        assert session.exec(select(RoleGrantRow.role)).all() == ["consortium_admin"]
        for kind in set(tenancy._OWNED) - {RoleGrantRow, InstitutionKey}:
            assert session.exec(select(func.count()).select_from(kind)).one() == 0
        with pytest.raises(CrossedTenancy):
            added(session, Learner(institution_id=1))


def test_every_table_is_owned_or_known_to_be_nobodys():
    owned = {kind.__tablename__ for kind in tenancy._OWNED}
    tables = set(SQLModel.metadata.tables)
    assert owned.isdisjoint(GLOBAL)
    assert tables - owned - GLOBAL == set(), "say in issuer/tenancy.py whose rows these are"
    assert all("institution_id" in SQLModel.metadata.tables[name].c for name in owned)
    carrying = {name for name in tables if "institution_id" in SQLModel.metadata.tables[name].c}
    assert carrying == owned


def test_no_class_loads_others_by_relationships():
    """The conditions are put beside the classes that a statement names: nothing may load more by itself."""
    for kind in [*tenancy._OWNED, Institution, Person, StaffSession]:
        assert list(sqlalchemy.inspect(kind).relationships) == []


def test_compiled_statements_are_shared_between_institutions(engine):
    with Session(engine) as warm:
        bind(warm, 1)
        warm.exec(select(Faculty).where(Faculty.code == "f1")).all()
    kept = len(engine._compiled_cache)
    for tenant in (1, 2, 1, 2):
        with Session(engine) as session:
            bind(session, tenant)
            found = session.exec(select(Faculty).where(Faculty.code == "f2")).all()
            assert len(found) == (tenant == 2)
    assert len(engine._compiled_cache) == kept


def test_people_without_institution_act_for_the_consortium():
    from issuer.deployment import Deployment

    office = Deployment(None, "http://127.0.0.1:8080", lambda: NOW)
    assert office.acting(Actor(ActorKind.PERSON, "p", "P")).tenant == CONSORTIUM
    assert office.acting(Actor(ActorKind.PERSON, "p", "P", institution_id=3)).tenant == 3
    assert office.acting(Actor(ActorKind.COMMAND_LINE, "c", "C")).tenant is None
