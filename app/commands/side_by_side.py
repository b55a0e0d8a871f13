"""Run the web process and the worker beside each other, and leave neither behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from app.settings import Settings

_PATIENCE = 30.0  # seconds until the pages must answer
_GRACE = 15.0  # seconds from the wish to stop to the end by force
_LOOK_EVERY = 0.2
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def running_side_by_side(settings: Settings) -> Iterator[Callable[[], None]]:
    """Start both and wait until the pages can be opened; give what waits for the end.

    SIGTERM, SIGINT and a closed terminal end both. Raises ClickException if one of them ends by itself.
    """
    stop = threading.Event()
    before = {number: signal.signal(number, _setting(stop)) for number in _SIGNALS}
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processes["web"] = _start(settings, "serve", "--host", settings.host, "--port", str(settings.port))
        processes["worker"] = _start(settings, "worker")
        _wait(processes, stop, lambda: _answers(settings), patience=_PATIENCE)
        yield lambda: _wait(processes, stop, lambda: False)
    finally:
        _end(processes)
        for number, handler in before.items():
            signal.signal(number, handler)


def _setting(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def wish(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return wish


def _start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a subcommand on the same folder; what it prints goes to standard error."""
    environment = {
        **os.environ,
        "TESTAMUR_DIR": str(settings.dir),
        "TESTAMUR_BASE_URL": settings.base_url,
        "TESTAMUR_DEMO": "1",
        "TESTAMUR_SMTP_URL": "",  # the learners are invented: nobody is to get a mail
    }
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "app.cli", *arguments], env=environment, stdout=sys.stderr.fileno()
    )


def _wait(
    processes: dict[str, subprocess.Popen[bytes]],
    stop: threading.Event,
    reached: Callable[[], bool],
    *,
    patience: float = float("inf"),
) -> None:
    until = time.monotonic() + patience
    while not stop.is_set() and not reached():
        ended = next((name for name, process in processes.items() if process.poll() is not None), None)
        if ended:
            raise click.ClickException(f"The {ended} process ended by itself; what it said stands above.")
        if time.monotonic() > until:
            raise click.ClickException(f"The pages did not answer within {patience:.0f} s.")
        stop.wait(_LOOK_EVERY)


def _answers(settings: Settings) -> bool:
    try:
        with socket.create_connection((settings.host, settings.port), timeout=1):
            return True
    except OSError:
        return False


def _end(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    until = time.monotonic() + _GRACE
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
