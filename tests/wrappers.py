"""Make what holds other credentials: learner records and presentations."""

from typing import Any

from simulator import NOW, OB3, VC2, Issuer, stamp

from keys import SecretKey
from ob3 import add_proof

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
ENVELOPE = "EnvelopedVerifiableCredential"


def learner_record(issuer: Issuer, credentials: list[Any], **changes: Any) -> dict[str, Any]:
    """Give an unsigned learner record that holds these credentials; None leaves a member out."""
    record: dict[str, Any] = {
        "@context": [VC2, CLR, OB3],
        "id": "urn:uuid:7b1e7d2a-51c0-4f6b-9d0e-2f6c1a7e9a01",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": issuer.profile(),
        "validFrom": "2026-03-02T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:8d7f3f2e-1c2b-4a37-8f0e-2a9f6f0c4d21",
            "type": ["ClrSubject"],
            "verifiableCredential": credentials,
        },
        "credentialStatus": issuer.entry(77),
        **changes,
    }
    return {name: value for name, value in record.items() if value is not None}


def presentation(credentials: Any, **changes: Any) -> dict[str, Any]:
    """Give an unsigned presentation of these credentials; None leaves a member out."""
    made = {
        "@context": [VC2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def enveloped(token: str) -> dict[str, Any]:
    """Put a signed token into the envelope of VCDM 2.0."""
    return {"@context": VC2, "id": f"data:application/vc+jwt,{token}", "type": ENVELOPE}


class Holder:
    """Somebody with a key of their own who hands credentials over."""

    def __init__(self, seed: bytes = b"a holder's seed, of 32 octets...") -> None:
        self.key = SecretKey.from_seed(seed)
        self.did = self.key.public_key.did_key

    def sign(self, made: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Sign a presentation for authentication."""
        given = {"purpose": "authentication", "challenge": "c-1", "domain": "check.example", **options}
        extra = {"holder": self.did, **made}
        return add_proof(extra, signer=self.key.signer(), created=stamp(NOW), **given)
