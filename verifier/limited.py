"""Run a function on outside bytes in a child process that the kernel ends when it takes too much.

    text = run_limited(extract, data)

The child comes from a small server process (`limited_server`), started at the first call and kept, so that
a call costs a fork and no import, and so that a server with many threads never forks itself.
"""

import atexit
import contextlib
import dataclasses
import enum
import io
import itertools
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from verifier.errors import LimitHit, VerifierError
from verifier.lanes import QUANTUM_SECONDS, Lanes, Place, busy
from verifier.limited_server import KILL, MESSAGE, NUMBER, RUN, SLOW

MIB = 1024 * 1024
Value = TypeVar("Value")

_OUR_PACKAGES = str(Path(__file__).resolve().parent.parent)
_RESULT_BYTES = 16 * MIB
_START_SECONDS = 30.0  # for the server to load its modules, once
_POLL_SECONDS = 0.02
_MOST_MICROSECONDS = 3600 * 1_000_000
_SPENT = threading.local()  # `seconds` of CPU in the children of a thread
_STARTER = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from verifier.limited_server import serve; serve(int(sys.argv[2]), *json.loads(sys.argv[3]))"
)
_MESSAGES = {
    "cpu_time": "Reading it took more computing time than is allowed.",
    "wall_time": "Reading it took longer than is allowed.",
    "memory": "Reading it took more memory than is allowed.",
    "depth": "It is nested too deeply to be read.",
    "result_size": "What it contains is larger than is allowed.",
    "crashed": "Reading it had to be stopped because it made the reader fail.",
    "unavailable": "It could not be read safely at the moment; please try again.",
}
_SIGNALS = {signal.SIGPROF: "cpu_time", signal.SIGXCPU: "cpu_time", signal.SIGALRM: "wall_time"}


def run_limited(
    function: Callable[..., Value],
    *args: Any,
    cpu_seconds: float = 2.0,
    memory_bytes: int = 256 * MIB,
    wall_seconds: float = 10.0,
) -> Value:
    """Return `function(*args)`, worked out in a child process under limits.

    `function` stands at the top of an importable module; arguments and value can be pickled, the value is
    made of built-in types and our packages' dataclasses. What the function raises is raised here. LimitHit is
    raised when CPU, memory or time run out, when the child dies, and when no place comes free.
    """
    request = pickle.dumps(
        {
            "function": _name(function),
            "args": args,
            "cpu_seconds": cpu_seconds,
            "memory_bytes": memory_bytes,
            "wall_seconds": wall_seconds,
            "result_bytes": _RESULT_BYTES,
        }
    )
    with _STATE.lanes.enter() as place:
        answer = _Call(_STATE, place).answer(request, wall_seconds)
    _SPENT.seconds = _seconds_in_children() + _seconds_of(answer)
    value: Value = _value(answer)
    return value


def cpu_seconds() -> float:
    """Give the CPU seconds that this thread has used so far, with those of its children that have ended."""
    return time.thread_time() + _seconds_in_children()


def warm_up(base_url: str | None = None) -> None:
    """Start the server process and wait until it is ready for usual documents, so that no caller need.

    `base_url` is that of the deployment whose own credentials will be met. A process that reads a file or two
    does better without: its first call starts a server that prepares nothing.
    """
    _STATE.prepare(base_url)
    run_limited(os.getpid)


def _name(function: Callable[..., Any]) -> str:
    name = f"{function.__module__}:{function.__qualname__}"
    if function.__module__ == "__main__" or "<" in name:
        raise VerifierError("not_importable", f"{name} cannot be imported by another process.")
    return name


def _hit(code: str) -> LimitHit:
    return LimitHit(code, _MESSAGES.get(code, _MESSAGES["crashed"]))


class _State:
    """What the calls of one process share: the server process and the places."""

    def __init__(self, prepared: tuple[bool, str | None] = (False, None)) -> None:
        self.prepared = prepared
        cores = max(2, os.cpu_count() or 1)
        self.lanes = Lanes(fast=cores, slow=cores)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, base_url: str | None) -> None:
        """Have every server process prepare for usual documents; one that did not is replaced."""
        with self._lock:
            if self.prepared != (True, base_url):
                self.prepared = (True, base_url)
                self._stop()

    def start_child(self) -> tuple[int, socket.socket]:
        """Have a child forked, by a new server if need be; return its number and the socket to it."""
        with self._lock:
            number = next(self._numbers)
            ours, theirs = socket.socketpair()
            with theirs:
                for _ in range(2):
                    try:
                        socket.send_fds(self._running(), [MESSAGE.pack(RUN, number)], [theirs.fileno()])
                        return number, ours
                    except OSError:
                        self._stop()
            ours.close()
        raise _hit("unavailable")

    def tell(self, operation: bytes, number: int) -> None:
        """Send KILL or SLOW for a child; a server that is gone has no children left."""
        with self._lock, contextlib.suppress(OSError):
            if self._control:
                self._control.sendall(MESSAGE.pack(operation, number))

    def _running(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair()
            # Our packages first: elsewhere on the path a mere folder may have the same name.
            path = [_OUR_PACKAGES, *(os.path.abspath(entry) for entry in sys.path)]
            given = [json.dumps(path), str(theirs.fileno()), json.dumps(self.prepared)]
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, "-I", "-c", _STARTER, *given],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={"PATH": os.defpath},  # settings and secrets stay out
                    cwd="/",
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
        return self._control

    def _stop(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(timeout=2.0)  # it ends by itself once the control socket is closed
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None

    def stop(self) -> None:
        """End the server and with it all children."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Leave the server to the parent process after a fork."""
        if self._control:
            self._control.close()
        if self._process:
            self._process.returncode = 0  # not our child: nothing to wait for


class _Call:
    """One request and its answer."""

    def __init__(self, state: _State, place: Place) -> None:
        self._state = state
        self._place = place
        self._number, self._socket = state.start_child()
        self._answer = bytearray()

    def answer(self, request: bytes, wall_seconds: float) -> bytes:
        """Return everything that came back, process id and exit status included."""
        with self._socket:
            try:
                self._collect(_START_SECONDS, NUMBER.size)
                self._started = time.monotonic()
                self._send(request, wall_seconds)
                self._collect(wall_seconds + 1.0, 4 * NUMBER.size + _RESULT_BYTES)
            except BaseException:
                self._state.tell(KILL, self._number)
                raise
        return bytes(self._answer)

    def _send(self, request: bytes, seconds: float) -> None:
        """Write the request; where the child died meanwhile, its exit status tells why."""
        self._socket.settimeout(seconds)
        try:
            self._socket.sendall(NUMBER.pack(len(request)) + request)
        except TimeoutError:
            raise _hit("wall_time") from None
        except OSError:
            return

    def _collect(self, seconds: float, size: int) -> None:
        """Read up to `size` bytes or the end, watching time and the CPU used meanwhile."""
        end = time.monotonic() + seconds
        self._socket.settimeout(_POLL_SECONDS)
        while len(self._answer) < size:
            try:
                chunk = self._socket.recv(min(65536, size - len(self._answer)))
            except TimeoutError:
                if time.monotonic() > end:
                    raise _hit("wall_time") from None
                self._keep_to_lane()
                continue
            except OSError:
                return
            if not chunk:
                return
            self._answer += chunk

    def _keep_to_lane(self) -> None:
        """Move to the slow lane once the quantum is used up, or give up where that is full."""
        if self._place.slow or len(self._answer) < NUMBER.size or self._cpu_used() < QUANTUM_SECONDS:
            return
        if not self._place.slow_down():
            raise busy()
        self._state.tell(SLOW, self._number)

    def _cpu_used(self) -> float:
        """Return the child's CPU seconds, or the time since it began where the system does not say."""
        pid = NUMBER.unpack_from(self._answer)[0]
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return time.monotonic() - self._started
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds_in_children() -> float:
    seconds: float = getattr(_SPENT, "seconds", 0.0)
    return seconds


def _seconds_of(answer: bytes) -> float:
    """Give the CPU seconds of a child, which end its answer; what else it may have written counts as none."""
    if len(answer) < 3 * NUMBER.size:
        return 0.0
    used: int = NUMBER.unpack(answer[-NUMBER.size :])[0]
    return used / 1_000_000 if 0 <= used < _MOST_MICROSECONDS else 0.0


def _value(answer: bytes) -> Any:
    """Return or raise what an answer of process id, length, outcome, exit status and CPU time says."""
    start = 2 * NUMBER.size
    if len(answer) < NUMBER.size:
        raise _hit("unavailable")
    size = NUMBER.unpack_from(answer, NUMBER.size)[0] if len(answer) >= start else -1
    if size < 0 or len(answer) < start + size:
        ending = answer[-2 * NUMBER.size :]
        status: Any = NUMBER.unpack_from(ending)[0] if len(answer) >= 3 * NUMBER.size else 0
        raise _hit(_SIGNALS.get(-status, "crashed") if -65 < status < 0 else "crashed")
    try:
        word, value = _Outcome(io.BytesIO(answer[start : start + size])).load()
    except Exception:  # noqa: BLE001 - a child taken over by its input may write anything
        raise _hit("crashed") from None
    if word == "value":
        return value
    if word == "error" and isinstance(value, Exception):
        raise value
    raise _hit(value if word == "limit" else "crashed")


class _Outcome(pickle.Unpickler):
    """Read values and exceptions of built-in types and of our packages, and call nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the class `name`, or refuse it."""
        found = super().find_class(module, name) if self._known(module) else None
        if isinstance(found, type) and (
            issubclass(found, (Exception, enum.Enum))
            or dataclasses.is_dataclass(found)
            or module == "datetime"
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not an answer")

    def _known(self, module: str) -> bool:
        known = ("builtins", "datetime", "verifier", "microcredential", "ob3", "keys")
        return module.partition(".")[0] in known


_STATE = _State()


def _after_fork() -> None:
    global _STATE
    _STATE.forget()
    _STATE = _State(_STATE.prepared)


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _STATE.stop())
