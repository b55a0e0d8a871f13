"""Which database belongs to a data folder: a file in it, or a database of its own on the tests' PostgreSQL.

The suite runs on SQLite unless `TESTAMUR_TEST_DATABASE=postgresql` is set: then `tests/conftest.py` starts a
server, makes the tables once in a template, and each data folder gets a copy, by the name of the folder.
"""

import hashlib
import os
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from postgres import ROLE, programs, running_server
from psycopg import sql
from sqlmodel import SQLModel, text

import issuer.tenancy  # noqa: F401  (imports every table)
from app.database import open_database, sqlite_url, upgrade
from issuer.transactions import reading

ASKED = "TESTAMUR_TEST_DATABASE"
_SERVER = "POSTGRESQL_OF_TESTS"  # the folder of the socket; not TESTAMUR_..., for it is no setting
_TEMPLATE = "testamur_template"
_made: dict[Path, str] = {}


def on_postgresql() -> bool:
    """Say whether this pass of the suite runs on PostgreSQL."""
    return _SERVER in os.environ


@contextmanager
def serving_databases():
    """Start PostgreSQL for this process and those it starts, with a template that has all tables."""
    with running_server() as socket_folder:
        os.environ[_SERVER] = socket_folder
        try:
            _command("create database {}", _TEMPLATE)
            engine = open_database(_url(_TEMPLATE))
            upgrade(engine)
            engine.dispose()
            yield
        finally:
            del os.environ[_SERVER]


def version() -> str:
    """Name the server."""
    with _connected() as connection:
        return f"PostgreSQL {connection.info.parameter_status('server_version')}"


def url_for(folder: Path) -> str:
    """Give the address of the database of a data folder; on PostgreSQL it is made on first use."""
    folder = Path(folder).absolute()
    if not on_postgresql():
        return sqlite_url(folder)
    if folder not in _made:
        _make(_name(folder), _TEMPLATE)
        _made[folder] = _name(folder)
    return _url(_name(folder))


def empty_url_for(folder: Path) -> str:
    """Give the address of a database without tables."""
    folder = Path(folder).absolute() / "empty"
    if not on_postgresql():
        folder.mkdir(exist_ok=True)
        return sqlite_url(folder)
    _make(_name(folder), "template1")
    _made[folder] = _name(folder)
    return _url(_name(folder))


def settings_for(folder: Path) -> dict[str, str]:
    """Give what the environment must say for `testamur` to find the database of a data folder."""
    return {"TESTAMUR_DATABASE_URL": url_for(folder)} if on_postgresql() else {}


def rows(folder: Path, query: str) -> list[tuple]:
    """Ask the database of a data folder, beside whoever works with it."""
    engine = open_database(url_for(folder))
    try:
        with reading(engine) as session:
            return [tuple(row) for row in session.connection().execute(text(query))]
    finally:
        engine.dispose()


def everything(folder: Path) -> dict[str, list[tuple]]:
    """Give every row of every table."""
    tables = [table.name for table in SQLModel.metadata.sorted_tables]
    return {name: sorted(rows(folder, f"select * from {name}"), key=repr) for name in tables}  # noqa: S608


def kept_bytes(folder: Path) -> bytes:
    """Give the bytes that the database of a data folder keeps; of PostgreSQL what a backup would hold."""
    if not on_postgresql():
        return b"".join(path.read_bytes() for path in Path(folder).glob("testamur.db*"))
    dumping = [programs() / "pg_dump", "--host", os.environ[_SERVER], "--username", ROLE]
    return subprocess.run([*dumping, _name(Path(folder).absolute())], check=True, capture_output=True).stdout


def forget_below(folder: Path) -> None:
    """Drop the databases of data folders below a folder."""
    for each in [each for each in _made if each.is_relative_to(folder)]:
        _command("drop database if exists {} with (force)", _made.pop(each))


def _make(name: str, template: str) -> None:
    # another process of the same test may be first
    with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        _command(f"create database {{}} template {template} strategy file_copy", name)


def _name(folder: Path) -> str:
    return f"t_{hashlib.sha256(str(folder).encode()).hexdigest()[:32]}"


def _url(name: str) -> str:
    return f"postgresql+psycopg://{ROLE}@/{name}?host={os.environ[_SERVER]}"


def _connected() -> psycopg.Connection:
    return psycopg.connect(host=os.environ[_SERVER], user=ROLE, dbname="postgres", autocommit=True)


def _command(statement: str, name: str) -> None:
    with _connected() as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
