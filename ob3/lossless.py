"""Refuse what JSON-LD would leave unsigned, or what says one thing in JSON and another in its statements.

JSON-LD drops silently: nulls, nested lists, keywords that say nothing. And it lets one statement be written
in many ways: a member renamed from `credentialStatus` to its full IRI keeps every signature valid, while a
reader of the JSON no longer finds a status. So a document that gets signed or verified is held to one
spelling: members are named by terms, contexts by address, and everything in it counts.
Source: VC-DI 1.0, "Securing Data Losslessly" and "Context Validation"; THREATS J1 to J4.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any, NoReturn

from ob3.errors import ContextRefused, JsonRefused, UndefinedTerm
from ob3.places import Place, walk
from ob3.strict_json import check_number

# What the generic API may meet beside `@context`. Keywords that hide text from the statements (`@index`) or
# move them elsewhere (`@graph`, `@included`, `@reverse`, `@nest`) stay refused.
_VALUE_KEYWORDS = frozenset({"@id", "@type", "@value", "@language", "@direction", "@list", "@set"})
_OF_VALUES = frozenset({"@language", "@direction"})
_OF_A_PROOF = re.compile(r"/proof(/[0-9]+)?\Z")


def check_lossless(
    document: Any, *, known: Container[str], terms: Container[str], allow_keywords: bool = False
) -> None:
    """Refuse a document of which JSON-LD would drop or disguise a part.

    `known` holds the context addresses that may be named, `terms` the names that the document's contexts
    define; `allow_keywords` admits value objects (`@value`, `@language`, ...), which a badge may not have.
    Raises ContextRefused, UndefinedTerm and JsonRefused, with the place in the document.
    """
    if not isinstance(document, dict):
        raise JsonRefused("not_an_object", "The document is not a JSON object.")
    for path, part in walk(document):
        if isinstance(part, dict):
            check_members(part, path, terms, allow_keywords)
            if path and "@context" in part:
                check_nested_context(part, path, document.get("@context"), known, allow_keywords)
        else:
            check_value(part, path)
        if isinstance(part, list) and not allow_keywords and any(isinstance(item, list) for item in part):
            _undefined(
                "nested_list",
                f"The list at {path} holds a list; its order and shape would not be signed.",
                path,
            )


def context_urls(context: Any, known: Container[str], path: str | Place = "") -> tuple[str, ...]:
    """Give the addresses in an `@context` value, all of them known.

    Raises ContextRefused for inline contexts (`inline_context`), unknown addresses (`unknown_context`) and
    documents without any (`no_context`).
    """
    urls = tuple(context) if isinstance(context, list) else (context,)
    if context is None or not urls:
        raise ContextRefused("no_context", "The document names no @context.", f"{path}/@context")
    for number, url in enumerate(urls):
        if url in urls[:number]:
            # A set in VCDM 2.0, "Contexts"; and each naming costs the time of processing it.
            raise ContextRefused(
                "duplicate_context", "A context is named twice in one @context.", f"{path}/@context"
            )
        if not isinstance(url, str):
            raise ContextRefused(
                "inline_context",
                "A context is written into the document; only addresses of known contexts are accepted.",
                f"{path}/@context",
            )
        if url not in known:
            raise ContextRefused(
                "unknown_context",
                f"The context {url[:200]} is not one that is known here.",
                f"{path}/@context",
            )
    return urls


def check_members(part: dict[Any, Any], path: Place, terms: Container[str], allow_keywords: bool) -> None:
    """Refuse names of members that hide, move or rename what they hold."""
    for key in part:
        if not isinstance(key, str):
            raise JsonRefused(
                "not_json", f"The object at {path or 'the top'} has a name that is no text.", path
            )
        place = path / key
        if key == "@context":
            continue
        if key in terms:
            # `Criteria` and `criteria` are one IRI: the class must not stand in for the member.
            if key[:1].isupper() and not allow_keywords:
                _undefined("class_as_member", f"The member {key[:60]} is named like a type.", place)
        elif key.startswith("@"):
            if not (allow_keywords and key in _VALUE_KEYWORDS):
                _undefined(
                    "keyword_in_document",
                    f"The member {key[:60]} is a JSON-LD keyword; it is not allowed here.",
                    place,
                )
        elif ":" in key and not allow_keywords:
            _undefined(
                "iri_as_member", f"The member {key[:200]} is named by an IRI; use the term for it.", place
            )
    if not part.keys().isdisjoint(_OF_VALUES) and "@value" not in part:
        _undefined("keyword_in_document", "A language or direction stands without a value.", path)


def check_nested_context(
    part: dict[str, Any], path: Place, top: Any, known: Container[str], allow_keywords: bool
) -> None:
    """Allow `@context` below the top only in an embedded credential and in a proof that repeats its contexts.

    `top` is the `@context` of the whole document. With `allow_keywords` also in a credential that stands as a
    token in an envelope.
    Source: ARCHITECTURE, section 4; VC-DI-EdDSA 1.0, section 3.3.1, step 2; VCDM 2.0, section 4.13.1.
    """
    urls = context_urls(part["@context"], known, path)
    types = part.get("type")
    is_proof = types == "DataIntegrityProof" and _OF_A_PROOF.search(str(path)) is not None
    types = types if isinstance(types, list) else [types]
    first = top[0] if isinstance(top, list) and top else top
    embedded = ("VerifiableCredential", *(("EnvelopedVerifiableCredential",) if allow_keywords else ()))
    if not (is_proof or any(one in types for one in embedded)) or urls[0] != first:
        raise ContextRefused(
            "nested_context",
            "A context stands inside the document where no credential of the same kind is embedded.",
            f"{path}/@context",
        )


def check_value(part: Any, path: Place) -> None:
    """Refuse a value other than an object that would not be signed, or that is no JSON."""
    if part is None:
        _undefined("null_value", f"The member at {path} is null; it would not be signed. Leave it out.", path)
    if isinstance(part, str):
        try:
            part.encode()
        except UnicodeEncodeError as error:
            raise JsonRefused(
                "unreadable_character", f"The text at {path} holds half of a surrogate pair.", path
            ) from error
    elif isinstance(part, int | float):
        if not isinstance(part, bool):
            check_number(part, path)
    elif not isinstance(part, list):
        raise JsonRefused("not_json", f"The value at {path} is a {type(part).__name__}, not JSON.", path)


def _undefined(code: str, message: str, path: Place) -> NoReturn:
    raise UndefinedTerm(code, message, path)
