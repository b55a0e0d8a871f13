"""What can go wrong with an Open Badges document: one base and a leaf class per fault."""

# ruff: noqa: N818  (the leaf classes are named for the fault, as ARCHITECTURE asks; only the base ends in Error)

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ob3.places import Place


class Ob3Error(Exception):
    """Say that a document cannot be read, made or trusted.

    `code` is a machine word in snake_case, `message` a sentence for people (what is wrong, where, what to
    do), `path` the place in the document as a JSON Pointer (RFC 6901), empty for the whole document.
    """

    def __init__(self, code: str, message: str, path: str | Place = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = str(path)

    def __reduce__(self) -> tuple[type[Ob3Error], tuple[str, str, str]]:
        """Let the error cross to another process: canonicalisation may run in a limited child."""
        return type(self), (self.code, self.message, self.path)


class JsonRefused(Ob3Error):
    """Say that bytes are not the strict JSON that a signature may cover.

    `limit` tells the two kinds apart: True when a size, depth or count limit stopped the reading,
    False when the text itself is malformed.
    """

    def __init__(self, code: str, message: str, path: str | Place = "", *, limit: bool = False) -> None:
        super().__init__(code, message, path)
        self.limit = limit

    def __reduce__(self) -> tuple[type[Ob3Error], tuple[str, str, str], dict[str, bool]]:  # type: ignore[override]
        return type(self), (self.code, self.message, self.path), {"limit": self.limit}


class ContextRefused(Ob3Error):
    """Say that a JSON-LD context is unknown, inline or misplaced."""


class UndefinedTerm(Ob3Error):
    """Say that a term, type or value has no meaning in the contexts, so that no signature would cover it."""


class MalformedIri(Ob3Error):
    """Say that an identifier is relative or has characters that no IRI may have."""


class TooMuchWork(Ob3Error):
    """Say that the work limit of the canonical form was reached."""


class ProofInvalid(Ob3Error):
    """Say that a proof is malformed, of an unknown kind, or does not fit the document."""


class StatusListInvalid(Ob3Error):
    """Say that a status list, or an index into it, is not what the specification asks for."""


class TrustListInvalid(Ob3Error):
    """Say that a trust list is not of its form: which entry, which member, and what should stand there."""


class BakingRefused(Ob3Error):
    """Say that an image cannot carry, or does not carry, exactly one credential."""


class SchemaMismatch(Ob3Error):
    """Say that a document does not follow the published JSON Schema."""
