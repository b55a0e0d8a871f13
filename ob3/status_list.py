"""The W3C Bitstring Status List: a bit per credential, gzipped, in a credential of its own.

>>> statuses = BitstringStatusList()
>>> statuses.set(94567, True)
>>> BitstringStatusList.decode(statuses.encoded()).get(94567)
True
"""

import zlib
from collections.abc import Iterable
from typing import Any

from isal import isal_zlib

from keys import KeysError
from keys.multibase import base64url_decode, base64url_encode
from ob3.errors import StatusListInvalid

SMALLEST_LENGTH = 131_072  # entries; fewer would tell whose status is asked for (section 6.1, herd privacy)
LARGEST_LIST = 4 * 2**20  # bytes once inflated (THREATS S5)
PURPOSES = ("revocation", "suspension")

_CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
_GZIP_WRAPPER = 16 + zlib.MAX_WBITS
# RFC 1952: deflate, no flags, time 0, no hint, Unix. Written by hand: the clock may not change the
# text that the same bits give.
_GZIP_HEADER = bytes.fromhex("1f8b0800000000000003")
_IGZIP_LEVEL = 2  # a twentieth more text than zlib's 6 at a fortieth of its time (docs/adr/0029)
_PART = SMALLEST_LENGTH // 8  # bytes; packed and written by itself, so that what did not change is kept
# A packed part is filled up to a multiple of this. So a list seldom changes its length, and a database writes
# only the pages on which something changed; and each part is whole in base64, which takes three at once.
_FULL = 192
# RFC 1951, sections 3.2.4 and 3.2.6: blocks with nothing in them, of five and six bytes where a byte begins.
_FIVE, _SIX = bytes.fromhex("000000ffff"), bytes.fromhex("02000000ffff")
_LEAST_FILLED = 20  # this and each larger number is a sum of fives and sixes
_END = b"\x03\x00"  # a last block with nothing in it
_HEAD = base64url_encode(_GZIP_HEADER + _FIVE)


class BitstringStatusList:
    """Hold `length` statuses of one bit, all unset at first; index 0 is the leftmost bit of the first byte.

    It remembers how its parts were written until one of their bits is set; a copy remembers the same. While
    one thread sets bits no other may use the list.
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
        self._written: dict[int, str] = {}  # parts, by the byte with which they begin

    @classmethod
    def of(cls, indexes: Iterable[int], length: int = SMALLEST_LENGTH) -> "BitstringStatusList":
        """Make a list in which the entries at these indexes are set, and no other.

        Raises StatusListInvalid `status_list_length` and `status_list_index`.
        """
        statuses, wanted = cls(length), list(indexes)
        if wanted and not 0 <= min(wanted) <= max(wanted) < length:
            raise _beyond(length)
        bits = statuses._bits
        for index in wanted:
            bits[index >> 3] |= 0x80 >> (index & 7)
        return statuses

    def copy(self) -> "BitstringStatusList":
        """Give a list of its own with the same statuses."""
        made = type(self)(self.length)
        made._bits[:] = self._bits
        made._written.update(self._written)
        return made

    def differences(self, other: "BitstringStatusList") -> int:
        """Count the entries at which two lists of one length differ.

        Raises StatusListInvalid `status_list_length`.
        """
        if self.length != other.length:
            raise StatusListInvalid("status_list_length", "Two lists of different lengths were compared.")
        mine, theirs = (int.from_bytes(one._bits, "big") for one in (self, other))
        return (mine ^ theirs).bit_count()

    @property
    def length(self) -> int:
        """Give the number of entries."""
        return len(self._bits) * 8

    def get(self, index: int) -> bool:
        """Say whether the bit at an index is set; raises StatusListInvalid `status_list_index`."""
        byte, mask = self._position(index)
        return bool(self._bits[byte] & mask)

    def value(self, index: int, *, size: int = 1) -> int:
        """Give the status at an index of a list in which each status takes `size` bits, the highest first.

        Raises StatusListInvalid `status_list_length` where so few statuses fit into the list that it tells
        whose is asked for, and `status_list_index`. Source: Bitstring Status List v1.0, section 3.2.
        """
        if size < 1 or self.length // size < SMALLEST_LENGTH:
            raise StatusListInvalid(
                "status_list_length",
                f"The status list holds {self.length // max(size, 1):,} statuses of {size} bits; it needs at "
                f"least {SMALLEST_LENGTH:,}.",
            )
        if not 0 <= index < self.length // size:
            raise _beyond(self.length // size)
        found = 0
        for at in range(index * size, (index + 1) * size):
            found = found << 1 | self.get(at)
        return found

    def set(self, index: int, value: bool) -> None:
        """Set or clear the bit at an index; raises StatusListInvalid `status_list_index`."""
        byte, mask = self._position(index)
        self._written.pop(byte - byte % _PART, None)
        if value:
            self._bits[byte] |= mask
        else:
            self._bits[byte] &= ~mask

    def encoded(self) -> str:
        """Write the list as `encodedList`: gzip, then multibase base64url without padding (section 3.3).

        The same bits give the same text where one version of igzip makes it on one kind of processor.
        """
        parts = [self._part(start) for start in range(0, len(self._bits), _PART)]
        trailer = isal_zlib.crc32(self._bits).to_bytes(4, "little") + len(self._bits).to_bytes(4, "little")
        return "".join(["u", _HEAD, *parts, base64url_encode(_END + trailer)])

    @classmethod
    def decode(cls, encoded: str, *, max_bytes: int = LARGEST_LIST) -> "BitstringStatusList":
        """Read an `encodedList` that inflates to at most `max_bytes` bytes (section 3.4).

        Raises StatusListInvalid `status_list_encoding`, `status_list_too_large` or `status_list_length`.
        """
        if not isinstance(encoded, str) or not encoded.startswith("u"):
            raise StatusListInvalid(
                "status_list_encoding", "The encodedList must be text that starts with u."
            )
        return cls._from_base64(encoded[1:], max_bytes)

    @classmethod
    def decode_2021(cls, encoded: str, *, max_bytes: int = LARGEST_LIST) -> "BitstringStatusList":
        """Read the `encodedList` of a StatusList2021: the same gzip, in base64 of either alphabet.

        Its text asks for base64, its authors' programs write base64url; padding is read and left out alike.
        Raises what `decode` does. Source: Verifiable Credentials Status List v2021, section 4.1.
        """
        if not isinstance(encoded, str) or (set("+/") & set(encoded) and set("-_") & set(encoded)):
            raise StatusListInvalid("status_list_encoding", "The encodedList must be text in base64.")
        plain = encoded.removesuffix("=").removesuffix("=")
        return cls._from_base64(plain.replace("+", "-").replace("/", "_"), max_bytes)

    @classmethod
    def _from_base64(cls, text: str, max_bytes: int) -> "BitstringStatusList":
        bits = _inflate(_packed(text, max_bytes), max_bytes)
        statuses = cls(len(bits) * 8)
        statuses._bits[:] = bits
        return statuses

    def _part(self, start: int) -> str:
        """Write the part that begins with a byte, whole in itself and without an end of the text."""
        if start not in self._written:
            deflate = isal_zlib.compressobj(level=_IGZIP_LEVEL, wbits=-zlib.MAX_WBITS)
            part = deflate.compress(self._bits[start : start + _PART]) + deflate.flush(zlib.Z_FULL_FLUSH)
            self._written[start] = base64url_encode(part + _nothing(-(len(part) + _LEAST_FILLED) % _FULL))
        return self._written[start]

    def _position(self, index: int) -> tuple[int, int]:
        if not 0 <= index < self.length:
            raise _beyond(self.length)
        byte, bit = divmod(index, 8)
        return byte, 0x80 >> bit


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


def _beyond(length: int) -> StatusListInvalid:
    return StatusListInvalid(
        "status_list_index", f"The index lies outside the status list, which has {length:,} entries."
    )


def _nothing(more: int) -> bytes:
    """Give blocks with nothing in them, so many bytes more than the least number that can be filled."""
    fives, sixes = divmod(_LEAST_FILLED + more, 5)
    return _FIVE * (fives - sixes) + _SIX * sixes


def _packed(text: str, max_bytes: int) -> bytes:
    if len(text) > 2 * max_bytes:
        raise StatusListInvalid("status_list_too_large", "The encodedList is too long.")
    try:
        return base64url_decode(text)
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
