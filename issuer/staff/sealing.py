"""Second factors, sealed with a key outside the database and opened for their own person alone."""

import hmac
from base64 import b64decode, b64encode

import nacl.exceptions
import nacl.secret

from issuer.errors import IssuerError
from issuer.office_secret import OfficeSecret

_PURPOSE = "second factor"


def seal(secret: OfficeSecret, public_id: str, text: str) -> str:
    """Seal a text for a person (XSalsa20-Poly1305); another person's key does not open it."""
    return b64encode(bytes(_box(secret, public_id).encrypt(text.encode()))).decode("ascii")


def unseal(secret: OfficeSecret, public_id: str, sealed: str) -> str:
    """Open what was sealed for a person; raises IssuerError if it was for another or was altered."""
    try:
        return _box(secret, public_id).decrypt(b64decode(sealed)).decode()
    except (nacl.exceptions.CryptoError, ValueError) as error:
        raise IssuerError(
            "sealed",
            "The second factor cannot be read: the office secret is not the one with which it was sealed. "
            "Put the file office-secret back, or have the second factor reset.",
        ) from error


def _box(secret: OfficeSecret, public_id: str) -> nacl.secret.SecretBox:
    return nacl.secret.SecretBox(hmac.digest(secret.key(_PURPOSE), public_id.encode(), "sha256"))
