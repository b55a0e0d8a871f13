"""Contexts under which documents that look alike are read: what they have in common is worked out once.

A verifier meets the credentials of a class one after the other. Under these contexts `ob3.canonicalize`, and
so `verify_proof`, takes the form of a document from the template of its shape, as `ob3.BatchSigner` does when
it signs, if this process has met such documents and read them by the direct path. It is asked for by handing
such contexts in. What a template has signed is read back under plain contexts, which know no shape (ADR 30).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

from ob3.batch.shapes import Shapes
from ob3.expansion import context_set
from ob3.frozen_contexts import FrozenContexts, key_of


class LearningContexts(FrozenContexts):
    """Frozen contexts with the shapes of the documents that were read under them, a bounded number.

    Keep one for as long as such documents come; threads may share it. It holds texts of what it has met.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return LearningContexts, (dict(self),)  # another process learns by itself

    @cached_property
    def plain(self) -> FrozenContexts:
        """Give the same contexts under which nothing is learned."""
        return FrozenContexts(dict(self))

    @cached_property
    def shapes(self) -> Shapes:
        """What was learned. Raises ContextRefused for contexts under which nothing is read."""
        return Shapes(context_set(self))


def shapes_of(contexts: Mapping[str, dict[str, Any]] | None) -> Shapes | None:
    """Give what was learned under contexts, or None for those under which nothing is."""
    return contexts.shapes if isinstance(contexts, LearningContexts) else None


_LARGEST_FAMILY = 16  # sets of contexts with what was learned under each
_families: OrderedDict[Hashable, LearningContexts] = OrderedDict()
_families_lock = threading.Lock()


def learning_contexts(contexts: Mapping[str, dict[str, Any]]) -> LearningContexts:
    """Give the contexts of this process that learn, the same object for the same contexts."""
    key = key_of(contexts)
    with _families_lock:
        found = _families.get(key)
        if found is None:
            found = _families[key] = LearningContexts(contexts)
            if len(_families) > _LARGEST_FAMILY:
                _families.popitem(last=False)
        _families.move_to_end(key)
        return found
