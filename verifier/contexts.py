"""Step 6: the exact context allow-list (J3, J4).

Safe-mode canonical form alone is not enough: with foreign contexts the JSON can be rewritten while the
signed quads stay the same. So `@context` must be VC 2.0, then OB 3.0.3, then optionally the OB extensions
and the micro-credential context; the last is named by each deployment's own address and accepted only where
`relatedResource` carries one of the digests that we know. Below the top `@context` may only repeat a listed
sequence inside an embedded credential.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from keys import KeysError
from keys.multibase import multibase_decode, multibase_encode
from ob3.contexts import OB3, OB3_EXTENSIONS, VC2
from verifier.json_types import as_list, objects_within
from verifier.report import Check, failed, passed, unknown

VC1 = "https://www.w3.org/2018/credentials/v1"
_OB = "https://purl.imsglobal.org/spec/ob/v3p0/"
OLDER_OB = frozenset(
    {
        _OB + name
        for name in ("context.json", "context-3.0.0.json", "context-3.0.1.json", "context-3.0.2.json")
    }
    | {"https://imsglobal.github.io/openbadges-specification/context.json"}
    | {"https://purl.imsglobal.org/spec/ob/v3p0/schema/context/ob_v3p0.jsonld"}
)

_SRI = "sha256-"
_SHA2_256_MULTIHASH = b"\x12\x20"

Document = Mapping[str, Any]
Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Contexts:
    """The answer about contexts, and the documents to read besides the pinned ones."""

    check: Check
    extra: Documents = field(default_factory=dict)


def check_contexts(document: Document, *, accepted: Documents) -> Contexts:
    """Judge the `@context` of a badge or endorsement.

    `accepted` maps a digest (multibase, sha2-256) to a context document that may be used under any address.
    """
    sequence = document.get("@context")
    if not isinstance(sequence, list) or not all(isinstance(one, str) for one in sequence):
        return Contexts(failed("context", "context_form"))
    if _is_older(sequence):
        return Contexts(unknown("context", "unsupported_version"))
    if sequence[:2] != [VC2, OB3]:
        return Contexts(failed("context", "context_order"))
    extra = _extra(document, sequence[2:], accepted)
    if extra is None or len(set(sequence)) != len(sequence):
        return Contexts(failed("context", "context_unknown", contexts=" ".join(sequence)[:500]))
    stray = _stray_keyword(document, sequence)
    if stray:
        return Contexts(failed("context", "keyword", keyword=stray[:100]))
    return Contexts(passed("context", "contexts_known"), extra)


def check_list_contexts(document: Document) -> bool:
    """Tell whether a status list names only contexts that we carry: VC 2.0, or that with the OB ones."""
    sequence = as_list(document.get("@context"))
    known = ([VC2], [VC2, OB3], [VC2, OB3, OB3_EXTENSIONS])
    return sequence in known and _stray_keyword(document, sequence) is None


def _is_older(sequence: list[str]) -> bool:
    if len(sequence) < 2 or sequence[0] not in (VC1, VC2):
        return False
    first_is_older, second_is_older = sequence[0] == VC1, sequence[1] in OLDER_OB
    return second_is_older or (first_is_older and sequence[1] == OB3)


def _extra(document: Document, rest: list[str], accepted: Documents) -> Documents | None:
    extra: dict[str, Document] = {}
    for url in rest:
        if url == OB3_EXTENSIONS:
            continue
        known = _by_digest(document, url, accepted)
        if known is None:
            return None
        extra[url] = known
    return extra


def _by_digest(document: Document, url: str, accepted: Documents) -> Document | None:
    """Give the known context that `relatedResource` names for this address; two answers are none."""
    named = [
        one
        for one in as_list(document.get("relatedResource"))
        if isinstance(one, dict) and one.get("id") == url
    ]
    digests = {digest for one in named for digest in _digests(one)}
    known = accepted.get(digests.pop() or "") if len(digests) == 1 else None
    return known if len(named) == 1 else None


def _digests(resource: Document) -> Iterator[str | None]:
    """Give the digests of a resource as SHA-256 in multibase; None for one that cannot be read."""
    for text in as_list(resource.get("digestMultibase")):
        yield _from_multibase(text)
    for text in as_list(resource.get("digestSRI")):
        yield _from_sri(text)


def _from_multibase(text: Any) -> str | None:
    try:
        return multibase_encode(multibase_decode(text), "u")
    except KeysError:
        return None


def _from_sri(text: Any) -> str | None:
    """Read `sha256-` with base64 (VCDM 2.0, section 5.3, after Subresource Integrity)."""
    if not isinstance(text, str) or not text.startswith(_SRI):
        return None
    try:
        digest = b64decode(text.removeprefix(_SRI), validate=True)
    except ValueError:
        return None
    return multibase_encode(_SHA2_256_MULTIHASH + digest, "u")


def _stray_keyword(document: Document, sequence: list[str]) -> str | None:
    for below_top, node in _nodes(document):
        for key in node:
            if key == "@context" and not (below_top and not _repeats(node, sequence)):
                continue
            if key.startswith("@"):
                return key
    return None


def _nodes(document: Document) -> Iterator[tuple[bool, Document]]:
    for node in objects_within(document):
        yield node is not document, node


def _repeats(node: Document, sequence: list[str]) -> bool:
    """Tell whether an embedded credential repeats the sequence above it, or the plain listed ones."""
    embedded = "VerifiableCredential" in as_list(node.get("type"))
    return embedded and node["@context"] in (sequence, [VC2, OB3], [VC2, OB3, OB3_EXTENSIONS])
