"""The cryptosuite `ecdsa-sd-2023`: each statement is signed for itself, so that a holder may leave some out.

Signing makes a *base proof*, which is for the holder alone. What a reader checks is a *derived proof*, made
by `deriving.derive`. What a checked one means, in the order of the checks:

1. the value is a derived proof in its one spelling; a base proof is refused, with a code of its own;
2. it names each unnamed part of the document once, and no other;
3. there are as many signatures as statements that are not mandatory;
4. the issuer's key signed the proof options, the key of this proof, and all mandatory statements together;
5. the key of this proof signed every other statement.

Source: VC-DI-ECDSA 1.0, section 3.6, "ecdsa-sd-2023".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from keys import PublicKey, Signer
from ob3 import nquads
from ob3.canonical import canonicalize
from ob3.errors import ProofInvalid, TooMuchWork
from ob3.selective.grouping import Contexts, LabelledDocument
from ob3.selective.labels import relabelled
from ob3.selective.mandatory import mandatory_pointers_of
from ob3.selective.material import ProofMaterial, random_material, repeatable_material
from ob3.selective.proof_values import MOST_STATEMENTS, BaseProof, DerivedProof, multikey_bytes

_VALUE = "/proof/proofValue"


@dataclass(frozen=True)
class SelectiveSuite:
    """Sign a document so that parts of it can be shown, and check a part that is shown."""

    name: str = "ecdsa-sd-2023"
    proof_type: str = "DataIntegrityProof"
    key_algorithms: frozenset[str] = frozenset({"P-256"})
    may_issue: bool = True

    def sign(
        self,
        document: dict[str, Any],
        options: dict[str, Any],
        signer: Signer,
        *,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
        mandatory_pointers: Sequence[str] | None = None,
        secret: bytes | None = None,
        material: ProofMaterial | None = None,
        **more: Any,
    ) -> str:
        """Give the value of a base proof, in which the statements at `mandatory_pointers` cannot be left out.

        None as pointers stands for those of `mandatory_pointers_of`. Doing it again gives other bytes, for
        the numbers of a proof are chosen by chance; with a `secret` of 32 random bytes or more they are
        derived from it, and the same document, options and pointers give the same bytes. `material` gives
        them outright, once only.
        Raises ProofInvalid (`wrong_key_type`, `short_secret`), JsonRefused for pointers that lead nowhere,
        TooMuchWork, and what `canonicalize` raises.
        Source: VC-DI-ECDSA 1.0, section 3.6, "Create Base Proof".
        """
        if signer.algorithm not in self.key_algorithms:
            _refuse("wrong_key_type", f"{self.name} needs a key for P-256, not {signer.algorithm}.", "")
        pointers = mandatory_pointers_of(document) if mandatory_pointers is None else mandatory_pointers
        proof_hash = _options_hash(document, options, extra_contexts, allow_keywords)
        if material is None and secret is not None:
            # refuse in our words first what has no RFC 8785 form
            canonicalize(document, extra_contexts=extra_contexts, allow_keywords=allow_keywords)
            material = repeatable_material(secret, document, options, pointers)
        material = material or random_material()
        labelled = LabelledDocument(
            document,
            hmac_key=material.hmac_key,
            extra_contexts=extra_contexts,
            allow_keywords=allow_keywords,
        )
        mandatory, others = _divided(labelled.lines, labelled.part(pointers).indexes)
        _check_count(others)
        public_key = material.proof_key.public_key
        return BaseProof(
            base_signature=signer.sign(_sign_data(proof_hash, public_key, mandatory)),
            public_key=public_key,
            hmac_key=material.hmac_key,
            signatures=tuple(material.proof_key.sign(line.encode()) for line in others),
            mandatory_pointers=tuple(pointers),
        ).write()

    def check(
        self,
        document: dict[str, Any],
        proof: dict[str, Any],
        key: PublicKey,
        *,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
    ) -> None:
        """Raise ProofInvalid unless everything in the document was signed under this key for this proof.

        The codes are `base_proof`, `malformed_proof_value`, `label_map_misfit`, `mandatory_index`,
        `signature_count` and `signature_mismatch`. Raises TooMuchWork for proofs of more statements than are
        checked, and what `canonicalize` raises.
        Source: VC-DI-ECDSA 1.0, section 3.6, "Verify Derived Proof"; section 3.5, createVerifyData.
        """
        derived = DerivedProof.read(proof.get("proofValue"))
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        proof_hash = _options_hash(document, options, extra_contexts, allow_keywords)
        form = canonicalize(document, extra_contexts=extra_contexts, allow_keywords=allow_keywords)
        lines = relabelled(nquads.parse(form), derived.labels)
        if derived.mandatory_indexes and derived.mandatory_indexes[-1] >= len(lines):
            _refuse("mandatory_index", "The proof names a mandatory statement that the document has not.")
        mandatory, others = _divided(lines, derived.mandatory_indexes)
        if len(others) != len(derived.signatures):
            _refuse(
                "signature_count",
                "The proof does not have one signature for each statement that may be left out.",
            )
        signed = _sign_data(proof_hash, derived.public_key, mandatory)
        if not key.verify(derived.base_signature, signed) or not all_signed(
            others, derived.signatures, derived.public_key
        ):
            _refuse(
                "signature_mismatch",
                "The signature does not fit: something was changed, or the key is another.",
                "",
            )


ECDSA_SD_2023 = SelectiveSuite()


def all_signed(lines: Iterable[str], signatures: Iterable[bytes], key: PublicKey) -> bool:
    """Tell whether each statement has its signature, in their order; there are as many of both."""
    return all(
        key.verify(signature, line.encode()) for line, signature in zip(lines, signatures, strict=True)
    )


def _options_hash(
    document: dict[str, Any], options: dict[str, Any], extra_contexts: Contexts | None, allow_keywords: bool
) -> bytes:
    """Hash the canonical proof options under the document's contexts (3.6, "Base Proof Configuration")."""
    configuration = {**options, "@context": document.get("@context")}
    form = canonicalize(configuration, extra_contexts=extra_contexts, allow_keywords=allow_keywords)
    return hashlib.sha256(form.encode()).digest()


def _divided(lines: Sequence[str], indexes: Iterable[int]) -> tuple[list[str], list[str]]:
    """Give the mandatory statements and the others, each in their order."""
    chosen = frozenset(indexes)
    return (
        [line for index, line in enumerate(lines) if index in chosen],
        [line for index, line in enumerate(lines) if index not in chosen],
    )


def _sign_data(proof_hash: bytes, public_key: PublicKey, mandatory: list[str]) -> bytes:
    """Join what the issuer signs (3.5, serializeSignData; 3.4, hashMandatoryNQuads)."""
    return proof_hash + multikey_bytes(public_key) + hashlib.sha256("".join(mandatory).encode()).digest()


def _check_count(lines: Sequence[str]) -> None:
    if len(lines) > MOST_STATEMENTS:
        raise TooMuchWork(
            "too_many_statements",
            f"The document makes more than {MOST_STATEMENTS} statements that may be left out.",
        )


def _refuse(code: str, message: str, path: str = _VALUE) -> NoReturn:
    raise ProofInvalid(code, message, path)
