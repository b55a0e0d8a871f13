"""How a writing transaction begins on SQLite, where the driver is told directly."""

from contextlib import suppress

import pytest
from sqlalchemy import create_engine, text

from app.database import open_database
from issuer.errors import IssuerError, NotFound, StorageFailed
from issuer.transactions import reading, writing


def test_a_file_that_is_no_database_any_more_is_told_in_our_own_words(tmp_path):
    sound = open_database(f"sqlite:///{tmp_path}/broken.db")
    with writing(sound) as session:
        session.connection().exec_driver_sql("CREATE TABLE a (b)")
    sound.dispose()
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    broken = create_engine(sound.url)
    with pytest.raises(StorageFailed, match="DatabaseError"), writing(broken):
        pytest.fail("something was written")
    broken.dispose()


@pytest.mark.sqlite
def test_on_one_and_the_same_connection_each_transaction_begins_as_it_was_asked_for(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/rows.db")
    begun = []
    with engine.connect() as connection:
        own = connection.connection.driver_connection
    own.set_trace_callback(lambda one: begun.append(one) if one.startswith("BEGIN") else None)
    with suppress(ZeroDivisionError), reading(engine):
        raise ZeroDivisionError
    for transaction in (reading, writing, reading, reading, writing):
        with transaction(engine) as session:
            assert session.connection().connection.driver_connection is own
    with engine.begin():
        pass
    deferred, immediate = "BEGIN", "BEGIN IMMEDIATE"
    assert begun == [deferred, deferred, immediate, deferred, deferred, immediate, immediate]
    engine.dispose()


def test_nothing_listens_to_each_statement_on_the_way_to_the_driver(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/rows.db")
    assert not engine._has_events
    with writing(engine) as session:
        session.connection().exec_driver_sql("CREATE TABLE a (b)")
        for wrong in ({"b": "\0"}, [{"b": "a"}, {"b": 2**63}]):
            with pytest.raises(IssuerError, match="cannot be kept"):
                session.connection().execute(text("INSERT INTO a VALUES (:b)"), wrong)
        session.connection().execute(text("INSERT INTO a VALUES (:b)"), [{"b": "a"}, {"b": 2**63 - 1}])
    with reading(engine) as session, pytest.raises(NotFound):
        session.connection().execute(text("SELECT * FROM a WHERE b = :b"), {"b": "\0"})
    engine.dispose()
