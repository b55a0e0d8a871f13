"""The office's own secret: what must not be made or read with the database alone hangs on it.

From it are derived the seals of the audit, the key for second factors, and the tokens of invitations.
"""

import hmac
from pathlib import Path

from issuer.errors import IssuerError
from issuer.secret_file import SECRET_BYTES, read_or_make


class OfficeSecret:
    """A secret from which one key is derived for each purpose; its repr does not show it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise IssuerError(
                "office_secret", f"The office secret has {len(secret)} bytes; it needs {SECRET_BYTES}."
            )
        self._secret = secret

    def __repr__(self) -> str:
        return "OfficeSecret(...)"

    @classmethod
    def open(cls, path: Path) -> "OfficeSecret":
        """Read the secret from its file, making it on first use. Raises IssuerError."""
        return cls(read_or_make(path, code="office_secret", what="office secret"))

    def key(self, purpose: str) -> bytes:
        """Give the 32-byte key of a purpose."""
        return hmac.digest(self._secret, b"testamur office\x00" + purpose.encode(), "sha256")
