"""Secret links, derived from a secret file, so that the database alone opens no holder's page."""

import hashlib
import hmac
from pathlib import Path

from issuer.codes import base62
from issuer.errors import IssuerError
from issuer.secret_file import SECRET_BYTES, read_or_make


class LinkSecret:
    """The secret from which the token of every link is derived; its repr does not show it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise IssuerError(
                "link_secret", f"The link secret has {len(secret)} bytes; it needs {SECRET_BYTES}."
            )
        self._secret = secret

    def __repr__(self) -> str:
        return "LinkSecret(...)"

    def token(self, urn: str) -> str:
        """Give the 128-bit token of a credential, 22 letters and digits."""
        digest = hmac.digest(self._secret, b"holder link\x00" + urn.encode(), "sha256")
        return base62(digest[:16])

    def refresh_token(self, urn: str) -> str:
        """Give the 128-bit token in the address of a credential's newest version; it opens nothing else."""
        digest = hmac.digest(self._secret, b"refresh\x00" + urn.encode(), "sha256")
        return base62(digest[:16])

    @classmethod
    def open(cls, path: Path) -> "LinkSecret":
        """Read the secret from a file that only its owner may read, making it on first use.

        Raises IssuerError if group or others can read the file, or if it cannot be read or written.
        """
        return cls(read_or_make(path, code="link_secret", what="link secret"))


def token_hash(token: str) -> str:
    """Give what the database keeps of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
