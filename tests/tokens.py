"""Tokens made by hand: any header, any payload, signed for real or not, to try what is read and what not."""

import base64
import json

from plain_badge import badge

from keys import SecretKey

SEEDS = {"Ed25519": 32, "P-256": 32, "P-384": 48}
JOSE = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "RS256"}
KINDS = tuple(JOSE)
_RSA: list[SecretKey] = []


def secret_key(kind="P-256", number=1):
    """Give a key of a kind; the same each time, but for RSA, of which one is made for the session."""
    if kind != "RSA":
        return SecretKey.from_seed(bytes([number]) * SEEDS[kind], kind)
    while len(_RSA) < number:
        _RSA.append(SecretKey.generate("RSA"))
    return _RSA[number - 1]


def b64(data):
    """Write bytes, text or a JSON value in base64url without padding."""
    if not isinstance(data, bytes | str):
        data = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def parts_of(token):
    """Give header and payload of a token as values."""
    return [json.loads(unb64(part)) for part in token.split(".")[:2]]


def token(header, payload, key=None):
    """Give a compact JWS; header and payload are values, or bytes and text as they shall stand."""
    key = key or secret_key()
    signing_input = f"{b64(header)}.{b64(payload)}"
    return f"{signing_input}.{b64(key.signer().sign(signing_input.encode()))}"


def credential(**changes):
    """Give an unsigned badge with all that claims repeat; None takes a member away."""
    document = badge(validUntil="2030-07-03T02:00:00Z", **changes)
    subject = {"id": "urn:uuid:1b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10", **document["credentialSubject"]}
    return {**document, "credentialSubject": changes.get("credentialSubject", subject)}


def older(**changes):
    """Give the same badge as an older edition of the data model has it."""
    document = credential(**changes)
    document["@context"] = ["https://www.w3.org/2018/credentials/v1", document["@context"][1]]
    document["issuanceDate"] = document.pop("validFrom")
    document["expirationDate"] = document.pop("validUntil")
    return {**document, **changes}
