"""Credentials as signed tokens, in the two forms that Open Badges 3.0 knows (VC-JWT).

A credential of VCDM 2.0 is the payload itself, with the claims `iss`, `sub`, `jti`, `nbf` and `exp` beside
its members; one of VCDM 1.1 stands in the claim `vc`. The form and the edition of its first context must
agree, and a payload in both forms is refused: one reader would show this credential, another that one.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NoReturn

from keys import PublicKey, Signer
from keys.jwk import to_jwk
from ob3.contexts import VC2
from ob3.jws.claims import REGISTERED, ClaimFinding, claims_for, compare_claims, is_first_edition
from ob3.jws.compact import Jws, JwsInvalid, write_jws

_IN_CLAIM = "vc"
# A member of a credential beside `vc` would be a second reading of the same token.
_OF_CREDENTIALS = frozenset(
    {
        "@context",
        "@id",
        "@type",
        "id",
        "type",
        "name",
        "description",
        "image",
        "issuer",
        "validFrom",
        "validUntil",
        "awardedDate",
        "issuanceDate",
        "expirationDate",
        "credentialSubject",
        "credentialStatus",
        "credentialSchema",
        "refreshService",
        "termsOfUse",
        "evidence",
        "endorsement",
        "endorsementJwt",
        "proof",
        "verifiableCredential",
        "vp",
    }
)
_NEVER_MISSING = ("iss", "sub", "jti", "nbf")


def credential_jwt(
    credential: Mapping[str, Any],
    *,
    signer: Signer,
    kid: str | None = None,
    jwk: PublicKey | None = None,
    typ: str = "JWT",
    all_claims: bool = True,
) -> str:
    """Sign a credential as a compact JWS: `vc` for VCDM 1.1, the credential itself for VCDM 2.0.

    `kid` is the signer's id unless `jwk` shows the key instead; both may be given. `iss`, `sub`, `jti`, `nbf`
    are always written, `exp` where the credential ends; without `all_claims` those are left out that the
    credential gives no ground for, which Open Badges 3.0 does not allow. Terms without meaning are for the
    caller to find (`canonicalize`).
    Raises JwsInvalid `already_secured`, `claims_missing`, `claim_taken`, `unknown_edition` or a code of
    `read_jws`, and JsonRefused. Source: Open Badges 3.0, "JSON Web Token Proof Format".
    """
    if "proof" in credential:
        _refuse("already_secured", "The credential has a proof already; remove it first.", "/proof")
    claims = claims_for(credential)
    missing = [claim for claim in _NEVER_MISSING if claim not in claims]
    if all_claims and missing:
        _refuse("claims_missing", f"The credential gives no ground for the claims {', '.join(missing)}.")
    header: dict[str, Any] = {"typ": typ}
    if kid is not None or jwk is None:
        header["kid"] = signer.id if kid is None else kid
    if jwk is not None:
        header["jwk"] = to_jwk(jwk)
    return write_jws(_payload(credential, claims), signer=signer, header=header)


def credential_of(jws: Jws) -> dict[str, Any]:
    """Give the credential that a token carries: `vc`, or the payload without the registered claims.

    Raises JwsInvalid `two_forms`, `malformed_vc` or `edition_differs`.
    Source: Open Badges 3.0 implementation guide, on VCDM 1.1; VC-JOSE-COSE, section 3.1.1.
    """
    payload = jws.payload
    if _IN_CLAIM not in payload:
        credential = {name: value for name, value in payload.items() if name not in REGISTERED}
        if is_first_edition(credential):
            _refuse("edition_differs", "A credential of the data model 1.1 must stand in the claim vc.")
        return copy.deepcopy(credential)
    twice = sorted(_OF_CREDENTIALS & set(payload))
    if twice:
        _refuse("two_forms", f"The token holds a credential in vc, and {twice[0]} beside it.", f"/{twice[0]}")
    credential = payload[_IN_CLAIM]
    if not isinstance(credential, dict):
        _refuse("malformed_vc", "The claim vc of the token is not a JSON object.", "/vc")
    if not is_first_edition(credential):
        _refuse(
            "edition_differs", "Only a credential of the data model 1.1 may stand in the claim vc.", "/vc"
        )
    return copy.deepcopy(credential)


def check_claims(jws: Jws) -> tuple[ClaimFinding, ...]:
    """Compare the claims of a token with its credential; raises what `credential_of` raises."""
    return compare_claims(jws.payload, credential_of(jws))


def _payload(credential: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    if is_first_edition(credential):
        return {**claims, _IN_CLAIM: dict(credential)}
    sequence = credential.get("@context")
    if (sequence[:1] if isinstance(sequence, list) else [sequence]) != [VC2]:
        _refuse("unknown_edition", "The first context of the credential is of no known edition.", "/@context")
    taken = sorted((REGISTERED | {_IN_CLAIM}) & set(credential))
    if taken:
        _refuse("claim_taken", f"The credential has a member {taken[0]}, which is a claim.", f"/{taken[0]}")
    return {**credential, **claims}


def _refuse(code: str, message: str, path: str = "") -> NoReturn:
    raise JwsInvalid(code, message, path)
