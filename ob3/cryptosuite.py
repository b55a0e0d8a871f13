"""What a cryptosuite is, and the closed list of those that are known.

A further suite is a further row in the list: the machine around it, in `proof`, stays the same. The modules
of suites do not import this one, which imports them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, Protocol, runtime_checkable

from keys import PublicKey, Signer
from ob3.errors import ProofInvalid
from ob3.selective.suite import ECDSA_SD_2023
from ob3.suites.jcs import ECDSA_JCS_2019, EDDSA_JCS_2022
from ob3.suites.rdfc import ECDSA_RDFC_2019, ED25519_SIGNATURE_2020, EDDSA_2022, EDDSA_RDFC_2022

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


@runtime_checkable
class OwnContexts(Protocol):
    """A suite whose proofs carry the contexts with which they were made."""

    def options_for(self, document: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
        """Give proof options with the contexts of the document that is to be signed."""

    def covered(self, document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
        """Give the document as this proof covers it."""


_ALL: tuple[Cryptosuite, ...] = (
    EDDSA_RDFC_2022,
    EDDSA_JCS_2022,
    ECDSA_RDFC_2019,
    ECDSA_JCS_2019,
    ECDSA_SD_2023,
    EDDSA_2022,
    ED25519_SIGNATURE_2020,
)

CRYPTOSUITES: Mapping[str, Cryptosuite] = MappingProxyType({suite.name: suite for suite in _ALL})
_OLDER_TYPES = frozenset(suite.proof_type for suite in _ALL) - {DATA_INTEGRITY}

# Asked once: `isinstance` with a protocol takes longer than the signature.
_WITH_OWN_CONTEXTS: Mapping[str, OwnContexts] = MappingProxyType(
    {suite.name: suite for suite in _ALL if isinstance(suite, OwnContexts)}
)


def own_contexts_of(suite: Cryptosuite) -> OwnContexts | None:
    """Give a suite as one whose proofs carry contexts, or None for any other."""
    return _WITH_OWN_CONTEXTS.get(suite.name)


def cryptosuite_to_issue(name: object) -> Cryptosuite:
    """Give the suite of exactly this name if new proofs may be made with it.

    Raises ProofInvalid (`unsupported_cryptosuite`).
    """
    suite = CRYPTOSUITES.get(name) if isinstance(name, str) else None
    if suite is None or not suite.may_issue:
        _refuse("cryptosuite", f"{str(name)[:60]!r} is no cryptosuite that is issued here.")
    return suite


def cryptosuite_of(proof: Mapping[str, Any]) -> Cryptosuite:
    """Give the suite of a proof, by exactly its `type` and `cryptosuite`.

    The list is closed, so that an edited name cannot choose a weaker way.
    Raises ProofInvalid (`unsupported_proof_type`, `unsupported_cryptosuite`, `malformed_proof`).
    Source: VC-DI 1.0, "Proofs" and "Versioning Cryptography Suites"; THREATS P3.
    """
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if not isinstance(kind, str) or kind not in _OLDER_TYPES | {DATA_INTEGRITY}:
        _refuse("proof_type", "The proof is of no type that is known here.", "type")
    if kind in _OLDER_TYPES and "cryptosuite" in proof:
        raise ProofInvalid(
            "malformed_proof", f"A proof of type {kind} has no cryptosuite.", "/proof/cryptosuite"
        )
    known_by = kind if kind in _OLDER_TYPES else name
    suite = CRYPTOSUITES.get(known_by) if isinstance(known_by, str) else None
    if suite is None or suite.proof_type != kind:
        _refuse("cryptosuite", f"{str(name)[:60]!r} is no cryptosuite known here.")
    return suite


def _refuse(what: str, message: str, member: str = "cryptosuite") -> NoReturn:
    raise ProofInvalid(f"unsupported_{what}", message, f"/proof/{member}")
