"""Contexts beside the pinned ones that nobody can change: what tells them from others is worked out once.

A plain mapping may be changed between two calls, so the whole of it is looked at each time. Whoever reads
many documents under the same contexts freezes them once.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from ob3.copying import copied
from ob3.recent import exact_key


class FrozenContexts(Mapping[str, dict[str, Any]]):
    """A copy of a mapping from addresses to context documents; what it gives are copies as well.

    >>> own = FrozenContexts({"https://a.example/own": {"@context": {"own": "https://a.example/own#own"}}})
    >>> own["https://a.example/own"].clear()
    >>> len(own["https://a.example/own"])
    1
    """

    def __init__(self, contexts: Mapping[str, dict[str, Any]]) -> None:
        self._documents: dict[str, dict[str, Any]] = copied(dict(contexts))
        self.key = key_of(self._documents)

    def __getitem__(self, url: str) -> dict[str, Any]:
        document: dict[str, Any] = copied(self._documents[url])
        return document

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def key_of(contexts: Mapping[str, Any]) -> Hashable:
    """Give what tells contexts from others, each number's kind and the order of members included."""
    if isinstance(contexts, FrozenContexts):
        return contexts.key
    plain = dict(contexts)
    return exact_key(plain) or json.dumps(plain)
