"""Secret labels of blank nodes, and the map by which a reader finds them again.

Source: VC-DI-ECDSA 1.0, section 3.4, createLabelMapFunction; section 3.5, compressLabelMap and
decompressLabelMap.
"""

from __future__ import annotations

from collections.abc import Mapping

from keys.multibase import base64url_decode, base64url_encode
from ob3.errors import ProofInvalid
from ob3.nquads import Quad, write

_CANONICAL = "_:c14n"
_SECRET = "_:u"  # noqa: S105  (the beginning of a label, not a secret)


def label_of(digest: bytes) -> str:
    """Write a keyed digest as the label of a blank node."""
    return _SECRET + base64url_encode(digest)


def compressed(labels: Mapping[str, str]) -> dict[int, bytes]:
    """Give a map of canonical to secret labels as one of numbers to digests, in the order of the numbers."""
    return {
        int(label.removeprefix(_CANONICAL)): base64url_decode(secret.removeprefix(_SECRET))
        for label, secret in sorted(labels.items(), key=lambda item: int(item[0].removeprefix(_CANONICAL)))
    }


def relabelled(quads: list[Quad], label_map: Mapping[int, bytes]) -> list[str]:
    """Write canonical statements under their secret labels, sorted.

    The map must name each blank node of the statements and no other, each with a label of its own: two nodes
    with one label would become one, about which more is said than was signed.
    Raises ProofInvalid (`label_map_misfit`).
    """
    labels = {f"{_CANONICAL}{number}": label_of(digest) for number, digest in label_map.items()}
    found = {term for quad in quads for term in quad if term.startswith("_:")}
    if found != labels.keys() or len(set(labels.values())) != len(labels):
        raise ProofInvalid(
            "label_map_misfit",
            "The proof does not name exactly the unnamed parts of the document.",
            "/proof/proofValue",
        )
    return sorted(write(Quad(*(labels.get(term, term) for term in quad))) for quad in quads)
