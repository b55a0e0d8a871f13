"""The only clock that is not passed in."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Give the time, where nothing else is asked for."""
    return datetime.now(UTC)
