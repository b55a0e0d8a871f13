"""Make a selection from a credential with a base proof: what a holder does before showing it.

>>> derive(credential, selective_pointers=["/credentialSubject/result"])  # doctest: +SKIP
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, NoReturn

from ob3.errors import ProofInvalid
from ob3.selective.grouping import Contexts, LabelledDocument, Part
from ob3.selective.labels import compressed
from ob3.selective.proof_values import BaseProof, DerivedProof
from ob3.selective.suite import ECDSA_SD_2023, all_signed


def derive(
    document: dict[str, Any],
    *,
    selective_pointers: Iterable[str],
    proof: dict[str, Any] | None = None,
    extra_contexts: Contexts | None = None,
    allow_keywords: bool = False,
) -> dict[str, Any]:
    """Give a credential with what the issuer made mandatory and what these JSON Pointers select.

    `proof` chooses the base proof; without it the document must have exactly one of this suite. The result
    has the derived proof alone: other proofs would not fit it.
    Raises ProofInvalid (`no_base_proof`, `which_proof`, `proof_chain`, `not_a_base_proof`,
    `malformed_proof_value`, `base_proof_misfit`, `nothing_selected`), JsonRefused and UndefinedTerm for
    pointers that select nothing or a part of a value, and what `canonicalize` raises.
    Source: VC-DI-ECDSA 1.0, section 3.6, "Add Derived Proof"; section 3.5, createDisclosureData.
    """
    chosen = _chosen(document, proof)
    base = BaseProof.read(chosen.get("proofValue"))
    labelled = LabelledDocument(
        {name: value for name, value in document.items() if name != "proof"},
        hmac_key=base.hmac_key,
        extra_contexts=extra_contexts,
        allow_keywords=allow_keywords,
    )
    mandatory = labelled.part(base.mandatory_pointers)
    signatures = _signatures(base, labelled, mandatory)
    shown = labelled.part([*base.mandatory_pointers, *selective_pointers])
    if not shown.indexes:
        _refuse("nothing_selected", "Nothing is selected, and nothing is mandatory.", "")
    value = DerivedProof(
        base_signature=base.base_signature,
        public_key=base.public_key,
        signatures=tuple(signatures[index] for index in sorted(shown.indexes - mandatory.indexes)),
        labels=compressed(shown.labels),
        mandatory_indexes=tuple(
            number for number, index in enumerate(sorted(shown.indexes)) if index in mandatory.indexes
        ),
    ).write()
    return {**shown.document, "proof": {**copy.deepcopy(chosen), "proofValue": value}}


def _chosen(document: dict[str, Any], proof: dict[str, Any] | None) -> dict[str, Any]:
    """Find the base proof among the document's own."""
    present = document.get("proof")
    own = [one for one in (present if isinstance(present, list) else [present]) if isinstance(one, dict)]
    found = [one for one in own if one.get("cryptosuite") == ECDSA_SD_2023.name]
    if proof is not None:
        found = [one for one in found if one is proof or one == proof][:1]
    if not found:
        _refuse(
            "no_base_proof",
            f"The credential has no {ECDSA_SD_2023.name} proof, so no part of it can be shown alone.",
        )
    if len(found) > 1:
        _refuse("which_proof", f"The credential has {len(found)} proofs of this kind; say which one to use.")
    if "previousProof" in found[0]:
        _refuse("proof_chain", "The proof depends on another proof, which would not fit a selection.")
    return found[0]


def _signatures(base: BaseProof, labelled: LabelledDocument, mandatory: Part) -> dict[int, bytes]:
    """Give the signature of each statement that may be left out, by its number, once all of them fit.

    So a copy that was changed, or grouped otherwise by another program, is told here and not by the reader.
    """
    indexes = [index for index in range(len(labelled.lines)) if index not in mandatory.indexes]
    lines = [labelled.lines[index] for index in indexes]
    if len(lines) != len(base.signatures) or not all_signed(lines, base.signatures, base.public_key):
        _refuse(
            "base_proof_misfit",
            "The proof does not fit the credential: something was changed. Use the copy as it was received.",
        )
    return dict(zip(indexes, base.signatures, strict=True))


def _refuse(code: str, message: str, path: str = "/proof") -> NoReturn:
    raise ProofInvalid(code, message, path)
