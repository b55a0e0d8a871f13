"""The canonical form of a document, in safe mode: what cannot be signed is refused, never dropped.

Four steps, each in its own module: `lossless` looks at the JSON, `expansion` gives the terms their meaning
from frozen contexts, `statements` writes the RDF statements, `rdfc` puts them into the one order and naming
that every implementation agrees on.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any, Literal

from ob3 import nquads, rdfc
from ob3.expansion import ContextSet, context_set, expand
from ob3.inline_contexts import with_addresses
from ob3.lossless import check_lossless, context_urls
from ob3.recent import Recent
from ob3.statements import statements

HashName = Literal["sha256", "sha384"]

# Issuing asks for the form of one document five times (lint, its check, its proof, signature, reading back).
_RECENT = Recent(entries=16)
_LONGEST_REMEMBERED = 64 * 1024


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
    compact IRIs, IRIs as names and contexts written into the document, which badges may not have.
    Raises ContextRefused, UndefinedTerm, MalformedIri, JsonRefused, TooMuchWork.
    Source: RDFC-1.0; VC-DI-EdDSA, section 3.2.3 (transformation), with an error on any loss.
    """
    if allow_keywords:
        document, extra_contexts = with_addresses(document, extra_contexts)
    contexts = context_set(extra_contexts)
    key = _key(document, contexts, budget, hash, allow_keywords)
    known = _RECENT.get(key)
    if known is not None:
        return known
    form = _canonical(document, contexts, budget, hash, allow_keywords)
    _RECENT.put(key, form)
    return form


def _canonical(
    document: dict[str, Any], contexts: ContextSet, budget: int, hash_name: HashName, allow_keywords: bool
) -> str:
    urls = context_urls(document.get("@context") if isinstance(document, dict) else None, contexts)
    check_lossless(document, known=contexts, terms=contexts.terms(urls), allow_keywords=allow_keywords)
    expanded = expand(document, urls, contexts, strict=not allow_keywords)
    return rdfc.canonical_form(statements(expanded), budget=budget, hash_name=hash_name)


def _key(document: dict[str, Any], *rest: Hashable) -> Hashable | None:
    """Give what tells two documents apart, the order of members included; None for what is not remembered."""
    try:
        text = json.dumps(document, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):  # refused, in words, when it is looked at
        return None
    return (text, *rest) if len(text) <= _LONGEST_REMEMBERED else None


def canonicalize_nquads(text: str, *, budget: int = rdfc.BUDGET, hash: HashName = "sha256") -> str:
    """Give the canonical form of statements that are written in N-Quads.

    Raises MalformedIri (`malformed_nquads`) and TooMuchWork.
    """
    return rdfc.canonical_form(nquads.parse(text), budget=budget, hash_name=hash)
