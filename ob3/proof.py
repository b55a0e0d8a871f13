"""Add a Data Integrity proof to a credential, and check one.

>>> secured = add_proof(credential, signer=key.signer(), created="2026-07-03T02:00:00Z")  # doctest: +SKIP
>>> verify_proof(secured, verification_key=key.public_key).document == credential  # doctest: +SKIP
True

What a checked proof means, in the order of the checks:

1. the proof is one of the document's own, complete, and of a supported kind (`type`, `cryptosuite`);
2. it was made for the purpose that is asked for, and its times are written as they must be;
3. it does not depend on another proof, and its contexts do not differ from the document's;
4. its value is a signature in its only spelling;
5. the key is of the suite's kind, and the signature is that key's, over proof options and document.

Whose key it is, whether it was valid then and whether the proof has expired are questions for the verifier.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from keys import KeysError, PublicKey, Signer
from keys.multibase import multibase_decode, multibase_encode
from ob3.cryptosuite import Cryptosuite, cryptosuite_named
from ob3.errors import ProofInvalid
from ob3.iri import is_absolute_iri
from ob3.strict_json import dump

PROOF_TYPE = "DataIntegrityProof"

_METHOD = "/proof/verificationMethod"
_VALUE = "/proof/proofValue"

# XSD 1.1, "dateTimeStamp": a zone is required. Years beyond 9999, 24:00 and leap seconds are left out:
# implementations read them differently (THREATS J11).
_DATE_TIME_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,12})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)


@dataclass(frozen=True)
class Verified:
    """What a proof was found to cover: the document without its proof, exactly as hashed, and the proof."""

    document: dict[str, Any]
    proof: dict[str, Any]


def add_proof(
    credential: dict[str, Any],
    *,
    signer: Signer,
    created: str,
    cryptosuite: str = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Give a copy of a credential with a proof, an object, as its last member.

    `created` is an RFC 3339 date and time with zone; `extra_contexts` maps the addresses of contexts that are
    not pinned here to their documents.
    Raises ProofInvalid for a wrong use, JsonRefused for texts that must not be signed (`control_character`),
    and what `canonicalize` raises.
    Source: VC-DI 1.0, "Add Proof"; VC-DI-EdDSA 1.0, section 3.2.1.
    """
    suite = cryptosuite_named(cryptosuite)
    if "proof" in credential:
        _refuse("already_secured", "The credential has a proof already; remove it first.", "/proof")
    if signer.algorithm != suite.key_algorithm:
        _refuse(
            "wrong_key_type", f"{suite.name} needs a key for {suite.key_algorithm}, not {signer.algorithm}."
        )
    proof = {
        "type": PROOF_TYPE,
        "cryptosuite": suite.name,
        "created": created,
        "verificationMethod": signer.id,
        "proofPurpose": purpose,
    }
    _check_options(proof, purpose)
    dump(credential)
    signature = signer.sign(
        suite.hash_data(credential, _with_context(proof, credential), extra_contexts=extra_contexts)
    )
    return {**copy.deepcopy(credential), "proof": {**proof, "proofValue": multibase_encode(signature)}}


def verify_proof(
    document: dict[str, Any],
    *,
    verification_key: PublicKey,
    proof: dict[str, Any] | None = None,
    expected_purpose: str = "assertionMethod",
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
) -> Verified:
    """Check one proof of a secured document with a key, and give what it covers.

    `proof` chooses one of a proof set; without it the document must have exactly one. The caller binds the
    key to the issuer.
    Raises ProofInvalid, and what `canonicalize` raises.
    Source: VC-DI 1.0, "Verify Proof"; VC-DI-EdDSA 1.0, section 3.2.2.
    """
    chosen = _chosen(document, proof)
    suite = _suite_of(chosen)
    _check_options(chosen, expected_purpose)
    _check_contexts(chosen, document)
    signature = _signature(chosen, suite)
    if verification_key.algorithm != suite.key_algorithm:
        _refuse(
            "wrong_key_type",
            f"{suite.name} needs a key for {suite.key_algorithm}.",
            "/proof/verificationMethod",
        )
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in chosen.items() if key != "proofValue"}
    data = suite.hash_data(unsecured, _with_context(options, unsecured), extra_contexts=extra_contexts)
    if not verification_key.verify(signature, data):
        _refuse(
            "signature_mismatch",
            "The signature does not fit: something was changed, or the key is another.",
        )
    return Verified(document=copy.deepcopy(unsecured), proof=copy.deepcopy(chosen))


def is_date_time_stamp(text: object) -> bool:
    """Tell whether a value is a complete date and time with a zone (XSD 1.1 dateTimeStamp)."""
    match = _DATE_TIME_STAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return False
    try:
        datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _chosen(document: dict[str, Any], proof: dict[str, Any] | None) -> dict[str, Any]:
    """Find the proof to check among the document's own (VC-DI 1.0, "Verify Proof Sets and Chains")."""
    if not isinstance(document, dict) or "proof" not in document:
        _refuse("no_proof", "The document has no proof.")
    present = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    if proof is None:
        if len(present) != 1:
            _refuse(
                "which_proof", f"The document has {len(present)} proofs; say which one to check.", "/proof"
            )
        proof = present[0]
    own = next((one for one in present if one is proof or one == proof), None)
    if own is None:
        _refuse("foreign_proof", "The proof is not one of the document's.", "/proof")
    if not isinstance(own, dict):
        _refuse("malformed_proof", "The proof is not an object.", "/proof")
    return own


def _suite_of(proof: dict[str, Any]) -> Cryptosuite:
    """Take exactly the known kinds (VC-DI 1.0, "Proofs" and "DataIntegrityProof")."""
    if proof.get("type") != PROOF_TYPE:
        _refuse("unsupported_proof_type", f"The proof is not a {PROOF_TYPE}.", "/proof/type")
    return cryptosuite_named(proof.get("cryptosuite"))


def _check_options(proof: dict[str, Any], purpose: str) -> None:
    """Check the options that every proof has (VC-DI 1.0, "Proofs"; VC-DI-EdDSA 1.0, 3.2.5)."""
    if proof.get("proofPurpose") != purpose:
        _refuse("wrong_purpose", f"The proof was not made for the purpose {purpose}.", "/proof/proofPurpose")
    if not is_absolute_iri(proof.get("verificationMethod")):
        _refuse(
            "malformed_method",
            "The verification method is not a complete address.",
            "/proof/verificationMethod",
        )
    for name in ("created", "expires"):
        if name in proof and not is_date_time_stamp(proof[name]):
            _refuse("malformed_time", f"{name} is no date and time with a zone.", f"/proof/{name}")
    if "previousProof" in proof:
        # A chain holds only if every proof before does (VC-DI 1.0, "Proof Chains"; THREATS P7).
        _refuse(
            "proof_chain",
            "The proof depends on another proof; chains are not supported.",
            "/proof/previousProof",
        )


def _check_contexts(proof: dict[str, Any], document: dict[str, Any]) -> None:
    """Refuse contexts in a proof that the document does not begin with (VC-DI-EdDSA 1.0, 3.3.2, step 3)."""
    if "@context" not in proof:
        return
    own, whole = (
        context if isinstance(context, list) else [context]
        for context in (proof["@context"], document.get("@context"))
    )
    if whole[: len(own)] != own:
        _refuse(
            "proof_context", "The contexts of the proof are not those of the document.", "/proof/@context"
        )


def _with_context(options: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Give proof options the document's contexts (VC-DI-EdDSA 1.0, section 3.2.5, step 5)."""
    if "@context" not in document:
        return options
    return {**options, "@context": document["@context"]}


def _signature(proof: dict[str, Any], suite: Cryptosuite) -> bytes:
    """Read the signature, accepting one spelling only (VC-DI-EdDSA 1.0, section 3.2.2; THREATS P4)."""
    value = proof.get("proofValue")
    try:
        if not isinstance(value, str) or not value.startswith("z"):
            raise KeysError("malformed_multibase", "not base58btc")
        signature = multibase_decode(value)
    except KeysError as error:
        raise ProofInvalid(
            "malformed_proof_value",
            "The proof value is not base58btc with its leading z.",
            "/proof/proofValue",
        ) from error
    if len(signature) != suite.signature_length or multibase_encode(signature) != value:
        _refuse(
            "malformed_proof_value",
            f"The proof value is not {suite.signature_length} bytes.",
            "/proof/proofValue",
        )
    return signature


def _refuse(code: str, message: str, path: str = "") -> NoReturn:
    raise ProofInvalid(code, message, path)
