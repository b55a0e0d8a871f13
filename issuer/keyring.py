"""What the issuing office asks of a key store; it never opens one itself."""

from typing import Protocol

from issuer.errors import IssuerError
from keys import KeysError, SecretKey, Signer


class SigningKeys(Protocol):
    """Hand out signers; `keys.store.KeyStore` is one, an HSM may be another."""

    def signer(self, verification_method: str) -> Signer:
        """Give the signer of a verification method."""

    def add(self, verification_method: str, secret_key: SecretKey) -> None:
        """Keep a secret key."""


class Keyring:
    """The keys of this process: none in the web process, which then refuses whatever must be signed."""

    def __init__(self, keys: SigningKeys | None) -> None:
        self._keys = keys

    def signer(self, verification_method: str) -> Signer:
        """Give a signer; raises IssuerError if this process holds no keys, or not that one."""
        try:
            return self._store().signer(verification_method)
        except KeysError as error:
            raise IssuerError(error.code, error.message) from error

    def add(self, verification_method: str, secret_key: SecretKey) -> None:
        """Keep a new secret key on disk; raises IssuerError."""
        try:
            self._store().add(verification_method, secret_key)
        except KeysError as error:
            raise IssuerError(error.code, error.message) from error

    def _store(self) -> SigningKeys:
        if self._keys is None:
            raise IssuerError("no_keys", "This process holds no signing keys: the worker signs.")
        return self._keys
