"""The last few results of a pure function, shared by threads, and what tells two JSON values apart."""

from __future__ import annotations

import marshal
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

import orjson

Result = TypeVar("Result")

_JSON_ALONE = (
    orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
)
LONGEST_KEPT = 32 * 1024  # bytes of a key where strangers' documents could fill what is remembered
_MARSHALLED = b"\0"  # no JSON begins so
_PLAIN = 2  # the newest form in which equal values are always equal bytes


class Recent(Generic[Result]):
    """Remember the results of the last few keys; None as a key is never remembered."""

    def __init__(self, *, entries: int) -> None:
        self._entries = entries
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable | None) -> Result | None:
        """Give the result of a key, or None."""
        with self._lock:
            if key is None or key not in self._results:
                return None
            self._results.move_to_end(key)
            return self._results[key]

    def put(self, key: Hashable | None, result: Result) -> None:
        """Remember a result and forget what was longest not asked for."""
        if key is None:
            return
        with self._lock:
            self._results[key] = result
            self._results.move_to_end(key)
            while len(self._results) > self._entries:
                self._results.popitem(last=False)


def exact_key(value: Any) -> bytes | None:
    """Give bytes that are equal for equal JSON values alone: order of members and kinds of numbers count.

    None for what JSON cannot hold, but for tuples, which are written as lists are. They are compared within
    this process, never read and never stored.
    """
    try:
        written = orjson.dumps(value, option=_JSON_ALONE)
        # A number that is none is written as null; marshal tells them apart, and takes four times as long.
        return written if b"null" not in written else _MARSHALLED + marshal.dumps(value, _PLAIN)
    except (TypeError, ValueError):  # too deep, in a circle, or of a kind that JSON does not have
        return None


def kept_key(value: Any) -> bytes | None:
    """Give the exact key of a value that may be remembered; None for one that is too long, or no JSON."""
    key = exact_key(value)
    return None if key is None or len(key) > LONGEST_KEPT else key


def told_by(key: bytes) -> Any:
    """Give a value anew of which `exact_key` has given this key, lists in place of tuples."""
    if key.startswith(_MARSHALLED):
        return marshal.loads(key[len(_MARSHALLED) :])  # noqa: S302  (our own bytes)
    return orjson.loads(key)
