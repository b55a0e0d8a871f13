"""Reading and writing transactions: a writing one takes the write lock before it reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from issuer.errors import StorageFailed

_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
READ_ONLY = "testamur_read_only"  # the execution option by which the engine tells the two kinds apart


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads: one snapshot, no lock. Raises StorageFailed."""
    options = {READ_ONLY: True, **(_SNAPSHOT if engine.dialect.name == "postgresql" else {})}
    with _translated(), Session(engine.execution_options(**options)) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a session that commits at the end, or takes everything back if the block raises.

    Raises StorageFailed.
    """
    with _translated(), Session(engine) as session, session.begin():
        session.connection()  # begins now, so that what is read next is read under the lock
        yield session


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StorageFailed(
            "storage",
            f"The database did not do what was asked; nothing was changed ({type(error.orig).__name__}).",
        ) from error
