"""Files that a subcommand is given, read no further than it looks."""

import os
import sys
from pathlib import Path

import click


def read_input(file: str, *, limit: int) -> bytes:
    """Read a file, or standard input for `-`; one byte more than `limit`, so that too much is told as such.

    Raises click.UsageError for what is no readable file.
    """
    return sys.stdin.buffer.read(limit + 1) if file == "-" else read_file(Path(file), limit=limit)


def read_file(path: Path, *, limit: int) -> bytes:
    """Read at most `limit` bytes of a file and one more; raises click.UsageError."""
    if not path.exists() or path.is_dir():
        raise click.UsageError(f"{path} is not a file.")
    if not os.access(path, os.R_OK):
        raise click.UsageError(f"{path} cannot be read by this account.")
    with path.open("rb") as opened:
        return opened.read(limit + 1)
