"""The suites that sign the RDF statements of a document in their canonical form (RDFC-1.0).

The two older ones are read and never made: `eddsa-2022` is the first name of `eddsa-rdfc-2022`, and
`Ed25519Signature2020` its forerunner with a proof type of its own, which does the same.
Source: Open Badges 3.0 implementation guide, "Recommended Practices"; VC-DI-EdDSA 1.0, appendix "Test
Vectors", and the Ed25519Signature2020 draft, section 3.
"""

from __future__ import annotations

from typing import Any

from ob3.canonical import hashed_form
from ob3.hashed_text import HashedText, HashName
from ob3.suites.hashed import ECDSA, ED25519, Contexts, HashedSuite


def rdf_texts(
    document: dict[str, Any],
    options: dict[str, Any],
    *,
    hash_name: HashName,
    extra_contexts: Contexts | None,
    allow_keywords: bool,
) -> tuple[HashedText, HashedText]:
    """Give the canonical N-Quads of proof options, under the document's contexts, and of the document.

    Source: VC-DI-EdDSA 1.0, sections 3.2.3 and 3.2.5; VC-DI-ECDSA 1.0, likewise, where the hash is also that
    of the canonical form.
    """
    if "@context" in document:
        options = {**options, "@context": document["@context"]}
    in_turn = (
        hashed_form(part, extra_contexts=extra_contexts, hash=hash_name, allow_keywords=allow_keywords)
        for part in (options, document)
    )
    return next(in_turn), next(in_turn)


EDDSA_RDFC_2022 = HashedSuite(name="eddsa-rdfc-2022", strengths=ED25519, transform=rdf_texts)
ECDSA_RDFC_2019 = HashedSuite(name="ecdsa-rdfc-2019", strengths=ECDSA, transform=rdf_texts)
EDDSA_2022 = HashedSuite(name="eddsa-2022", strengths=ED25519, transform=rdf_texts, may_issue=False)
ED25519_SIGNATURE_2020 = HashedSuite(
    name="Ed25519Signature2020",
    strengths=ED25519,
    transform=rdf_texts,
    proof_type="Ed25519Signature2020",
    may_issue=False,
)
