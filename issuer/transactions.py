"""Reading and writing transactions: a writing one takes the write lock before it reads.

So there is one writer at a time, and whatever it reads holds until it commits: nobody publishes the same
version, takes the same place in a status list, sends the same mail or continues the same chain of the audit
beside it. SQLite has that lock itself (BEGIN IMMEDIATE, `app.database`). On PostgreSQL it is an advisory lock
that ends with the transaction, under READ COMMITTED: there each statement sees what was committed before it
began, and so everything that earlier writers did; under REPEATABLE READ the snapshot would be as old as the
waiting. ADR 0012 says what else was weighed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, text
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session

from issuer.errors import StorageFailed
from issuer.fit_values import READ_ONLY, refusal

_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_READING = "testamur_reading"  # the attribute of an engine that keeps it with the options for reading
_WRITE_LOCK = int.from_bytes(b"testamur", "big")  # any number will do that no other program takes


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads: one snapshot, no lock.

    Raises StorageFailed, or NotFound for a value that no database could hold.
    """
    with _translated(reads=True), reading_connection(engine) as connection, Session(connection) as session:
        yield session


@contextmanager
def reading_connection(engine: Engine) -> Iterator[Connection]:
    """Connect for what only reads, in a transaction that has begun and takes no lock."""
    with _read_only(engine).connect() as connection:
        connection.info[READ_ONLY] = True
        connection.begin()
        yield connection


def begins_reading(connection: PoolProxiedConnection) -> bool:
    """Tell the dialect, once, whether the transaction that begins is one of `reading_connection`."""
    return bool(connection.info.pop(READ_ONLY, False))


def _read_only(engine: Engine) -> Engine:
    """Give the same engine for what only reads: made once, since every page and every use case asks.

    Each knows the other, so they are kept together and go together.
    """
    kept: dict[str, Engine] = vars(engine)
    if _READING not in kept:
        options = {READ_ONLY: True, **(_SNAPSHOT if engine.dialect.name == "postgresql" else {})}
        kept[_READING] = engine.execution_options(**options)
    return kept[_READING]


@contextmanager
def joining(session: Session) -> Iterator[Session]:
    """Read on in a session that `reading` opened; raises what that raises."""
    with _translated(reads=True):
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a session that commits at the end, or takes everything back if the block raises.

    Raises StorageFailed, or IssuerError for a value that the database cannot hold.
    """
    with _translated(reads=False), Session(engine) as session, session.begin():
        take_write_lock(session.connection())  # before anything is read
        yield session


def run(session: Session, statement: Any, given: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
    """Run a statement that reads columns or writes rows, in a session's transaction but past the session.

    A session has nothing to add to such a statement, and doing so takes longer than the answer. One that
    reads each statement before it runs, as those that are bound to a tenant do, is not passed by.
    Gives SQLAlchemy's result.
    """
    if session.dispatch.do_orm_execute:
        return session.exec(statement, params=given)
    session.flush()  # what was added or changed before comes first, as with every statement of a session
    return session.connection().execute(statement, given)


def take_write_lock(connection: Connection) -> None:
    """Wait until no other transaction writes; on SQLite the transaction itself began so."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


@contextmanager
def _translated(*, reads: bool) -> Iterator[None]:
    try:
        yield
    except DataError as error:  # too long for its column, too large: PostgreSQL looks, SQLite does not
        raise refusal(reads=reads) from error
    except (DBAPIError, NoConnectionFree) as error:
        what = type(getattr(error, "orig", error)).__name__
        raise StorageFailed(
            "storage", f"The database did not do what was asked; nothing was changed ({what})."
        ) from error
