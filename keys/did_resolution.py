"""The DIDs that hold their own key: the documents of did:key and did:jwk, for which nothing is fetched."""

import json
from typing import Any

from keys.did_document import DID_CONTEXT, MULTIKEY_CONTEXT, SIGNING_RELATIONSHIPS
from keys.errors import KeysError
from keys.jwk import from_jwk
from keys.multibase import base64url_decode
from keys.public_key import PublicKey

_JWS_2020_CONTEXT = "https://w3id.org/security/suites/jws-2020/v1"
_LONGEST_DID_JWK = 2_500  # characters; an RSA key of 8192 bits needs about 1,900


def resolve_did_key(did: str) -> dict[str, Any]:
    """Give the DID document that a did:key stands for: Ed25519, P-256 or P-384, at most 200 characters.

    Raises KeysError `malformed_did`, or what `PublicKey.from_multikey` raises.
    Source: did:key method specification, section 3.1.1; THREATS N7.
    """
    if not isinstance(did, str) or not did.startswith("did:key:z"):
        raise KeysError("malformed_did", "A did:key identifier must start with did:key:z.")
    key = PublicKey.from_multikey(did.removeprefix("did:key:"))
    method = {
        "id": key.did_key_method,
        "type": "Multikey",
        "controller": key.did_key,
        "publicKeyMultibase": key.multikey,
    }
    return _document(key.did_key, method, MULTIKEY_CONTEXT)


def resolve_did_jwk(did: str) -> dict[str, Any]:
    """Give the DID document that a did:jwk stands for; its one verification method is `#0`.

    Raises KeysError `malformed_did`, or what `keys.jwk.from_jwk` raises.
    Source: did:jwk method specification.
    """
    if not isinstance(did, str) or not did.startswith("did:jwk:") or len(did) > _LONGEST_DID_JWK:
        raise KeysError(
            "malformed_did",
            f"A did:jwk must start with did:jwk: and have at most {_LONGEST_DID_JWK} characters.",
        )
    jwk = _decoded(did.removeprefix("did:jwk:"))
    from_jwk(jwk)
    method = {"id": f"{did}#0", "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}
    return _document(did, method, _JWS_2020_CONTEXT)


def _document(did: str, method: dict[str, Any], context: str) -> dict[str, Any]:
    relationships = {name: [method["id"]] for name in SIGNING_RELATIONSHIPS}
    return {"@context": [DID_CONTEXT, context], "id": did, "verificationMethod": [method], **relationships}


def _decoded(text: str) -> Any:
    try:
        return json.loads(base64url_decode(text), object_pairs_hook=_object, parse_constant=_constant)
    except (KeysError, ValueError, RecursionError) as error:
        raise KeysError("malformed_did", "A did:jwk does not hold a JSON object in base64url.") from error


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members
