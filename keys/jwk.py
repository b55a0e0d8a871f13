"""Public keys as JWK and JWK Sets: read in one spelling only, never with a secret, and written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from keys import rsa
from keys.ecdsa import P256, P384
from keys.errors import KeysError
from keys.multibase import base64url_decode, base64url_encode
from keys.public_key import PublicKey

_JOSE_ALGORITHMS = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "RS256"}
# RFC 9864 gives EdDSA with this one curve a name of its own; it is the same algorithm
_ALSO_NAMED = {"Ed25519": "Ed25519"}
_WITH_CURVE = frozenset({"EC", "OKP"})
_CURVES = {"P-256": P256, "P-384": P384}
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_MOST_KEYS = 1_000  # a platform of many issuers has one set for all of them
_LONGEST_NUMBER = 1_400  # characters of base64url: an RSA modulus of 8192 bits has 1,366


def from_jwk(value: object) -> PublicKey:
    """Read a public key from a JWK: EC P-256 and P-384, OKP Ed25519, RSA.

    Numbers stand in base64url without padding, of the exact length of the curve, or without leading zeros;
    `alg`, `use` and `key_ops`, where there, must let the key check signatures in its one algorithm. Members
    that are not known are passed over (RFC 7517, section 4).
    Raises KeysError `secret_inside`, `malformed_key`, `weak_key` or `unsupported_key`.
    Source: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
    """
    if not isinstance(value, Mapping):
        raise KeysError("malformed_key", "A JWK must be a JSON object.")
    if holds_secret(value):
        raise KeysError("secret_inside", "The JWK shows a secret key.")
    key = _read(value)
    _check_use(value, key)
    return key


def to_jwk(key: PublicKey) -> dict[str, str]:
    """Give the members of a key that RFC 7638 calls required: `kty`, `crv`, `x`, `y`, or `kty`, `n`, `e`."""
    if key.algorithm == "RSA":
        n, e = rsa.numbers(key.raw)
        return {"kty": "RSA", "n": _unsigned(n), "e": _unsigned(e)}
    if key.algorithm == "Ed25519":
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(key.raw)}
    x, y = _CURVES[key.algorithm].coordinates(key.raw)
    return {"kty": "EC", "crv": key.algorithm, "x": base64url_encode(x), "y": base64url_encode(y)}


def thumbprint(key: PublicKey) -> str:
    """Give the SHA-256 thumbprint of a key in base64url (RFC 7638, section 3)."""
    members = json.dumps(to_jwk(key), sort_keys=True, separators=(",", ":"))
    return base64url_encode(hashlib.sha256(members.encode("ascii")).digest())


def jose_algorithm(key: PublicKey) -> str:
    """Give the one `alg` of JOSE in which a key signs: `EdDSA`, `ES256`, `ES384` or `RS256`."""
    return _JOSE_ALGORITHMS[key.algorithm]


def keys_from_jwks(document: object, issuer: str) -> dict[str, PublicKey]:
    """Read the keys of an issuer from a JWK Set, by `kid`, or by thumbprint where there is no `kid`.

    A key with a member `iss` counts for that issuer alone; keys of kinds or uses that are no use here are
    left out, and so are revoked ones. A set that breaks a rule for the issuer's keys is refused whole:
    KeysError `malformed_document`, `secret_inside`, `duplicate_method`, `malformed_key` or `weak_key`.
    Source: RFC 7517, section 5; Open Badges 3.0 implementation guide, key provenance.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("keys"), list):
        raise KeysError("malformed_document", "A JWK Set must be a JSON object with an array of keys.")
    entries = document["keys"]
    if len(entries) > _MOST_KEYS or not all(isinstance(entry, Mapping) for entry in entries):
        raise KeysError("malformed_document", f"A JWK Set must hold at most {_MOST_KEYS} JSON objects.")
    if any(holds_secret(entry) for entry in entries):
        raise KeysError("secret_inside", "The JWK Set shows a secret key.")
    named: dict[str, PublicKey | None] = {}
    for entry in entries:
        if entry.get("iss", issuer) == issuer:
            _add(named, entry)
    return {kid: key for kid, key in named.items() if key is not None}


def holds_secret(jwk: Mapping[Any, Any]) -> bool:
    """Say whether a JWK has a member that only secret keys have (RFC 7518, sections 6.2.2 to 6.4)."""
    return not _SECRET_MEMBERS.isdisjoint(jwk)


def _add(named: dict[str, PublicKey | None], entry: Mapping[str, Any]) -> None:
    key = _usable(entry)
    kid = entry.get("kid")
    if kid is None:
        if key is not None:
            named.setdefault(thumbprint(key), key)
        return
    if not isinstance(kid, str):
        raise KeysError("malformed_key", "The kid of a JWK must be text.")
    if kid in named:
        raise KeysError("duplicate_method", "The JWK Set names two keys alike.")
    named[kid] = key


def _usable(entry: Mapping[str, Any]) -> PublicKey | None:
    if "revoked" in entry:
        return None
    try:
        return from_jwk(entry)
    except KeysError as error:
        if error.code == "unsupported_key":
            return None
        raise


def _read(jwk: Mapping[str, Any]) -> PublicKey:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if not isinstance(kind, str) or (kind in _WITH_CURVE and not isinstance(curve, str)):
        raise KeysError("malformed_key", "A JWK must name its kind, and its curve where it has one.")
    if kind == "RSA":
        return _read_rsa(jwk)
    if kind == "OKP" and curve == "Ed25519":
        return PublicKey(raw=_bytes(jwk, "x"))
    if kind == "EC" and curve in _CURVES:
        point = _CURVES[curve].compressed(_bytes(jwk, "x"), _bytes(jwk, "y"))
        return PublicKey(raw=point, algorithm=curve)
    raise KeysError("unsupported_key", "The JWK is of a kind that is not supported.")


def _read_rsa(jwk: Mapping[str, Any]) -> PublicKey:
    n, e = (_number(jwk, name) for name in ("n", "e"))
    rsa.check_numbers(n, e)
    return PublicKey(raw=rsa.from_numbers(n, e), algorithm="RSA")


def _bytes(jwk: Mapping[str, Any], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER:
        raise KeysError("malformed_key", f"The member {name} of a JWK must be text of sensible length.")
    try:
        return base64url_decode(text)
    except KeysError as error:
        raise KeysError("malformed_key", f"The member {name} of a JWK: {error.message}") from error


def _number(jwk: Mapping[str, Any], name: str) -> int:
    data = _bytes(jwk, name)
    if not data or data[0] == 0:  # RFC 7518, section 2: the fewest bytes that hold the number
        raise KeysError("malformed_key", f"The member {name} of a JWK has zero bytes in front, or is empty.")
    return int.from_bytes(data)


def _unsigned(number: int) -> str:
    return base64url_encode(number.to_bytes((number.bit_length() + 7) // 8))


def _check_use(jwk: Mapping[str, Any], key: PublicKey) -> None:
    """Refuse a key that says of itself that it is for something else (RFC 7517, sections 4.2 to 4.4)."""
    algorithm, use, operations = (jwk.get(name) for name in ("alg", "use", "key_ops"))
    for value in (algorithm, use, jwk.get("kid")):
        if value is not None and not isinstance(value, str):
            raise KeysError("malformed_key", "The alg, use and kid of a JWK must be text.")
    if operations is not None:
        _check_operations(operations)
    if algorithm not in {None, _JOSE_ALGORITHMS[key.algorithm], _ALSO_NAMED.get(key.algorithm)}:
        raise KeysError("unsupported_key", "The JWK is for an algorithm that is not supported for its kind.")
    if use not in {None, "sig"}:
        raise KeysError("unsupported_key", "The JWK is not for signatures.")


def _check_operations(operations: object) -> None:
    if not isinstance(operations, list) or not all(isinstance(one, str) for one in operations):
        raise KeysError("malformed_key", "The key_ops of a JWK must be an array of text.")
    if len(set(operations)) != len(operations):
        raise KeysError("malformed_key", "The key_ops of a JWK name an operation twice.")
    if "verify" not in operations:
        raise KeysError("unsupported_key", "The JWK is not for checking signatures.")
