"""Open the database and bring it to the present schema."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from app.postgresql import postgresql_engine, wait_for_migration
from app.private_file import create_private
from issuer.fit_values import refuse_unfit
from issuer.transactions import begins_reading, reading, reading_connection, take_write_lock, writing

_MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 5_000
_BEGIN = "BEGIN IMMEDIATE"
BEGIN_ATTEMPTS = 4  # nothing was done yet, so that trying again is safe


def open_database(url: str) -> Engine:
    """Make an engine for an address as `app.database_url` gives it.

    SQLite: WAL, synchronous FULL, 5 s busy time-out, foreign keys on, and BEGIN IMMEDIATE for whatever may
    write: deferred transactions that read first fail with "database is locked" however long one waits.
    """
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite"
    engine = _sqlite_engine(address) if is_file else postgresql_engine(address)
    # Told to the dialect: with one listener on the engine itself each statement takes half as long again.
    event.listen(engine, "do_execute", refuse_unfit)
    event.listen(engine, "do_executemany", refuse_unfit)
    return engine


def _sqlite_engine(address: URL) -> Engine:
    engine = create_engine(address.set(drivername="sqlite+testamur"))
    if engine.url.database and engine.url.database != ":memory:":
        make_private(Path(engine.url.database))
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


class _Dialect(SQLiteDialect_pysqlite):
    """SQLite by the driver of the standard library, which is told here how to begin."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction."""
        own = dbapi_connection.driver_connection
        if begins_reading(dbapi_connection):
            own.execute("BEGIN")
        else:
            _begin_writing(own)


registry.register("sqlite.testamur", __name__, "_Dialect")


def sqlite_url(folder: Path) -> str:
    """Give the URL of the database in a data folder."""
    return f"sqlite:///{(folder / 'testamur.db').resolve()}"


def make_private(path: Path) -> None:
    """Make a file for its owner alone, unless it is there; SQLite gives its side files the same mode."""
    with contextlib.suppress(OSError):  # opening it will say in words what is wrong
        create_private(path)


def refresh_statistics(engine: Engine) -> None:
    """Let SQLite look at a sample of each index; PostgreSQL does so by itself.

    Without it the choice among indexes is a guess: a search by student number among 300,000 took a second.
    """
    if engine.dialect.name == "sqlite":
        with writing(engine) as session:
            for statement in ("PRAGMA analysis_limit = 1000", "ANALYZE"):
                session.connection().exec_driver_sql(statement)


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; one that is there already is left alone.

    Of processes that start together one migrates; the others wait and find it done.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if _is_newest(engine, config):
        return
    with engine.connect() as connection, _tables_may_be_made_anew(connection), connection.begin():
        if engine.dialect.name == "postgresql":
            wait_for_migration(connection)
        take_write_lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            _refuse_loose_rows(connection)


def readiness(engine: Engine) -> Callable[[], None]:
    """Give what raises as soon as the database of an upgraded engine no longer answers.

    A connection that is open goes on working when the file of SQLite was moved away or another one put in its
    place, and what is written then is lost: so the file is opened anew and must be the one of now.
    PostgreSQL is asked over the network each time.
    """
    place = engine.url.database if engine.dialect.name == "sqlite" else None
    path = None if place in (None, "", ":memory:") else Path(str(place)).resolve()
    opened = None if path is None else _identity(path)

    def ask() -> None:
        if path is not None:
            if _identity(path) != opened:
                raise FileNotFoundError("the database is not the file that this process has opened")
            _open_anew(path)
        with reading(engine) as session:
            session.execute(text("SELECT 1"))

    return ask


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _open_anew(path: Path) -> None:
    """Read the version of the schema over a connection of its own, which makes no file that is missing."""
    fresh = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_MILLISECONDS / 1000)
    with contextlib.closing(fresh):
        fresh.execute("SELECT version_num FROM alembic_version").fetchone()


def _is_newest(engine: Engine, config: Config) -> bool:
    """Ask without the write lock, so that a process can start while another one writes."""
    with reading_connection(engine) as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return present == tuple(ScriptDirectory.from_config(config).get_heads())


@contextlib.contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite drop and rename a table that others point to; it can only be told between transactions."""
    if connection.dialect.name != "sqlite":
        yield
        return
    own: Any = connection.connection.driver_connection
    own.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        own.execute("PRAGMA foreign_keys = ON")


def _refuse_loose_rows(connection: Connection) -> None:
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if loose:
        raise RuntimeError(f"the migration would have left rows of {loose[0][0]} without their parents")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this module says BEGIN itself, the driver's own would be deferred
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: sqlite3.Connection) -> None:
    """Begin; SQLite's queue for the write lock is not fair: whom it passed over stands in line again."""
    for attempts_left in reversed(range(BEGIN_ATTEMPTS)):
        try:
            connection.execute(_BEGIN)
        except sqlite3.Error as error:
            if attempts_left == 0 or "locked" not in str(error):
                raise
        else:
            return
