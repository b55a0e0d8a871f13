"""A secret key that signs and never shows itself: not in repr, str, format, pickle, copies or tracebacks."""

from typing import final

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair
from nacl.utils import random

from keys.errors import KeysError
from keys.public_key import PublicKey
from keys.signer import Signer
from keys.unshown import Unshown

_SEED_LENGTH = 32
_SIGNATURE_LENGTH = 64


@final
class SecretKey(Unshown):
    """Hold an Ed25519 secret key; its seed leaves only through `reveal_seed`, for the key store alone."""

    __slots__ = ("_expanded", "algorithm", "public_key")

    def __init__(self, expanded: "_Expanded") -> None:
        self.algorithm = "Ed25519"
        self.public_key = PublicKey(raw=expanded.public)
        self._expanded = expanded

    @classmethod
    def generate(cls, algorithm: str = "Ed25519") -> "SecretKey":
        """Make a new key from the operating system's randomness.

        Raises KeysError `unsupported_key`.
        """
        if algorithm != "Ed25519":
            raise KeysError("unsupported_key", "Only Ed25519 keys can be made.")
        return cls(_Expanded(random(_SEED_LENGTH)))

    @classmethod
    def from_seed(cls, seed: bytes) -> "SecretKey":
        """Make the key that belongs to 32 bytes of seed (RFC 8032, section 5.1.5).

        Raises KeysError `malformed_key`.
        """
        sound = isinstance(seed, bytes) and len(seed) == _SEED_LENGTH
        expanded = _Expanded(seed) if sound else None
        del seed  # a traceback that prints local variables must not find it here
        if expanded is None:
            raise KeysError("malformed_key", "The seed of an Ed25519 key must be 32 bytes.")
        return cls(expanded)

    def reveal_seed(self) -> bytes:
        """Give the 32 secret bytes, for encryption at rest and nothing else."""
        return self._expanded.secret[:_SEED_LENGTH]

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of the data.

        Raises KeysError `malformed_data` for anything but bytes.
        """
        if not isinstance(data, bytes):
            # libsodium's binding would raise with the secret among its local variables
            raise KeysError("malformed_data", "Only bytes can be signed.")
        return crypto_sign(data, self._expanded.secret)[:_SIGNATURE_LENGTH]

    def signer(self, id: str | None = None) -> Signer:
        """Give the signer for a verification method; for the key's own did:key unless one is named."""
        return KeySigner(id or self.public_key.did_key_method, self)

    def __repr__(self) -> str:
        return "<SecretKey Ed25519, not shown>"


@final
class _Expanded(Unshown):
    """Keep libsodium's 64-byte form of the secret under a name that prints as nothing."""

    __slots__ = ("public", "secret")

    def __init__(self, seed: bytes) -> None:
        self.public, self.secret = crypto_sign_seed_keypair(seed)


@final
class KeySigner(Unshown):
    """Sign under one verification method with a key held in memory."""

    __slots__ = ("_secret_key", "algorithm", "id")

    def __init__(self, verification_method: str, secret_key: SecretKey) -> None:
        self.id = verification_method
        self.algorithm = secret_key.algorithm
        self._secret_key = secret_key

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of the data; raises KeysError `malformed_data`."""
        return self._secret_key.sign(data)

    def __repr__(self) -> str:
        return f"<KeySigner {self.id}>"
