"""What a connection to PostgreSQL is given, and that writers there take turns as on SQLite."""

import threading
import time

import pytest
from command_line import call, make_office
from database import url_for
from sqlalchemy import make_url, text

from app import postgresql
from app.database import open_database, upgrade
from app.postgresql import UnfitDatabase, postgresql_engine
from issuer.errors import StorageFailed
from issuer.transactions import reading, writing

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(tmp_path):
    engine = open_database(url_for(tmp_path))
    yield engine
    engine.dispose()


def shown(session, name):
    return session.connection().execute(text(f"show {name}")).scalar_one()


def test_a_connection_has_limits_and_a_zone(engine):
    with reading(engine) as session:
        kept = {name: shown(session, name) for name in (*postgresql._SESSION, "application_name")}
    assert kept == {
        "timezone": "UTC",
        "lock_timeout": "20s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
        "application_name": "testamur",
    }


def test_the_address_beats_our_limits(tmp_path):
    url = make_url(url_for(tmp_path)).update_query_dict(
        {"options": "-c statement_timeout=5000", "application_name": "ours"}
    )
    engine = postgresql_engine(url)
    with reading(engine) as session:
        said = [shown(session, name) for name in ("statement_timeout", "lock_timeout", "application_name")]
    engine.dispose()
    assert said == ["5s", "20s", "ours"]


def test_reading_is_one_snapshot_and_writes_nothing(engine):
    with reading(engine) as session:
        assert shown(session, "transaction_isolation") == "repeatable read"
        assert shown(session, "transaction_read_only") == "on"
    with writing(engine) as session:
        assert shown(session, "transaction_isolation") == "read committed"
        assert shown(session, "transaction_read_only") == "off"


def test_a_writer_sees_what_the_one_before_committed(engine):
    began, seen = threading.Event(), []

    def second():
        began.set()
        with writing(engine) as session:
            seen.append(session.connection().execute(text("select count(*) from audit_head")).scalar_one())

    with writing(engine) as session:
        waiting = threading.Thread(target=second)
        waiting.start()
        began.wait()
        time.sleep(0.3)
        assert seen == []  # it waits for its turn
        session.connection().execute(
            text("insert into audit_head (chain, number, hash, seal) values ('x', 0, '', '')")
        )
    waiting.join()
    assert seen == [1]


def test_a_reader_waits_for_no_writer(engine):
    with writing(engine), reading(engine) as reader:
        assert reader.connection().execute(text("select count(*) from institution")).scalar_one() == 0


def write_slowly(engine):
    with writing(engine) as session:
        time.sleep(0.5)
        session.connection().execute(text("select 1"))


def test_a_writer_that_stands_still_is_put_out(tmp_path, monkeypatch):
    monkeypatch.setitem(postgresql._SESSION, "idle_in_transaction_session_timeout", 100)
    still = open_database(url_for(tmp_path))
    with pytest.raises(StorageFailed):
        write_slowly(still)
    with writing(still) as session:  # and the next one finds the lock free, and a connection that works
        assert session.connection().execute(text("select 1")).scalar_one() == 1
    still.dispose()


def test_connections_that_are_all_in_use_are_told_in_our_own_words(tmp_path, monkeypatch):
    engine = open_database(url_for(tmp_path))
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)
    taken = [engine.connect() for _ in range(15)]
    with pytest.raises(StorageFailed, match="nothing was changed"):
        ask(engine)
    taken.pop().close()
    assert ask(engine) == 1
    for each in taken:
        each.close()
    engine.dispose()


def ask(engine):
    with reading(engine) as session:
        return session.connection().execute(text("select 1")).scalar_one()


def test_a_database_in_another_encoding_is_refused(tmp_path):
    with open_database(url_for(tmp_path)).connect() as connection:
        connection.commit()
        plain = f"plain_{make_url(url_for(tmp_path)).database}"
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        own.execute(text(f"create database {plain} encoding 'LATIN1' template template0"))
        engine = postgresql_engine(make_url(url_for(tmp_path)).set(database=plain))
        with pytest.raises(UnfitDatabase, match="--encoding=UTF8"):
            upgrade(engine)
        engine.dispose()
        own.execute(text(f"drop database {plain} with (force)"))


def test_a_server_that_is_not_there_is_told_in_words(tmp_path):
    office = make_office(tmp_path / "data")
    nowhere = f"postgresql://somebody:pass-w0rd@/nothing?host={tmp_path}"
    for command in (["keys", "list"], ["keys", "create", "uef"], ["worker"]):
        refused = call(*command, "--dir", office, TESTAMUR_DATABASE_URL=nowhere)
        assert refused.status == 1
        assert "No such file or directory" in refused.err
        assert "pass-w0rd" not in refused.said
        assert "Traceback" not in refused.said
    assert "Does the server run" in refused.err
