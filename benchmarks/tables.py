"""Write what was measured: as one JSON object, and as tables that read well in a terminal and in Markdown."""

import os
import platform
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import drawing_peers
from benchmarks.credential import (
    FLOOR_SIGN,
    FLOOR_VERIFY,
    FULL,
    ISOLATED,
    PEER_SIGN,
    PEER_VERIFY,
    SIGN_OF_A_CLASS,
    VERIFY_OF_A_CLASS,
)
from benchmarks.goals import (
    BAKE,
    BATCH,
    BOUNDS,
    GOALS,
    ISSUED,
    MEMORY,
    PDF,
    RATE,
    SHORT_RATE,
    SIGN,
    VERIFY,
    Bound,
)
from benchmarks.interleaved import Measured
from benchmarks.issuing import Issued
from benchmarks.office import SHORT

# What a row is compared with: the floor under it, and the peer that does the same.
_COMPARED = {
    SIGN: (FLOOR_SIGN, PEER_SIGN),
    SIGN_OF_A_CLASS: (FLOOR_SIGN, PEER_SIGN),
    BATCH: (FLOOR_SIGN, PEER_SIGN),
    PEER_SIGN: (FLOOR_SIGN, PEER_SIGN),
    VERIFY: (FLOOR_VERIFY, PEER_VERIFY),
    VERIFY_OF_A_CLASS: (FLOOR_VERIFY, PEER_VERIFY),
    ISSUED: (FLOOR_VERIFY, PEER_VERIFY),
    FULL: (FLOOR_VERIFY, PEER_VERIFY),
    PEER_VERIFY: (FLOOR_VERIFY, PEER_VERIFY),
    PDF: ("", drawing_peers.PDF),
    drawing_peers.PDF: ("", drawing_peers.PDF),
    BAKE: ("", drawing_peers.BAKE),
    drawing_peers.BAKE: ("", drawing_peers.BAKE),
}
_SMALLEST_SHARE = 0.005
_PROCESSORS = Path("/proc/cpuinfo")


def rates(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Give each row's rate and its ratios, None where there is nothing to compare with."""
    found = {each.name: each for each in measured}
    rows = []
    for each in measured:
        floor, peer = (found.get(name) for name in _COMPARED.get(each.name, ("", "")))
        goal = GOALS.get(each.name)
        rows.append(
            {
                "name": each.name,
                "clock": "wall" if each.name == ISOLATED else "cpu",
                "per_second": 1 / each.median,
                "microseconds": each.median * 1e6,
                "of_floor": each.times_faster_than(floor) if floor else None,
                "times_peer": each.times_faster_than(peer) if peer else None,
                "required": goal.required if goal else None,
                "aim": goal.aim if goal else None,
            }
        )
    return rows


def machine() -> dict[str, str]:
    """Say on what this ran, as far as the operating system tells."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
    }


def report(result: Mapping[str, Any], issued: Sequence[Issued]) -> str:
    """Write all tables."""
    size, where = result["credential"], result["machine"]
    about = (
        f"{result['date']}; {where['system']}, {where['processor']}, {where['cores']} cores, "
        f"Python {where['python']}; {'; '.join(result['peers'])}.\n"
        f"Credential: {size['json_bytes']} bytes, {size['statements']} statements, "
        f"{size['canonical_bytes']} bytes in canonical form.\n"
        "Rates are per second of CPU; ratios are medians over rounds in which all took their turns. *x peer* "
        "is how often as fast as what stands for the peer in the table, required and aim are such ratios."
    )
    rates_and_bounds = [_rate_table(result["rates"]), _bound_table(result["rates"], issued)]
    return "\n\n".join([about, *rates_and_bounds, *_issuing_tables(issued)])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table whose columns stand under each other; all but the first are numbers."""
    cells = [head, *rows]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    lines = [_line(row, widths) for row in cells]
    rule = "|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _processor() -> str:
    """Read the processor's name where Linux tells it; other systems give what Python finds, maybe nothing."""
    if _PROCESSORS.exists():
        for line in _PROCESSORS.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _rate_table(rows: Sequence[Mapping[str, Any]]) -> str:
    written = [
        [
            row["name"],
            _figure(row["per_second"]),
            _figure(row["microseconds"]),
            "" if row["of_floor"] is None else f"{row['of_floor'] * 100:.2f} %",
            "" if row["times_peer"] is None else _ratio(row["times_peer"]),
            "" if row["required"] is None else f"{row['required']:g}",
            "" if row["aim"] is None else f"{row['aim']:g}",
        ]
        for row in rows
    ]
    head = ["one of each", "per second", "µs", "of the floor", "x peer", "required", "aim"]
    return table(head, written)


def _bound_table(rows: Sequence[Mapping[str, Any]], issued: Sequence[Issued]) -> str:
    """Write the figures that have a bound of their own, each with what is required of it."""
    found = {row["name"]: row["microseconds"] / 1000 for row in rows if row["name"] in BOUNDS}
    for each in sorted(issued, key=lambda one: one.rows):
        found[SHORT_RATE if each.course == SHORT.name else RATE] = each.rows / each.wall_seconds
    found[MEMORY] = max(each.peak_mib for each in issued)
    written = [
        [
            name,
            BOUNDS[name].unit,
            _figure(value),
            _required(BOUNDS[name]),
            "yes" if BOUNDS[name].met(value) else "no",
        ]
        for name, value in found.items()
    ]
    return table(["by itself", "unit", "measured", "required", "met"], written)


def _required(bound: Bound) -> str:
    return f"{'at least' if bound.at_least else 'at most'} {bound.required:,.0f}".replace(",", " ")


def _ratio(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 1_000 else f"{value:.3g}"


def _issuing_tables(issued: Sequence[Issued]) -> list[str]:
    runs = table(
        [
            "rows from a CSV file, end to end",
            "bytes of JSON",
            "rows/s",
            "rows/CPU s",
            "CPU ms a row",
            "MiB opened",
            "MiB peak",
        ],
        [
            [
                f"{each.rows}, {each.course}",
                f"{each.json_bytes}",
                f"{each.rows / each.wall_seconds:.1f}",
                f"{each.rows / each.cpu_seconds:.1f}",
                f"{each.cpu_seconds / each.rows * 1000:.1f}",
                f"{each.opened_mib:.0f}",
                f"{each.peak_mib:.0f}",
            ]
            for each in issued
        ],
    )
    longest = max((each for each in issued if each.course != SHORT.name), key=lambda each: each.rows)
    return [
        runs,
        _share_table("stage", longest.stages, longest),
        _share_table("part", longest.parts, longest),
    ]


def _share_table(what: str, counted: Mapping[str, float], run: Issued) -> str:
    a_row = run.cpu_seconds / run.rows * 1000
    rows = [
        [name, f"{share * 100:.0f} %", f"{share * a_row:.2f}"]
        for name, share in counted.items()
        if share >= _SMALLEST_SHARE
    ]
    return table([f"{what}, of {run.rows} rows", "CPU", "ms a row"], rows)


def _figure(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.1f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (width - _width(cell)) if not at else " " * (width - _width(cell)) + cell
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
