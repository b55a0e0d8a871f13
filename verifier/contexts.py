"""Step 6: the exact context allow-list (J3, J4).

Safe-mode canonical form alone is not enough: with foreign contexts the JSON can be rewritten while the
signed quads stay the same. So `@context` must be, in this order and nothing else:

1. the W3C context: 2.0, or 1.1 with a warning;
2. the Open Badges context: 3.0.3, or an older edition or another of its addresses with a warning; in a
   learner record the CLR context as well, before or after it;
3. any of the listed ones, each once: the OB extensions, the contexts of proofs and of status entries, and the
   micro-credential context. That one is named by each deployment's own address and accepted only where
   `relatedResource` carries one of the digests that we know.

Every address stands for a body that is pinned; one whose body is not known to us is `unsupported_version`.
No two of these contexts give one meaning to two names (a test holds them to it), so none can be exchanged for
another to make a member read differently. Below the top `@context` may stand only in an embedded credential,
and must be of the same edition and on the list itself; and in a proof, which may repeat those of its document
(steps 7 and 9 hold it to that).
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from keys import KeysError
from keys.multibase import multibase_decode, multibase_encode
from ob3.contexts import OB3, OB3_EXTENSIONS, VC1, VC2
from ob3.cryptosuite import DATA_INTEGRITY
from ob3.written import written
from verifier.json_types import as_list, has_type, objects_within
from verifier.report import Check, failed, passed, unknown, warning
from verifier.shape import LEARNER_RECORD
from verifier.versions import version_of

_OB = "https://purl.imsglobal.org/spec/ob/v3p0/"
_CLR = "https://purl.imsglobal.org/spec/clr/v2p0/"
CLR_CONTEXTS = (f"{_CLR}context-2.0.1.json", f"{_CLR}context.json")

_OLDER = frozenset({VC1, f"{_OB}context-3.0.2.json", f"{_OB}context-3.0.1.json", f"{_CLR}context.json"})
_ALIASES = frozenset({f"{_OB}context.json", f"{_OB}context/ob_v3p0.jsonld"})
OPEN_BADGES = frozenset({OB3}) | {one for one in _OLDER | _ALIASES if one.startswith(_OB)}
_UNPINNED = frozenset(
    {
        f"{_OB}context-3.0.0.json",
        f"{_OB}schema/context/ob_v3p0.jsonld",
        "https://imsglobal.github.io/openbadges-specification/context.json",
    }
)
BESIDE = frozenset(
    {
        OB3_EXTENSIONS,
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/vc/status-list/2021/v1",
        "https://www.w3.org/ns/credentials/status/v1",
    }
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


class _RefusedContext(Exception):  # noqa: N818  (an answer, not a fault)
    """The check with which a document is refused."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.code)
        self.check = check


def check_contexts(document: Document, *, accepted: Documents) -> Contexts:
    """Judge the `@context` of a badge, an endorsement or a learner record, and of what is embedded in it.

    `accepted` maps a digest (multibase, sha2-256) to a context document that may be used under any address.
    """
    try:
        extra = _listed(document, accepted)
        for node in objects_within(document) if _may_have_keywords(document) else ():
            if node is not document and "@context" in node and node.get("type") != DATA_INTEGRITY:
                extra = _merged(extra, _embedded(node, document, accepted))
            _refuse_keywords(node)
    except _RefusedContext as refused:
        return Contexts(refused.check)
    return Contexts(_known(document["@context"]), extra)


def _known(sequence: list[str]) -> Check:
    """Say that the contexts are on the list, with a warning where an edition or address is an old one."""
    found = [one for one in sequence if one in _OLDER | _ALIASES]
    if found:
        code = "context_alias" if _ALIASES.issuperset(found) else "older_context"
        return warning("context", code, contexts=" ".join(found))
    return passed("context", "contexts_known")


def _listed(document: Document, accepted: Documents) -> Documents:
    """Give the contexts to read besides the pinned ones. Raises _RefusedContext."""
    sequence = document.get("@context")
    if not isinstance(sequence, list) or not all(isinstance(one, str) for one in sequence):
        raise _RefusedContext(failed("context", "context_form"))
    rest = _after_the_fixed(sequence, learner_record=has_type(document, LEARNER_RECORD))
    extra = _by_digests(document, rest, accepted)
    if extra is None or len(set(sequence)) != len(sequence):
        raise _RefusedContext(failed("context", "context_unknown", contexts=" ".join(sequence)[:500]))
    return extra


def _after_the_fixed(sequence: list[str], *, learner_record: bool) -> list[str]:
    """Give what follows the contexts whose place is fixed. Raises _RefusedContext."""
    fixed = 3 if learner_record else 2
    head = set(sequence[1:fixed])
    if len(sequence) >= fixed and sequence[0] in (VC1, VC2) and head & _UNPINNED:
        raise _RefusedContext(unknown("context", "unsupported_version"))
    record = not learner_record or len(head & set(CLR_CONTEXTS)) == 1
    if len(sequence) < fixed or sequence[0] not in (VC1, VC2) or not record or len(head & OPEN_BADGES) != 1:
        raise _RefusedContext(failed("context", "context_order"))
    return sequence[fixed:]


def _by_digests(document: Document, rest: list[str], accepted: Documents) -> Documents | None:
    extra: dict[str, Document] = {}
    for url in rest:
        if url in BESIDE:
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


def _embedded(node: Document, document: Document, accepted: Documents) -> Documents:
    """Judge the `@context` of something inside a document. Raises _RefusedContext.

    Another edition than that of the whole is refused: the W3C contexts protect their terms, so JSON-LD has no
    meaning for one inside the other.
    """
    same_edition = version_of(node) is version_of(document)
    if not has_type(node, "VerifiableCredential") or not same_edition:
        raise _RefusedContext(failed("context", "keyword", keyword="@context"))
    if node["@context"] == document["@context"]:
        return {}
    return _listed(node, accepted)


def _merged(extra: Documents, more: Documents) -> Documents:
    """Put two sets together; one address with two bodies has no one meaning."""
    for url in extra.keys() & more.keys():
        if extra[url] != more[url]:
            raise _RefusedContext(failed("context", "context_unknown", contexts=url[:500]))
    return {**extra, **more}


def _may_have_keywords(document: Document) -> bool:
    """Tell at once whether a name beside the first `@context` may be a keyword; few documents have one."""
    text = written(document)
    return text is None or text.count(b'"@') > 1


def _refuse_keywords(node: Document) -> None:
    for key in node:
        if key.startswith("@") and key != "@context":
            raise _RefusedContext(failed("context", "keyword", keyword=key[:100]))
