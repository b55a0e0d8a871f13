"""The kinds of keys that are read and made, each with its Multikey prefix and the module that computes.

An algorithm here is a kind of key together with its one hash, so that a name leaves nothing to choose:
`Ed25519`; `P-256` with SHA-256; `P-384` with SHA-384; `RSA` with SHA-256 and PKCS #1 v1.5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from keys import ecdsa, ed25519, rsa


@dataclass(frozen=True)
class Algorithm:
    """What can be done with one kind of key; `codec` is its Multicodec prefix for public keys.

    `expand` turns secret bytes into the public key and whatever `sign` takes, or None for no such secret.
    """

    name: str
    codec: bytes
    check_public: Callable[[bytes], None]
    verify: Callable[[bytes, bytes, bytes], bool]
    generate: Callable[[], bytes]
    expand: Callable[[bytes], tuple[bytes, Any] | None]
    sign: Callable[[Any, bytes], bytes]


def _curve(curve: ecdsa.Curve, codec: bytes) -> Algorithm:
    return Algorithm(
        curve.name, codec, curve.check_public, curve.verify, curve.generate, curve.expand, curve.sign
    )


_ALL = (
    Algorithm(
        "Ed25519",
        b"\xed\x01",
        ed25519.check_public,
        ed25519.verify,
        ed25519.generate,
        ed25519.expand,
        ed25519.sign,
    ),
    _curve(ecdsa.P256, b"\x80\x24"),
    _curve(ecdsa.P384, b"\x81\x24"),
    Algorithm("RSA", b"\x85\x24", rsa.check_public, rsa.verify, rsa.generate, rsa.expand, rsa.sign),
)

ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType({one.name: one for one in _ALL})
