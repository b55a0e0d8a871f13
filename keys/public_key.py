"""A public key, its Multikey and did:key spellings, and the check of a signature."""

from dataclasses import dataclass

from keys.algorithms import ALGORITHMS
from keys.errors import KeysError
from keys.multibase import base58btc_decode, base58btc_encode

_LONGEST_MULTIKEY = 200  # characters; RSA keys, which are longer, travel as JWK (THREATS N7)
_LONGEST_OWN_MULTIKEY = 1_000  # characters, as base58 is read; an RSA key of 3072 bits has about 550
_IN_A_MULTIKEY = frozenset(ALGORITHMS) - {"RSA"}
_CODEC_LENGTH = 2


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """Hold the raw bytes of a public key that is known to be sound, and the name of its algorithm.

    `raw` is 32 bytes for `Ed25519`, a compressed point of 33 or 49 bytes for `P-256` and `P-384`, the DER of
    PKCS #1 for `RSA`. Keys of small order, with which one signature fits every message, short RSA keys and
    small exponents raise KeysError `weak_key` (THREATS P5); what is no key at all raises `malformed_key`,
    another algorithm `unsupported_key`.
    """

    raw: bytes
    algorithm: str = "Ed25519"

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise KeysError("unsupported_key", "A public key is of a kind that is not supported.")
        if not isinstance(self.raw, bytes):
            raise KeysError("malformed_key", "A public key must be bytes.")
        ALGORITHMS[self.algorithm].check_public(self.raw)

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """Read `publicKeyMultibase`: base58btc, a codec known here, at most 200 characters (THREATS N7).

        Raises KeysError `malformed_key`, `unsupported_key` or `weak_key`.
        """
        return cls._from_multikey(text, longest=_LONGEST_MULTIKEY, kinds=_IN_A_MULTIKEY)

    @classmethod
    def from_own_multikey(cls, text: str) -> "PublicKey":
        """Read back what `multikey` gave for any algorithm, RSA among them, from our own store.

        Raises KeysError as `from_multikey` does.
        """
        return cls._from_multikey(text, longest=_LONGEST_OWN_MULTIKEY, kinds=frozenset(ALGORITHMS))

    @classmethod
    def _from_multikey(cls, text: str, *, longest: int, kinds: frozenset[str]) -> "PublicKey":
        if not isinstance(text, str) or not text.startswith("z"):
            raise KeysError("malformed_key", "A Multikey must start with z.")
        if len(text) > longest:
            raise KeysError(
                "unsupported_key",
                f"The Multikey has more than {longest} characters, as no key read here has.",
            )
        data = _multikey_bytes(text[1:])
        for algorithm in ALGORITHMS.values():
            if data[:_CODEC_LENGTH] == algorithm.codec and algorithm.name in kinds:
                return cls(raw=data[_CODEC_LENGTH:], algorithm=algorithm.name)
        raise KeysError("unsupported_key", "The Multikey is of a kind that is not supported.")

    @property
    def multikey(self) -> str:
        """Give the key as `publicKeyMultibase` (`z6Mk...`, `zDna...`, `z82L...`)."""
        return "z" + base58btc_encode(ALGORITHMS[self.algorithm].codec + self.raw)

    @property
    def did_key(self) -> str:
        """Give the did:key that this key is."""
        return "did:key:" + self.multikey

    @property
    def did_key_method(self) -> str:
        """Give the verification method of the did:key."""
        return f"{self.did_key}#{self.multikey}"

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether the bytes are this key's signature of the data, in its algorithm's one form.

        64 bytes for `Ed25519` (RFC 8032, libsodium's rules) and `P-256`, 96 for `P-384` (r and s side by
        side), the length of the modulus for `RSA`.
        """
        return ALGORITHMS[self.algorithm].verify(self.raw, signature, data)


def _multikey_bytes(text: str) -> bytes:
    try:
        return base58btc_decode(text)
    except KeysError as error:
        raise KeysError("malformed_key", "The Multikey is not base58btc text.") from error
