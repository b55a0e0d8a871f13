"""The canonical statements of a document under secret labels, and which of them a set of pointers selects.

Canonical labels would betray what is hidden: their order follows from all statements. So each is replaced by
a keyed digest of itself.
Source: VC-DI-ECDSA 1.0, section 3.4, createHmacIdLabelMapFunction, labelReplacementCanonicalizeJsonLd,
selectCanonicalNQuads and canonicalizeAndGroup.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ob3 import rdfc
from ob3.canonical import canonicalize
from ob3.errors import UndefinedTerm
from ob3.expansion import context_set
from ob3.nquads import Quad, write
from ob3.selective.labels import label_of
from ob3.selective.naming import Naming
from ob3.selective.pointers import select, whole

Contexts = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """What pointers select of a document: a document of its own, and the numbers of its statements.

    `labels` maps the canonical labels that a reader of the part finds (`_:c14n0`) to those of the whole.
    """

    document: dict[str, Any]
    indexes: frozenset[int]
    labels: Mapping[str, str]


class LabelledDocument:
    """The statements of one document, as lines of canonical N-Quads in their order, under secret labels."""

    def __init__(
        self,
        document: dict[str, Any],
        *,
        hmac_key: bytes,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
    ) -> None:
        """Canonicalise a document without its proof.

        Raises what `canonicalize` raises, and MalformedIri (`blank_node_label`).
        """
        form = canonicalize(document, extra_contexts=extra_contexts, allow_keywords=allow_keywords)
        copied = whole(document)
        self._document = copied.document
        self._extra_contexts = extra_contexts
        self._naming = Naming.of(document, context_set(extra_contexts), allow_keywords=allow_keywords)
        self._quads, self._nodes = self._naming.statements(copied)
        canonical = rdfc.canonical_labels(self._quads)
        if _form(self._quads, canonical) != form:
            raise UndefinedTerm(
                "not_selectable", "The document is written in a way of which no part can be shown alone."
            )
        self._labels = {
            name: label_of(hmac.digest(hmac_key, label.removeprefix("_:").encode(), "sha256"))
            for name, label in canonical.items()
        }
        self.lines = tuple(sorted(write(_relabelled(quad, self._labels)) for quad in self._quads))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {line: index for index, line in enumerate(self.lines)}

    def part(self, pointers: Iterable[str]) -> Part:
        """Give what these pointers select.

        Raises JsonRefused for pointers that select nothing, UndefinedTerm (`part_of_value`) where the part
        would state something that the whole does not, such as a list with an item left out, and what
        `canonicalize` raises where the part would not be read without loss.
        """
        selection = select(self._document, pointers, is_node=lambda place: place in self._nodes or not place)
        if selection is None:
            return Part({}, frozenset(), {})
        quads, _ = self._naming.statements(selection)
        if not quads <= self._quads:
            raise UndefinedTerm(
                "part_of_value",
                "A pointer selects a part of a list or of a value that can be shown only as a whole.",
            )
        # What is left of a value may no longer be said at all: safe mode would refuse it at the reader's too.
        canonicalize(
            selection.document,
            extra_contexts=self._extra_contexts,
            allow_keywords=self._naming.allow_keywords,
        )
        canonical = rdfc.canonical_labels(quads)
        labels = {label: self._labels[name] for name, label in canonical.items()}
        return Part(selection.document, self._indexes(quads), labels)

    def _indexes(self, quads: Iterable[Quad]) -> frozenset[int]:
        return frozenset(self._index[write(_relabelled(quad, self._labels))] for quad in quads)


def _form(quads: Iterable[Quad], labels: Mapping[str, str]) -> str:
    return "".join(sorted(write(_relabelled(quad, labels)) for quad in quads))


def _relabelled(quad: Quad, labels: Mapping[str, str]) -> Quad:
    return Quad(*(labels.get(term, term) for term in quad))
