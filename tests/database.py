"""Which database belongs to a data folder: a file in it, or a database of its own on the tests' PostgreSQL.

The suite runs on SQLite unless `TESTAMUR_TEST_DATABASE=postgresql` is set: then `tests/conftest.py` starts a
server, makes the tables once in a template, and each data folder gets a copy, by the name of the folder.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg
from postgres import ROLE, running_server
from psycopg import sql

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
            _make_tables(_url(_TEMPLATE))
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
        return f"sqlite:///{folder / 'testamur.db'}"
    if folder not in _made:
        _make(_name(folder), _TEMPLATE)
        _made[folder] = _name(folder)
    return _url(_name(folder))


def url_with_tables(folder: Path) -> str:
    """Give the same with all tables, which takes half a second to make and a moment to copy."""
    if not on_postgresql() and not (own := Path(folder).absolute() / "testamur.db").exists():
        shutil.copy(_template_file(), own)  # with its mode: for its owner alone
    return url_for(folder)


def empty_url_for(folder: Path) -> str:
    """Give the address of a database without tables."""
    folder = Path(folder).absolute() / "empty"
    if not on_postgresql():
        folder.mkdir(exist_ok=True)
        return f"sqlite:///{folder / 'testamur.db'}"
    _make(_name(folder), "template1")
    _made[folder] = _name(folder)
    return _url(_name(folder))


def server_of(folder: Path) -> tuple[str, str]:
    """Give the folder of the server's socket and the name of a data folder's database there."""
    return os.environ[_SERVER], _name(Path(folder).absolute())


def settings_for(folder: Path) -> dict[str, str]:
    """Give what the environment must say for `testamur` to find the database of a data folder."""
    return {"TESTAMUR_DATABASE_URL": url_for(folder)} if on_postgresql() else {}


def forget_below(folder: Path) -> None:
    """Drop the databases of data folders below a folder."""
    for each in [each for each in _made if each.is_relative_to(folder)]:
        _command("drop database if exists {} with (force)", _made.pop(each))


@cache
def _template_file() -> Path:
    """Make a file of SQLite with all tables, once for each process of the tests."""
    folder = Path(tempfile.mkdtemp(prefix="testamur-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _make_tables(f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


def _make_tables(url: str) -> None:
    from app.database import open_database, upgrade  # here: tests of pure packages need no database

    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


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
