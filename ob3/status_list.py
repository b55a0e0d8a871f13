"""The W3C Bitstring Status List: a bit per credential, gzipped, in a credential of its own.

>>> statuses = BitstringStatusList()
>>> statuses.set(94567, True)
>>> BitstringStatusList.decode(statuses.encoded()).get(94567)
True
"""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from keys import KeysError
from keys.multibase import base64url_decode, base64url_encode
from ob3.errors import StatusListInvalid

SMALLEST_LENGTH = 131_072  # entries; fewer would tell whose status is asked for (section 6.1, herd privacy)
LARGEST_LIST = 4 * 2**20  # bytes once inflated (THREATS S5)
PURPOSES = ("revocation", "suspension")

_CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_LARGEST_INDEX = 10**16
_GZIP_WRAPPER = 16 + zlib.MAX_WBITS
# RFC 1952: deflate, no flags, time 0, no hint, Unix. Written by hand: neither the clock nor the platform may
# change the bytes that the same bits give.
_GZIP_HEADER = bytes.fromhex("1f8b0800000000000003")


class BitstringStatusList:
    """Hold `length` statuses of one bit, all unset at first; index 0 is the leftmost bit of the first byte.

    A length below 131,072 or not a multiple of 8 raises StatusListInvalid `status_list_length`.
    Source: Bitstring Status List v1.0, sections 2.2 and 3.3.
    """

    def __init__(self, length: int = SMALLEST_LENGTH) -> None:
        if length < SMALLEST_LENGTH or length % 8:
            raise StatusListInvalid(
                "status_list_length",
                f"A status list needs at least {SMALLEST_LENGTH:,} entries in whole bytes, not {length:,}.",
            )
        self._bits = bytearray(length // 8)

    @property
    def length(self) -> int:
        """Give the number of entries."""
        return len(self._bits) * 8

    def get(self, index: int) -> bool:
        """Say whether the bit at an index is set; raises StatusListInvalid `status_list_index`."""
        byte, mask = self._position(index)
        return bool(self._bits[byte] & mask)

    def set(self, index: int, value: bool) -> None:
        """Set or clear the bit at an index; raises StatusListInvalid `status_list_index`."""
        byte, mask = self._position(index)
        if value:
            self._bits[byte] |= mask
        else:
            self._bits[byte] &= ~mask

    def encoded(self) -> str:
        """Write the list as `encodedList`: gzip, then multibase base64url without padding (section 3.3).

        The same bits always give the same text.
        """
        deflate = zlib.compressobj(level=6, wbits=-zlib.MAX_WBITS)
        body = deflate.compress(self._bits) + deflate.flush()
        trailer = zlib.crc32(self._bits).to_bytes(4, "little") + len(self._bits).to_bytes(4, "little")
        return "u" + base64url_encode(_GZIP_HEADER + body + trailer)

    @classmethod
    def decode(cls, encoded: str, *, max_bytes: int = LARGEST_LIST) -> "BitstringStatusList":
        """Read an `encodedList` that inflates to at most `max_bytes` bytes (section 3.4).

        Raises StatusListInvalid `status_list_encoding`, `status_list_too_large` or `status_list_length`.
        """
        bits = _inflate(_packed(encoded, max_bytes), max_bytes)
        statuses = cls(len(bits) * 8)
        statuses._bits[:] = bits
        return statuses

    def _position(self, index: int) -> tuple[int, int]:
        if not 0 <= index < self.length:
            raise StatusListInvalid(
                "status_list_index",
                f"The index lies outside the status list, which has {self.length:,} entries.",
            )
        byte, bit = divmod(index, 8)
        return byte, 0x80 >> bit


def parse_index(text: object) -> int:
    """Read `statusListIndex`: decimal text in ASCII digits, without sign, space or leading zero (THREATS S4).

    A JSON integer is read too: 1EdTech's own revoked sample has one, and it can mean one thing only.
    Raises StatusListInvalid `status_list_index`.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text) if 0 <= text < _LARGEST_INDEX else ""
    if not isinstance(text, str) or not _INDEX.fullmatch(text):
        raise StatusListInvalid(
            "status_list_index",
            "The statusListIndex of a status entry must be a whole number written as text.",
        )
    return int(text)


def check_status_size(entry: object) -> None:
    """Make sure that a status entry uses one bit, the only size read here (THREATS S4).

    Raises StatusListInvalid `status_size`.
    """
    size = entry.get("statusSize", 1) if isinstance(entry, Mapping) else None
    if isinstance(size, bool) or size != 1:
        raise StatusListInvalid("status_size", "A status of more than one bit cannot be read here.")


def status_list_credential(
    *,
    url: str,
    issuer: str | dict[str, Any],
    purpose: str,
    statuses: BitstringStatusList,
    valid_from: str,
    valid_until: str,
) -> dict[str, Any]:
    """Make the unsigned credential that carries a status list and is served at `url`.

    `issuer` is an id or a Profile; times are RFC 3339 text. Raises StatusListInvalid `status_purpose`.
    Source: Bitstring Status List v1.0, section 2.2.
    """
    if purpose not in PURPOSES:
        raise StatusListInvalid("status_purpose", f"A status list is made for {' or '.join(PURPOSES)} only.")
    return {
        "@context": [_CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "validUntil": valid_until,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": statuses.encoded(),
        },
    }


def _packed(encoded: object, max_bytes: int) -> bytes:
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusListInvalid("status_list_encoding", "The encodedList must be text that starts with u.")
    if len(encoded) > 2 * max_bytes:
        raise StatusListInvalid("status_list_too_large", "The encodedList is too long.")
    try:
        return base64url_decode(encoded[1:])
    except KeysError as error:
        raise StatusListInvalid(
            "status_list_encoding", "The encodedList is not base64url without padding."
        ) from error


def _inflate(packed: bytes, max_bytes: int) -> bytes:
    """Inflate one gzip member, never producing more than a byte beyond the limit."""
    inflater = zlib.decompressobj(wbits=_GZIP_WRAPPER)
    try:
        bits = inflater.decompress(packed, max_bytes + 1)
    except zlib.error as error:
        raise StatusListInvalid("status_list_encoding", "The encodedList is not sound gzip data.") from error
    if len(bits) > max_bytes:
        raise StatusListInvalid(
            "status_list_too_large", f"The status list has more than {max_bytes:,} bytes once inflated."
        )
    if not inflater.eof or inflater.unused_data:
        raise StatusListInvalid(
            "status_list_encoding", "The encodedList must hold one whole gzip member and nothing after it."
        )
    return bits
