"""A text that gets hashed, with its hash: made once, however often a proof over the same text is checked."""

from __future__ import annotations

import hashlib
from typing import Literal

HashName = Literal["sha256", "sha384"]

_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}  # by their names they take longer


class HashedText:
    """A text, given as such or in UTF-8, and its hash with one name, which is made when it is asked for."""

    __slots__ = ("_digest", "_given", "_hash_name")

    def __init__(self, given: str | bytes, hash_name: HashName) -> None:
        self._given = given
        self._hash_name = hash_name
        self._digest: bytes | None = None

    @property
    def text(self) -> str:
        """Give the text."""
        return self._given if isinstance(self._given, str) else self._given.decode()

    @property
    def digest(self) -> bytes:
        """Give the hash of the text in UTF-8."""
        if self._digest is None:
            written = self._given.encode() if isinstance(self._given, str) else self._given
            self._digest = _HASHES[self._hash_name](written).digest()
        return self._digest
