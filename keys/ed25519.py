"""Ed25519 by libsodium, which refuses keys of small order (RFC 8032)."""

from functools import lru_cache

from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import BadSignatureError
from nacl.utils import random

from keys.errors import KeysError

_LENGTH = 32
_SIGNATURE_LENGTH = 64


@lru_cache(maxsize=1_000)
def check_public(raw: bytes) -> None:
    """Refuse a key with which one signature would fit every message (THREATS P5).

    To look at a point takes longer than to sign: sound keys are remembered, as nothing else decides.
    Raises KeysError `malformed_key` or `weak_key`.
    """
    if len(raw) != _LENGTH:
        raise KeysError("malformed_key", "An Ed25519 public key must have 32 bytes.")
    if not crypto_core_ed25519_is_valid_point(raw):
        raise KeysError("weak_key", "An Ed25519 public key is not a sound point of the curve; it is refused.")


def verify(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Say whether the 64 bytes are the key's signature of the data."""
    if len(signature) != _SIGNATURE_LENGTH:
        return False
    try:
        crypto_sign_open(signature + data, raw)
    except BadSignatureError:
        return False
    return True


def generate() -> bytes:
    """Give a new seed of 32 bytes."""
    return random(_LENGTH)


def expand(seed: bytes) -> tuple[bytes, bytes] | None:
    """Give the public key and libsodium's secret of a seed (RFC 8032, section 5.1.5); None for no seed."""
    return crypto_sign_seed_keypair(seed) if len(seed) == _LENGTH else None


def sign(expanded: bytes, data: bytes) -> bytes:
    """Give the 64-byte signature of the data."""
    return crypto_sign(data, expanded)[:_SIGNATURE_LENGTH]
