"""The JSON-LD contexts that this program knows, as pinned files beside a manifest of where each comes from.

There is no way to reach a network from here: an address is either in `CONTEXTS`, or handed in by the caller,
or refused. Equality of two contexts is judged on their RFC 8785 form, because the packages that carry the
published files differ from them, and from each other, in white space only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import rfc8785

VC1 = "https://www.w3.org/2018/credentials/v1"
VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB3_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

_DATA = files(__name__) / "data"


@dataclass(frozen=True)
class PinnedContext:
    """Where a context comes from and what its bytes must be; one row of `data/manifest.json`."""

    url: str
    file: str
    package: str
    member: str
    sha256: str
    rfc8785_sha256: str

    def read(self) -> bytes:
        """Give the bytes of the file."""
        return (_DATA / self.file).read_bytes()


def context_digest(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a context's RFC 8785 form, in hex."""
    return hashlib.sha256(rfc8785.dumps(dict(document))).hexdigest()


def _pinned(part: str) -> tuple[PinnedContext, ...]:
    manifest = json.loads((_DATA / "manifest.json").read_bytes())
    return tuple(PinnedContext(**row) for row in manifest[part])


PINNED: tuple[PinnedContext, ...] = _pinned("contexts")
# It gives every word a meaning, so it is no context of credentials: whoever wants it must ask for it.
PINNED_EXAMPLES: tuple[PinnedContext, ...] = _pinned("examples")
CONTEXTS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {entry.url: json.loads(entry.read()) for entry in PINNED}
)
