"""The secret numbers of one base proof: the key of its labels and the key pair that signs its statements.

Both belong to one proof and are never used again: with the key pair of two proofs in common, a holder could
show statements of one under the other.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys import SecretKey
from keys.ecdsa import P256
from ob3.errors import ProofInvalid

_HMAC_LENGTH = 32
_SCALAR_LENGTH = 48  # 128 bits more than the order of P-256, so that the remainder is as good as even
_SHORTEST_SECRET = 32
_PURPOSE = b"testamur ecdsa-sd-2023 base proof 1\0"


@dataclass(frozen=True)
class ProofMaterial:
    """The HMAC key, 32 bytes, and the P-256 key of one base proof."""

    hmac_key: bytes = field(repr=False)
    proof_key: SecretKey


def random_material() -> ProofMaterial:
    """Give new material from the operating system's randomness."""
    return ProofMaterial(secrets.token_bytes(_HMAC_LENGTH), SecretKey.generate("P-256"))


def repeatable_material(
    secret: bytes, document: dict[str, Any], options: dict[str, Any], mandatory_pointers: Sequence[str]
) -> ProofMaterial:
    """Derive material from a secret of at least 32 random bytes and everything that is signed.

    The same document, options and pointers give the same material, any other gives another.
    Raises ProofInvalid (`short_secret`). Source: RFC 5869 (HKDF with SHA-256).
    """
    if len(secret) < _SHORTEST_SECRET:
        raise ProofInvalid("short_secret", f"The secret must have at least {_SHORTEST_SECRET} bytes.")
    pointers = json.dumps(list(mandatory_pointers))  # which may still be anything
    signed = hashlib.sha256(rfc8785.dumps([document, options, pointers])).digest()
    derived = HKDF(
        algorithm=SHA256(), length=_HMAC_LENGTH + _SCALAR_LENGTH, salt=None, info=_PURPOSE + signed
    ).derive(secret)
    number = int.from_bytes(derived[_HMAC_LENGTH:]) % (P256.order - 1) + 1
    return ProofMaterial(derived[:_HMAC_LENGTH], SecretKey.from_seed(number.to_bytes(P256.size), "P-256"))
