"""What a check of the profile found: values, so that an editor can show them beside the field."""

from __future__ import annotations

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

    `id` is the element of Annex I (M1 to M11, O1 to O5), `path` the place (`learningOutcome[0].title`),
    `fix` what to do, `code` the machine word for translations.
    """

    id: str
    severity: Severity
    path: str
    message: str
    fix: str
    code: str = ""


def block(path: str, code: str, message: str, fix: str) -> Finding:
    """Make a finding that stops publication; the registry adds the element."""
    return Finding("", Severity.BLOCK, path, message, fix, code)


def warn(path: str, code: str, message: str, fix: str) -> Finding:
    """Make a finding that is shown and does not stop anything; the registry adds the element."""
    return Finding("", Severity.WARN, path, message, fix, code)
