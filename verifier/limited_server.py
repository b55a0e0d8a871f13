"""The process that forks one limited child per piece of work; it never touches outside bytes itself.

It has one thread, its modules loaded and the usual contexts processed, so a fork is safe, takes milliseconds
and begins ready. `multiprocessing` offers a fork server too, but that one imports the caller's main script
again and refuses to start from daemonic workers; this one depends on nothing in the caller but `sys.path`.

On the control socket come 9-byte messages: an operation and a number chosen by the caller, RUN with the
socket on which request and answer travel. The answer is the child's process id, what the child wrote, its
exit status and the microseconds of CPU that it used.
"""

import contextlib
import gc
import importlib
import math
import os
import pickle
import resource
import select
import signal
import socket
import struct
from types import FrameType
from typing import Any, NoReturn

RUN, KILL, SLOW = b"R", b"K", b"S"
MESSAGE = struct.Struct("<cq")
NUMBER = struct.Struct("<q")
_SLOW_NICENESS = 10
_LEAST_HEADROOM = 16 * 1024 * 1024
_OPEN_FILES = 64
# Loaded once, here, so that no child pays for it.
_PRELOADED = (
    "lxml.etree",
    "pikepdf",
    "pyld.jsonld",
    "ob3",
    "ob3.baking",
    "ob3.canonical",
    "verifier",
    "verifier.containers",
    "verifier.pictures",
)


def serve(control_fd: int, usual: bool = False, base_url: str | None = None) -> None:
    """Fork a child for each RUN until the caller closes the control socket.

    `usual`: first process what documents of the usual kinds need, so that no child has to; `base_url` is that
    of a deployment whose own credentials will be among them.
    """
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if usual:
        documents = importlib.import_module("verifier.usual_documents")  # its imports are those above
        documents.process_usual_contexts(base_url)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Server(socket.socket(fileno=control_fd)).run()


class Server:
    """Keep the living children and their answer sockets."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, tuple[int, socket.socket]] = {}  # pid -> number, answer socket
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        signal.signal(signal.SIGCHLD, _note)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the caller is gone, then end every child."""
        while True:
            watched: list[Any] = [self._control, self._wake_read]
            ready, _, _ = select.select(watched, [], [])
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
            self._reap()
            if self._control in ready and not self._obey():
                break
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        data, fds, _, _ = socket.recv_fds(self._control, MESSAGE.size, 1)
        if len(data) != MESSAGE.size:
            return False
        operation, number = MESSAGE.unpack(data)
        if operation == RUN:
            self._start(number, socket.socket(fileno=fds[0]))
            return True
        for pid, (child_number, _answer) in self._children.items():
            if child_number == number and operation == KILL:
                os.kill(pid, signal.SIGKILL)
            elif child_number == number and operation == SLOW:
                os.setpriority(os.PRIO_PROCESS, pid, _SLOW_NICENESS)
        return True

    def _start(self, number: int, answer: socket.socket) -> None:
        try:
            pid = os.fork()
        except OSError:
            answer.close()
            return
        if pid == 0:
            self._become_child(answer)
        self._children[pid] = (number, answer)

    def _become_child(self, answer: socket.socket) -> NoReturn:
        """Answer one request and end; nothing of the server's runs afterwards."""
        try:
            signal.set_wakeup_fd(-1)
            for name in (signal.SIGCHLD, signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU):
                signal.signal(name, signal.SIG_DFL)
            self._control.close()
            os.close(self._wake_read)
            os.close(self._wake_write)
            for _, other in self._children.values():
                other.close()
            _work(answer)
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Tell each caller how its child ended."""
        while self._children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            _, answer = self._children.pop(pid)
            used = int((usage.ru_utime + usage.ru_stime) * 1_000_000)
            with contextlib.suppress(OSError):
                ending = NUMBER.pack(os.waitstatus_to_exitcode(status)) + NUMBER.pack(used)
                answer.send(ending, socket.MSG_DONTWAIT)
            answer.close()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the wake-up pipe has the signal."""


def _work(answer: socket.socket) -> None:
    """Read a request, run it under limits, write what came of it."""
    answer.sendall(NUMBER.pack(os.getpid()))
    request = pickle.loads(_read(answer))  # noqa: S301 - from the caller's own process
    function = _find(request["function"])
    _limit(request["cpu_seconds"], request["memory_bytes"], request["wall_seconds"])
    outcome = _outcome(function, request["args"], request["result_bytes"])
    answer.sendall(NUMBER.pack(len(outcome)) + outcome)


def _read(stream: socket.socket) -> bytes:
    with stream.makefile("rb") as file:
        return file.read(NUMBER.unpack(file.read(NUMBER.size))[0])


def _find(name: str) -> Any:
    module, _, qualified = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    return found


def _limit(cpu_seconds: float, memory_bytes: int, wall_seconds: float) -> None:
    """Set limits that the kernel keeps: the default action of both timers is to end the process."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)
    whole_seconds = math.ceil(cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole_seconds, whole_seconds))
    # No core file with somebody's data, no file, no process, few open files.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    mapped = _address_space(memory_bytes)
    if mapped:
        resource.setrlimit(resource.RLIMIT_AS, (mapped, mapped))


def _address_space(memory_bytes: int) -> int:
    """Return the address space that keeps the whole process within `memory_bytes` of real memory.

    Libraries map far more than they use, so what is mapped and not resident at the start is added.
    0 where the system does not say.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            mapped, resident = (int(pages) * resource.getpagesize() for pages in file.read().split()[:2])
    except OSError:
        return 0
    return mapped + max(_LEAST_HEADROOM, memory_bytes - resident)


def _outcome(function: Any, args: tuple[Any, ...], result_bytes: int) -> bytes:
    """Return the pickled pair of word and value that the caller reads."""
    try:
        outcome = pickle.dumps(("value", function(*args)))
    except MemoryError:
        return pickle.dumps(("limit", "memory"))
    except RecursionError:
        return pickle.dumps(("limit", "depth"))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to see
        try:
            outcome = pickle.dumps(("error", error))
        except Exception:  # noqa: BLE001 - an exception may carry anything
            outcome = pickle.dumps(("failed", type(error).__name__))
    return outcome if len(outcome) <= result_bytes else pickle.dumps(("limit", "result_size"))
