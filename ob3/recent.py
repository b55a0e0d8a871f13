"""The last few results of a pure function, shared by threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable


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
