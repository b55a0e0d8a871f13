"""Make the DID documents of institutions, and read anyone's DID or controller document strictly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from keys.errors import KeysError
from keys.public_key import PublicKey
from keys.verification_method import described, key_of

DID_CONTEXT, MULTIKEY_CONTEXT = "https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
SIGNING_RELATIONSHIPS = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")
_RELATIONSHIPS = (*SIGNING_RELATIONSHIPS, "keyAgreement")
_MOST_METHODS = 100
_LONGEST_ID = 3_000  # characters: a did:jwk holds a whole RSA key
_FRAGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+", re.ASCII)
_SECRET_NAME = re.compile(r"(?:private|secret)[_-]?key", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class KeyRecord:
    """Name a public key in a DID document; `expires` is set once a newer key signs in its place, `revoked`
    once nothing that it signed counts any more.

    The secret key is not here: the key store holds it under the same verification method.
    """

    verification_method: str
    public_key: PublicKey
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None


def did_document(did: str, keys: Iterable[KeyRecord]) -> dict[str, Any]:
    """Make the DID document of an institution, with every key it ever signed with (THREATS N8).

    A revoked key stays, with its time, and is listed for nothing: who does not know `revoked` refuses it too.
    Source: Controlled Identifiers 1.0, section 2.2.
    Raises KeysError `foreign_method`, `duplicate_method` or `naive_time`.
    """
    methods: dict[str, dict[str, Any]] = {}
    in_use: list[str] = []
    for key in keys:
        method = _absolute(key.verification_method, did)
        if method != key.verification_method:
            raise KeysError("foreign_method", f"The verification method {method} is not written in full.")
        if method in methods:
            raise KeysError("duplicate_method", f"The verification method {method} is named twice.")
        methods[method] = _verification_method(key, did)
        in_use += [] if key.revoked else [method]
    kinds = {method["type"] for method in methods.values()}
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT, *([JWK_CONTEXT] if "JsonWebKey" in kinds else [])],
        "id": did,
        "verificationMethod": list(methods.values()),
        "assertionMethod": in_use,
    }


def keys_from_did_document(
    document: object, did: str, relationship: str = "assertionMethod", *, controller: str | None = None
) -> dict[str, PublicKey]:
    """Read the keys that a DID or controller document lists under a relationship, by verification method.

    `did` is the id that the document must have, a DID or an https address; `controller` the one that each of
    its keys must name, by default the same. Keys of kinds that are no use here are left out, and so are
    revoked ones. A document that breaks a rule is refused whole (THREATS N6): KeysError `wrong_id`,
    `deactivated`, `secret_inside`, `duplicate_method`, `foreign_controller`, `foreign_method`,
    `malformed_document`, `malformed_key` or `weak_key`.
    Source: DID Core 1.0, section 5; Controlled Identifiers 1.0, section 2.
    """
    if not isinstance(document, dict) or document.get("id") != did:
        raise KeysError("wrong_id", f"The DID document is not the one of {did}.")
    if document.get("deactivated", False) is not False:
        raise KeysError("deactivated", f"The DID {did} is deactivated.")
    if shows_secret(document):
        raise KeysError("secret_inside", f"The DID document of {did} shows a secret key.")
    methods = _methods(document, did, controller or did)
    wanted = {_reference(entry, did) for entry in _entries(document, relationship)}
    return {method: key for method, key in methods.items() if key is not None and method in wanted}


def _verification_method(key: KeyRecord, did: str) -> dict[str, Any]:
    method = {"id": key.verification_method, "controller": did, **described(key.public_key)}
    for name, moment in (("expires", key.expires), ("revoked", key.revoked)):
        if moment is not None:
            if moment.tzinfo is None:
                raise KeysError("naive_time", f"The time in {name} of a key needs a time zone.")
            method[name] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return method


def _methods(document: dict[str, Any], did: str, controller: str) -> dict[str, PublicKey | None]:
    """Read every verification method, listed or embedded; None stands for a key that is no use here."""
    methods: dict[str, PublicKey | None] = {}
    for entry in _declared(document):
        method = _absolute(entry.get("id"), did)
        if method in methods:
            raise KeysError("duplicate_method", f"The DID document names {method} twice.")
        if entry.get("controller") != controller:
            raise KeysError(
                "foreign_controller", f"The key {method} has a controller other than {controller}."
            )
        methods[method] = key_of(entry)
        if len(methods) > _MOST_METHODS:
            raise KeysError("malformed_document", f"The DID document has more than {_MOST_METHODS} keys.")
    return methods


def _declared(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _entries(document, "verificationMethod"):
        if not isinstance(entry, dict):
            raise KeysError(
                "malformed_document", "A verificationMethod of the DID document is not an object."
            )
        yield entry
    for relationship in _RELATIONSHIPS:
        yield from (entry for entry in _entries(document, relationship) if isinstance(entry, dict))


def _entries(document: dict[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, list):
        raise KeysError("malformed_document", f"The member {name} of the DID document must be an array.")
    return value


def _reference(entry: object, did: str) -> str | None:
    """Give the method that a relationship names; None for a key of another DID, which never counts."""
    name = entry.get("id") if isinstance(entry, dict) else entry
    if not isinstance(name, str):
        raise KeysError("malformed_document", "A relationship of the DID document names no key.")
    return _absolute(name, did) if name.startswith(("#", f"{did}#")) else None


def _absolute(name: object, did: str) -> str:
    """Give a verification method in full (DID Core 1.0, section 3.2.2), which must belong to the DID."""
    if not isinstance(name, str) or len(name) > _LONGEST_ID:
        raise KeysError("malformed_document", "A verification method has no id of sensible length.")
    controller, hash_sign, fragment = name.partition("#")
    if not hash_sign or not _FRAGMENT.fullmatch(fragment):
        raise KeysError("malformed_document", "A verification method has an id without a proper fragment.")
    if controller not in {"", did}:
        raise KeysError("foreign_method", f"A verification method is not one of {did}.")
    return f"{did}#{fragment}"


def shows_secret(document: dict[str, Any]) -> bool:
    """Look for a secret key anywhere in the document, without recursion: its depth is the sender's choice."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if any(isinstance(name, str) and _SECRET_NAME.match(name) for name in value):
                return True
            if "d" in value and ("kty" in value or "crv" in value):  # RFC 7517: the secret member of a JWK
                return True
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False
