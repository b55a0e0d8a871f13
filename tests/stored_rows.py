"""What the database of a data folder holds, read beside whoever works with it."""

import subprocess
from pathlib import Path

from database import on_postgresql, server_of, url_for
from postgres import ROLE, programs
from sqlmodel import SQLModel, text

import issuer.tenancy  # noqa: F401  (imports every table)
from app.database import open_database
from issuer.transactions import reading


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
    host, name = server_of(folder)
    dumping = [programs() / "pg_dump", "--host", host, "--username", ROLE, name]
    return subprocess.run(dumping, check=True, capture_output=True).stdout
