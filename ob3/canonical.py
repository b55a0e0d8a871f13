"""The canonical form of a document, in safe mode: what cannot be signed is refused, never dropped.

Four steps, each in its own module: `lossless` looks at the JSON, `expansion` gives the terms their meaning
from frozen contexts, `statements` writes the RDF statements, `rdfc` puts them into the one order and naming
that every implementation agrees on. For most documents `direct` takes the first three in one walk, with the
same statements as its result; every refusal comes from the long way.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from ob3 import nquads, rdfc
from ob3.direct import direct_statements
from ob3.expansion import ContextSet, context_set, expand
from ob3.hashed_text import HashedText, HashName
from ob3.inline_contexts import with_addresses
from ob3.learning_contexts import shapes_of
from ob3.lossless import check_lossless, context_urls
from ob3.nquads import Quad, Statement
from ob3.recent import Recent, exact_key
from ob3.statements import statements

# Issuing asks for a form in the lint and when it is read back, with some 20 others in between.
_RECENT = Recent[HashedText](entries=48)
_LONG = 64 * 1024  # bytes of a key
# The list of a million statuses is read back right after it was signed; few take no memory to speak of.
_RECENT_LONG = Recent[HashedText](entries=4)
_LONGEST_REMEMBERED = 256 * 1024
_LONGEST_LEARNED = 32 * 1024  # to learn a shape takes longer than to read a document, and strangers teach too


def canonicalize(
    document: dict[str, Any],
    *,
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    budget: int = rdfc.BUDGET,
    hash: HashName = "sha256",
    allow_keywords: bool = False,
) -> str:
    """Give the canonical N-Quads of a JSON-LD document.

    `extra_contexts` maps further addresses to context documents; `budget` is the number of calls of Hash
    N-Degree Quads allowed; `hash` is `sha256` or `sha384`; `allow_keywords` admits JSON-LD value objects,
    compact IRIs, IRIs as names and contexts written into the document, which badges may not have. Under
    `ob3.LearningContexts` documents that look like others before take less time.
    Raises ContextRefused, UndefinedTerm, MalformedIri, JsonRefused, TooMuchWork.
    Source: RDFC-1.0; VC-DI-EdDSA, section 3.2.3 (transformation), with an error on any loss.
    """
    return hashed_form(
        document, extra_contexts=extra_contexts, budget=budget, hash=hash, allow_keywords=allow_keywords
    ).text


def hashed_form(
    document: dict[str, Any],
    *,
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    budget: int = rdfc.BUDGET,
    hash: HashName = "sha256",
    allow_keywords: bool = False,
) -> HashedText:
    """Give what `canonicalize` gives, with its hash in the hash of that name; raises what it raises."""
    if allow_keywords:
        document, extra_contexts = with_addresses(document, extra_contexts)
    contexts = context_set(extra_contexts)
    shapes = shapes_of(extra_contexts) if (budget, hash) == (rdfc.BUDGET, "sha256") else None
    like_others = shapes.form(document) if shapes is not None else None
    if like_others is not None:  # not put among the recent ones, which others take to be from the direct path
        return HashedText(like_others.canonical, hash)
    key = _key(document, contexts, budget, hash, allow_keywords)
    recent = _RECENT if key is None or len(key[0]) <= _LONG else _RECENT_LONG
    known = recent.get(key)
    if known is not None:
        return known
    form = HashedText(_canonical(document, contexts, budget, hash, allow_keywords), hash)
    recent.put(key, form)
    if shapes is not None and key is not None and len(key[0]) <= _LONGEST_LEARNED:
        shapes.learn(document)
    return form


def _canonical(
    document: dict[str, Any], contexts: ContextSet, budget: int, hash_name: HashName, allow_keywords: bool
) -> str:
    found: Iterable[Statement] | None = direct_statements(document, contexts, allow_keywords=allow_keywords)
    if found is None:
        found = general_statements(document, contexts, allow_keywords=allow_keywords)
    return rdfc.canonical_form(found, budget=budget, hash_name=hash_name)


def general_statements(
    document: dict[str, Any], contexts: ContextSet, *, allow_keywords: bool = False
) -> set[Quad]:
    """Give the statements of any document through its expanded form, or say why it has none.

    Raises ContextRefused, UndefinedTerm, MalformedIri, JsonRefused and TooMuchWork (`context_work`).
    """
    urls = context_urls(document.get("@context") if isinstance(document, dict) else None, contexts)
    check_lossless(document, known=contexts, terms=contexts.terms(urls), allow_keywords=allow_keywords)
    return statements(expand(document, urls, contexts, strict=not allow_keywords))


def _key(document: dict[str, Any], *rest: Hashable) -> tuple[bytes, *tuple[Hashable, ...]] | None:
    """Give what tells two documents apart, the order of members included; None for what is not remembered."""
    key = exact_key(document)  # there is none for what is refused, in words, when it is looked at
    return (key, *rest) if key is not None and len(key) <= _LONGEST_REMEMBERED else None


def canonicalize_nquads(text: str, *, budget: int = rdfc.BUDGET, hash: HashName = "sha256") -> str:
    """Give the canonical form of statements that are written in N-Quads.

    Raises MalformedIri (`malformed_nquads`) and TooMuchWork.
    """
    return rdfc.canonical_form(nquads.parse(text), budget=budget, hash_name=hash)
