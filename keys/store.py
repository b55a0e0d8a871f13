"""The key store: a folder of secret keys encrypted at rest; only the worker and the issuing commands open it.

The folder (0700) holds `store.json` (0600) with the salt, the cost of a guess and a check value, and one
file per key (0600), named by the SHA-256 of its verification method. The method is sealed in with the secret
bytes and the name of their algorithm, so that a file put in another's place is noticed. Files appear whole or
not at all, and two processes may add keys at once.

Files written before there were other kinds of keys hold the 32 bytes of an Ed25519 seed and the method; they
are read as well, and stay as they are.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, final

from nacl.bindings import crypto_pwhash_SALTBYTES
from nacl.utils import random

from keys.errors import KeysError
from keys.passphrase import MODERATE, Hardness, SealingKey
from keys.private_file import check_private_folder, locked_folder, read_private, write_private
from keys.secret_key import SecretKey
from keys.signer import Signer
from keys.unshown import Unshown

__all__ = ["Hardness", "KeyStore"]

_HEADER = "store.json"
_FORMAT = "testamur key store 1"
_CHECK = _FORMAT.encode("ascii")
_LARGEST_FILE = 16_384
_LONGEST_METHOD = 1_000
# no seed of an older file begins so: it would have had to be drawn by chance, one in 2^144
_WITH_ALGORITHM = b"testamur key file\n"
_OLD_SEED_LENGTH = 32


@final
class KeyStore(Unshown):
    """Keep secret keys under their verification methods and hand out signers for them."""

    __slots__ = ("_sealing_key", "folder")

    def __init__(self, folder: Path, sealing_key: SealingKey) -> None:
        self.folder = folder
        self._sealing_key = sealing_key

    @classmethod
    def create(cls, folder: Path, passphrase_file: Path, *, hardness: Hardness = MODERATE) -> "KeyStore":
        """Make an empty store in a new or empty folder, sealed by the passphrase in the file.

        Raises KeysError `store_exists`, `passphrase_too_short`, `file_open_to_others` and the other faults of
        files.
        """
        salt = random(crypto_pwhash_SALTBYTES)
        sealing_key = SealingKey.derive(passphrase_file, salt=salt, hardness=hardness)
        _make_folder(folder)
        header = _header(salt, hardness, sealing_key)
        with locked_folder(folder) as descriptor:
            if (folder / _HEADER).exists():
                raise KeysError("store_exists", f"There is a key store at {folder} already; open that one.")
            write_private(folder / _HEADER, header, folder_descriptor=descriptor)
        return cls(folder, sealing_key)

    @classmethod
    def open(cls, folder: Path, *, passphrase_file: Path) -> "KeyStore":
        """Open a store.

        Raises KeysError `wrong_passphrase`, `store_damaged`, `passphrase_too_short`, `file_open_to_others`
        and the other faults of files.
        """
        check_private_folder(folder)
        header = _read_header(folder / _HEADER)
        sealing_key = SealingKey.derive(passphrase_file, salt=header.salt, hardness=header.hardness)
        if sealing_key.unseal(header.check) != _CHECK:
            raise KeysError(
                "wrong_passphrase",
                f"The passphrase in {passphrase_file} does not open the key store {folder}.",
            )
        return cls(folder, sealing_key)

    def add(self, verification_method: str, secret_key: SecretKey) -> None:
        """Store a secret key; when this returns, it is on the disk.

        Raises KeysError `malformed_method`, `key_exists` or `file_not_written`.
        """
        name = verification_method.encode("utf-8", "surrogatepass")
        if "#" not in verification_method or len(name) > _LONGEST_METHOD:
            raise KeysError("malformed_method", "A verification method must be a DID URL with a fragment.")
        path = self._path(verification_method)
        sealed = _Entry(verification_method, secret_key).sealed(self._sealing_key)
        with locked_folder(self.folder) as descriptor:
            if path.exists():
                raise KeysError("key_exists", f"The key store holds a key for {verification_method} already.")
            write_private(path, sealed, folder_descriptor=descriptor)

    def signer(self, verification_method: str) -> Signer:
        """Give the signer of a verification method.

        Raises KeysError `unknown_key`, `store_damaged` or `file_open_to_others`.
        """
        path = self._path(verification_method)
        if not path.exists():
            raise KeysError("unknown_key", f"The key store holds no key for {verification_method}.")
        method, secret_key = self._read(path)
        return secret_key.signer(method)

    def methods(self) -> tuple[str, ...]:
        """Name the verification methods whose keys are here, sorted; every file is opened and checked.

        Raises KeysError `store_damaged` or `file_open_to_others`.
        """
        return tuple(sorted(self._read(path)[0] for path in self.folder.glob("*.key")))

    def _path(self, verification_method: str) -> Path:
        name = verification_method.encode("utf-8", "surrogatepass")
        return self.folder / f"{hashlib.sha256(name).hexdigest()}.key"

    def _read(self, path: Path) -> tuple[str, SecretKey]:
        entry = _Entry.unseal(self._sealing_key, read_private(path, what="key file", limit=_LARGEST_FILE))
        if entry is None or self._path(entry.verification_method) != path:
            raise KeysError(
                "store_damaged",
                f"The key file {path} was changed or put in another's place; restore the backup.",
            )
        return entry.verification_method, entry.secret_key

    def __repr__(self) -> str:
        return f"<KeyStore {self.folder}>"


@final
class _Entry(Unshown):
    """What a key file holds once it is open."""

    __slots__ = ("secret_key", "verification_method")

    def __init__(self, verification_method: str, secret_key: SecretKey) -> None:
        self.verification_method = verification_method
        self.secret_key = secret_key

    def sealed(self, sealing_key: SealingKey) -> bytes:
        """Give the bytes of the file: a first line, then algorithm, method and secret with their lengths."""
        name = self.verification_method.encode("utf-8", "surrogatepass")
        return sealing_key.seal(
            _WITH_ALGORITHM
            + b"".join(
                len(part).to_bytes(2) + part
                for part in (self.secret_key.algorithm.encode("ascii"), name, self.secret_key.reveal_seed())
            )
        )

    @classmethod
    def unseal(cls, sealing_key: SealingKey, sealed: bytes) -> "_Entry | None":
        plain = sealing_key.unseal(sealed)
        if plain is None or len(plain) <= _OLD_SEED_LENGTH:
            return None
        if not plain.startswith(_WITH_ALGORITHM):
            method = plain[_OLD_SEED_LENGTH:].decode("utf-8", "surrogatepass")
            return cls(method, SecretKey.from_seed(plain[:_OLD_SEED_LENGTH]))
        return cls._of_parts(_Parts(plain[len(_WITH_ALGORITHM) :]))

    @classmethod
    def _of_parts(cls, parts: "_Parts") -> "_Entry | None":
        """Read a file whose seal was sound: what is wrong in it then is ours, and yet never a traceback."""
        if len(parts.all) != 3:
            return None
        try:
            method = parts.all[1].decode("utf-8", "surrogatepass")
            return cls(method, SecretKey.from_seed(parts.all[2], parts.all[0].decode("ascii")))
        except (KeysError, UnicodeDecodeError):
            return None


@final
class _Parts(Unshown):
    """Split bytes into parts that carry their length, under a name that prints as nothing."""

    __slots__ = ("all",)

    def __init__(self, plain: bytes) -> None:
        self.all: list[bytes] = []
        while len(plain) > 2:
            end = 2 + int.from_bytes(plain[:2])
            self.all.append(plain[2:end])
            plain = plain[end:]


class _Header:
    """The public parameters of a store, read from its header file."""

    def __init__(self, values: dict[str, Any]) -> None:
        if values["format"] != _FORMAT or values["kdf"] != "argon2id":
            raise ValueError("format")
        self.salt = bytes.fromhex(values["salt"])
        self.check = bytes.fromhex(values["check"])
        self.hardness = Hardness(opslimit=values["opslimit"], memlimit=values["memlimit"])
        if len(self.salt) != crypto_pwhash_SALTBYTES:
            raise ValueError("salt")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KeysError(
            "file_not_written", f"The folder {folder} could not be made: {error.strerror}."
        ) from error
    check_private_folder(folder)


def _header(salt: bytes, hardness: Hardness, sealing_key: SealingKey) -> bytes:
    values = {
        "format": _FORMAT,
        "kdf": "argon2id",
        "opslimit": hardness.opslimit,
        "memlimit": hardness.memlimit,
        "salt": salt.hex(),
        "check": sealing_key.seal(_CHECK).hex(),
    }
    return json.dumps(values, indent=2).encode("ascii") + b"\n"


def _read_header(path: Path) -> _Header:
    data = read_private(path, what="key store header", limit=_LARGEST_FILE)
    try:
        return _Header(json.loads(data))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeysError("store_damaged", f"The key store header {path} cannot be read.") from error
