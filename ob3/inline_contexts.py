"""Contexts that are written into a document, given addresses, so that they are processed like any other.

Badges may not have them. Elsewhere each becomes a context of its own under an address made of its digest, and
what may stand in it is little: names with a meaning, and no power over contexts, keywords or hidden text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ob3.contexts import context_digest
from ob3.errors import ContextRefused

_PREFIX = "urn:inline-context:sha256:"
_MOST = 8
_ALLOWED = frozenset({"@vocab", "@version", "@protected", "@language"})

Contexts = Mapping[str, dict[str, Any]]


def with_addresses(
    document: dict[str, Any], contexts: Contexts | None
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Give a copy of a document that names its inline contexts, and all contexts to read beside the pinned.

    Raises ContextRefused: `inline_context` for one that uses more than terms, `too_many_contexts`.
    Source: VCDM 2.0, section 4.3: further contexts are addresses or objects.
    """
    found: dict[str, dict[str, Any]] = {}
    named = _named(document, found)
    return named, {**(contexts or {}), **found}


def _named(value: Any, found: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_named(one, found) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _sequence(part, found) if name == "@context" else _named(part, found)
        for name, part in value.items()
    }


def _sequence(value: Any, found: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return _address(value, found)
    if isinstance(value, list):
        return [_address(one, found) if isinstance(one, dict) else one for one in value]
    return value


def _address(context: dict[str, Any], found: dict[str, dict[str, Any]]) -> str:
    for name, target in _definitions(context):
        if name.startswith("@") and name not in _ALLOWED:
            _refuse(f"A context in the document uses {name[:60]}, which is not allowed there.")
        if not name.startswith("@") and not isinstance(target, str | None):
            _refuse(f"A context in the document gives {name[:60]} a meaning that is no address.")
        if not name.startswith("@") and isinstance(target, str) and target.startswith("@"):
            _refuse(f"A context in the document gives {name[:60]} the meaning of a keyword.")
    try:
        address = _PREFIX + context_digest(context)
    except (ValueError, TypeError):  # numbers and texts that RFC 8785 has no form for
        _refuse("A context in the document holds values that no context has.")
    found[address] = {"@context": context}
    if len(found) > _MOST:
        raise ContextRefused(
            "too_many_contexts", f"More than {_MOST} contexts are written into the document."
        )
    return address


def _definitions(context: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give each name with its meaning, of this context and of those inside its definitions."""
    for name, definition in context.items():
        if name.startswith("@") or not isinstance(definition, dict):
            yield name, definition
            continue
        yield name, definition.get("@id")
        nested = definition.get("@context")
        if isinstance(nested, dict):
            yield from _definitions(nested)
        elif nested is not None:
            _refuse(f"A context in the document refers to another in the meaning of {name[:60]}.")


def _refuse(message: str) -> NoReturn:
    raise ContextRefused("inline_context", message, "/@context")
