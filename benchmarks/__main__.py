"""Measure everything in one run and print it.

`python -m benchmarks [--quick] [--json] [--rows N]... [--write FILE] [--plot FILE]`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import drawing_peers, peer
from benchmarks.credential import Sample, describe, issued_sample, peers, signing, verifying
from benchmarks.drawing import drawing
from benchmarks.interleaved import Measured, measure
from benchmarks.issuing import Issued, issue_apart
from benchmarks.office import RICH, SHORT
from benchmarks.page import written_between_marks
from benchmarks.plot import plot
from benchmarks.revoking import revoking
from benchmarks.serving import serving
from benchmarks.tables import machine, rates, report

_REQUIRED_ROWS = 10_000  # of which a rate is required


@dataclass(frozen=True)
class Effort:
    """How long to measure: rows to issue, learners to draw for, rounds, seconds a turn, calls to warm up."""

    rows: tuple[int, ...] = (500,)
    learners: int = 64  # more than canonical forms are remembered
    rounds: int = 7
    seconds: float = 0.2
    warm_up: int = 400


QUICK = Effort(rows=(12,), learners=20, rounds=1, seconds=0.002, warm_up=1)


def main(arguments: Sequence[str]) -> int:
    """Measure and print; give the exit status."""
    asked = _parsed(arguments)
    effort = QUICK if asked.quick else Effort()
    result, issued = {}, []
    with issued_sample(effort.learners) as sample:
        _say("Signing, verifying, drawing ...")
        result = _measured(sample, effort)
    rows = asked.rows or effort.rows
    for course, number in [*((RICH, number) for number in rows), (SHORT, min(max(rows), _REQUIRED_ROWS))]:
        _say(f"Issuing {number} rows of {course.name} ...")
        issued.append(issue_apart(course, number))
    _tell(asked, result, issued)
    return 0


def _tell(asked: argparse.Namespace, result: dict[str, Any], issued: list[Issued]) -> None:
    """Print what was measured, and write it where that was asked for."""
    tables = report(result, issued)
    if asked.json:
        print(json.dumps({**result, "issuing": [asdict(each) for each in issued]}, ensure_ascii=False))
    else:
        print(tables)
    if asked.write:
        asked.write.write_text(written_between_marks(asked.write.read_text("utf-8"), tables), "utf-8")
    if asked.plot:
        asked.plot.write_text(plot(result["rates"]), "utf-8")


def _measured(sample: Sample, effort: Effort) -> dict[str, Any]:
    with peers(sample, warm_up=effort.warm_up) as theirs:
        contenders = [*signing(sample), *theirs[:1], *verifying(sample), *theirs[1:]]
        compared: list[Measured] = measure(contenders, rounds=effort.rounds, seconds=effort.seconds)
    drawn = measure(drawing(sample), rounds=effort.rounds, seconds=effort.seconds)
    with serving(sample) as pages:
        served = measure(pages, rounds=effort.rounds, seconds=effort.seconds)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "peer": peer.missing() or peer.version(),
        "peers": [peer.missing() or peer.version(), drawing_peers.missing() or drawing_peers.version()],
        "credential": describe(sample),
        "rates": rates([*compared, *drawn, *served, *revoking(sample)]),
    }


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args(arguments)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
