"""A report as a table of texts and figures, and the rule by which small figures are hidden.

A figure about people that is 1 to 4 says too much of each of them. It is hidden, and so is whatever would
give it away: the sum in the last row is that of the figures that are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SHOWN = 5
Cell = str | int | None  # None: hidden


@dataclass(frozen=True)
class Table:
    """A report: `columns` are words for machines, each row has a cell for each; None is a hidden figure.

    `sums` is the row under the table, with "" where nothing can be added up; empty without one.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Cell, ...] = ()

    @property
    def hides(self) -> bool:
        """Tell whether some figure is hidden."""
        return any(cell is None for row in self.rows for cell in row)


def shown(figure: int) -> int | None:
    """Give a figure about people, or None where it is too small to be shown; nobody is no small number."""
    return figure if figure == 0 or figure >= LEAST_SHOWN else None


def sum_of_shown(figures: Sequence[Cell]) -> int:
    """Add up what is shown of a column, so that the sum gives nothing hidden away."""
    return sum(figure for figure in figures if isinstance(figure, int))
