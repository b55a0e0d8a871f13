"""What a cryptosuite is, and the closed list of those that are known.

A further suite is a further row in the list: the machine around it, in `proof`, stays the same. The modules
of suites do not import this one, which imports them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from keys import PublicKey, Signer
from ob3.errors import ProofInvalid
from ob3.suites.hashed import EDDSA_RDFC_2022

DATA_INTEGRITY = "DataIntegrityProof"


class Cryptosuite(Protocol):
    """One way to secure a document.

    `proof_type` is the `type` of its proofs, `name` their `cryptosuite` (for an older proof type, that type);
    `key_algorithms` are names of `keys`; `may_issue` is False for a way that is only read. The document that
    is given has no proof, but those on which this one depends; options are a proof without its value.
    """

    @property
    def name(self) -> str: ...
    @property
    def proof_type(self) -> str: ...
    @property
    def key_algorithms(self) -> frozenset[str]: ...
    @property
    def may_issue(self) -> bool: ...

    def sign(
        self,
        document: dict[str, Any],
        options: dict[str, Any],
        signer: Signer,
        *,
        extra_contexts: Mapping[str, dict[str, Any]] | None = None,
        allow_keywords: bool = False,
        **more: Any,
    ) -> str:
        """Give the proof value. Raises ProofInvalid, and what `canonicalize` raises."""

    def check(
        self,
        document: dict[str, Any],
        proof: dict[str, Any],
        key: PublicKey,
        *,
        extra_contexts: Mapping[str, dict[str, Any]] | None = None,
        allow_keywords: bool = False,
    ) -> None:
        """Raise ProofInvalid unless the proof is the key's over this document; the key is of the suite's."""


_ALL: tuple[Cryptosuite, ...] = (EDDSA_RDFC_2022,)

CRYPTOSUITES: Mapping[str, Cryptosuite] = MappingProxyType({suite.name: suite for suite in _ALL})


def cryptosuite_named(name: object) -> Cryptosuite:
    """Give the suite of exactly this name.

    Raises ProofInvalid (`unsupported_cryptosuite`). The list is closed, so that an edited name cannot choose
    a weaker way (VC-DI 1.0, "Versioning Cryptography Suites"; THREATS P3).
    """
    suite = CRYPTOSUITES.get(name) if isinstance(name, str) else None
    if suite is None:
        raise ProofInvalid(
            "unsupported_cryptosuite",
            f"{str(name)[:60]!r} is no cryptosuite known here.",
            "/proof/cryptosuite",
        )
    return suite


def cryptosuite_of(proof: Mapping[str, Any]) -> Cryptosuite:
    """Give the suite of a proof, by exactly its `type` and `cryptosuite`.

    Raises ProofInvalid (`unsupported_proof_type`, `unsupported_cryptosuite`). Source: VC-DI 1.0, "Proofs".
    """
    if proof.get("type") != DATA_INTEGRITY:
        raise ProofInvalid("unsupported_proof_type", f"The proof is not a {DATA_INTEGRITY}.", "/proof/type")
    return cryptosuite_named(proof.get("cryptosuite"))
