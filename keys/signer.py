"""What signs: an id, an algorithm and one method, so that an HSM can stand where a secret key stood."""

from typing import Protocol


class Signer(Protocol):
    """Sign bytes under the verification method named by `id`."""

    @property
    def id(self) -> str:
        """Give the verification method, an absolute DID URL."""

    @property
    def algorithm(self) -> str:
        """Give the name of the algorithm, one of `keys.algorithms`, such as `Ed25519`."""

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature of the bytes, in the form that `PublicKey.verify` reads."""
