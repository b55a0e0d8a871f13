"""The last few results of a pure function, shared by threads, and what tells two JSON values apart."""

from __future__ import annotations

import marshal
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

_PLAIN = 2  # the newest form in which equal values are always equal bytes


class Recent:
    """Remember the texts of the last few keys; None as a key is never remembered."""

    def __init__(self, *, entries: int) -> None:
        self._entries = entries
        self._texts: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable | None) -> str | None:
        """Give the text of a key, or None."""
        with self._lock:
            if key is None or key not in self._texts:
                return None
            self._texts.move_to_end(key)
            return self._texts[key]

    def put(self, key: Hashable | None, text: str) -> None:
        """Remember a text and forget what was longest not asked for."""
        if key is None:
            return
        with self._lock:
            self._texts[key] = text
            self._texts.move_to_end(key)
            while len(self._texts) > self._entries:
                self._texts.popitem(last=False)


def exact_key(value: Any) -> bytes | None:
    """Give bytes that are equal for equal JSON values alone: order of members and kinds of numbers count.

    None for what has no such bytes. They are compared within this process, never read and never stored; JSON
    would take five times as long.
    """
    try:
        return marshal.dumps(value, _PLAIN)
    except ValueError:  # too deep, in a circle, or of a kind that JSON does not have
        return None
