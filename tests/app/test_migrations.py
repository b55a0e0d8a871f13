"""The migrations make the tables that the code describes, on an empty and on a present database."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from database import empty_url_for
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

import issuer.tenancy  # noqa: F401
from app.database import open_database, sqlite_url, upgrade
from issuer.transactions import reading, writing


@pytest.fixture
def engine(tmp_path):
    engine = open_database(empty_url_for(tmp_path))
    yield engine
    engine.dispose()


def test_migrations_give_exactly_the_described_tables(engine):
    upgrade(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert differences == []


def test_upgrading_twice_changes_nothing(engine):
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == ["0009"]


def test_processes_that_start_together_migrate_once(engine):
    faults = []

    def start():
        own = open_database(engine.url.render_as_string(hide_password=False))
        try:
            upgrade(own)
        except Exception as fault:  # noqa: BLE001  (told below, in the test's own thread)
            faults.append(fault)
        own.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    test_migrations_give_exactly_the_described_tables(engine)


@pytest.mark.sqlite
def test_sqlite_is_opened_as_designed(engine):
    with engine.connect() as connection:
        pragma = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


@pytest.mark.sqlite
def test_a_writing_transaction_begins_immediate_and_a_reading_one_does_not(engine):
    upgrade(engine)
    with writing(engine), reading(engine) as reader:  # the reader is not stopped by the writer's lock
        assert reader.exec(text("select count(*) from institution")).scalar() == 0
    with writing(engine):
        other = engine.raw_connection()
        other.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(Exception, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_the_tables_can_be_made_on_postgresql():
    for table in SQLModel.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=postgresql.dialect()))


@pytest.mark.sqlite
def test_the_database_is_its_owners_alone_whatever_the_folder(tmp_path):
    tmp_path.chmod(0o755)
    engine = open_database(sqlite_url(tmp_path))
    upgrade(engine)
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    engine.dispose()
    assert "testamur.db" in modes
    assert set(modes.values()) == {0}
