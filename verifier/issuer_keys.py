"""Step 8: is the signing key the issuer's own? (P1, P2, P6, N6, N7, N8)

A verification method counts only if the DID before its `#` is the issuer's id. Its key is then learned from

1. whoever gave the verifier a key source (the issuer's lint before signing);
2. did:key: the id itself;
3. did:web: the DID document at its address, under `assertionMethod`; when the address does not answer, the
   last good document that was kept, and the check says of which day it is;
4. an https id: a document of keys at that very address, or a key that the trust list itself vouches for. A
   key that stands only in the fragment of the address proves nothing, for anyone can write it there: the
   signature may fit, but the key is not confirmed.

A key that is shown not to be the issuer's fails; a key that cannot be learned leaves the question open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import KeysError, PublicKey
from keys.did import did_of, did_web_url, keys_from_did_document, resolve_did_key
from ob3 import Ob3Error, strict_json
from verifier.dates import day_text
from verifier.memory import Memory, Remembered, recall, remember
from verifier.report import Check, failed, passed, unknown
from verifier.sources import Sources, Unreadable, host_of
from verifier.trust import TrustList

KeySource = Callable[[str, str], PublicKey | None]
_ACCEPT = "application/did+json, application/did+ld+json, application/json"
_KEYS_OF_ISSUER = "issuer_key"


@dataclass(frozen=True)
class LearnedKey:
    """A public key, or None, with the check that says whose it is."""

    check: Check
    public_key: PublicKey | None = None


@dataclass(frozen=True, kw_only=True)
class IssuerKeys:
    """Answer for each verification method whether its key is the issuer's."""

    sources: Sources
    trust: TrustList
    memory: Memory | None
    given: KeySource | None
    now: datetime

    def learn(self, issuer: str, verification_method: str) -> LearnedKey:
        """Give the key of a verification method with the check about it; never raises for a bad one."""
        detail = {"verification_method": verification_method[:500], "issuer": issuer[:500]}
        if not _is_did_url(verification_method):
            return LearnedKey(failed(_KEYS_OF_ISSUER, "method_malformed", **detail))
        if did_of(verification_method) != issuer:
            return _from_elsewhere(issuer, verification_method, detail)
        key = self.given(issuer, verification_method) if self.given else None
        if key is not None:
            return LearnedKey(passed(_KEYS_OF_ISSUER, "key_given", **detail), key)
        if issuer.startswith("did:key:"):
            return _from_did_key(issuer, verification_method, detail)
        if issuer.startswith("did:web:"):
            return self._from_did_web(issuer, verification_method, detail)
        if issuer.startswith("did:"):
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "did_method_unknown", **detail))
        return self._from_address(issuer, verification_method, detail)

    def _from_did_web(self, did: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
        try:
            url = did_web_url(did)
        except KeysError:
            return LearnedKey(failed(_KEYS_OF_ISSUER, "method_malformed", **detail))
        detail = {**detail, "host": host_of(url), "url": url}
        try:
            document, text = _json_at(self.sources, url)
        except Unreadable as silence:
            return self._from_memory(did, method, {**detail, "cause": silence.code})
        learned = _from_document(document, did, method, detail)
        if learned.public_key is not None and self.memory is not None:
            remember(self.memory, f"did:{did}", Remembered(text=text, read_at=self.now))
        return learned

    def _from_memory(self, did: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
        if detail["cause"] != "unreachable":
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "keys_forbidden", **detail))
        kept = recall(self.memory, f"did:{did}") if self.memory else None
        if kept is None:
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "keys_unreachable", **detail))
        try:
            learned = _from_document(strict_json.parse(kept.text), did, method, detail)
        except Ob3Error:
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "keys_unreachable", **detail))
        if learned.public_key is None:
            # an old copy cannot show that a key is not the issuer's: it may be a newer one
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "keys_unreachable", **detail))
        detail = {**detail, "day": day_text(kept.read_at)}
        return LearnedKey(passed(_KEYS_OF_ISSUER, "key_remembered", **detail), learned.public_key)

    def _from_address(self, issuer: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
        detail = {**detail, "host": host_of(issuer)}
        key = _from_fragment(method)
        entry = self.trust.find(issuer)
        if key is not None and entry is not None and key.multikey in entry.keys:
            return LearnedKey(passed(_KEYS_OF_ISSUER, "key_listed", **detail), key)
        if issuer.startswith("https://"):
            try:
                document, _ = _json_at(self.sources, issuer)
            except Unreadable as silence:
                if key is None:
                    code = "keys_unreachable" if silence.code == "unreachable" else "keys_forbidden"
                    return LearnedKey(unknown(_KEYS_OF_ISSUER, code, **detail))
            else:
                if isinstance(document, dict) and "assertionMethod" in document:
                    return _from_document(document, issuer, method, detail)
        return LearnedKey(unknown(_KEYS_OF_ISSUER, "key_unconfirmed", **detail), key)


def _is_did_url(text: str) -> bool:
    """Tell an absolute address with a scheme from anything else (RFC 3986, section 3.1)."""
    scheme, colon, rest = text.partition(":")
    has_scheme = bool(colon and rest) and scheme.isascii() and scheme[:1].isalpha()
    return has_scheme and not any(map(str.isspace, text))


def _from_elsewhere(issuer: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
    """Judge a key that stands under another identifier than the issuer's.

    A DID or a web address could have named its own keys, so another one's key is not the issuer's. An issuer
    named by a mere number (`urn:uuid:`) can name none: then a did:key says whether the signature fits, not
    whose it is.
    """
    if not issuer.startswith(("did:", "https:", "http:")) and method.startswith("did:key:"):
        key = _from_did_key(did_of(method), method, detail).public_key
        if key is not None:
            return LearnedKey(unknown(_KEYS_OF_ISSUER, "key_unconfirmed", **detail), key)
    return LearnedKey(failed(_KEYS_OF_ISSUER, "key_of_another", **detail))


def _from_did_key(did: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
    try:
        found = keys_from_did_document(resolve_did_key(did), did)
    except KeysError as error:
        return LearnedKey(failed(_KEYS_OF_ISSUER, "key_refused", **detail, reason=error.message))
    # the DID alone names its one key without doubt, so both spellings of the method are read
    key = next(iter(found.values())) if method == did else found.get(method)
    if key is None:
        return LearnedKey(failed(_KEYS_OF_ISSUER, "key_absent", **detail))
    return LearnedKey(passed(_KEYS_OF_ISSUER, "key_is_issuer", **detail), key)


def _from_document(document: Any, did: str, method: str, detail: Mapping[str, str]) -> LearnedKey:
    try:
        found = keys_from_did_document(document, did)
    except KeysError as error:
        return LearnedKey(failed(_KEYS_OF_ISSUER, "keys_refused", **detail, reason=error.message))
    if method not in found:
        return LearnedKey(failed(_KEYS_OF_ISSUER, "key_absent", **detail))
    return LearnedKey(passed(_KEYS_OF_ISSUER, "key_published", **detail), found[method])


def _json_at(sources: Sources, url: str) -> tuple[Any, str]:
    """Read a JSON document; an answer that is no JSON object tells nothing about keys."""
    body = sources.read(url, accept=_ACCEPT).body
    try:
        document = strict_json.parse(body)
    except Ob3Error as error:
        raise Unreadable("unreachable", url) from error
    if not isinstance(document, dict):
        raise Unreadable("unreachable", url)
    return document, body.decode()


def _from_fragment(method: str) -> PublicKey | None:
    try:
        return PublicKey.from_multikey(method.partition("#")[2])
    except KeysError:
        return None
