"""A secret in a file that only its owner may read, made on first use."""

import contextlib
import os
import secrets
from pathlib import Path

from issuer.errors import IssuerError

SECRET_BYTES = 32


def read_or_make(path: Path, *, code: str, what: str) -> bytes:
    """Give the 32 bytes of a secret file.

    Raises IssuerError with `code` if group or others can read it, or if it cannot be read or written.
    """
    try:
        if not path.exists():
            _create(path)
        if path.stat().st_mode & 0o077:
            raise IssuerError(code, f"Others can read {path}: run `chmod 600 {path}`.")
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise IssuerError(code, f"The {what} {path} cannot be used: {error}.") from error


def _create(path: Path) -> None:
    """Write a new secret whole or not at all; whoever comes second takes the first one's file."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
