"""RSA with PKCS #1 v1.5 and SHA-256, for JWTs in RS256 alone (RFC 7518, section 3.3).

A public key is the DER of PKCS #1 `RSAPublicKey`, a secret one the DER of PKCS #8.
"""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from keys.errors import KeysError

_SMALLEST, _LARGEST = 2048, 8192  # bits; larger ones only cost time (THREATS P5)
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = 65_537, 2**32


def check_public(raw: bytes) -> None:
    """Refuse short keys and small exponents (THREATS P5); raises KeysError `malformed_key` or `weak_key`."""
    numbers = _loaded(raw).public_numbers()
    check_numbers(numbers.n, numbers.e)
    if from_numbers(numbers.n, numbers.e) != raw:
        raise KeysError("malformed_key", "An RSA public key is not written in its one DER form.")


def check_numbers(n: int, e: int) -> None:
    """Refuse a modulus or an exponent that makes a key weak, or costly; raises KeysError `weak_key`."""
    if not _SMALLEST <= n.bit_length() <= _LARGEST or n % 2 == 0:
        raise KeysError("weak_key", "An RSA key must have 2048 to 8192 bits; this one is refused.")
    if not _SMALLEST_EXPONENT <= e < _LARGEST_EXPONENT or e % 2 == 0:
        raise KeysError("weak_key", "The exponent of an RSA key is not one that is safe; it is refused.")


def from_numbers(n: int, e: int) -> bytes:
    """Give the DER of a modulus and an exponent that `check_numbers` let pass."""
    return rsa.RSAPublicNumbers(e, n).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def numbers(raw: bytes) -> tuple[int, int]:
    """Give modulus and exponent."""
    found = _loaded(raw).public_numbers()
    return found.n, found.e


def verify(raw: bytes, signature: bytes, data: bytes) -> bool:
    """Say whether the bytes are the key's signature of the data."""
    try:
        _loaded(raw).verify(signature, data, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def generate() -> bytes:
    """Give a new secret key of 3072 bits."""
    secret = rsa.generate_private_key(public_exponent=_SMALLEST_EXPONENT, key_size=3072)
    return secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def expand(seed: bytes) -> tuple[bytes, rsa.RSAPrivateKey] | None:
    """Give the public key and the secret of PKCS #8 bytes; None for anything else."""
    try:
        secret = load_der_private_key(seed, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(secret, rsa.RSAPrivateKey):
        return None
    return secret.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1), secret


def sign(secret: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """Give the signature of the data, as long as the modulus."""
    return secret.sign(data, padding.PKCS1v15(), SHA256())


def _loaded(raw: bytes) -> rsa.RSAPublicKey:
    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeysError("malformed_key", "An RSA public key cannot be read.") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise KeysError("malformed_key", "A public key said to be RSA is of another kind.")
    return key
