"""Fulfil the plans of a batch with the help of processes beside this one, one for each further core.

Most of the work of issuing is the lint and reading back, and needs no secret, so it alone is done elsewhere:
signing and storing stay with the process that holds the keys. A thread for each process takes piece after
piece: it has the plans linted, signs those that may be, and has the texts read back by the process that
linted them. While one piece is linted there, the one before it is signed here. The main thread plans and
stores meanwhile; when it must wait for a piece, it does itself whatever nobody has begun. A process that
dies or is silent is put away, and what it had in hand is done here. So with one core, or with none of them
left, nothing is different but the time.
"""

import fcntl
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from issuer.fulfilling import Desk, Plan
from issuer.storing import Refused, Signed

MOST_PROCESSES = 7
PIECE = 10  # plans; `ob3.canonical` remembers the forms of two such pieces until they are read back
_PATIENCE = 60.0  # seconds for one answer, the first imports included
_PIPE = 1024 * 1024  # bytes, more than a piece: the next one waits there while a piece is linted
_OUR_PACKAGES = str(Path(__file__).resolve().parents[1])
_STARTER = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv[1]); from issuer.lint_process import serve; serve()"
)


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
            _widen(self._process.stdin.fileno())
        self._read = b""
        with suppress(ProcessGone):  # the first plan will tell
            self._write(json.dumps(dict(terms)))

    @property
    def pid(self) -> int:
        """Give the number under which the system knows it."""
        return self._process.pid

    def tell_plans(self, plans: Sequence[Plan]) -> None:
        """Have plans linted. Raises ProcessGone."""
        about = [{"valid_from": one.valid_from.isoformat(), "lists": dict(one.lists)} for one in plans]
        self._write(json.dumps({"plans": about}), *(one.unsigned for one in plans))

    def tell_signed(self, texts: Mapping[int, str]) -> None:
        """Have the texts read that were signed of the oldest plans, by number. Raises ProcessGone."""
        self._write(json.dumps({"signed": list(texts)}), *texts.values())

    def refusals(self, number: int) -> list[str | None]:
        """Wait for why each of so many plans must not be signed, None if it may be. Raises ProcessGone."""
        return self._answer(number, (str, type(None)))

    def are_right(self, number: int) -> list[bool]:
        """Wait for whether each of so many texts is its plan, signed. Raises ProcessGone."""
        return self._answer(number, (bool,))

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

    def _answer(self, number: int, kinds: tuple[type, ...]) -> list[Any]:
        try:
            told = json.loads(self._line())
        except ValueError as error:
            raise ProcessGone from error
        if type(told) is not list or len(told) != number or any(type(one) not in kinds for one in told):
            raise ProcessGone
        return told

    def _write(self, *lines: str) -> None:
        left = memoryview("".join(f"{line}\n" for line in lines).encode())
        pipe = self._process.stdin
        try:
            while left and pipe:
                left = left[pipe.write(left) or 0 :]
                if left and not select.select([], [pipe], [], _PATIENCE)[1]:
                    raise ProcessGone
        except (OSError, ValueError) as error:
            raise ProcessGone from error

    def _line(self) -> bytes:
        """Read one line; of the next answer some may have come already."""
        while b"\n" not in self._read:
            output = self._process.stdout
            if output is None or output.closed or not select.select([output], [], [], _PATIENCE)[0]:
                raise ProcessGone
            more = output.read(65_536)
            if not more:
                raise ProcessGone
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        return line


class Piece:
    """Some plans that are fulfilled together, and what came of them."""

    def __init__(self, plans: Sequence[Plan], desk: Desk) -> None:
        self.plans = plans
        self.outcome = Future[list[Signed | Refused]]()
        self._desk = desk
        self._refusals: list[str | None] = []
        self._texts: dict[int, str] = {}

    def do_here(self) -> None:
        """Fulfil the plans in this process."""
        try:
            self.outcome.set_result([self._desk.fulfilled(plan) for plan in self.plans])
        except Exception as fault:  # noqa: BLE001  (raised where the outcome is asked for)
            self.outcome.set_exception(fault)

    def begin(self, process: LintProcess) -> None:
        """Have the plans linted. Raises ProcessGone."""
        process.tell_plans(self.plans)

    def take_refusals(self, process: LintProcess) -> None:
        """Wait for the answer to that. Raises ProcessGone."""
        self._refusals = process.refusals(len(self.plans))

    def sign(self, process: LintProcess) -> None:
        """Sign what may be signed and have it read back. Raises ProcessGone."""
        numbers = [number for number, refusal in enumerate(self._refusals) if refusal is None]
        self._texts = {number: self._desk.secured(self.plans[number]) for number in numbers}
        process.tell_signed(self._texts)

    def finish(self, process: LintProcess) -> None:
        """Wait for the answer to that; what the process does not confirm is read here. Raises ProcessGone."""
        answers = process.are_right(len(self._texts))
        for (number, text), is_right in zip(self._texts.items(), answers, strict=True):
            if not is_right:
                self._desk.read_back(self.plans[number], text)
        self.outcome.set_result([self._came(number) for number in range(len(self.plans))])

    def _came(self, number: int) -> Signed | Refused:
        plan, refusal = self.plans[number], self._refusals[number]
        if refusal is not None:
            return Refused(plan.credential_id, refusal)
        return self._desk.signed(plan, self._texts[number])


class LintBeside:
    """Some such processes for one desk, or none; a context manager that ends them."""

    def __init__(self, desk: Desk, *, processes: int) -> None:
        self._desk = desk
        self._waiting = SimpleQueue[Piece | None]()
        self._processes = [LintProcess(desk.terms) for _ in range(processes)]
        self._threads = [
            threading.Thread(target=self._feed, args=(process,), daemon=True) for process in self._processes
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "LintBeside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._next(wait=False):
            pass  # nobody is to begin anything more
        self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    @property
    def pids(self) -> list[int]:
        """Give the numbers of the processes that are still asked."""
        return [process.pid for process in self._processes]

    def begin(self, plans: Sequence[Plan]) -> list[Piece]:
        """Let plans be fulfilled; `done` gives what came of them."""
        pieces = [Piece(plans[at : at + PIECE], self._desk) for at in range(0, len(plans), PIECE)]
        for piece in pieces:
            self._waiting.put(piece)
        return pieces

    def done(self, piece: Piece) -> list[Signed | Refused]:
        """Wait for what came of a piece, and do meanwhile what nobody has begun.

        Raises what fulfilling it raised.
        """
        while not piece.outcome.done() and (unbegun := self._next(wait=False)):
            unbegun.do_here()
        try:
            return piece.outcome.result()
        except ProcessGone:
            return [self._desk.fulfilled(plan) for plan in piece.plans]

    def _feed(self, process: LintProcess) -> None:
        """Have a process work on piece after piece until no more come or it is gone.

        It is always told the next before it is asked for an answer, so that it never waits for this thread.
        """
        linted: Piece | None = None
        signed: Piece | None = None
        piece: Piece | None = None
        try:
            while (piece := self._next(wait=not (linted or signed))) or linted or signed:
                if piece:
                    piece.begin(process)
                if signed:
                    signed.finish(process)
                if linted:
                    linted.sign(process)
                if piece:
                    piece.take_refusals(process)
                linted, signed = piece, linted
        except Exception as fault:  # noqa: BLE001  (told to whoever waits for these pieces)
            for one in (piece, linted, signed):
                if one and not one.outcome.done():
                    one.outcome.set_exception(fault)
        finally:
            self._processes.remove(process)
            process.close()

    def _next(self, *, wait: bool) -> Piece | None:
        """Take a piece that nobody has begun; None if there is none now, or if none will come any more."""
        try:
            piece = self._waiting.get(block=wait)
        except Empty:
            return None
        if piece is None:
            self._waiting.put(None)  # for whoever asks next
        return piece


def _widen(pipe: int) -> None:
    """Let a pipe hold more than the usual 64 kB, where the system can."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def further_cores() -> int:
    """Give how many cores this process may use beside the one that it runs on, up to a limit."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable - 1, MOST_PROCESSES)
