"""Share the few places for limited work so that heavy uploads cannot keep light ones waiting (promise V7).

Every piece of work starts in the fast lane. When it has used its quantum of CPU it must move to the slow
lane, which has few places and low priority; where none is free the work is given up. Waiting for the fast
lane is last in, first out: under a flood the newest caller is served at once, instead of everybody too late.
"""

import threading

from verifier.errors import LimitHit

QUANTUM_SECONDS = 0.25  # of CPU; an ordinary badge or certificate takes a tenth of that


class Lanes:
    """Count the free places of both lanes; a caller waits up to `wait_seconds` for a fast one."""

    def __init__(self, *, fast: int, slow: int, wait_seconds: float = 5.0) -> None:
        self._fast_free = fast
        self._slow_free = slow
        self._wait_seconds = wait_seconds
        self._waiting: list[threading.Event] = []
        self._lock = threading.Lock()

    def enter(self) -> "Place":
        """Return a place in the fast lane, or raise LimitHit("unavailable")."""
        with self._lock:
            if self._fast_free:
                self._fast_free -= 1
                return Place(self)
            turn = threading.Event()
            self._waiting.append(turn)
        if not turn.wait(self._wait_seconds):
            with self._lock:
                if not turn.is_set():
                    self._waiting.remove(turn)
                    raise busy()
        return Place(self)

    def take_slow(self) -> bool:
        """Take a place in the slow lane; return False if there is none."""
        with self._lock:
            taken = self._slow_free > 0
            self._slow_free -= taken
            return taken

    def give_back_fast(self) -> None:
        """Hand a fast place to the caller who came last, or keep it free."""
        with self._lock:
            if self._waiting:
                self._waiting.pop().set()
            else:
                self._fast_free += 1

    def give_back_slow(self) -> None:
        """Free a place in the slow lane."""
        with self._lock:
            self._slow_free += 1


class Place:
    """One place in a lane, given back on leaving the `with` block."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self.slow = False

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        if self.slow:
            self._lanes.give_back_slow()
        else:
            self._lanes.give_back_fast()

    def slow_down(self) -> bool:
        """Move to the slow lane; return False if it is full."""
        self.slow = self._lanes.take_slow()
        if self.slow:
            self._lanes.give_back_fast()
        return self.slow


def busy() -> LimitHit:
    """Return the error for work that found no place."""
    return LimitHit(
        "unavailable", "Too many files are being checked at the moment; please try again in a minute."
    )
