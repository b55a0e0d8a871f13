"""The holder's signature on a presentation that is a signed token (VC-JOSE-COSE, section 3.1.2; VCDM 1.1).

No credential stands behind the dates of such a token, so `nbf` and `exp` are held against the clock; whom it
is for (`aud`) and to which question it answers (`nonce`) only where somebody asked one.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from keys.did import did_of
from ob3 import Ob3Error
from ob3.jws import Jws, JwsInvalid, check_jws_signature, document_of
from ob3.jws.claims import claim_of
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, id_of
from verifier.proven import ProvenDocument, unproven
from verifier.report import Outcome, failed, passed, skipped, unknown

Document = Mapping[str, Any]


def check_presentation_jws(
    jws: Jws,
    document: Document,
    keys: IssuerKeys,
    *,
    skew: timedelta,
    domain: str | None = None,
    challenge: str | None = None,
) -> ProvenDocument:
    """Judge the token of a presentation: claims, the holder's key, signature; never raises for a bad one.

    Where no holder is named, by `holder` or `iss`, nobody's name is claimed, and the key need only be that of
    the DID in `kid`.
    """
    try:
        own = document_of(jws)
    except Ob3Error as error:
        return unproven(failed("signature", "token_malformed", reason=error.message[:300]))
    if own != document:
        return unproven(failed("signature", "token_malformed", reason="It holds another presentation."))
    false = list(_false_claims(jws.payload, document, domain, challenge))
    if false:
        return unproven(failed("signature", "claims_differ", claims=", ".join(false)))
    if not _in_time(jws.payload, keys, skew):
        return unproven(failed("signature", "presentation_lapsed"))
    holder = id_of(document.get("holder")) or claim_of(jws.payload, "iss") or did_of(jws.kid or "")
    return _signed(jws, own, str(holder), keys)


def _false_claims(
    payload: Document, document: Document, domain: str | None, challenge: str | None
) -> Iterator[str]:
    for claim in ("iss", "sub", "jti", "aud", "nbf", "exp", "iat"):
        if claim in payload and claim_of(payload, claim) is None:
            yield claim
    for claim, said in (("iss", id_of(document.get("holder"))), ("jti", id_of(document.get("id")))):
        if said is not None and payload.get(claim, said) != said:
            yield claim
    if domain is not None and domain not in as_list(payload.get("aud")):
        yield "aud"
    if challenge is not None and payload.get("nonce") != challenge:
        yield "nonce"


def _in_time(payload: Document, keys: IssuerKeys, skew: timedelta) -> bool:
    now, slack = keys.now.timestamp(), skew.total_seconds()
    start, end = payload.get("nbf", now), payload.get("exp", now)
    return bool(start - slack <= now <= end + slack)


def _signed(jws: Jws, document: dict[str, Any], holder: str, keys: IssuerKeys) -> ProvenDocument:
    learned = keys.learn_for_jwt(holder, jws.kid, jws.header.get("jwk"))
    detail = {"suite": f"JWT {jws.algorithm}"}
    if learned.public_key is None:
        is_open = learned.check.outcome is Outcome.unknown
        return ProvenDocument(learned.check, (unknown if is_open else skipped)("signature", "no_key"))
    try:
        check_jws_signature(jws, learned.public_key)
    except JwsInvalid as error:
        code = "token_algorithm" if error.code == "algorithm_mismatch" else "signature_misfit"
        return ProvenDocument(learned.check, failed("signature", code, **detail, reason=error.message))
    confirmed = learned.check.outcome is Outcome.passed
    code = "signature_fits" if confirmed else "signature_consistent"
    return ProvenDocument(learned.check, passed("signature", code, **detail), document)
