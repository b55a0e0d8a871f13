"""The cryptosuites that are supported, each a value of a few parts.

A further suite is a further row: the machine around it, in `proof`, stays the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ob3.canonical import HashName, canonicalize
from ob3.errors import ProofInvalid

Canonicalize = Callable[..., str]


@dataclass(frozen=True)
class Cryptosuite:
    """One way to secure a document: its name, its kind of key, how documents are transformed and hashed.

    `signature_length` is in bytes; `hash_name` is one of hashlib's.
    """

    name: str
    key_algorithm: str
    signature_length: int
    hash_name: HashName
    transform: Canonicalize

    def hash_data(
        self,
        document: dict[str, Any],
        proof_options: dict[str, Any],
        *,
        extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    ) -> bytes:
        """Give what gets signed: the hash of the proof options, then that of the document.

        Source: VC-DI-EdDSA 1.0, sections 3.2.3 to 3.2.5. The order binds a proof, its time and its purpose to
        one document (THREATS P8).
        """
        return b"".join(
            hashlib.new(
                self.hash_name,
                self.transform(part, extra_contexts=extra_contexts, hash=self.hash_name).encode(),
            ).digest()
            for part in (proof_options, document)
        )


EDDSA_RDFC_2022 = Cryptosuite(
    name="eddsa-rdfc-2022",
    key_algorithm="Ed25519",
    signature_length=64,
    hash_name="sha256",
    transform=canonicalize,
)

CRYPTOSUITES: Mapping[str, Cryptosuite] = MappingProxyType(
    {suite.name: suite for suite in (EDDSA_RDFC_2022,)}
)


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
