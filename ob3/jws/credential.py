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
        "holder",
        "verifiableCredential",
        "vc",
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
    if typ == "vp+jwt":
        _refuse("token_type", "A credential is not signed as a presentation.")
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

    Raises JwsInvalid `two_forms`, `malformed_vc`, `edition_differs`, or `token_type` for a presentation.
    Source: Open Badges 3.0 implementation guide, on VCDM 1.1; VC-JOSE-COSE, section 3.1.1.
    """
    credential = _document(jws.payload, "vc")
    if is_presentation(credential) or jws.header.get("typ") == "vp+jwt":
        _refuse("token_type", "The token is a presentation, and no credential.")
    return credential


def document_of(jws: Jws) -> dict[str, Any]:
    """Give the credential or the presentation that a token carries; a presentation of VCDM 1.1 is in `vp`.

    Beside the members of a presentation `nonce` is a claim too.
    Raises what `credential_of` raises, `token_type` where the token says that it is the other.
    """
    claim = "vp" if "vp" in jws.payload and "vc" not in jws.payload else "vc"
    document = _document(jws.payload, claim)
    if "vc" in jws.payload or (claim == "vc" and not is_presentation(document)):
        return credential_of(jws)
    if not is_presentation(document) or jws.header.get("typ") == "vc+jwt":
        _refuse("token_type", "The token says that it is a presentation or a credential, and is the other.")
    return {name: value for name, value in document.items() if name != "nonce"}


def is_presentation(document: Mapping[str, Any]) -> bool:
    """Tell whether a document is a presentation, and not a credential that calls itself one as well."""
    kinds = document.get("type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return "VerifiablePresentation" in named and "VerifiableCredential" not in named


def check_claims(jws: Jws) -> tuple[ClaimFinding, ...]:
    """Compare the claims of a token with its credential; raises what `credential_of` raises."""
    return compare_claims(jws.payload, credential_of(jws))


def _document(payload: Mapping[str, Any], claim: str) -> dict[str, Any]:
    """Give what stands in the claim, or is the payload; the form must be that of the edition."""
    if claim not in payload:
        document = {name: value for name, value in payload.items() if name not in REGISTERED}
        if is_first_edition(document):
            _refuse("edition_differs", "A document of the data model 1.1 must stand in a claim of its own.")
        return copy.deepcopy(document)
    twice = sorted((_OF_CREDENTIALS - {claim}) & set(payload))
    if twice:
        _refuse("two_forms", f"The token holds {claim}, and {twice[0]} beside it.", f"/{twice[0]}")
    document = payload[claim]
    if not isinstance(document, dict):
        _refuse("malformed_vc", f"The claim {claim} of the token is not a JSON object.", f"/{claim}")
    if not is_first_edition(document):
        _refuse(
            "edition_differs", f"Only a document of the data model 1.1 may stand in {claim}.", f"/{claim}"
        )
    return copy.deepcopy(document)


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
