"""The suites that sign two hashes, of the proof options and of the document, with one key.

They differ in how a document becomes text (`rdfc`, `jcs`) and in the hash and the signature's length, which
follow from the kind of the key. A further suite of this family is a further row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from keys import PublicKey, Signer
from ob3.errors import ProofInvalid
from ob3.hashed_text import HashedText, HashName
from ob3.suites.proof_value import read_signature, write_signature

Contexts = Mapping[str, dict[str, Any]]


class Transform(Protocol):
    """Give the texts that get hashed: of the proof options, then of the document."""

    def __call__(
        self,
        document: dict[str, Any],
        options: dict[str, Any],
        *,
        hash_name: HashName,
        extra_contexts: Contexts | None,
        allow_keywords: bool,
    ) -> tuple[HashedText, HashedText]: ...


_ASKS_NOTHING: tuple[Any, ...] = ((), [])  # no mandatory pointers: that is what each of these suites does


@dataclass(frozen=True)
class Strength:
    """What belongs to one kind of key: the hash of the texts, and the signature's length in bytes."""

    hash_name: HashName
    signature_length: int


ED25519: Mapping[str, Strength] = MappingProxyType({"Ed25519": Strength("sha256", 64)})
# VC-DI-ECDSA 1.0, sections 3.2.3 and 3.2.4: the curve of the key chooses the hash, also of the canonical form
ECDSA: Mapping[str, Strength] = MappingProxyType(
    {"P-256": Strength("sha256", 64), "P-384": Strength("sha384", 96)}
)


@dataclass(frozen=True)
class HashedSuite:
    """One such suite: its names, its kinds of keys, and how documents become text."""

    name: str
    strengths: Mapping[str, Strength]
    transform: Transform
    proof_type: str = "DataIntegrityProof"
    may_issue: bool = True

    @property
    def key_algorithms(self) -> frozenset[str]:
        """Give the kinds of keys that may sign."""
        return frozenset(self.strengths)

    def sign(
        self,
        document: dict[str, Any],
        options: dict[str, Any],
        signer: Signer,
        *,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
        **more: Any,
    ) -> str:
        """Give the proof value over a document and proof options without one.

        Raises ProofInvalid for what this suite cannot do (`not_of_suite`), and what `canonicalize` raises.
        """
        names = ", ".join(sorted(name for name, given in more.items() if given not in _ASKS_NOTHING))
        if names:
            raise ProofInvalid("not_of_suite", f"{self.name} has no use for {names}.")
        data = self.hash_data(
            document,
            options,
            algorithm=signer.algorithm,
            extra_contexts=extra_contexts,
            allow_keywords=allow_keywords,
        )
        return write_signature(signer.sign(data))

    def check(
        self,
        document: dict[str, Any],
        proof: dict[str, Any],
        key: PublicKey,
        *,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
    ) -> None:
        """Raise ProofInvalid unless the proof's value is the key's signature over options and document."""
        signature = read_signature(proof, self.strengths[key.algorithm].signature_length)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        data = self.hash_data(
            document,
            options,
            algorithm=key.algorithm,
            extra_contexts=extra_contexts,
            allow_keywords=allow_keywords,
        )
        if not key.verify(signature, data):
            raise ProofInvalid(
                "signature_mismatch",
                "The signature does not fit: something was changed, or the key is another.",
            )

    def hash_data(
        self,
        document: dict[str, Any],
        options: dict[str, Any],
        *,
        algorithm: str,
        extra_contexts: Contexts | None = None,
        allow_keywords: bool = False,
    ) -> bytes:
        """Give what gets signed: the hash of the proof options, then that of the document.

        Source: VC-DI-EdDSA 1.0, sections 3.2.3 to 3.2.5. The order binds a proof, its time and its purpose to
        one document (THREATS P8).
        """
        hash_name = self.strengths[algorithm].hash_name
        texts = self.transform(
            document,
            options,
            hash_name=hash_name,
            extra_contexts=extra_contexts,
            allow_keywords=allow_keywords,
        )
        return b"".join([text.digest for text in texts])
