"""Issue a class list end to end and say how fast, with how much memory, and where the time goes.

`python -m benchmarks.issuing COURSE ROWS` prints one JSON object. It is a process of its own, so that
the peak of memory is that of issuing and of nothing else.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.office import COURSES, Course, class_lists, temporary_office
from benchmarks.sampling import Sampler, shares

_BESIDE = "in processes beside: lint, verify what was signed"
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Issued:
    """One run: seconds on the clock and of CPU, shares of CPU from 0 to 1, memory in MiB.

    `json_bytes` is how large a credential is.
    `opened_mib` is the peak before the first row: the key store is opened with a hash that takes memory on
    purpose. `peak_mib` is the peak while rows are issued.
    """

    course: str
    rows: int
    json_bytes: int
    wall_seconds: float
    cpu_seconds: float
    opened_mib: float
    peak_mib: float
    stages: dict[str, float]
    parts: dict[str, float]


def issue_apart(course: Course, rows: int) -> Issued:
    """Issue that many rows of a course in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.issuing", course.name, str(rows)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    printed: dict[str, Any] = json.loads(done.stdout)
    return Issued(**printed)


def issue_here(course: Course, rows: int) -> Issued:
    """Issue that many rows in this process, into a folder that is removed again."""
    with temporary_office(course) as office:
        opened = peak_mib()
        _forget_peak()
        with Sampler() as sampler:
            wall, own, beside = time.perf_counter(), time.process_time(), _cpu_beside()
            issued, credential = 0, ""
            for data in class_lists(rows, course):
                result = office.issue(office.read(data))
                issued, credential = issued + result.issued, result.credentials[0]
            wall, own = time.perf_counter() - wall, time.process_time() - own
            beside = _cpu_beside() - beside
        json_bytes = len(office.issuer.credential(credential).text.encode())
    if issued != rows:
        raise ValueError(f"{issued} of {rows} rows were issued")
    stages, parts = (_with_beside(shares(each), own, beside) for each in (sampler.stages, sampler.parts))
    return Issued(
        course=course.name,
        rows=rows,
        json_bytes=json_bytes,
        wall_seconds=wall,
        cpu_seconds=own + beside,
        opened_mib=opened,
        peak_mib=peak_mib(),
        stages=stages,
        parts=parts,
    )


def _with_beside(shares_of_own: Mapping[str, float], own: float, beside: float) -> dict[str, float]:
    """Give the shares of all CPU, with one for the processes beside, in which nobody looks at the stack."""
    found = {name: share * own / (own + beside) for name, share in shares_of_own.items()}
    if beside:
        found[_BESIDE] = beside / (own + beside)
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _cpu_beside() -> float:
    """Give the CPU seconds of the processes that this one began and that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def peak_mib() -> float:
    """Give the largest memory of this process so far, in MiB; on Linux, since `_forget_peak`.

    Linux: VmHWM. The figure of getrusage there begins with the memory of whoever started the process.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _forget_peak() -> None:
    """Begin counting anew, where the kernel can (Linux, proc(5): writing 5 to clear_refs)."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")


if __name__ == "__main__":
    print(json.dumps(asdict(issue_here(COURSES[sys.argv[1]], int(sys.argv[2])))))
