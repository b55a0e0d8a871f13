"""Lint the plans of a large batch in processes beside this one, one for each further core.

The lint is most of the work of issuing and needs no secret, so it alone is done elsewhere: signing, reading
back and storing stay with the process that holds the keys. This process lints as well whenever no answer
waits for it; a process that dies or is silent is put away, and its plan is linted here. So with one core, or
with none of them left, nothing is different but the time.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Protocol, TypeVar

MOST_PROCESSES = 7
_PATIENCE = 60.0  # seconds for one answer, the first imports included
_OUR_PACKAGES = str(Path(__file__).resolve().parents[1])
_STARTER = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv[1]); from issuer.lint_process import serve; serve()"
)


class Plan(Protocol):
    """What the lint needs to know of a plan."""

    @property
    def unsigned(self) -> str:
        """Give the exact text of the unsigned credential, on one line."""

    @property
    def valid_from(self) -> datetime:
        """Give the moment at which it is judged."""

    @property
    def lists(self) -> Mapping[str, str]:
        """Give the purpose of each status list by its address."""


AnyPlan = TypeVar("AnyPlan", bound=Plan)
UNJUDGED = object()


class ProcessGone(Exception):  # noqa: N818  (named for the fault; never seen outside)
    """Say that a process gave no answer."""


class LintProcess:
    """One process that lints; `terms` are what `issuer.lint.Lint` is made of, as JSON can say it."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        path = [_OUR_PACKAGES, *(os.path.abspath(entry) for entry in sys.path)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-c", _STARTER, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a fault there is a fault here, where it is told
            bufsize=0,
            env={"PATH": os.defpath},  # settings and secrets stay out
            cwd="/",
            start_new_session=True,
        )
        if self._process.stdin:
            os.set_blocking(self._process.stdin.fileno(), False)
        with suppress(ProcessGone):  # the first plan will tell
            self._write(json.dumps(dict(terms)))

    @property
    def pid(self) -> int:
        """Give the number under which the system knows it."""
        return self._process.pid

    def refusal(self, plan: Plan) -> str | None:
        """Say why a plan must not be signed, None if it may be. Raises ProcessGone."""
        self._write(json.dumps({"valid_from": plan.valid_from.isoformat(), "lists": dict(plan.lists)}))
        self._write(plan.unsigned)
        try:
            told = json.loads(self._line())
        except ValueError as error:
            raise ProcessGone from error
        if told is not None and not isinstance(told, str):
            raise ProcessGone
        return told

    def close(self) -> None:
        """End it and wait for its end."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _write(self, line: str) -> None:
        left = memoryview(line.encode() + b"\n")
        pipe = self._process.stdin
        try:
            while left and pipe:
                left = left[pipe.write(left) or 0 :]
                if left and not select.select([], [pipe], [], _PATIENCE)[1]:
                    raise ProcessGone
        except (OSError, ValueError) as error:
            raise ProcessGone from error

    def _line(self) -> bytes:
        """Read one line; nothing comes after it before the next plan."""
        got = b""
        while not got.endswith(b"\n"):
            output = self._process.stdout
            if output is None or output.closed or not select.select([output], [], [], _PATIENCE)[0]:
                raise ProcessGone
            more = output.read(65_536)
            if not more:
                raise ProcessGone
            got += more
        return got


class LintBeside:
    """Some such processes, for one lint; a context manager that ends them."""

    def __init__(self, terms: Mapping[str, str], *, processes: int) -> None:
        self._processes = [LintProcess(terms) for _ in range(processes)]

    def __enter__(self) -> "LintBeside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in list(self._processes):
            process.close()

    @property
    def pids(self) -> list[int]:
        """Give the numbers of the processes that are still asked."""
        return [process.pid for process in self._processes]

    def judged(self, plans: Sequence[AnyPlan]) -> Iterator[tuple[AnyPlan, object]]:
        """Give each plan once, with its refusal or None, or UNJUDGED where the caller is to lint it.

        The caller is given one of these whenever no answer waits, so that nobody is idle.
        """
        waiting, answers = deque(plans), SimpleQueue[tuple[AnyPlan, object]]()
        threads = [
            threading.Thread(target=self._feed, args=(process, waiting, answers), daemon=True)
            for process in self._processes
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in plans:
                yield _next(waiting, answers)
        finally:
            waiting.clear()
            for thread in threads:
                thread.join()

    def _feed(
        self,
        process: LintProcess,
        waiting: deque[AnyPlan],
        answers: "SimpleQueue[tuple[AnyPlan, object]]",
    ) -> None:
        """Have a process judge plans from the far end until none waits or it is gone."""
        while True:
            try:
                plan = waiting.pop()
            except IndexError:
                return
            try:
                answers.put((plan, process.refusal(plan)))
            except ProcessGone:
                process.close()
                self._processes.remove(process)
                answers.put((plan, UNJUDGED))
                return


def _next(waiting: deque[AnyPlan], answers: "SimpleQueue[tuple[AnyPlan, object]]") -> tuple[AnyPlan, object]:
    """Take an answer, or a plan that nobody has taken, or wait for the answer to one that somebody has."""
    with suppress(Empty):
        return answers.get_nowait()
    with suppress(IndexError):
        return waiting.popleft(), UNJUDGED
    return answers.get()


def further_cores() -> int:
    """Give how many cores this process may use beside the one that it runs on, up to a limit."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable - 1, MOST_PROCESSES)
