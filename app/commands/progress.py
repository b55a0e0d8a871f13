"""Show how far a long task is: a bar on a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int, int], None]
_LINE_EVERY = 5.0  # seconds


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """Give a function that is told what is done and what there is in all; it writes to standard error."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, total=total, completed=done)


def _lines(label: str) -> Advance:
    said = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal said
        if done == total or time.monotonic() - said >= _LINE_EVERY:
            said = time.monotonic()
            click.echo(f"{label}: {done} of {total}", err=True)

    return advance
