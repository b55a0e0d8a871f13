"""What step 8 and 9 answer: whose key it is, whether the signature fits, and what exactly was proven."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verifier.report import Check, Outcome, skipped

Document = Mapping[str, Any]


@dataclass(frozen=True)
class ProvenDocument:
    """The two answers, and where a signature fits the document without its proof and the proof itself.

    `document` may be set although `issuer_key` is unknown: then the signature fits a key that nobody
    confirms.
    """

    issuer_key: Check
    signature: Check
    document: dict[str, Any] | None = None
    proof: Document | None = None

    @property
    def confirmed(self) -> bool:
        """Tell whether a signature fits *and* its key is the issuer's."""
        return self.document is not None and self.issuer_key.outcome is Outcome.passed


def unproven(signature: Check) -> ProvenDocument:
    """Give the answer where nobody's key was asked for."""
    return ProvenDocument(skipped("issuer_key", "stopped_earlier"), signature)
