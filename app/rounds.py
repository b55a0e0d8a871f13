"""Rounds: what the worker does again and again beside its other work, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

BETWEEN = 60.0  # seconds
_PATIENCE = 10.0  # seconds for a round that is under way when the worker stops
_log = structlog.get_logger(__name__)


@contextmanager
def rounds(one: Callable[[bool], object], *, name: str, failed: str) -> Iterator[None]:
    """Go round at once and then every minute, for as long as the caller works.

    `one` is told whether it is the first round; a fault of ours in it is logged as `failed` and ends nothing.
    """
    stop = threading.Event()

    def go_on() -> None:
        first = True
        while True:
            try:
                one(first)
            except Exception:  # noqa: BLE001  (a fault of ours here must not end the rounds)
                _log.exception(failed)
            first = False
            if stop.wait(BETWEEN):
                return

    thread = threading.Thread(target=go_on, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)
