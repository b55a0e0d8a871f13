"""A secret key that signs and never shows itself: not in repr, str, format, pickle, copies or tracebacks."""

from typing import Any, final

from keys.algorithms import ALGORITHMS
from keys.errors import KeysError
from keys.public_key import PublicKey
from keys.signer import Signer
from keys.unshown import Unshown


@final
class SecretKey(Unshown):
    """Hold a secret key; its seed leaves only through `reveal_seed`, for the key store alone."""

    __slots__ = ("_expanded", "algorithm", "public_key")

    def __init__(self, expanded: "_Expanded") -> None:
        self.algorithm = expanded.algorithm
        self.public_key = PublicKey(raw=expanded.public, algorithm=expanded.algorithm)
        self._expanded = expanded

    @classmethod
    def generate(cls, algorithm: str = "Ed25519") -> "SecretKey":
        """Make a new key of an algorithm of `keys.algorithms` from the operating system's randomness.

        Raises KeysError `unsupported_key`.
        """
        if algorithm not in ALGORITHMS:
            raise KeysError("unsupported_key", "Keys of this kind cannot be made.")
        return cls.from_seed(ALGORITHMS[algorithm].generate(), algorithm)

    @classmethod
    def from_seed(cls, seed: bytes, algorithm: str = "Ed25519") -> "SecretKey":
        """Make the key that belongs to its secret bytes.

        They are 32 bytes for `Ed25519` (RFC 8032, section 5.1.5), the secret number in 32 or 48 bytes for
        `P-256` and `P-384`, the DER of PKCS #8 for `RSA`.
        Raises KeysError `malformed_key` or `unsupported_key`.
        """
        known = algorithm in ALGORITHMS
        expanded = _Expanded.of(seed, algorithm) if known and isinstance(seed, bytes) else None
        del seed  # a traceback that prints local variables must not find it here
        if not known:
            raise KeysError("unsupported_key", "Keys of this kind cannot be made.")
        if expanded is None:
            raise KeysError("malformed_key", f"These are not the secret bytes of a key for {algorithm}.")
        return cls(expanded)

    def reveal_seed(self) -> bytes:
        """Give the secret bytes, for encryption at rest and nothing else."""
        return self._expanded.seed

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data; the same data always give the same bytes.

        Raises KeysError `malformed_data` for anything but bytes.
        """
        if not isinstance(data, bytes):
            # a binding of C would raise with the secret among its local variables
            raise KeysError("malformed_data", "Only bytes can be signed.")
        return ALGORITHMS[self.algorithm].sign(self._expanded.secret, data)

    def signer(self, id: str | None = None) -> Signer:
        """Give the signer for a verification method; for the key's own did:key unless one is named."""
        return KeySigner(id or self.public_key.did_key_method, self)

    def __repr__(self) -> str:
        return f"<SecretKey {self.algorithm}, not shown>"


@final
class _Expanded(Unshown):
    """Keep the form of the secret that signs under a name that prints as nothing."""

    __slots__ = ("algorithm", "public", "secret", "seed")

    def __init__(self, algorithm: str, seed: bytes, public: bytes, secret: Any) -> None:
        self.algorithm, self.seed, self.public, self.secret = algorithm, seed, public, secret

    @classmethod
    def of(cls, seed: bytes, algorithm: str) -> "_Expanded | None":
        found = ALGORITHMS[algorithm].expand(seed)
        return cls(algorithm, seed, *found) if found else None


@final
class KeySigner(Unshown):
    """Sign under one verification method with a key held in memory."""

    __slots__ = ("_secret_key", "algorithm", "id")

    def __init__(self, verification_method: str, secret_key: SecretKey) -> None:
        self.id = verification_method
        self.algorithm = secret_key.algorithm
        self._secret_key = secret_key

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data; raises KeysError `malformed_data`."""
        return self._secret_key.sign(data)

    def __repr__(self) -> str:
        return f"<KeySigner {self.id}>"
