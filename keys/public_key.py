"""A public key, its Multikey and did:key spellings, and the check of a signature."""

from dataclasses import dataclass

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from keys.errors import KeysError
from keys.multibase import base58btc_decode, base58btc_encode

_ED25519_PUBLIC_CODEC = b"\xed\x01"
_LONGEST_MULTIKEY = 200


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """Hold the 32 raw bytes of an Ed25519 public key that is known to be a sound point.

    Keys of small order, with which one signature fits every message, and keys outside the prime-order group
    raise KeysError `weak_key` (THREATS P5); a wrong length raises `malformed_key`.
    """

    raw: bytes
    algorithm: str = "Ed25519"

    def __post_init__(self) -> None:
        if self.algorithm != "Ed25519":
            raise KeysError("unsupported_key", "Only Ed25519 keys are supported.")
        if not isinstance(self.raw, bytes) or len(self.raw) != 32:
            raise KeysError("malformed_key", "An Ed25519 public key must have 32 bytes.")
        if not crypto_core_ed25519_is_valid_point(self.raw):
            raise KeysError(
                "weak_key", "An Ed25519 public key is not a sound point of the curve; it is refused."
            )

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """Read `publicKeyMultibase`: base58btc, Ed25519 codec, 34 bytes, at most 200 characters (THREATS N7).

        Raises KeysError `malformed_key`, `unsupported_key` or `weak_key`.
        """
        if not isinstance(text, str) or not text.startswith("z") or len(text) > _LONGEST_MULTIKEY:
            raise KeysError("malformed_key", "A Multikey must start with z and have at most 200 characters.")
        data = _multikey_bytes(text[1:])
        if data[:2] != _ED25519_PUBLIC_CODEC:
            raise KeysError("unsupported_key", "The Multikey is not an Ed25519 public key.")
        if len(data) != 34:
            raise KeysError("malformed_key", "An Ed25519 Multikey must hold 34 bytes.")
        return cls(raw=data[2:])

    @property
    def multikey(self) -> str:
        """Give the key as `publicKeyMultibase` (`z6Mk...`)."""
        return "z" + base58btc_encode(_ED25519_PUBLIC_CODEC + self.raw)

    @property
    def did_key(self) -> str:
        """Give the did:key that this key is."""
        return "did:key:" + self.multikey

    @property
    def did_key_method(self) -> str:
        """Give the verification method of the did:key."""
        return f"{self.did_key}#{self.multikey}"

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether the 64-byte signature is this key's over the data (RFC 8032, libsodium's rules)."""
        if len(signature) != 64:
            return False
        try:
            crypto_sign_open(signature + data, self.raw)
        except BadSignatureError:
            return False
        return True


def _multikey_bytes(text: str) -> bytes:
    try:
        return base58btc_decode(text)
    except KeysError as error:
        raise KeysError("malformed_key", "The Multikey is not base58btc text.") from error
