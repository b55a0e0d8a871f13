"""Reading and writing transactions: a writing one takes the write lock before it reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

READ_ONLY = "testamur_read_only"  # the execution option by which the engine tells the two kinds apart


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads: one snapshot, no lock."""
    with Session(engine.execution_options(**{READ_ONLY: True})) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a session that commits at the end, or takes everything back if the block raises."""
    with Session(engine) as session, session.begin():
        session.connection()  # begins now, so that what is read next is read under the lock
        yield session
