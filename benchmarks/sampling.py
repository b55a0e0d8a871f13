"""Where CPU time goes: look at the stack every few milliseconds of CPU, and count by stage and by part.

A tracing profiler makes small functions look dear; looking at intervals costs next to nothing and shifts
nothing. A long call into C is counted for the line that made it.
"""

import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from types import FrameType, TracebackType

INTERVAL = 0.004  # seconds of CPU of this process between two looks
_LOOK = 2520  # what one look counts, so that it can be divided
# In these a thread waits for another one or for another process.
_WAITING = frozenset(
    {
        "threading.Condition.wait",
        "issuer.lint_beside.LintProcess._line",
        "issuer.lint_beside.LintProcess._write",
        "issuer.lint_beside.LintBeside._next",
    }
)

# A stage is the first row of which all names stand on the stack, from the outermost call inwards.
_VERIFY = "verifier.verifier.Verifier.verify"
_LINT = "issuer.lint.Lint.check"
STAGES: Sequence[tuple[tuple[str, ...], str]] = (
    (("issuer.batches.preview_class_list",), "read the class list"),
    (("issuer.batches.start_batch",), "store the rows"),
    (("issuer.plan.plan_rows",), "plan, transaction A"),
    (("issuer.status_lists.sign_new_lists",), "status list"),
    ((_LINT, "microcredential.checking.check_credential"), "lint: rules of the profile"),
    ((_LINT, "issuer.sealing.Seal.secure_text"), "lint: sign with a throw-away key"),
    ((_LINT, _VERIFY), "lint: the whole verifier"),
    ((_LINT,), "lint: rest"),
    (("issuer.sealing.Seal.secure_text",), "sign"),
    (("issuer.sealing.Reader.read_back",), "verify what was signed"),
    (("issuer.lint_beside.LintBeside._feed",), "ask the processes beside"),
    (("issuer.issuing.Issuing._planned",), "read plans"),
    (("issuer.batches.batch_result",), "count rows"),
    (("issuer.issuing.Issuing._fulfil",), "store, transaction B"),
)

# The part of a look is that of the innermost call into one of these; the longest beginning wins.
PARTS: Mapping[str, str] = {
    "pyld": "JSON-LD expansion (PyLD)",
    "ob3.expansion": "JSON-LD expansion (PyLD)",
    "ob3.lossless": "safe-mode checks of the JSON",
    "ob3.places": "safe-mode checks of the JSON",
    "ob3.strict_json": "strict JSON, reading and writing",
    "ob3.statements": "RDF statements",
    "ob3.nquads": "RDF statements",
    "ob3.iri": "RDF statements",
    "ob3.rdfc": "canonical order and hashing (RDFC-1.0)",
    "ob3.suites": "SHA-256",
    "ob3.direct": "statements by the direct path",
    "ob3.canonical": "canonical order and hashing (RDFC-1.0)",
    "ob3.batch": "templates of batches",
    "ob3.schema": "JSON Schema",
    "ob3.status_list": "status list bits",
    "ob3": "proofs, the rest of ob3",
    "keys": "Ed25519 and keys",
    "nacl": "Ed25519 and keys",
    "sqlalchemy": "database",
    "sqlmodel": "database",
    "issuer": "issuing office",
    "verifier": "verifier",
    "microcredential": "micro-credential profile",
}
_ELSEWHERE = "elsewhere"


class Sampler:
    """Count what runs inside a `with` block that the main thread enters, by stage and by part.

    Where several threads are at work at a look, it is divided among them.
    """

    def __init__(self) -> None:
        self.stages: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()

    def __enter__(self) -> "Sampler":
        self._before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        frames = sys._current_frames() | {threading.get_ident(): frame}
        stacks = [stack_of(one) for one in frames.values()]
        at_work = [stack for stack in stacks if stack and stack[0] not in _WAITING] or stacks[-1:]
        for stack in at_work:
            self.stages[stage_of(stack[::-1])] += _LOOK // len(at_work)
            self.parts[part_of(stack)] += _LOOK // len(at_work)


def stack_of(frame: FrameType | None) -> list[str]:
    """Name the functions on a stack, the innermost first."""
    stack = []
    while frame is not None:
        stack.append(f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return stack


def stage_of(outermost_first: Sequence[str]) -> str:
    """Name the stage of issuing that a stack is in."""
    return next((name for row, name in STAGES if _in_order(row, outermost_first)), _ELSEWHERE)


def part_of(innermost_first: Sequence[str]) -> str:
    """Name the part of the program that a stack is in; the standard library counts for its caller."""
    for name in innermost_first:
        known = [beginning for beginning in PARTS if name.startswith(f"{beginning}.")]
        if known:
            return PARTS[max(known, key=len)]
    return _ELSEWHERE


def shares(counted: Counter[str]) -> dict[str, float]:
    """Give each name's share of all looks, the largest first."""
    return {name: count / counted.total() for name, count in counted.most_common()}


def _in_order(names: Sequence[str], stack: Sequence[str]) -> bool:
    rest = iter(stack)
    return all(name in rest for name in names)
