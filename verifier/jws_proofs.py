"""Steps 8 and 9 for a credential that is a signed token (VC-JWT): claims, key, signature (T1 to T4).

The claims of a token repeat its credential. One that says otherwise makes the token false; one that is left
out is told, for the official samples leave some out themselves, and refused by a strict policy. The key must
be the issuer's own, whatever the header shows, and it decides how it signs.
"""

from collections.abc import Mapping
from typing import Any

from keys import PublicKey
from ob3 import Ob3Error
from ob3.jws import (
    ClaimFault,
    ClaimFinding,
    Jws,
    JwsInvalid,
    check_claims,
    check_jws_signature,
    credential_of,
    lone_expiry,
    read_jws,
)
from verifier.issuer_keys import IssuerKeys, LearnedKey
from verifier.proofs import ProvenDocument
from verifier.report import Check, Outcome, failed, passed, skipped, unknown, warning

Document = Mapping[str, Any]
# how the form is called that is not read, by why a token was not
_FORMS = {"algorithm_unknown": "JSON Web Token", "unsupported_envelope": "SD-JWT/COSE"}


def check_jws(
    jws: Jws, document: Document, issuer: str, keys: IssuerKeys, *, strict_claims: bool = False
) -> ProvenDocument:
    """Judge a token by the claims beside its credential, whose key it is, and its signature.

    `document` is the credential that was read from the token, and `issuer` the id that it claims. What is
    proven is read from the token once more, so that nothing else can take its place (P11); where `exp` ends
    a credential that has no end of its own, the `proof` of the answer says so, in `expires`.
    """
    try:
        credential, findings = credential_of(jws), check_claims(jws)
    except Ob3Error as error:
        return _stopped(failed("signature", "token_malformed", reason=error.message[:300]))
    if credential != document:
        return _stopped(failed("signature", "token_malformed", reason="It holds another credential."))
    fault = _claim_fault(findings, strict=strict_claims)
    if fault is not None:
        return _stopped(fault)
    learned = keys.learn_for_jwt(issuer, jws.kid, jws.header.get("jwk"))
    if learned.public_key is None:
        return _without_key(learned)
    return _judged(jws, credential, learned, learned.public_key, _absent(findings))


def check_secured_text(
    text: str, issuer: str, keys: IssuerKeys, *, strict_claims: bool = False
) -> ProvenDocument:
    """Judge a token by all rules of `check_jws`, from its text on; never raises for a bad one.

    The shape, contexts and dates of what is proven are for the caller.
    """
    try:
        jws = read_jws(text)
        document = credential_of(jws)
    except JwsInvalid as error:
        return _stopped(unread(error, "signature"))
    return check_jws(jws, document, issuer, keys, strict_claims=strict_claims)


def unread(error: JwsInvalid, check_id: str) -> Check:
    """Say why a token was not read, as the answer to the question `check_id`; no limits, which have their
    own words."""
    reason = error.message[:300]
    if error.code in _FORMS:
        return unknown(check_id, "unsupported_token", reason=reason, suite=_FORMS[error.code])
    if error.code == "algorithm_forbidden":
        return failed(check_id, "token_unsigned", reason=reason)
    return failed(check_id, "token_malformed", reason=reason)


def _claim_fault(findings: tuple[ClaimFinding, ...], *, strict: bool) -> Check | None:
    false = [one.claim for one in findings if one.fault is not ClaimFault.absent]
    if false:
        return failed("signature", "claims_differ", claims=", ".join(false))
    if strict and findings:
        return failed("signature", "claims_required", claims=_absent(findings))
    return None


def _absent(findings: tuple[ClaimFinding, ...]) -> str:
    return ", ".join(one.claim for one in findings if one.fault is ClaimFault.absent)


def _without_key(learned: LearnedKey) -> ProvenDocument:
    open_question = learned.check.outcome is Outcome.unknown
    signature = unknown("signature", "no_key") if open_question else skipped("signature", "no_key")
    return ProvenDocument(learned.check, signature)


def _judged(
    jws: Jws, credential: dict[str, Any], learned: LearnedKey, key: PublicKey, absent: str
) -> ProvenDocument:
    detail = {
        "suite": f"JWT {jws.algorithm}",
        "verification_method": learned.check.detail.get("verification_method", ""),
    }
    try:
        check_jws_signature(jws, key)
    except JwsInvalid as error:
        code = "token_algorithm" if error.code == "algorithm_mismatch" else "signature_misfit"
        return ProvenDocument(learned.check, failed("signature", code, **detail, reason=error.message))
    return ProvenDocument(
        learned.check,
        _fitting(learned, credential, absent, detail),
        {name: value for name, value in credential.items() if name != "proof"},
        _end(jws, credential),
    )


def _fitting(learned: LearnedKey, credential: Document, absent: str, detail: Mapping[str, str]) -> Check:
    if absent:
        return warning("signature", "claims_missing", **detail, claims=absent)
    if "proof" in credential:  # any one proof is enough (Open Badges 3.0), but a reader is told
        return warning("signature", "inner_proof_unread", **detail)
    confirmed = learned.check.outcome is Outcome.passed
    return passed("signature", "signature_fits" if confirmed else "signature_consistent", **detail)


def _end(jws: Jws, credential: Document) -> Document | None:
    expires = lone_expiry(jws.payload, credential)
    return None if expires is None else {"expires": expires}


def _stopped(signature: Check) -> ProvenDocument:
    return ProvenDocument(skipped("issuer_key", "stopped_earlier"), signature)
