"""Durations in which a credential lapses: ISO 8601 with years, months or days."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from typing import Any

from microcredential.errors import MicroCredentialError

_DURATION = re.compile(r"P([1-9][0-9]{0,3})([YMD])", re.ASCII)


def check_duration(value: Any, *, path: str = "") -> str:
    """Give the duration back; raises MicroCredentialError (`bad_duration`) unless it is PnY, PnM or PnD."""
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise MicroCredentialError(
            "bad_duration",
            "This is not a duration of years, months or days.",
            path=path,
            fix="Write P2Y for two years, P18M for eighteen months, P90D for ninety days.",
        )
    return value


def valid_until(valid_from: datetime, valid_for: str | None) -> datetime | None:
    """Give the end of validity, None without a duration; the last day of a month stands for days it lacks."""
    if valid_for is None:
        return None
    match = _DURATION.fullmatch(check_duration(valid_for))
    if match is None:  # pragma: no cover  (check_duration has refused it)
        return None
    number, unit = int(match[1]), match[2]
    try:
        if unit == "D":
            return valid_from + timedelta(days=number)
        months = valid_from.month - 1 + number * (12 if unit == "Y" else 1)
        year, month = valid_from.year + months // 12, months % 12 + 1
        day = min(valid_from.day, calendar.monthrange(year, month)[1])
        return valid_from.replace(year=year, month=month, day=day)
    except (ValueError, OverflowError) as error:
        raise MicroCredentialError(
            "bad_duration", "The duration ends after the year 9999.", fix="Shorten it."
        ) from error
