"""The compact JWS of a credential: read in one way only, its signature checked, and written.

What is read is narrower than JOSE allows, because every freedom of JOSE was once an attack (RFC 8725):

1. three parts of base64url without padding, each in its only spelling, 1 MiB in all (THREATS P4, T5);
2. a header of `alg`, `kid`, `jwk` and `typ` alone: no `crit`, `b64` or `zip` changes what is signed, no
   `jku`, `x5u` or `x5c` brings keys from elsewhere (THREATS T2, T3; Open Badges 3.0, "Create the JOSE
   Header");
3. an `alg` of the four that our kinds of key have, each one only: never `none`, never a shared secret, and
   it must be the key's own (THREATS T1);
4. header and payload as strict JSON objects: no member twice, within limits of depth and count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from keys import KeysError, PublicKey, Signer
from keys.jwk import from_jwk, jose_algorithm
from keys.multibase import base64url_decode, base64url_encode
from ob3 import strict_json
from ob3.errors import JsonRefused, Ob3Error
from ob3.strict_json import JsonLimits

LARGEST_TOKEN = 1024 * 1024
ALGORITHMS: Mapping[str, str] = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "RS256"}
TYPES = ("JWT", "vc+jwt", "vp+jwt")
_HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ"})
_HEADER_LIMITS = JsonLimits(size=16 * 1024, depth=8, objects=16, values=200)
_LONGEST_KID = 2_048
_NOT_A_SIGNATURE = ("none", "hs256", "hs384", "hs512")


class JwsInvalid(Ob3Error):  # noqa: N818 - named for the fault
    """Say that a token is malformed, of a kind that is not accepted, or does not fit its signature.

    `limit` is True where a size, depth or count stopped the reading.
    """

    def __init__(self, code: str, message: str, path: str = "", *, limit: bool = False) -> None:
        super().__init__(code, message, path)
        self.limit = limit

    def __reduce__(self) -> tuple[type[JwsInvalid], tuple[str, str, str], dict[str, bool]]:  # type: ignore[override]
        return type(self), (self.code, self.message, self.path), {"limit": self.limit}


@dataclass(frozen=True, kw_only=True)
class Jws:
    """What a compact JWS holds: header and payload as JSON objects, what was signed, and the signature.

    `key` is the public key in its header (`jwk`), where there is one: whose it is has yet to be shown.
    """

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signing_input: bytes
    signature: bytes
    key: PublicKey | None = None

    @property
    def algorithm(self) -> str:
        """Give `alg`: `RS256`, `ES256`, `ES384` or `EdDSA`."""
        return str(self.header["alg"])

    @property
    def kid(self) -> str | None:
        """Give the address or name of the key, as it stands in the header."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None


def read_jws(text: str) -> Jws:
    """Read a compact JWS of a credential; nothing is known of its signature yet.

    Raises JwsInvalid: `too_large`, `malformed_token`, `header_not_allowed`, `token_type`,
    `algorithm_forbidden`, `algorithm_unknown`, `no_key_named`, `malformed_kid`, `jwk_refused`, or the code of
    the fault in its JSON (`ob3.strict_json`).
    Source: RFC 7515, sections 3.1 and 5.2; RFC 8725, sections 3.1 to 3.11.
    """
    if len(text) > LARGEST_TOKEN:
        raise JwsInvalid("too_large", f"The token is longer than {LARGEST_TOKEN:,} characters.", limit=True)
    parts = text.split(".", 3)
    if len(parts) != 3:
        _refuse("malformed_token", "A signed token has exactly three parts; this has another number.")
    if not parts[1]:
        _refuse(
            "malformed_token", "The token has no payload of its own; one that stands elsewhere is not read."
        )
    header_data, payload_data, signature = map(_decoded, parts)
    header = _object(header_data, "header", _HEADER_LIMITS)
    key = _check_header(header)
    return Jws(
        header=header,
        payload=_object(payload_data, "payload", strict_json.DEFAULT_LIMITS),
        signing_input=f"{parts[0]}.{parts[1]}".encode("ascii"),
        signature=signature,
        key=key,
    )


def check_jws_signature(jws: Jws, key: PublicKey) -> None:
    """Check the signature of a token with a key that the caller knows to be the issuer's.

    Raises JwsInvalid `algorithm_mismatch` where the key signs in another way than the header says, and
    `signature_mismatch`. Source: RFC 8725, section 3.1 (the key decides, not the header).
    """
    if jws.algorithm != jose_algorithm(key):
        _refuse(
            "algorithm_mismatch", f"The token names {jws.algorithm}, but its key makes no such signatures."
        )
    if not key.verify(jws.signature, jws.signing_input):
        _refuse(
            "signature_mismatch", "The signature does not fit: something was changed, or the key is another."
        )


def write_jws(payload: Mapping[str, Any], *, signer: Signer, header: Mapping[str, Any]) -> str:
    """Sign a payload as a compact JWS; `alg` is written by itself, from the signer's kind of key.

    Raises JwsInvalid for a header that `read_jws` would refuse, and JsonRefused.
    """
    if signer.algorithm not in ALGORITHMS:
        _refuse("algorithm_unknown", f"Keys of the kind {signer.algorithm[:40]!r} sign no tokens.")
    algorithm = {"alg": ALGORITHMS[signer.algorithm]}
    whole = {**algorithm, **header, **algorithm}  # first, and not to be overridden
    _check_header(whole)
    signing_input = ".".join(_encoded(part) for part in (whole, payload))
    token = f"{signing_input}.{base64url_encode(signer.sign(signing_input.encode('ascii')))}"
    read_jws(token)
    return token


def _decoded(part: str) -> bytes:
    try:
        return base64url_decode(part)
    except KeysError:
        _refuse(
            "malformed_token", "A part of the token is not base64url without padding, in its only spelling."
        )


def _encoded(value: Mapping[str, Any]) -> str:
    return base64url_encode(strict_json.dump(dict(value)).encode())


def _object(data: bytes, part: str, limits: JsonLimits) -> dict[str, Any]:
    try:
        value = strict_json.parse(data, limits=limits)
    except JsonRefused as error:
        message = f"The {part} of the token cannot be read. {error.message}"
        raise JwsInvalid(error.code, message, error.path, limit=error.limit) from error
    if not isinstance(value, dict):
        _refuse("malformed_token", f"The {part} of the token is not a JSON object.")
    return value


def _check_header(header: Mapping[str, Any]) -> PublicKey | None:
    """Refuse whatever could change what is signed, or by whom; give the key that the header shows."""
    _check_algorithm(header.get("alg"))
    stray = sorted(set(header) - _HEADER_MEMBERS)
    if stray:
        _refuse("header_not_allowed", f"The header of the token holds {stray[0][:40]!r}, which it may not.")
    if "typ" in header and header["typ"] not in TYPES:
        _refuse("token_type", f"The typ of the token may be {', '.join(TYPES)} and no other.")
    if "kid" in header:
        _check_kid(header["kid"])
    if "jwk" in header:
        return _key(header["jwk"])
    if "kid" not in header:
        _refuse("no_key_named", "The header of the token names no key, neither by kid nor by jwk.")
    return None


def _check_algorithm(algorithm: object) -> None:
    if not isinstance(algorithm, str):
        _refuse("malformed_token", "The header of the token does not say how it is signed.")
    if algorithm.lower() in _NOT_A_SIGNATURE:
        _refuse("algorithm_forbidden", f"The token is secured by {algorithm[:20]!r}, which is no signature.")
    if algorithm not in ALGORITHMS.values():
        _refuse("algorithm_unknown", f"The token is signed with {algorithm[:40]!r}, which is not known here.")


def _check_kid(kid: object) -> None:
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST_KID:
        _refuse("malformed_kid", f"The kid of the token must be text of 1 to {_LONGEST_KID:,} characters.")


def _key(jwk: object) -> PublicKey:
    try:
        return from_jwk(jwk)
    except KeysError as error:
        raise JwsInvalid("jwk_refused", f"The key in the header of the token: {error.message}") from error


def _refuse(code: str, message: str) -> NoReturn:
    raise JwsInvalid(code, message)
