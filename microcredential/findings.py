"""What a check of the profile found: values, so that an editor can show them beside the field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Say what a finding does: `block` refuses publication or issuing, the others are only shown."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """Name one fault of a definition or credential.

    `id` is the element of Annex I (M1 to M11, O1 to O5) whose rule is broken, or the indicator of quality
    (QC-01 to QC-35) where the elements have no such rule; `path` is the place (`learningOutcome[0].title`),
    `fix` what to do, `code` the machine word for translations. `indicators` are those that the same fault
    leaves unmet, so that one fault is told once.
    """

    id: str
    severity: Severity
    path: str
    message: str
    fix: str
    code: str = ""
    indicators: tuple[str, ...] = ()


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Give the findings with the blocking ones first, then by element, then as they came."""
    order = list(Severity)
    return sorted(findings, key=lambda one: (order.index(one.severity), _rank(one.id)))


def _rank(name: str) -> tuple[str, int]:
    """Rank M2 before M10, the mandatory elements before the optional ones and these before indicators."""
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or 0)


def block(path: str, code: str, message: str, fix: str) -> Finding:
    """Make a finding that stops publication; the registry adds the element."""
    return Finding("", Severity.BLOCK, path, message, fix, code)


def info(path: str, code: str, message: str, fix: str) -> Finding:
    """Make a finding that only tells something; the registry adds the element."""
    return Finding("", Severity.INFO, path, message, fix, code)


def warn(path: str, code: str, message: str, fix: str) -> Finding:
    """Make a finding that is shown and does not stop anything; the registry adds the element."""
    return Finding("", Severity.WARN, path, message, fix, code)
