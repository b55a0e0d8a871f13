"""Draw the ratios to the peers as an SVG, with what is required and aimed at; readable on light and dark."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT = 860, 330, 70
_TOP, _ROW, _BAR = 54, 38, 16
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #24292f } .small { font-size: 12px; fill: #57606a }
.bar { fill: #4a8fd6 } .grid { stroke: #8c959f; stroke-opacity: .35 }
.required { stroke: #c4432b; stroke-width: 3 }
.aim { stroke: #2c8a4b; stroke-width: 3; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9da7b1 } .bar { fill: #3d7fc4 }
.required { stroke: #ff7b62 } .aim { stroke: #5fd083 } }
"""


def plot(rates: Sequence[Mapping[str, Any]]) -> str:
    """Draw a bar for each row that has a goal and was measured against its peer, on a logarithmic scale."""
    rows = [row for row in rates if row["required"] is not None and row["times_peer"] is not None]
    most = max([10.0, *(max(row["times_peer"], row["aim"] or row["required"]) for row in rows)])
    decades = math.ceil(math.log10(most))
    height = _TOP + _ROW * len(rows) + 30
    body = [
        *_grid(decades, height),
        *(line for at, row in enumerate(rows) for line in _row(at, row, decades)),
        *_key(),
    ]
    title = "How often as fast as the peer, in one run"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{title}"><title>{title}</title><style>{_STYLE}</style>' + "\n".join(body) + "</svg>\n"
    )


def _row(at: int, row: Mapping[str, Any], decades: int) -> Iterator[str]:
    top = _TOP + at * _ROW
    middle = top + _BAR / 2
    end = _place(max(1.0, row["times_peer"]), decades)
    yield f'<text x="{_LEFT - 12}" y="{middle + 5}" text-anchor="end">{escape(row["name"])}</text>'
    yield f'<rect class="bar" x="{_LEFT}" y="{top}" width="{end - _LEFT:.1f}" height="{_BAR}" rx="2"/>'
    for name in ("required", "aim"):
        if row[name]:
            x = f"{_place(row[name], decades):.1f}"
            yield f'<line class="{name}" x1="{x}" x2="{x}" y1="{top - 5}" y2="{top + _BAR + 5}"/>'
    label = max(end, *(_place(row[name] or 1, decades) for name in ("required", "aim"))) + 8
    yield f'<text x="{label:.1f}" y="{middle + 5}">{row["times_peer"]:,.3g}</text>'


def _grid(decades: int, height: int) -> Iterator[str]:
    for power in range(decades + 1):
        x = f"{_place(10**power, decades):.1f}"
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP - 10}" y2="{height - 26}"/>'
        yield f'<text class="small" x="{x}" y="{height - 8}" text-anchor="middle">{10**power:,} x</text>'


def _key() -> Iterator[str]:
    for x, name, word in ((_LEFT, "required", "required"), (_LEFT + 110, "aim", "aim")):
        yield f'<line class="{name}" x1="{x}" x2="{x}" y1="12" y2="30"/>'
        yield f'<text class="small" x="{x + 8}" y="26">{word}</text>'


def _place(value: float, decades: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log10(value) / decades
