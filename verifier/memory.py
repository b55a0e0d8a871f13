"""What a verifier must remember between two verifications, behind a port of two methods.

Kept are the newest status list seen per address (against a replayed older one, S2, and for a short cache)
and the last good DID document (N8). Only what was verified is ever put in.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Memory(Protocol):
    """A store of small values. Losing it costs freshness and protection against replay, never correctness."""

    def get(self, key: str) -> bytes | None:
        """Give what was put under this key, or None."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value under this key, in place of an earlier one."""


class InMemory:
    """Remember for as long as the process lives, at most `capacity` values; the oldest goes first."""

    def __init__(self, *, capacity: int = 4096) -> None:
        self._values: dict[str, bytes] = {}
        self._capacity = capacity

    def get(self, key: str) -> bytes | None:
        """Give what was put under this key, or None."""
        return self._values.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep a value under this key, in place of an earlier one."""
        self._values.pop(key, None)
        self._values[key] = value
        while len(self._values) > self._capacity:
            self._values.pop(next(iter(self._values)), None)


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A text with the time at which it was read, and, for a status list, its own date and end of use."""

    text: str
    read_at: datetime
    valid_from: datetime | None = None
    fresh_until: datetime | None = None


def remember(memory: Memory, key: str, value: Remembered) -> None:
    """Put a remembered text under a key."""
    record = {
        "text": value.text,
        "read_at": value.read_at.isoformat(),
        "valid_from": value.valid_from and value.valid_from.isoformat(),
        "fresh_until": value.fresh_until and value.fresh_until.isoformat(),
    }
    memory.put(key, json.dumps(record).encode())


def recall(memory: Memory, key: str) -> Remembered | None:
    """Give what was remembered, or None; a value that cannot be read counts as forgotten."""
    try:
        record = json.loads(memory.get(key) or b"")  # nothing kept is no JSON either
        return Remembered(
            text=record["text"],
            read_at=datetime.fromisoformat(record["read_at"]),
            valid_from=_time(record["valid_from"]),
            fresh_until=_time(record["fresh_until"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
