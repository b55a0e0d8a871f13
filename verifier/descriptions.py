"""Step 7, second half: in a micro-credential the same thing is described the same way wherever it stands.

A signature covers statements and not their places: when the issuer's profile stands under `issuer` and again
under `creator`, a word left out of one of them is still said by the other, and the signature still fits. A
reader who looks at one place would miss it. So in documents of our own profile every description of one id
must be equal. A bare reference (`id` alone) is free, and so is a profile that gives no more than id, type
and name beside a fuller one. Badges of other profiles are not asked for this: their issuers never promised
it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from verifier.json_types import LEAVES, has_type

_NAMED_REFERENCE = frozenset({"id", "type", "name"})
_OWN_SIGNATURE = frozenset({"endorsement", "proof", "verifiableCredential"})

Node = Mapping[str, Any]


def described_differently(document: Node) -> str | None:
    """Give the first id that two parts of a document describe in different ways, or None."""
    by_id: dict[str, list[Node]] = {}
    for node in _described(document):
        by_id.setdefault(node["id"], []).append(node)
    return next((one for one, nodes in by_id.items() if len(nodes) > 1 and not _agree(nodes)), None)


def _described(document: Node) -> Iterator[Node]:
    """Give every object that says something of an id, but not what others have signed inside."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind is list:
            inside: Iterable[Any] = value
        elif kind is dict or isinstance(value, Mapping):
            if len(value) > 1 and isinstance(value.get("id"), str):
                yield value
            alone = _OWN_SIGNATURE.isdisjoint(value)
            inside = value.values() if alone else _without(value, _OWN_SIGNATURE)
        else:
            continue
        waiting += [one for one in inside if type(one) not in LEAVES]


def _without(node: Node, names: frozenset[str]) -> list[Any]:
    return [one for name, one in node.items() if name not in names]


def _agree(nodes: list[Node]) -> bool:
    fullest = max(nodes, key=len)
    return all(node == fullest or _refers(node, fullest) for node in nodes)


def _refers(node: Node, fullest: Node) -> bool:
    """Tell whether a profile only names the one that is described more fully elsewhere."""
    only_named = set(node) <= _NAMED_REFERENCE and has_type(node, "Profile")
    return only_named and not set(fullest) <= _NAMED_REFERENCE
