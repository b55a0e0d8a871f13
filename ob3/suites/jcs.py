"""The suites that sign the JSON of a document itself, in its one spelling (RFC 8785).

They give no term a meaning: a member that no context defines is signed like any other, so whoever reads such
a document makes its canonical form as well. Their proofs carry the contexts with which they were made, and
cover the document under those: contexts that were added behind them since are not signed.
"""

from __future__ import annotations

from typing import Any

import rfc8785

from ob3.errors import JsonRefused
from ob3.hashed_text import HashedText, HashName
from ob3.suites.hashed import ECDSA, ED25519, Contexts, HashedSuite


class JcsSuite(HashedSuite):
    """A suite whose proofs say themselves which contexts they cover."""

    def options_for(self, document: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
        """Give proof options the document's contexts (VC-DI-EdDSA 1.0, section 3.3.1, step 2)."""
        return {**options, "@context": document["@context"]} if "@context" in document else options

    def covered(self, document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
        """Give the document under the contexts of the proof (VC-DI-EdDSA 1.0, section 3.3.2, step 4)."""
        return {**document, "@context": proof["@context"]} if "@context" in proof else document


def json_texts(
    document: dict[str, Any],
    options: dict[str, Any],
    *,
    hash_name: HashName,
    extra_contexts: Contexts | None,
    allow_keywords: bool,
) -> tuple[HashedText, HashedText]:
    """Give proof options and document in the spelling of RFC 8785; contexts play no part in it.

    Raises JsonRefused (`not_json`). Source: VC-DI-EdDSA 1.0, sections 3.3.3 and 3.3.5.
    """
    return HashedText(_spelled(options), hash_name), HashedText(_spelled(document), hash_name)


def _spelled(part: dict[str, Any]) -> bytes:
    try:
        return rfc8785.dumps(part)
    except (ValueError, RecursionError) as error:
        raise JsonRefused(
            "not_json", "The document holds what JSON cannot say in one way (RFC 8785)."
        ) from error


EDDSA_JCS_2022 = JcsSuite(name="eddsa-jcs-2022", strengths=ED25519, transform=json_texts)
ECDSA_JCS_2019 = JcsSuite(name="ecdsa-jcs-2019", strengths=ECDSA, transform=json_texts)
