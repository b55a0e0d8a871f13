"""JSON-LD expansion through PyLD, with the processing of contexts remembered and nothing resolved or guessed.

PyLD processes a type's context anew for every object of that type, which is three quarters of its time. Here
the result is remembered by the identity of what went in: the contexts are frozen, so it cannot change.
What goes in is kept beside the result, so an identity is never used again while it stands in the memory.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sized
from functools import cached_property
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from ob3.contexts import CONTEXTS
from ob3.errors import ContextRefused, MalformedIri, Ob3Error, TooMuchWork, UndefinedTerm
from ob3.frozen_contexts import key_of
from ob3.iri import is_absolute_iri
from ob3.places import walk

_LARGEST_WORK = 128  # processed contexts that one document may need; the largest sample needs 25
_LARGEST_MEMORY = 512  # processed contexts of one set; a badge needs about 30
_LARGEST_FAMILY = 16  # context sets kept, each with its own memory
_HIDING = frozenset(
    {
        "@value",
        "@language",
        "@direction",
        "@index",
        "@graph",
        "@included",
        "@nest",
        "@list",
        "@set",
        "@reverse",
    }
)
_NO_NODE = frozenset({"@value", "@list", "@set"})

OnNode = Callable[[Mapping[str, Any], dict[str, Any]], None]


def is_bearable(processed: Sized) -> bool:
    """Tell whether a document may need that many different processed contexts."""
    return len(processed) <= _LARGEST_WORK


class ContextSet:
    """The pinned contexts and a caller's own, frozen together, with the memory of processing them.

    One set may serve many threads: finding is without a lock, processing is under one.
    """

    def __init__(self, extra: Mapping[str, Any]) -> None:
        for url, document in extra.items():
            _check_extra(url, document)
        self.documents: dict[str, Any] = {**CONTEXTS, **extra}
        self._lock = threading.RLock()
        self._processor = jsonld.JsonLdProcessor()
        self._memory: dict[tuple[Any, ...], tuple[Any, Any, Any]] = {}
        self._terms: dict[tuple[str, ...], frozenset[str]] = {}
        self.tables: object = None  # of ob3.direct, which alone knows what they are
        self.options: dict[str, Any] = {
            "base": "",
            "isFrame": False,
            "keepFreeFloatingNodes": True,
            "processingMode": "json-ld-1.1",
            "documentLoader": self._load,
            "contextResolver": ContextResolver({}, self._load),
        }

    def __contains__(self, url: object) -> bool:
        return url in self.documents

    def terms(self, urls: tuple[str, ...]) -> frozenset[str]:
        """Give every name that these contexts define, at any level."""
        known = self._terms.get(urls)
        if known is None:
            known = frozenset(term for url in urls for term in _terms(self.documents[url]))
            if len(self._terms) < _LARGEST_MEMORY:
                self._terms[urls] = known
        return known

    def root(self, urls: tuple[str, ...]) -> Any:
        """Give the active context for a document that names these addresses."""
        return self.process(self._initial, list(urls))

    def process(self, active: Any, local: Any, *, override: bool = False, propagate: bool = True) -> Any:
        """Give the active context that a local context makes of another."""
        named = isinstance(local, str) or (
            isinstance(local, list) and all(isinstance(one, str) for one in local)
        )
        name: Any = (local if isinstance(local, str) else tuple(local)) if named else id(local)
        key = (id(active), name, override, propagate)
        found = self._memory.get(key)
        if found is None:
            with self._lock:
                made = self._processor._process_context(active, local, self.options, override, propagate)
                if len(self._memory) >= _LARGEST_MEMORY:
                    self._memory.clear()
                # Another thread may have been first; its result stays, and what follows from it is found.
                found = self._memory.setdefault(key, (made, active, local))
        return found[0]

    @cached_property
    def _initial(self) -> Any:
        return self._processor._get_initial_context(self.options)

    def _load(self, url: str, options: Any = None) -> dict[str, Any]:
        document = self.documents.get(url)
        if document is None:
            raise ContextRefused("unknown_context", f"The context {url[:200]} is not one that is known here.")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads(json.dumps(document)),
            "tag": "static",
        }


_sets: OrderedDict[Hashable, ContextSet] = OrderedDict()
_sets_lock = threading.Lock()


def context_set(extra: Mapping[str, Any] | None = None) -> ContextSet:
    """Give the set of the pinned contexts and these, the same object for the same contexts.

    Raises ContextRefused when one of them redefines a pinned address or renames a keyword that hides text.
    """
    contexts = extra or {}
    key = key_of(contexts)
    with _sets_lock:
        found = _sets.get(key)
        if found is None:
            found = _sets[key] = ContextSet(json.loads(json.dumps(dict(contexts))))
            if len(_sets) > _LARGEST_FAMILY:
                _sets.popitem(last=False)
        _sets.move_to_end(key)
        return found


def expand(
    document: Mapping[str, Any],
    urls: tuple[str, ...],
    contexts: ContextSet,
    *,
    strict: bool = True,
    on_node: OnNode | None = None,
) -> Any:
    """Give the expanded form of a document that names these contexts.

    Nothing is resolved against a base. `strict` asks that ids and types stand as they are signed: no compact
    IRIs, no blank node labels, no full IRI where a term exists. `on_node` is shown every object that is
    written in the document together with the node that it becomes, which it may change.
    Raises UndefinedTerm, MalformedIri, ContextRefused and TooMuchWork. Source: JSON-LD 1.1 API, section 5.
    """
    body = {key: value for key, value in document.items() if key != "@context"}
    try:
        active = contexts.root(urls)
        expander = Expander(contexts, strict)
        if on_node is not None:
            notice = on_node
            expander = _NoticingExpander(
                contexts, strict, lambda written, node: notice(document if written is body else written, node)
            )
        return expander._expand(active, None, body, contexts.options)
    except _FoundError as found:
        raise found.kind(found.code, found.message, _place_of(found.text, body)) from None
    except Ob3Error:
        raise
    except jsonld.JsonLdError as error:
        raise _translated(error) from error
    except Exception as error:  # hostile documents reach corners of PyLD that raise anything at all
        raise UndefinedTerm("not_json_ld", "The document is not JSON-LD that can be read.") from error


class _FoundError(Exception):
    """A text in the document that must be refused; where it stands is looked up afterwards."""

    def __init__(self, kind: type[Ob3Error], code: str, text: object, message: str) -> None:
        super().__init__(code)
        self.kind = kind
        self.code = code
        self.text = text
        self.message = f"{str(text)[:200]!r} {message}"


def _place_of(text: object, document: Mapping[str, Any]) -> str:
    """Give the JSON Pointer of the first member or value that reads like this, or an empty text."""
    for path, part in walk(document):
        if isinstance(part, str) and part == text:
            return str(path)
        if isinstance(part, dict) and text in part:
            return str(path / text)
    return ""


class Expander(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """PyLD's expansion, looking contexts up in a set and refusing what it would drop or resolve."""

    def __init__(self, contexts: ContextSet, strict: bool) -> None:
        super().__init__(on_property_dropped=_dropped)
        self._contexts = contexts
        self._strict = strict
        self._used: dict[int, Any] = {}

    def meaning(self, active: Any, name: str) -> Any:
        """Give what a member's name means: an IRI, a keyword, or something that is neither."""
        if name in active["mappings"] and not name.startswith("@"):  # nearly always, and as PyLD has it
            mapping = active["mappings"][name]
            return None if mapping is None else mapping["@id"]
        return self._expand_iri(active, name, vocab=True)

    def reference(self, active: Any, text: str, *, vocab: bool) -> Any:
        """Give the IRI that a text stands for as a type (`vocab`) or an id; refuse it as `expand` would.

        An id may be a blank node label where those are allowed; a type never is.
        """
        return self._expand_iri(active, text, base="", vocab=vocab)

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,
        propagate: bool = True,
        validate_scoped: bool = True,
        cycles: Any = None,
    ) -> Any:
        made = self._contexts.process(active_ctx, local_ctx, override=override_protected, propagate=propagate)
        self._used[id(made)] = made
        if not is_bearable(self._used):
            raise TooMuchWork("context_work", "The document combines more types and contexts than are read.")
        return made

    def _expand_iri(
        self,
        active_ctx: Any,
        value: Any,
        base: Any = None,
        vocab: Any = False,
        local_ctx: Any = None,
        defined: Any = None,
    ) -> Any:
        expanded = super()._expand_iri(active_ctx, value, None, vocab, local_ctx, defined)
        if base is None or not isinstance(value, str):
            return expanded
        if vocab and value in active_ctx["mappings"]:
            return _defined(value, expanded)
        if vocab and not is_absolute_iri(expanded):
            raise _undefined_type(value)
        if not (is_absolute_iri(expanded) or (expanded == value and value.startswith("_:"))):
            raise _FoundError(MalformedIri, "malformed_iri", value, "is no complete IRI such as https://...")
        if self._strict:
            _check_spelling(active_ctx, value, expanded, vocab)
        return expanded


class _NoticingExpander(Expander):
    """An expansion that tells which object became which node."""

    def __init__(self, contexts: ContextSet, strict: bool, on_node: OnNode) -> None:
        super().__init__(contexts, strict)
        self._on_node = on_node

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, options, **more)
        if isinstance(element, dict) and isinstance(expanded, dict) and expanded.keys().isdisjoint(_NO_NODE):
            self._on_node(element, expanded)
        return expanded


def _check_spelling(active: Any, value: str, expanded: str, vocab: bool) -> None:
    if value.startswith("_:"):
        raise _FoundError(MalformedIri, "blank_node_label", value, "is a local label, which is not signed.")
    if expanded != value and not (vocab and "@vocab" in active and ":" not in value):
        raise _FoundError(MalformedIri, "compact_iri", value, f"is shortened; write {expanded[:200]!r}.")
    if vocab and any(mapping and mapping["@id"] == value for mapping in active["mappings"].values()):
        raise _FoundError(UndefinedTerm, "iri_for_term", value, "is written as an IRI; use the term for it.")


def _defined(value: str, expanded: Any) -> str:
    if not is_absolute_iri(expanded):
        raise _undefined_type(value)
    return str(expanded)


def _undefined_type(value: str) -> _FoundError:
    return _FoundError(UndefinedTerm, "undefined_type", value, "is a type or value that no context defines.")


def _dropped(name: object) -> None:
    raise _FoundError(UndefinedTerm, "undefined_term", name, "is a member that no context defines.")


def _translated(error: Any) -> Ob3Error:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Ob3Error):
            return cause
        cause = cause.__cause__
    code = getattr(error, "code", None) or "invalid JSON-LD"
    if "context" in code or "term" in code:
        return ContextRefused("context_conflict", f"The contexts do not fit together here ({code}).")
    return UndefinedTerm("not_json_ld", f"The document is not valid JSON-LD ({code}).")


def _check_extra(url: str, document: Any) -> None:
    if url in CONTEXTS and document != CONTEXTS[url]:
        raise ContextRefused("pinned_context", f"The context {url} is pinned here and cannot be replaced.")
    if not isinstance(document, dict) or not isinstance(document.get("@context"), dict):
        raise ContextRefused("not_a_context", f"The document for {url} is not one JSON-LD context.")
    for name, definition in _definitions(document["@context"]):
        target = definition.get("@id") if isinstance(definition, dict) else definition
        if isinstance(target, list | dict):
            raise ContextRefused("not_a_context", f"The context {url} gives {name} no readable meaning.")
        if target in _HIDING or (
            isinstance(definition, dict) and {"@reverse", "@nest", "@index"} & definition.keys()
        ):
            raise ContextRefused(
                "keyword_alias", f"The context {url} gives {name} a meaning that hides text."
            )


def _terms(document: Any) -> Iterator[str]:
    context = document["@context"]
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            yield from (name for name, _ in _definitions(part))


def _definitions(context: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give every term definition in a context and in the contexts inside it."""
    for name, definition in context.items():
        if name.startswith("@"):
            continue
        yield name, definition
        if isinstance(definition, dict) and isinstance(definition.get("@context"), dict):
            yield from _definitions(definition["@context"])
