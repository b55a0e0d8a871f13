"""A stranger who signs for real: his badges are in order, and may carry whatever he likes."""

import json
from typing import Any

from plain_badge import ENDORSEMENT, badge

from keys import SecretKey
from microcredential import context
from ob3 import add_proof

# Members whose text is fixed by a rule: identifiers, types, dates, digests, numbers as text.
FIXED = frozenset(
    {
        "id",
        "type",
        "digestMultibase",
        "volumeOfLearning",
        "point",
        "achievementType",
        "targetType",
        "identityType",
        "identifierType",
        "resultType",
        "mediaType",
        "resultDescription",
        "targetUrl",
        "url",
        "inLanguage",
        "validFrom",
        "validUntil",
        "awardedDate",
        "dateIssued",
        "expiryDate",
        "report",
        "email",
        "framework",
        "activityStartDate",
        "activityEndDate",
        "addressCountryCode",
    }
)
LANGUAGES = ("en", "vi", "cs", "lo")
ALIGNMENT = {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://a.example/x"}


class Stranger:
    """An issuer named by a did:key that stands on no trust list."""

    def __init__(self) -> None:
        self.key = SecretKey.from_seed(b"a stranger's seed of 32 octets..")
        self.did = self.key.public_key.did_key

    def badge(
        self,
        *,
        subject: dict[str, Any] | None = None,
        achievement: dict[str, Any] | None = None,
        issuer: dict[str, Any] | None = None,
        **top: Any,
    ) -> dict[str, Any]:
        """Give an unsigned badge with these members of its parts set."""
        credential = badge(**top)
        credential["issuer"] |= {"id": self.did, **(issuer or {})}
        credential["credentialSubject"] |= {"id": "urn:uuid:1b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10"}
        credential["credentialSubject"]["achievement"] |= achievement or {}
        credential["credentialSubject"] |= subject or {}
        return credential

    def sign(self, credential: dict[str, Any], **options: Any) -> dict[str, Any]:
        secured = add_proof(credential, signer=self.key.signer(), created="2026-07-03T02:00:00Z", **options)
        return {**secured, "proof": [secured["proof"]]}

    def file(self, **changes: Any) -> bytes:
        """Give a signed badge as bytes."""
        return as_bytes(self.sign(self.badge(**changes)))

    def poison(self, **changes: Any) -> bytes:
        """Give a badge that our own code would not sign, with a borrowed proof."""
        return as_bytes({**self.badge(**changes), "proof": self.sign(self.badge())["proof"]})

    def endorsement(self, at: int = 0, **changes: Any) -> dict[str, Any]:
        """Give a signed endorsement of the badge's achievement; `at` makes its id its own."""
        own = {"id": f"urn:uuid:0b3bd4a8-5d3c-4a5e-9f38-0e3a3f0a7b{at:02x}", "name": "Endorsement"}
        issuer = {"id": self.did, "type": ["Profile"]}
        return self.sign({**ENDORSEMENT, **own, "issuer": issuer, **changes})


def as_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def worded(value: Any, payload: str, name: str = "") -> Any:
    """Give a copy of a document with the payload behind every text that people read."""
    if isinstance(value, dict):
        return {
            key: worded(inner, payload, name if key in LANGUAGES else key) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [worded(inner, payload, name) for inner in value]
    return value + payload if isinstance(value, str) and name not in FIXED else value


def micro_credential(document: dict[str, Any], stranger: Stranger, payload: str) -> dict[str, Any]:
    """Sign somebody's micro-credential anew as a stranger, with a payload in every text."""
    kept = {name: value for name, value in document.items() if name not in ("proof", "credentialStatus")}
    sequence = kept.pop("@context")
    credential = {"@context": sequence, **worded(kept, payload)}
    credential["issuer"] = {**credential["issuer"], "id": stranger.did}
    return stranger.sign(credential, extra_contexts={sequence[-1]: context()})
