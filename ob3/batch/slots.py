"""The texts of a document that may differ from one document to the next, and how each is written.

To learn where a text lands it is replaced by a mark: a text that stands nowhere else, and of the same kind,
for the walk treats texts that are IRIs differently by their scheme.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ob3.errors import JsonRefused
from ob3.expansion import ContextSet
from ob3.iri import is_absolute_iri
from ob3.nquads import Statement, iri, quoted
from ob3.recent import exact_key
from ob3.text import check_text

Path = tuple[str | int, ...]

_NEVER = frozenset({"type"})  # what it says chooses contexts; members that begin with @ are keywords
_TRUE_FOR_ANY = frozenset({None, "@id"})  # kinds of values under which any IRI stands for itself


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for one text: where, in what words, and the scheme of the text if it was an IRI."""

    path: Path
    text: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for texts. `is_iri` says that they are names of things; `scheme` is then the one that fits."""

    path: Path
    is_iri: bool
    scheme: str

    def token(self, text: str) -> str | None:
        """Write a text as it stands in statements, or None where the ordinary way must judge it."""
        if not self.is_iri:
            return quoted(text) if _is_signable(text) else None
        # A prefix could change what begins with it, unless `//` follows (JSON-LD 1.1 API, section 5.2.2).
        fits = _scheme(text) in (self.scheme, "//")
        return iri(text) if fits and is_absolute_iri(text) else None


def marks_for(document: dict[str, Any], paths: Iterable[Path]) -> list[Mark]:
    """Give a mark for the text at each path; none of them stands in the document."""
    seed = hashlib.sha256(exact_key(document) or b"").hexdigest()
    marks = []
    for number, path in enumerate(paths):
        scheme = _scheme(str(value_at(document, path)))
        begin = f"{scheme}:" if scheme not in ("", "//") else "https://" if scheme else ""
        marks.append(Mark(path, f"{begin}{seed}.{number}.", scheme))
    return marks


def with_marks(document: dict[str, Any], marks: Iterable[Mark]) -> dict[str, Any]:
    """Give a copy of a document in which the marks stand for texts."""
    marked: dict[str, Any] = _replaced(document, (), {mark.path: mark.text for mark in marks})
    return marked


def slots_of(
    marks: Sequence[Mark], statements: Iterable[Statement], contexts: ContextSet
) -> list[Slot | None]:
    """Say of each mark what it is in the statements; None if other texts in its place might do otherwise.

    A text that chooses a meaning, that is written inside a larger value, or that is not written at all, is
    none that may differ.
    """
    by_text = {mark.text: mark for mark in marks}
    anywhere = re.compile("|".join(map(re.escape, by_text)) or "(?!)")
    kinds: dict[str, set[str]] = {text: set() for text in by_text}
    for statement in statements:
        for position, term in enumerate(statement):
            for text in anywhere.findall(term):
                kinds[text].add("?" if position == 1 else _kind_in(term, text))
    return [_slot(mark, kinds[mark.text], contexts) for mark in marks]


def may_differ(path: Path) -> bool:
    """Tell whether a text at a place may be a slot at all."""
    names = [step for step in path if isinstance(step, str)]
    return bool(names) and names[-1] not in _NEVER and not any(name.startswith("@") for name in names)


def value_at(document: Any, path: Path) -> Any:
    """Give what stands at a place."""
    for step in path:
        document = document[step]
    return document


def _slot(mark: Mark, kinds: set[str], contexts: ContextSet) -> Slot | None:
    if kinds == {'"'}:
        return Slot(mark.path, is_iri=False, scheme="")
    if kinds == {"<"} and mark.scheme and _names_a_thing(mark.path, contexts):
        return Slot(mark.path, is_iri=True, scheme=mark.scheme)
    return None


def _kind_in(term: str, text: str) -> str:
    """Say whether a mark is a whole IRI or the whole text of a literal; else a question mark."""
    if term == f"<{text}>":
        return "<"
    return '"' if term.startswith(f'"{text}"') and term.count(text) == 1 else "?"


def _names_a_thing(path: Path, contexts: ContextSet) -> bool:
    """Tell whether a member never reads an IRI as the name of a term, as those for `@vocab` do."""
    name = next(step for step in reversed(path) if isinstance(step, str))
    return all(
        kind in _TRUE_FOR_ANY or (isinstance(kind, str) and ":" in kind)
        for document in contexts.documents.values()
        for kind in _kinds_of(name, document["@context"])
    )


def _kinds_of(name: str, context: Any) -> Iterator[Any]:
    """Give the kinds of values that a context says of a name, at every level; `@type` for an alias of it."""
    for part in context if isinstance(context, list) else [context]:
        for term, definition in part.items() if isinstance(part, dict) else ():
            said: Mapping[str, Any] = definition if isinstance(definition, dict) else {"@id": definition}
            if term == name:
                yield "@type" if said.get("@id") == "@type" else said.get("@type")
            if "@context" in said:
                yield from _kinds_of(name, said["@context"])


def _replaced(value: Any, path: Path, texts: Mapping[Path, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(part, (*path, name), texts) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, (*path, index), texts) for index, part in enumerate(value)]
    return texts.get(path, value)


def _scheme(text: str) -> str:
    """Give the scheme of an IRI, `//` for any with an authority, and nothing for other texts."""
    if not is_absolute_iri(text):
        return ""
    scheme, _, rest = text.partition(":")
    return "//" if rest.startswith("//") else scheme


def _is_signable(text: str) -> bool:
    try:
        check_text(text)
    except JsonRefused:
        return False
    return True
