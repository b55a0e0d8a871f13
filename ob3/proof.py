"""Add a Data Integrity proof to a credential, and check one.

>>> secured = add_proof(credential, signer=key.signer(), created="2026-07-03T02:00:00Z")  # doctest: +SKIP
>>> verify_proof(secured, verification_key=key.public_key).document == credential  # doctest: +SKIP
True

What a checked proof means, in the order of the checks:

1. the proof is one of the document's own, complete, and of a supported kind (`type`, `cryptosuite`);
2. it was made for the purpose that is asked for, and its times are written as they must be;
3. it does not depend on another proof, and its contexts do not differ from the document's;
4. the key is of the suite's kind;
5. its value is a signature in its only spelling, that key's, over proof options and document.

Whose key it is, whether it was valid then and whether the proof has expired are questions for the verifier.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from keys import PublicKey, Signer
from ob3.cryptosuite import Cryptosuite, cryptosuite_named, cryptosuite_of
from ob3.errors import ProofInvalid
from ob3.proof_options import check_contexts, check_options
from ob3.strict_json import dump


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
    allow_keywords: bool = False,
    mandatory_pointers: Sequence[str] = (),
) -> dict[str, Any]:
    """Give a copy of a credential with a proof, an object, as its last member.

    `created` is an RFC 3339 date and time with zone; `extra_contexts` maps the addresses of contexts that are
    not pinned here to their documents; `allow_keywords` is for documents that are no badges; what must always
    be disclosed (JSON Pointers) is a matter of selective disclosure alone.
    Raises ProofInvalid for a wrong use, JsonRefused for texts that must not be signed (`control_character`),
    and what `canonicalize` raises.
    Source: VC-DI 1.0, "Add Proof"; VC-DI-EdDSA 1.0, section 3.2.1.
    """
    suite = cryptosuite_named(cryptosuite)
    if "proof" in credential:
        _refuse("already_secured", "The credential has a proof already; remove it first.", "/proof")
    _check_kind_of_key(suite, signer.algorithm)
    proof = {
        "type": suite.proof_type,
        "cryptosuite": suite.name,
        "created": created,
        "verificationMethod": signer.id,
        "proofPurpose": purpose,
    }
    check_options(proof, purpose)
    dump(credential)
    more = {"mandatory_pointers": tuple(mandatory_pointers)} if mandatory_pointers else {}
    value = suite.sign(
        credential, proof, signer, extra_contexts=extra_contexts, allow_keywords=allow_keywords, **more
    )
    return {**copy.deepcopy(credential), "proof": {**proof, "proofValue": value}}


def verify_proof(
    document: dict[str, Any],
    *,
    verification_key: PublicKey,
    proof: dict[str, Any] | None = None,
    expected_purpose: str = "assertionMethod",
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    allow_keywords: bool = False,
) -> Verified:
    """Check one proof of a secured document with a key, and give what it covers.

    `proof` chooses one of a proof set; without it the document must have exactly one. The caller binds the
    key to the issuer.
    Raises ProofInvalid, and what `canonicalize` raises.
    Source: VC-DI 1.0, "Verify Proof"; VC-DI-EdDSA 1.0, section 3.2.2.
    """
    chosen = _chosen(document, proof)
    suite = cryptosuite_of(chosen)
    check_options(chosen, expected_purpose)
    if "previousProof" in chosen:
        # A chain holds only if every proof before does (VC-DI 1.0, "Proof Chains"; THREATS P7).
        _refuse(
            "proof_chain",
            "The proof depends on another proof; chains are not supported.",
            "/proof/previousProof",
        )
    check_contexts(chosen, document)
    _check_kind_of_key(suite, verification_key.algorithm)
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    suite.check(
        unsecured, chosen, verification_key, extra_contexts=extra_contexts, allow_keywords=allow_keywords
    )
    return Verified(document=copy.deepcopy(unsecured), proof=copy.deepcopy(chosen))


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


def _check_kind_of_key(suite: Cryptosuite, algorithm: str) -> None:
    """Refuse a key of another kind than the suite's (THREATS P3)."""
    if algorithm not in suite.key_algorithms:
        kinds = " or ".join(sorted(suite.key_algorithms))
        _refuse(
            "wrong_key_type",
            f"{suite.name} needs a key for {kinds}, not {algorithm}.",
            "/proof/verificationMethod",
        )


def _refuse(code: str, message: str, path: str = "") -> NoReturn:
    raise ProofInvalid(code, message, path)
