"""Turn a passphrase file into the key that seals other keys: argon2id, then XSalsa20-Poly1305 (libsodium)."""

from dataclasses import dataclass
from pathlib import Path
from typing import final

from nacl import exceptions, pwhash
from nacl.bindings import (
    crypto_pwhash_alg,
    crypto_pwhash_ALG_ARGON2ID13,
    crypto_secretbox,
    crypto_secretbox_KEYBYTES,
    crypto_secretbox_NONCEBYTES,
    crypto_secretbox_open,
)
from nacl.utils import random

from keys.errors import KeysError
from keys.private_file import read_private
from keys.unshown import Unshown

_LONGEST_PASSPHRASE_FILE = 4_096
_SHORTEST_PASSPHRASE = 12


@dataclass(frozen=True, kw_only=True)
class Hardness:
    """Set what one guess of the passphrase costs: argon2id passes, and memory in bytes."""

    opslimit: int = pwhash.argon2id.OPSLIMIT_MODERATE
    memlimit: int = pwhash.argon2id.MEMLIMIT_MODERATE

    def __post_init__(self) -> None:
        # The upper bounds keep a tampered header from taking the whole machine.
        if not (1 <= self.opslimit <= 16 and 8_192 <= self.memlimit <= 1_073_741_824):
            raise KeysError("store_damaged", "The cost of the key store's passphrase is out of range.")


MODERATE = Hardness()


@final
class SealingKey(Unshown):
    """Seal and unseal small secrets under a key that a passphrase gives."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def derive(cls, passphrase_file: Path, *, salt: bytes, hardness: Hardness) -> "SealingKey":
        """Read the passphrase and stretch it with argon2id; takes half a second at moderate hardness.

        Raises KeysError `passphrase_too_short`, `derivation_failed`, or what `read_private` raises.
        """
        passphrase = _Passphrase.read(passphrase_file)
        if passphrase.length < _SHORTEST_PASSPHRASE:
            raise KeysError(
                "passphrase_too_short",
                f"The passphrase in {passphrase_file} has fewer than {_SHORTEST_PASSPHRASE} characters. "
                "Write a longer one, for example with: openssl rand -base64 24",
            )
        sealing_key = passphrase.stretch(salt, hardness)
        if sealing_key is None:
            raise KeysError(
                "derivation_failed",
                f"The key store could not be opened: {hardness.memlimit // 2**20} MiB of memory are needed.",
            )
        return sealing_key

    def seal(self, data: bytes) -> bytes:
        """Encrypt and authenticate bytes under a fresh nonce, which comes first in the result."""
        nonce = random(crypto_secretbox_NONCEBYTES)
        return nonce + crypto_secretbox(data, nonce, self._key)

    def unseal(self, sealed: bytes) -> bytes | None:
        """Decrypt what `seal` made; None when it was changed or another key sealed it."""
        nonce, box = sealed[:crypto_secretbox_NONCEBYTES], sealed[crypto_secretbox_NONCEBYTES:]
        try:
            return crypto_secretbox_open(box, nonce, self._key)
        except exceptions.CryptoError:
            # The binding's frame holds the key among its local variables: the error ends here.
            return None


@final
class _Passphrase(Unshown):
    """Hold the passphrase so that no traceback of ours has it as a plain local variable."""

    __slots__ = ("_text",)

    def __init__(self, text: bytes) -> None:
        self._text = text

    @classmethod
    def read(cls, path: Path) -> "_Passphrase":
        return cls(read_private(path, what="passphrase file", limit=_LONGEST_PASSPHRASE_FILE).strip(b"\r\n"))

    @property
    def length(self) -> int:
        return len(self._text.strip())

    def stretch(self, salt: bytes, hardness: Hardness) -> SealingKey | None:
        try:
            return SealingKey(
                crypto_pwhash_alg(
                    crypto_secretbox_KEYBYTES,
                    self._text,
                    salt,
                    hardness.opslimit,
                    hardness.memlimit,
                    crypto_pwhash_ALG_ARGON2ID13,
                )
            )
        except (exceptions.CryptoError, MemoryError):
            return None
