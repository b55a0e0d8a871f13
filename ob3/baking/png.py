"""Credentials in PNG pictures: walk the chunks ourselves, never decode a pixel (THREATS U1)."""

import struct
from typing import NamedTuple

from isal import isal_zlib

from ob3.baking.limits import BakingLimits
from ob3.baking.refusal import ImageRefused
from ob3.baking.text import extracted_text

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
# After the keyword: compression flag, compression method, empty language tag, empty translated keyword.
_UNCOMPRESSED = b"\0\0\0\0\0"
_TEXT_CHUNKS = frozenset({b"iTXt", b"tEXt", b"zTXt"})
_LARGEST_CHUNK = 2**31 - 1
_HEAD = struct.Struct(">I4s")  # how long the data are, and of what kind
_CHECKSUM = struct.Struct(">I")


class _Chunk(NamedTuple):
    """A part of a picture, of which nothing is copied that nobody asks for: pixels are most of it."""

    kind: bytes
    whole: memoryview

    @property
    def data(self) -> memoryview:
        return self.whole[8:-4]

    @property
    def carries_credential(self) -> bool:
        """Whether a null character, or nothing, follows the keyword."""
        if self.kind not in _TEXT_CHUNKS:
            return False
        return bytes(self.data[: len(_KEYWORD) + 1]).removesuffix(b"\0") == _KEYWORD


def is_png(image: bytes) -> bool:
    """Say whether bytes start as a PNG does."""
    return image.startswith(_SIGNATURE)


def bake_png(image: bytes, credential: bytes, *, limits: BakingLimits) -> bytes:
    """Give the PNG with exactly one uncompressed iTXt chunk for the credential, right after its header.

    `credential` is UTF-8 that `credential_to_bake` gave. The checksums of parts that stay are left to
    `carried_by_png`, to which the picture must be given before anybody gets it: most of the time goes into
    them. Raises BakingRefused `malformed_png` or `too_many_chunks`.
    """
    header, *rest = _chunks(image, limits)
    _check([chunk for chunk in rest if chunk.carries_credential])
    kept = [chunk.whole for chunk in rest if not chunk.carries_credential]
    return b"".join([_SIGNATURE, header.whole, *_text_chunk(_KEYWORD + _UNCOMPRESSED, credential), *kept])


def unbake_png(image: bytes, *, limits: BakingLimits) -> str:
    """Give the credential of a PNG from wherever it stands: 1EdTech's samples have it after the pixels.

    Raises what `carried_by_png` raises, `malformed_credential` or `credential_too_large`.
    """
    return extracted_text(carried_by_png(image, limits=limits), limits=limits)


def carried_by_png(image: bytes, *, limits: BakingLimits) -> bytes:
    """Give the bytes that stand in a PNG for a credential.

    Raises BakingRefused `malformed_png`, `too_many_chunks`, `no_credential`, `two_credentials` or
    `credential_form`.
    """
    chunks = _chunks(image, limits)
    _check(chunks)
    found = [chunk for chunk in chunks if chunk.carries_credential]
    if not found:
        raise ImageRefused("no_credential", "The PNG picture carries no Open Badges credential.")
    if len(found) > 1:
        raise ImageRefused("two_credentials", "The PNG picture carries more than one credential.")
    return _text(found[0])


def _text(chunk: _Chunk) -> bytes:
    """Give the text of an iTXt chunk (PNG third edition, section 11.3.3.4)."""
    if chunk.kind != b"iTXt":
        raise ImageRefused(
            "credential_form", "The credential stands in a text chunk of another kind than iTXt."
        )
    after = chunk.data[len(_KEYWORD) + 1 :]
    if bytes(after[:2]) != b"\0\0":
        raise ImageRefused(
            "credential_form", "The credential in the PNG picture is compressed; it may not be."
        )
    parts = bytes(after[2:]).split(b"\0", 2)
    if len(parts) != 3:
        raise ImageRefused("malformed_png", "The text chunk with the credential is cut off.")
    return parts[2]


def _chunks(image: bytes, limits: BakingLimits) -> list[_Chunk]:
    """Give each chunk up to IEND, which must end the file: what follows it could be a second picture."""
    chunks: list[_Chunk] = []
    view, at = memoryview(image), len(_SIGNATURE)
    while not chunks or chunks[-1].kind != b"IEND":
        if len(chunks) == limits.png_chunks:
            raise ImageRefused("too_many_chunks", "The PNG picture has too many parts.", limit=True)
        kind, end = _chunk_at(view, at)
        chunks.append(_Chunk(kind, view[at:end]))
        at = end
    if at != len(image):
        raise _malformed("has data after its end")
    if chunks[0].kind != b"IHDR" or len(chunks[0].whole) != 13 + 12:
        raise _malformed("does not begin with its header")
    if any(chunk.kind == b"IHDR" for chunk in chunks[1:]):
        raise _malformed("has two headers")
    return chunks


def _chunk_at(image: memoryview, at: int) -> tuple[bytes, int]:
    """Give the kind of the chunk that begins there, and where it ends."""
    if len(image) < at + 12:
        raise _malformed("is cut off")
    length, kind = _HEAD.unpack_from(image, at)
    end = at + 12 + length
    if length > _LARGEST_CHUNK or end > len(image):
        raise _malformed("is cut off")
    if not kind.isalpha():
        raise _malformed("has a part of no proper kind")
    return kind, end


def _check(chunks: list[_Chunk]) -> None:
    """Refuse a picture of which a part was damaged (PNG third edition, section 5.3)."""
    for chunk in chunks:
        if isal_zlib.crc32(chunk.whole[4:-4]) != _CHECKSUM.unpack_from(chunk.whole, len(chunk.whole) - 4)[0]:
            raise _malformed("has a part whose checksum does not fit")


def _text_chunk(head: bytes, text: bytes) -> tuple[bytes, ...]:
    """Give the pieces of an iTXt chunk, so that the text is copied only into the picture."""
    start = b"iTXt" + head
    checksum = isal_zlib.crc32(text, isal_zlib.crc32(start))
    return (len(head) + len(text)).to_bytes(4, "big"), start, text, _CHECKSUM.pack(checksum)


def _malformed(reason: str) -> ImageRefused:
    return ImageRefused("malformed_png", f"The PNG picture {reason}.")
