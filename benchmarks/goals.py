"""What is required and what is aimed at: ratios to a peer in the same run, and a few bounds."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """Times as fast as the peer: the least that is required, and what is aimed at."""

    required: float
    aim: float | None = None


@dataclass(frozen=True)
class Bound:
    """A figure that stands by itself; `at_least` for rates, otherwise it is the most that is allowed."""

    required: float
    unit: str
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a figure is within it."""
        return value >= self.required if self.at_least else value <= self.required


SIGN = "sign one credential"
BATCH = "sign one of a batch"
VERIFY = "verify its proof"
ISSUED = "verify what we issued, from its text"
PDF = "certificate as PDF/A-3 with the credential in it"
BAKE = "bake into a picture of 270 kB"
PAGE = "page behind the code on paper, verified live"
REVOKE = "revoke one of 1 048 576 and sign the list anew"
RATE = "rows issued a second"
SHORT_RATE = "rows of a short course issued a second"
MEMORY = "peak of memory while rows are issued"

GOALS: Mapping[str, Goal] = {
    SIGN: Goal(25, 40),
    BATCH: Goal(60, 120),
    VERIFY: Goal(20, 30),
    ISSUED: Goal(30, 60),
    PDF: Goal(8),
    BAKE: Goal(500),
}
BOUNDS: Mapping[str, Bound] = {
    PAGE: Bound(5, "ms of CPU"),
    REVOKE: Bound(5, "ms of CPU"),
    RATE: Bound(1_000, "rows/s on 2 cores", at_least=True),
    SHORT_RATE: Bound(1_000, "rows/s on 2 cores", at_least=True),
    MEMORY: Bound(300, "MiB"),
}
