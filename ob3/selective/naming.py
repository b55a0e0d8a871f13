"""The statements of a document whose unnamed nodes are named by the place where they stand.

A part of a document must speak of the same nodes as the whole. The specification gives every unnamed node an
address for a while (skolemisation) and writes the document anew with them; here a node is named while it is
expanded, by the JSON Pointer of its object in the whole document, so that no second form of the document is
needed. Named graphs and the cells of lists, which have no object of their own, are named after what holds
them.
Source: VC-DI-ECDSA 1.0, section 3.4, skolemizeExpandedJsonLd and toDeskolemizedNQuads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ob3.errors import MalformedIri
from ob3.expansion import ContextSet, expand
from ob3.lossless import context_urls
from ob3.nquads import RDF, Quad
from ob3.selective.pointers import Selection
from ob3.statements import statements

_FIRST, _REST, _NIL = (RDF + name for name in ("first", "rest", "nil"))


@dataclass(frozen=True)
class Naming:
    """How the nodes of one document are named; `prefix` is an address that the document cannot contain."""

    prefix: str
    contexts: ContextSet
    allow_keywords: bool

    @classmethod
    def of(cls, document: Mapping[str, Any], contexts: ContextSet, *, allow_keywords: bool) -> Naming:
        """Prepare the naming of a document; its own digest is no part of it."""
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        return cls(f"urn:blank:{digest}:", contexts, allow_keywords)

    def statements(self, selection: Selection) -> tuple[frozenset[Quad], frozenset[str]]:
        """Give the statements of a part, blank nodes named by place, and the places of all nodes.

        Raises MalformedIri (`blank_node_label`) where the document has labels of its own, and what `expand`
        and `statements` raise.
        """
        namer = _Namer(self.prefix, selection.places)
        urls = context_urls(selection.document.get("@context"), self.contexts)
        root = expand(
            selection.document, urls, self.contexts, strict=not self.allow_keywords, on_node=namer.name
        )
        namer.settle(root)
        quads = frozenset(self._blank(quad) for quad in statements(root))
        return quads, frozenset(namer.place_of.values())

    def _blank(self, quad: Quad) -> Quad:
        return Quad(*(self._blank_term(term) for term in quad))

    def _blank_term(self, term: str) -> str:
        if term.startswith("_:"):
            raise MalformedIri(
                "blank_node_label",
                "The document has local labels (_:...); selective disclosure needs it without them.",
            )
        start = "<" + self.prefix
        return "_:" + term[len(start) : -1] if term.startswith(start) else term


class _Namer:
    """Gives ids to the nodes of one expansion."""

    def __init__(self, prefix: str, places: Mapping[int, str]) -> None:
        self._prefix = prefix
        self._places = places
        self._nodes: list[dict[str, Any]] = []  # kept, so that no two have one identity
        self.place_of: dict[int, str] = {}

    def name(self, written: Mapping[str, Any], node: dict[str, Any]) -> None:
        """Note where a node stands, and name it unless it has a name."""
        place = self._places[id(written)]
        self._nodes.append(node)
        self.place_of[id(node)] = place
        node.setdefault("@id", self._address(place))

    def settle(self, node: dict[str, Any]) -> None:
        """Name the graphs below a node, and write its lists as nodes."""
        for inner in node.get("@graph", ()):
            self.settle(inner)
        for name, values in node.items():
            if name.startswith("@"):
                continue
            for index, value in enumerate(values):
                holder = f"{self.place_of.get(id(node), '')}\n{name}\n{index}"
                values[index] = self._settled(value, holder)

    def _settled(self, value: dict[str, Any], holder: str) -> dict[str, Any]:
        if "@value" in value:
            return value
        if "@list" in value:
            return self._cells(value["@list"], holder)
        if "@graph" in value and "@id" not in value:
            inside = self.place_of.get(id(value["@graph"][0]), holder)
            value["@id"] = self._address(f"{inside}\ngraph")
        self.settle(value)
        return value

    def _cells(self, items: list[dict[str, Any]], holder: str) -> dict[str, Any]:
        rest: dict[str, Any] = {"@id": _NIL}
        for index in reversed(range(len(items))):
            cell = f"{holder}\n{index}"
            rest = {
                "@id": self._address(cell),
                _FIRST: [self._settled(items[index], cell)],
                _REST: [rest],
            }
        return rest

    def _address(self, place: str) -> str:
        return self._prefix + quote(place, safe="")
