"""The canonical form of a set of statements: RDFC-1.0, with a limit on the work it may cost.

Blank nodes that look alike must be told apart by trying orders, which takes a time that grows as a factorial.
Real credentials need a handful of steps; a kilobyte made for the purpose would hold a processor for hours. So
three things are counted, the same way on every machine, and the counts are bounded: calls of Hash N-Degree
Quads (the `budget`), how deep they nest, and the small steps inside them (hashes of related nodes and steps
of paths). The W3C vectors need up to 468 calls, 6 levels and 6,168 steps.
Source: RDF Dataset Canonicalization, W3C Recommendation of 21 May 2024, section 4.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from ob3.errors import TooMuchWork
from ob3.nquads import Quad, Statement

BUDGET = 600
_STEPS_PER_CALL = 200
_DEEPEST = 100
_REMEMBERED = 1024  # hashes of nodes; a badge has some two dozen, most of which the next one has as well
_MOST_REMEMBERED = 64  # statements of such a node


def canonical_form(quads: Iterable[Statement], *, budget: int = BUDGET, hash_name: str = "sha256") -> str:
    """Give the canonical N-Quads of a set of statements, each its four terms as `ob3.nquads` writes them.

    `budget` is the number of Hash N-Degree Quads calls allowed; the W3C vectors need up to 468.
    Raises TooMuchWork (`canonical_work`). Source: RDFC-1.0, section 4.4.3.
    """
    distinct = quads if isinstance(quads, Set) else set(quads)
    return written_with(distinct, canonical_labels(distinct, budget=budget, hash_name=hash_name))


def canonical_labels(
    quads: Iterable[Statement], *, budget: int = BUDGET, hash_name: str = "sha256"
) -> dict[str, str]:
    """Give the canonical label (`_:c14n0`, ...) of every blank node in a set of statements.

    Raises TooMuchWork (`canonical_work`). Source: RDFC-1.0, section 4.3, "issued identifiers map".
    """
    about = mentions(quads if isinstance(quads, Set) else set(quads))
    hashes = {node: _hash_of(node, own, hash_name) for node, own in about.items()}
    by_hash = {digest: node for node, digest in hashes.items()}
    if len(by_hash) == len(hashes):  # so it is in most documents
        return {node: f"_:c14n{number}" for number, (_, node) in enumerate(sorted(by_hash.items()))}
    run = _Canonicalization(about, hashes, budget, hash_name)
    run.issue_canonical_identifiers()
    return run.canonical.issued


def written_with(quads: Iterable[Statement], labels: Mapping[str, str]) -> str:
    """Give statements in canonical order and form, their blank nodes under these labels."""
    lines: list[str] = []
    for subject, predicate, thing, graph in quads:
        if subject[0] == "_":
            subject = labels[subject]
        if thing[0] == "_":
            thing = labels[thing]
        if graph:
            lines.append(f"{subject} {predicate} {thing} {labels.get(graph, graph)} .\n")
        else:
            lines.append(f"{subject} {predicate} {thing} .\n")
    lines.sort()
    return "".join(lines)


def mentions(quads: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Give the statements that mention each blank node, each statement once."""
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for quad in quads:
        subject, _, thing, graph = quad
        if subject[0] == "_":
            found[subject].append(quad)
        if thing[0] == "_" and thing != subject:
            found[thing].append(quad)
        if graph and graph[0] == "_" and graph not in (subject, thing):
            found[graph].append(quad)
    return found


def _hash_of(node: str, mentions: Sequence[Statement], hash_name: str) -> str:
    """Hash the statements that mention a node, or give what these very statements gave before."""
    hashed = _known_first_degree if len(mentions) <= _MOST_REMEMBERED else _first_degree
    return hashed(node, tuple(mentions), hash_name)


def _first_degree(node: str, mentions: Iterable[Statement], hash_name: str) -> str:
    """Hash the statements that mention a node (section 4.6)."""
    lines: list[str] = []
    for subject, predicate, thing, graph in mentions:
        if subject == node and thing[0] != "_" and not graph:  # nearly always
            lines.append(f"_:a {predicate} {thing} .\n")
            continue
        if subject[0] == "_":
            subject = "_:a" if subject == node else "_:z"
        if thing[0] == "_":
            thing = "_:a" if thing == node else "_:z"
        if graph[:1] == "_":
            graph = "_:a" if graph == node else "_:z"
        lines.append(f"{subject} {predicate} {thing} {graph}{' ' if graph else ''}.\n")
    lines.sort()
    return _digest("".join(lines), hash_name)


_known_first_degree = lru_cache(maxsize=_REMEMBERED)(_first_degree)


def _digest(text: str, hash_name: str) -> str:
    if hash_name == "sha256":  # by its name it would take twice as long
        return hashlib.sha256(text.encode()).hexdigest()
    return hashlib.new(hash_name, text.encode()).hexdigest()


class _Issuer:
    """Hands out `_:b0`, `_:b1`, ... and remembers the order (RDFC-1.0, section 4.5)."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued if issued is not None else {}

    def issue(self, node: str) -> str:
        known = self.issued.get(node)
        if known is None:
            known = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return known

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.issued))


class _Canonicalization:
    """One run of the algorithm and its state (RDFC-1.0, section 4.2)."""

    def __init__(
        self,
        mentions: Mapping[str, Iterable[Statement]],
        first_degree: Mapping[str, str],
        budget: int,
        hash_name: str,
    ) -> None:
        self.mentions = mentions
        self.first_degree = first_degree
        self.hash_name = hash_name
        self.canonical = _Issuer("_:c14n")
        self.calls_left = budget
        self.steps_left = budget * _STEPS_PER_CALL
        self._quads_of: dict[str, list[Quad]] = {}

    def quads_of(self, node: str) -> list[Quad]:
        """Give the statements that relate a node to others, in one order: the count of work needs it."""
        found = self._quads_of.get(node)
        if found is None:
            relating = [
                Quad(subject, predicate, thing, graph)
                for subject, predicate, thing, graph in self.mentions[node]
                if (subject != node and subject[0] == "_")
                or (thing != node and thing[0] == "_")
                or (graph != node and graph[:1] == "_")
            ]
            found = self._quads_of[node] = sorted(relating)
        return found

    def issue_canonical_identifiers(self) -> None:
        """Name the nodes that their own statements tell apart, then the others (4.4.3, steps 3 to 5)."""
        by_hash: dict[str, list[str]] = {}
        for node in sorted(self.first_degree):
            by_hash.setdefault(self.first_degree[node], []).append(node)
        alike: list[list[str]] = []
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
            else:
                alike.append(nodes)
        for nodes in alike:
            self.tell_apart(nodes)

    def tell_apart(self, nodes: list[str]) -> None:
        """Name nodes whose own statements look the same (section 4.4.3, step 5)."""
        results: list[tuple[str, _Issuer]] = []
        for node in nodes:
            if node in self.canonical.issued:
                continue
            temporary = _Issuer("_:b")
            temporary.issue(node)
            results.append(self.hash_n_degree(node, temporary, 0))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.issued:
                self.canonical.issue(node)

    def hash_related(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """Hash how a node is related to another (section 4.7)."""
        name = self.canonical.issued.get(related) or issuer.issued.get(related) or self.first_degree[related]
        return self.digest(position + (quad.predicate if position != "g" else "") + name)

    def related(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        """Group the nodes around a node by how they are related to it (section 4.8, steps 1 to 3)."""
        groups: dict[str, list[str]] = {}
        for quad in self.quads_of(node):
            for term, position in ((quad.subject, "s"), (quad.object, "o"), (quad.graph, "g")):
                if term[:1] == "_" and term != node:
                    self.step()
                    groups.setdefault(self.hash_related(term, quad, issuer, position), []).append(term)
        return groups

    def hash_n_degree(self, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Hash a node by everything that can be reached from it (section 4.8)."""
        self.call(depth)
        data: list[str] = []
        for related_hash, nodes in sorted(self.related(node, issuer).items()):
            chosen_path = ""
            chosen_issuer = issuer
            for order in _orders(nodes):
                path, tried = self.path_of(order, issuer, chosen_path, depth)
                if path and (not chosen_path or path < chosen_path):
                    chosen_path, chosen_issuer = path, tried
            data += (related_hash, chosen_path)
            issuer = chosen_issuer
        return self.digest("".join(data)), issuer

    def path_of(self, order: list[str], issuer: _Issuer, chosen: str, depth: int) -> tuple[str, _Issuer]:
        """Give the path of one order and the names it led to, or no path if it cannot win (4.8, step 5.4)."""
        issuer = issuer.copy()
        path = ""
        unseen: list[str] = []
        for node in order:
            self.step()
            name = self.canonical.issued.get(node)
            if name is None:
                if node not in issuer.issued:
                    unseen.append(node)
                name = issuer.issue(node)
            path += name
            if _cannot_win(path, chosen):
                return "", issuer
        for node in unseen:
            node_hash, result = self.hash_n_degree(node, issuer, depth + 1)
            path += f"{issuer.issue(node)}<{node_hash}>"
            issuer = result
            if _cannot_win(path, chosen):
                return "", issuer
        return path, issuer

    def digest(self, text: str) -> str:
        return _digest(text, self.hash_name)

    def call(self, depth: int) -> None:
        self.calls_left -= 1
        if self.calls_left < 0 or depth > _DEEPEST:
            self.give_up()

    def step(self) -> None:
        self.steps_left -= 1
        if self.steps_left < 0:
            self.give_up()

    def give_up(self) -> None:
        raise TooMuchWork(
            "canonical_work",
            "The document holds so many unnamed parts that look alike that it would take too long to check; "
            "give them ids, or different contents.",
        )


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """Give every different order of the nodes; a node that is there twice makes none of its own.

    A node is there twice where two statements relate it in one way, as all statements of a named graph do.
    """
    order = sorted(nodes)
    while True:
        yield order.copy()
        pivot = len(order) - 2
        while pivot >= 0 and order[pivot] >= order[pivot + 1]:
            pivot -= 1
        if pivot < 0:
            return
        larger = len(order) - 1
        while order[larger] <= order[pivot]:
            larger -= 1
        order[pivot], order[larger] = order[larger], order[pivot]
        order[pivot + 1 :] = reversed(order[pivot + 1 :])


def _cannot_win(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
