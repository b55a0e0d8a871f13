"""The canonical form of documents of one shape, made from their texts alone.

Statements without blank nodes in which no text differs are the same lines every time. The hash of a blank
node is made anew only if such a text stands in one of its statements. From the hashes follow the labels,
`_:c14n0` for the smallest. Where two are equal, the nodes come behind the others, and only the full algorithm
can tell which of them is first, so there is no answer here; unless no statement about them has another blank
node in it. Then they differ in nothing but their names, and whichever is first, the lines are the same: so it
is with the address of an issuer who is also named as the creator of the achievement.
Source: RDFC-1.0, sections 4.4.3, 4.6 and 5.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from ob3.batch.slots import Mark, Slot
from ob3.nquads import Statement
from ob3.rdfc import mentions

_MOST_LABELS = 32  # under which a block is kept
_MOST_ALIKE = 64  # nodes with equal hashes; the full algorithm refuses some 600


class _Line(NamedTuple):
    """A line for `%`; each gap is the number of a slot, or behind those of a blank node."""

    text: str
    gaps: tuple[int, ...] = ()


class _Lines:
    """Lines that are filled in together."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._text = "\n".join(line.text for line in lines)
        gaps = [gap for line in lines for gap in line.gaps]
        self._pick: Callable[[Sequence[str]], Any] = itemgetter(*gaps) if gaps else lambda _: ()
        self._are_any = bool(lines)

    def filled(self, tokens: Sequence[str]) -> list[str]:
        """Give the lines with tokens in their gaps; no token holds the end of a line."""
        return (self._text % self._pick(tokens)).split("\n") if self._are_any else []

    def written(self, tokens: Sequence[str]) -> list[bytes]:
        """Give the same in UTF-8, in which lines sort as they do by code points."""
        return (self._text % self._pick(tokens)).encode().split(b"\n") if self._are_any else []


class Template:
    """Makes the canonical form of the documents with these statements, in which marks stand for texts."""

    def __init__(self, statements: Iterable[Statement], marks: Sequence[Mark], slots: Sequence[Slot]) -> None:
        self._slots = tuple(slots)
        read = _Reader(set(statements), marks)
        self._nodes = len(read.nodes)
        self._alone = frozenset(number for number, node in enumerate(read.nodes) if read.is_alone(node))
        self._hashed: list[tuple[str, int]] = []
        self._touched: list[tuple[int, list[str], _Lines]] = []
        for number, node in enumerate(read.nodes):
            same, differing = _apart(read.lines_about(node), lambda line: not line.gaps)
            constant = sorted(_Lines(same).filled(()))
            if differing:
                self._touched.append((number, constant, _Lines(differing)))
            else:
                self._hashed.append((_digest(constant), number))
        self._others = _Lines(read.other_lines)
        self._constant: list[bytes] = []
        self._labelled: list[tuple[int, _Block]] = []
        for subject, lines in read.blocks:
            label_of = read.number(subject)
            if label_of is None:
                self._constant.append(_Block(lines).under(""))
            else:
                self._labelled.append((label_of, _Block(lines)))
        self._subjects = frozenset(subject for subject, _ in read.blocks)
        self._last: tuple[tuple[str, ...], bytes | None] | None = None

    @property
    def is_hopeless(self) -> bool:
        """Tell whether two nodes are alike whatever the texts are, so that there never is an answer."""
        return self._in_order(self._hashed) is None

    def canonical(self, texts: Sequence[str]) -> bytes | None:
        """Give the canonical N-Quads with these texts, or None where the ordinary way must be taken.

        The last answer is kept: who verifies asks whether there is a form, and then for what is signed.
        """
        asked, last = tuple(texts), self._last
        if last is None or last[0] != asked:
            last = self._last = asked, self._written(asked)
        return last[1]

    def _written(self, texts: Sequence[str]) -> bytes | None:
        tokens = [slot.token(text) for slot, text in zip(self._slots, texts, strict=True)]
        written = [token for token in tokens if token is not None]
        if len(written) < len(tokens):
            return None
        order = self._order(written)
        if order is None:
            return None
        labels = [""] * self._nodes
        for place, number in enumerate(order):
            labels[number] = f"_:c14n{place}"
        lines = self._others.written(written + labels)
        if len(set(lines)) < len(lines) or not self._subjects.isdisjoint(written):
            return None  # two statements became one, which the hashes counted twice, or a block has one more
        lines += self._constant
        lines += [block.under(labels[number]) for number, block in self._labelled]
        lines.sort()
        lines.append(b"")
        return b"\n".join(lines)

    def _order(self, tokens: Sequence[str]) -> tuple[int, ...] | None:
        """Give the numbers of the blank nodes in the order of their labels, if it follows from the hashes."""
        hashed = self._hashed.copy()
        for number, constant, differing in self._touched:
            lines = constant + differing.filled(tokens)
            lines.sort()
            hashed.append((_digest(lines), number))
        return self._in_order(hashed)

    def _in_order(self, hashed: Iterable[tuple[str, int]]) -> tuple[int, ...] | None:
        groups: dict[str, list[int]] = {}
        for digest, number in sorted(hashed):
            groups.setdefault(digest, []).append(number)
        alike = [number for group in groups.values() if len(group) > 1 for number in group]
        if len(alike) > _MOST_ALIKE or not self._alone.issuperset(alike):
            return None
        return (*[group[0] for group in groups.values() if len(group) == 1], *alike)


class _Block:
    """Lines that stand together and differ in the label of their subject alone."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = _Lines([line._replace(gaps=(0,) * len(line.gaps)) for line in lines])
        self._under: dict[str, bytes] = {}

    def under(self, label: str) -> bytes:
        """Give the lines under a label, in their order and as one."""
        found = self._under.get(label)
        if found is None:
            if len(self._under) >= _MOST_LABELS:
                self._under.clear()
            found = self._under[label] = b"\n".join(sorted(self._lines.written([label])))
        return found


class _Reader:
    """Turns statements into lines with gaps, and finds those that stand together whatever the texts are.

    All lines with one subject and predicate stand together, since they begin with them. Where the only gap in
    them is the subject's label, they make a block with others of that subject that follow at once.
    """

    def __init__(self, statements: set[Statement], marks: Sequence[Mark]) -> None:
        self._statements = sorted(statements)
        self._marks = {mark.text: number for number, mark in enumerate(marks)}
        self.nodes = sorted({term for statement in statements for term in statement if term.startswith("_:")})
        self._numbers = {node: len(marks) + number for number, node in enumerate(self.nodes)}
        self._about = mentions(self._statements)
        self._terms = {
            term: self._term(term) for term in set(itertools.chain.from_iterable(self._statements))
        }
        self._lines = {one: _line([self._terms[term] for term in one]) for one in self._statements}
        self.blocks: list[tuple[str, list[_Line]]] = []
        self.other_lines: list[_Line] = []
        alike = [list(group) for _, group in itertools.groupby(self._statements, key=itemgetter(0, 1))]
        for (subject, is_block), groups in itertools.groupby(alike, key=self._is_block):
            lines = [self._lines[statement] for group in groups for statement in group]
            if is_block:
                self.blocks.append((subject, lines))
            else:
                self.other_lines += lines

    def number(self, term: str) -> int | None:
        """Give the number of a blank node, or None for another term."""
        return self._numbers[term] - len(self._marks) if term in self._numbers else None

    def _is_block(self, alike: Sequence[Statement]) -> tuple[str, bool]:
        """Give the subject that statements share, and whether nothing but its label varies in them."""
        subject = alike[0][0]
        own = (self._numbers[subject],) if subject in self._numbers else ()
        return subject, all(self._lines[statement].gaps == own for statement in alike)

    def lines_about(self, node: str) -> list[_Line]:
        """Give the statements about a node as they are hashed for it (RDFC-1.0, section 4.6)."""
        return [_line([self._hashed(term, node) for term in each]) for each in self._about[node]]

    def is_alone(self, node: str) -> bool:
        """Tell whether no statement about a node has another blank node in it."""
        return all(term not in self._numbers or term == node for each in self._about[node] for term in each)

    def _hashed(self, term: str, node: str) -> _Line:
        if term in self._numbers:
            return _Line("_:a" if term == node else "_:z")
        return self._terms[term]

    def _term(self, term: str) -> _Line:
        """Give a term with its gap; a mark is the whole of an IRI, or the whole text of a literal."""
        if term in self._numbers:
            return _Line("%s", (self._numbers[term],))
        text, ending = (term[1:-1], "") if term[:1] == "<" else _literal_parts(term)
        if text in self._marks:
            return _Line(f"%s{_same(ending)}", (self._marks[text],))
        return _Line(_same(term))


def _literal_parts(term: str) -> tuple[str, str]:
    """Give what stands between the first and the next quote, and what follows."""
    _, _, rest = term.partition('"')
    text, _, ending = rest.partition('"')
    return text, ending


def _line(terms: Sequence[_Line]) -> _Line:
    texts = [term.text for term in terms if term.text]
    return _Line(" ".join([*texts, "."]), tuple(gap for term in terms for gap in term.gaps))


def _apart(lines: Iterable[_Line], is_first: Callable[[_Line], bool]) -> tuple[list[_Line], list[_Line]]:
    """Give the lines for which something is so, and the others."""
    parts: tuple[list[_Line], list[_Line]] = [], []
    for line in lines:
        parts[0 if is_first(line) else 1].append(line)
    return parts


def _same(text: str) -> str:
    return text.replace("%", "%%")


def _digest(lines: Iterable[str]) -> str:
    """Hash lines, each with its end, of which there is at least one."""
    return hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()
