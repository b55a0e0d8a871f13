"""Measure several ways of doing something in turns, so that whatever else the machine does hits all alike.

Absolute times move by a factor of two with the neighbours; the ratio within a round does not.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Run = Callable[[int], float]
"""Do something that many times and give the seconds it took."""


@dataclass(frozen=True)
class Contender:
    """One way of doing something; `warm_up` is how often it is done before anything is measured."""

    name: str
    run: Run
    warm_up: int = 3


@dataclass(frozen=True)
class Measured:
    """Seconds for one call, a value a round."""

    name: str
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds for one call in the median round."""
        return statistics.median(self.seconds)

    def times_faster_than(self, other: "Measured") -> float:
        """Give the median over the rounds of how much faster this is than another."""
        return statistics.median(
            theirs / mine for mine, theirs in zip(self.seconds, other.seconds, strict=True)
        )


def cpu(call: Callable[[], object]) -> Run:
    """Time calls in CPU seconds of this process, all threads together."""
    return _timed(call, time.process_time)


def wall(call: Callable[[], object]) -> Run:
    """Time calls by the clock: for work that is done in other processes."""
    return _timed(call, time.perf_counter)


def measure(contenders: Sequence[Contender], *, rounds: int, seconds: float) -> list[Measured]:
    """Measure each contender once a round for about that many seconds, every round beginning with another."""
    measured = {each.name: Measured(each.name) for each in contenders}
    times = {each.name: _fit(each, seconds) for each in contenders}
    for turn in range(rounds):
        start = turn % len(contenders)
        for each in (*contenders[start:], *contenders[:start]):
            count = times[each.name]
            measured[each.name].seconds.append(each.run(count) / count)
    return list(measured.values())


def _fit(contender: Contender, seconds: float) -> int:
    """Warm up, then find how many calls fill the time."""
    contender.run(contender.warm_up)
    count = 1
    while (took := contender.run(count)) < seconds / 4 and count < 1_000_000:
        count *= 4
    return max(1, round(count * seconds / max(took, 1e-9)))


def _timed(call: Callable[[], object], clock: Callable[[], float]) -> Run:
    def run(times: int) -> float:
        start = clock()
        for _ in range(times):
            call()
        return clock() - start

    return run
