"""One key in a DID document or controller document: written by us, read in the forms that are in use."""

from collections.abc import Callable, Mapping
from typing import Any

from keys.errors import KeysError
from keys.jwk import from_jwk, to_jwk
from keys.multibase import base58btc_decode
from keys.public_key import PublicKey

_PUBLIC_MEMBERS = frozenset(
    {
        "publicKeyMultibase",
        "publicKeyJwk",
        "publicKeyBase58",
        "publicKeyHex",
        "publicKeyPem",
        "publicKeyBase64",
    }
)


def described(key: PublicKey) -> dict[str, Any]:
    """Give the type and the value of a key as a verification method has them.

    That is a Multikey, or a JsonWebKey for RSA, which has no Multikey.
    Source: Controlled Identifiers 1.0, sections 2.2.2 and 2.2.3.
    """
    if key.algorithm == "RSA":
        return {"type": "JsonWebKey", "publicKeyJwk": to_jwk(key)}
    return {"type": "Multikey", "publicKeyMultibase": key.multikey}


def key_of(entry: Mapping[str, Any]) -> PublicKey | None:
    """Read the key of a verification method; None for a revoked one or a kind that is no use here.

    Reads Multikey, JsonWebKey, JsonWebKey2020, Ed25519VerificationKey2020 and Ed25519VerificationKey2018.
    A key counts as revoked as soon as it says when. One that has expired still counts for what it signed:
    nothing but the signer's word tells when that was, and a rotated key must go on standing behind the
    credentials of its time (THREATS N8, P9).
    Raises KeysError `malformed_document`, `malformed_key`, `weak_key` or `secret_inside`.
    """
    kind = entry.get("type")
    if not isinstance(kind, str):
        raise KeysError("malformed_document", "A verification method has no type.")
    read = _READERS.get(kind)
    if read is None or "revoked" in entry:
        return None
    if len(_PUBLIC_MEMBERS & set(entry)) > 1:
        raise KeysError("malformed_key", "A verification method gives its key in two ways.")
    try:
        return read(entry)
    except KeysError as error:
        if error.code == "unsupported_key":
            return None
        raise


def _multikey(entry: Mapping[str, Any]) -> PublicKey:
    text = entry.get("publicKeyMultibase")
    if isinstance(text, str) and text.startswith("u"):  # how keys of later algorithms, long ones, are written
        raise KeysError("unsupported_key", "A Multikey in base64url is not read.")
    return PublicKey.from_multikey(text or "")


def _ed25519_multikey(entry: Mapping[str, Any]) -> PublicKey:
    key = _multikey(entry)
    if key.algorithm != "Ed25519":
        raise KeysError("malformed_key", "A verification method for Ed25519 holds a key of another kind.")
    return key


def _ed25519_base58(entry: Mapping[str, Any]) -> PublicKey:
    text = entry.get("publicKeyBase58")
    if not isinstance(text, str) or len(text) > 50:
        raise KeysError("malformed_key", "A publicKeyBase58 must be text of at most 50 characters.")
    try:
        return PublicKey(raw=base58btc_decode(text))
    except KeysError as error:
        raise KeysError(
            "malformed_key" if error.code == "malformed_multibase" else error.code, error.message
        ) from error


def _jwk(entry: Mapping[str, Any]) -> PublicKey:
    return from_jwk(entry.get("publicKeyJwk"))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], PublicKey]] = {
    "Multikey": _multikey,
    "Ed25519VerificationKey2020": _ed25519_multikey,
    "Ed25519VerificationKey2018": _ed25519_base58,
    "JsonWebKey": _jwk,
    "JsonWebKey2020": _jwk,
}
