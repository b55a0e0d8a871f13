"""The issuers of the VC-API: one for each way of signing, with keys that end with the process.

They are the only keys that a web process may hold: made at its start, never written, and bound to no
institution.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from keys import SecretKey, Signer

TOKENS = "jose"
DEFAULT = "eddsa-rdfc-2022"
_NAMES = {"Ed25519": "ed25519", "P-256": "p256", "P-384": "p384"}


@dataclass(frozen=True)
class SuiteIssuer:
    """One issuer: its name in addresses, how it signs (a cryptosuite, or `jose`), and with which key.

    `with_status`: it gives each credential a place in a status list by itself.
    """

    name: str
    suite: str
    algorithm: str
    with_status: bool = False


_ALL = (
    SuiteIssuer("eddsa-rdfc-2022", "eddsa-rdfc-2022", "Ed25519"),
    SuiteIssuer("eddsa-jcs-2022", "eddsa-jcs-2022", "Ed25519"),
    SuiteIssuer("ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019", "P-256"),
    SuiteIssuer("ecdsa-rdfc-2019-p384", "ecdsa-rdfc-2019", "P-384"),
    SuiteIssuer("ecdsa-sd-2023", "ecdsa-sd-2023", "P-256"),
    SuiteIssuer("status", "eddsa-rdfc-2022", "Ed25519", with_status=True),
    SuiteIssuer(TOKENS, TOKENS, "P-256"),
)
ISSUERS: Mapping[str, SuiteIssuer] = MappingProxyType({one.name: one for one in _ALL})


class EphemeralKeys:
    """A fresh key of each kind, for the life of this process."""

    def __init__(self) -> None:
        self._keys = {algorithm: SecretKey.generate(algorithm) for algorithm in _NAMES}

    def did(self, algorithm: str) -> str:
        """Give the did:key of the key of this kind."""
        return self._keys[algorithm].public_key.did_key

    def signer(self, algorithm: str) -> Signer:
        """Give what signs with the key of this kind."""
        return self._keys[algorithm].signer()

    def dids(self) -> dict[str, str]:
        """Give each DID by the short name of its kind of key."""
        return {short: self.did(algorithm) for algorithm, short in _NAMES.items()}


def issuer_for(name: str, cryptosuite: str | None) -> SuiteIssuer | None:
    """Give the issuer of an address, or the one that signs as an option asks; None where they disagree.

    Only at the address without a name (DEFAULT) the option chooses freely.
    """
    named = ISSUERS.get(name)
    if named is None or cryptosuite is None or named.suite == cryptosuite:
        return named
    if name != DEFAULT:
        return None
    return next((one for one in _ALL if one.suite == cryptosuite), None)
