"""The holder's secret link: derived from a secret file, so that the database alone opens no holder's page."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from issuer.codes import base62
from issuer.errors import IssuerError

_BYTES = 32


class LinkSecret:
    """The secret from which the token of every holder link is derived; its repr does not show it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _BYTES:
            raise IssuerError("link_secret", f"The link secret has {len(secret)} bytes; it needs {_BYTES}.")
        self._secret = secret

    def __repr__(self) -> str:
        return "LinkSecret(...)"

    def token(self, urn: str) -> str:
        """Give the 128-bit token of a credential, 22 letters and digits."""
        digest = hmac.digest(self._secret, b"holder link\x00" + urn.encode(), "sha256")
        return base62(digest[:16])

    @classmethod
    def open(cls, path: Path) -> "LinkSecret":
        """Read the secret from a file that only its owner may read, making it on first use.

        Raises IssuerError if group or others can read the file, or if it cannot be read or written.
        """
        try:
            if not path.exists():
                _create(path)
            if path.stat().st_mode & 0o077:
                raise IssuerError("link_secret", f"Others can read {path}: run `chmod 600 {path}`.")
            return cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except (OSError, ValueError) as error:
            raise IssuerError("link_secret", f"The link secret {path} cannot be used: {error}.") from error


def token_hash(token: str) -> str:
    """Give what the database keeps of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def _create(path: Path) -> None:
    """Write a new secret whole or not at all; whoever comes second takes the first one's file."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
