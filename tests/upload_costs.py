"""Measure what one upload costs: CPU of this process and of its limited children, memory, and fetches."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import World

from verifier import DEFAULT, Verdict, limited

MIB = 1024 * 1024
TICKS = 100  # of a second in /proc, on every Linux that Python runs on


@dataclass(frozen=True)
class Cost:
    """What it took to judge one file, and the verdict."""

    verdict: Verdict
    codes: frozenset[str]
    cpu: float  # seconds here
    child_cpu: float  # seconds in limited children
    memory: float  # MiB here, above what was held before
    fetches: int
    seconds: float

    @property
    def all_cpu(self) -> float:
        return self.cpu + self.child_cpu

    def __str__(self) -> str:
        return (
            f"{self.verdict}: {self.cpu:.2f} s + {self.child_cpu:.2f} s in children, {self.memory:.0f} MiB, "
            f"{self.fetches} fetches, {self.seconds:.2f} s in all"
        )


def cost_of(world: World, data: bytes, **options: Any) -> Cost:
    """Judge a file as the service does, outside bytes in limited children, and measure that."""
    verifier = world.verifier(policy=DEFAULT, **options)
    return measured(world, lambda: verifier.verify(data))


def measured(world: World, judge: Callable[[], Any]) -> Cost:
    limited.warm_up()
    asked, child, held = len(world.requests), _child_seconds(), _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    gc.collect()
    gc.freeze()  # what thousands of other tests left behind is looked through at nobody's cost here
    try:
        cpu, began = time.process_time(), time.monotonic()
        report = judge()
        cpu, seconds = time.process_time() - cpu, time.monotonic() - began
    finally:
        gc.unfreeze()
    return Cost(
        verdict=report.verdict,
        codes=frozenset(one.code for one in report.checks),
        cpu=cpu,
        child_cpu=_child_seconds() - child,
        memory=max(0.0, _resident("VmHWM") - held),
        fetches=len(world.requests) - asked,
        seconds=seconds,
    )


def _child_seconds() -> float:
    """Give the CPU seconds of all children that the limited server has had, and its own."""
    process = limited._STATE._process
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / TICKS


def _resident(name: str) -> float:
    """Give the memory of this process in MiB, now (VmRSS) or at its highest (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024
