"""The files of the trust list that this deployment publishes, in a folder of the data folder.

The worker and the commands write them, each whole or not at all; the web process reads them.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from issuer.errors import IssuerError
from keys import KeysError, PublicKey
from keys.did import KeyRecord, did_document
from ob3 import Ob3Error
from ob3.trust_list import InstitutionList, parse_list, read_trust_list

FOLDER = "trust-list"
_LIST, _CONSORTIUM, _WITHDRAWN, _LOCK = "list.json", "consortium.json", "withdrawn.json", "lock"


@dataclass(frozen=True)
class Withdrawal:
    """Since when an institution is no longer vouched for, and why; `reason` may be empty."""

    until: date
    reason: str


@dataclass(frozen=True)
class Consortium:
    """Who signs the list: a DID with the key of its one verification method."""

    did: str
    key: KeyRecord


class TrustFiles:
    """Read and write what belongs to the published list.

    Raises IssuerError `trust_files` for a file that cannot be read as what it should be.
    """

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / FOLDER
        self._withdrawn = str(self._folder / _WITHDRAWN)
        self._read_withdrawn: tuple[tuple[int, int, int], dict[str, Withdrawal]] | None = None

    @property
    def are_published(self) -> bool:
        """Tell whether there is a list to read."""
        return (self._folder / _LIST).exists()

    def text(self) -> str | None:
        """Give the signed list as served, None where none was published yet."""
        return self._read(_LIST)

    def published(self) -> InstitutionList | None:
        """Read the list as published last."""
        text = self.text()
        try:
            return None if text is None else read_trust_list(parse_list(text))
        except Ob3Error as error:
            raise self._damaged(_LIST) from error

    def signed_by(self) -> str | None:
        """Give the verification method that signed the list as published last."""
        told = self._json(_LIST) or {}
        proof = told.get("proof")
        return proof.get("verificationMethod") if isinstance(proof, dict) else None

    def keep_list(self, text: str) -> None:
        """Put a newly signed list in the place of the one before."""
        self._write(_LIST, text)

    def consortium(self) -> Consortium | None:
        """Read who signs the list, None where no key was made yet."""
        told = self._json(_CONSORTIUM)
        if told is None:
            return None
        try:
            key = KeyRecord(
                verification_method=str(told["method"]),
                public_key=PublicKey.from_multikey(str(told["multikey"])),
                created=datetime.fromisoformat(str(told["created"])),
            )
            return Consortium(str(told["did"]), key)
        except (KeyError, ValueError, KeysError) as error:
            raise self._damaged(_CONSORTIUM) from error

    def keep_consortium(self, consortium: Consortium) -> None:
        """Note who signs the list."""
        told = {
            "did": consortium.did,
            "method": consortium.key.verification_method,
            "multikey": consortium.key.public_key.multikey,
            "created": consortium.key.created.isoformat(),
        }
        self._write(_CONSORTIUM, json.dumps(told, indent=1))

    def did_document(self) -> dict[str, Any] | None:
        """Make the DID document of the consortium's did:web, None where it has none."""
        consortium = self.consortium()
        if consortium is None or not consortium.did.startswith("did:web:"):
            return None
        return did_document(consortium.did, [consortium.key])

    def withdrawals(self) -> dict[str, Withdrawal]:
        """Read which institutions are no longer vouched for, by short name.

        Every page with a verdict asks: the file, which is written as a whole, is read again where it is
        another one or was changed.
        """
        try:
            stat = os.stat(self._withdrawn)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._damaged(_WITHDRAWN) from error
        seen = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if self._read_withdrawn is None or self._read_withdrawn[0] != seen:
            self._read_withdrawn = seen, self._withdrawals()
        return dict(self._read_withdrawn[1])

    def _withdrawals(self) -> dict[str, Withdrawal]:
        told = self._json(_WITHDRAWN) or {}
        try:
            return {
                slug: Withdrawal(date.fromisoformat(one["until"]), str(one["reason"]))
                for slug, one in told.items()
            }
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise self._damaged(_WITHDRAWN) from error

    def keep_withdrawals(self, withdrawn: Mapping[str, Withdrawal]) -> None:
        """Note which institutions are no longer vouched for."""
        told = {
            slug: {"until": one.until.isoformat(), "reason": one.reason} for slug, one in withdrawn.items()
        }
        self._write(_WITHDRAWN, json.dumps(told, indent=1, ensure_ascii=False))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from publishing meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / _LOCK).open("a") as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            yield

    def _json(self, name: str) -> dict[str, Any] | None:
        text = self._read(name)
        if text is None:
            return None
        try:
            told = json.loads(text)
        except ValueError as error:
            raise self._damaged(name) from error
        if not isinstance(told, dict):
            raise self._damaged(name)
        return told

    def _read(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._damaged(name) from error

    def _write(self, name: str, text: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self._folder / f".{name}.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / name)

    def _damaged(self, name: str) -> IssuerError:
        path = self._folder / name
        return IssuerError("trust_files", f"{path} cannot be read. Restore it from a backup.")
