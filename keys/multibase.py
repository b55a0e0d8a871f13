"""Write and read bytes as text in the two multibase forms of the field: base58btc (`z`) and base64url (`u`).

Every reader accepts exactly one spelling of a value (THREATS P4): no padding, no white space, no spare bits.
"""

import base64
import hashlib
import re

from keys.errors import KeysError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_FIVE_PAIRS = 58**10  # the most that is one step of Python's arithmetic
# Base58 takes quadratic time, and nothing in this field that is written in it is longer than a signature.
_BASE58_LIMIT = 1_000
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_SHA2_256_MULTIHASH = b"\x12\x20"


def base58btc_encode(data: bytes) -> str:
    """Write bytes in base58 with the Bitcoin alphabet; a leading zero byte becomes a leading `1`."""
    pairs: list[str] = []
    number = int.from_bytes(data, "big")
    while number:
        number, five = divmod(number, _FIVE_PAIRS)
        for _ in range(5):
            five, pair = divmod(five, 58**2)
            pairs.append(_PAIRS[pair])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + "".join(reversed(pairs)).lstrip(_ALPHABET[0])


def base58btc_decode(text: str) -> bytes:
    """Read base58btc of at most 1,000 characters.

    Raises KeysError `malformed_multibase`.
    """
    if len(text) > _BASE58_LIMIT:
        raise KeysError("malformed_multibase", f"A base58 value may not exceed {_BASE58_LIMIT} characters.")
    number = 0
    for character in text:
        value = _VALUE.get(character)
        if value is None:
            raise KeysError("malformed_multibase", "A base58 value holds a character outside its alphabet.")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url_encode(data: bytes) -> str:
    """Write bytes in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """Read base64url without padding, refusing a second spelling of the same bytes.

    Raises KeysError `malformed_multibase`.
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise KeysError("malformed_multibase", "A value is not base64url without padding.")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url_encode(data) != text:
        raise KeysError("malformed_multibase", "A base64url value has spare bits that are not zero.")
    return data


def multibase_encode(data: bytes, base: str = "z") -> str:
    """Write bytes in the base named by its multibase letter: `z` (base58btc) or `u` (base64url, no padding).

    Raises KeysError `unsupported_multibase`.
    """
    if base == "z":
        return "z" + base58btc_encode(data)
    if base == "u":
        return "u" + base64url_encode(data)
    raise KeysError("unsupported_multibase", "A value can be written in base z or u only.")


def multibase_decode(text: str) -> bytes:
    """Read a multibase value that starts with `z` or `u`.

    Raises KeysError `malformed_multibase` or `unsupported_multibase`.
    """
    if not isinstance(text, str) or not text:
        raise KeysError("malformed_multibase", "A multibase value must be text that starts with its base.")
    if text[0] == "z":
        return base58btc_decode(text[1:])
    if text[0] == "u":
        return base64url_decode(text[1:])
    raise KeysError("unsupported_multibase", "A multibase value must start with z or u.")


def digest_multibase(data: bytes) -> str:
    """Give the `digestMultibase` of bytes: a SHA-256 multihash in base64url (VCDM 2.0, section 5.3)."""
    return multibase_encode(_SHA2_256_MULTIHASH + hashlib.sha256(data).digest(), "u")
