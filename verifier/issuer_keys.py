"""Step 8: is the signing key the issuer's own? (P1, P2, P6, N6, N7, N8, T2)

A proof names a key by a verification method, a token by a `kid` or by the key itself (`jwk`). It counts only
if the issuer's own statements bind it to the issuer:

1. whoever gave the verifier a key source (the issuer's lint before signing);
2. did:key and did:jwk: the id itself;
3. did:web: the DID document at its address, under `assertionMethod`; when the address does not answer, the
   last good document that was kept, and the check says of which day it is;
4. an https id: the documents and the key set of its own origin (`verifier.key_addresses`);
5. a key that the trust list itself vouches for, where the issuer is not named by a DID.

A key that stands only in the file proves nothing, for anyone can write it there: the signature may fit, but
the key is not confirmed. A key that is shown not to be the issuer's fails; a key that cannot be learned
leaves the question open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from keys import KeysError, PublicKey
from keys.did import did_of, did_web_url, keys_from_did_document, resolve_did_jwk, resolve_did_key
from keys.jwk import from_jwk
from ob3 import Ob3Error, strict_json
from verifier.dates import day_text
from verifier.key_addresses import AddressKeys
from verifier.key_answers import (
    Detail,
    LearnedKey,
    breaks_a_rule,
    is_not_the_issuers,
    is_open,
    is_the_issuers,
)
from verifier.key_statements import Origin, Statements, origin_of, page_of, single_jwk
from verifier.memory import Memory, Remembered, recall, remember
from verifier.report import Outcome
from verifier.sources import Sources, Unreadable, host_of
from verifier.trust import TrustList

__all__ = ["IssuerKeys", "KeySource", "LearnedKey"]

KeySource = Callable[[str, str], PublicKey | None]
Keys = Mapping[str, PublicKey]
Choose = Callable[[Keys], PublicKey | None]
_LONGEST_KNOWN = 1_000  # characters; a did:jwk may be far longer
_OWN_DIDS = {"did:key:": resolve_did_key, "did:jwk:": resolve_did_jwk}


@dataclass(frozen=True, kw_only=True)
class IssuerKeys:
    """Answer for each key whether it is the issuer's."""

    sources: Sources
    trust: TrustList
    memory: Memory | None
    given: KeySource | None
    now: datetime
    purpose: str = "assertionMethod"

    def learn(self, issuer: str, verification_method: str, *, purpose: str | None = None) -> LearnedKey:
        """Give the key of a verification method with the check about it; never raises for a bad one.

        `purpose` is the relationship under which the issuer must list the key: for making assertions, unless
        another is given (P2).
        """
        if purpose not in (None, self.purpose):
            return replace(self, purpose=purpose).learn(issuer, verification_method)
        detail = {"verification_method": verification_method[:500], "issuer": issuer[:500]}
        if not _is_absolute(verification_method):
            return is_not_the_issuers("method_malformed", detail)
        if issuer.startswith("did:"):
            return self._of_did(issuer, verification_method, detail)
        return self._of_address(issuer, verification_method, detail, token=False)

    def learn_for_jwt(self, issuer: str, kid: str | None, jwk: Mapping[str, object] | None) -> LearnedKey:
        """Give the key that a token names by `kid`, by `jwk`, or by both, which must then agree.

        `kid` is a DID URL or an https address of the issuer's own origin; `jwk` counts only where it is
        found among the issuer's own keys (THREATS T2). Never raises for bad values.
        """
        detail = {"verification_method": (kid or "jwk")[:500], "issuer": issuer[:500]}
        try:
            carried = None if jwk is None else from_jwk(jwk)
        except KeysError as error:
            return breaks_a_rule("key_refused", error, detail)
        named = None if kid is None else self._of_kid(issuer, kid, detail)
        if carried is None:
            return named or is_not_the_issuers("key_unnamed", detail)
        if named is None or (named.check.outcome is Outcome.unknown and named.public_key is None):
            return self._carried(issuer, carried, detail)
        return is_not_the_issuers("keys_differ", detail) if named.public_key not in (None, carried) else named

    # Verification methods and kids

    def _of_kid(self, issuer: str, kid: str, detail: Detail) -> LearnedKey:
        if not _is_absolute(kid):
            return is_not_the_issuers("method_malformed", detail)
        if issuer.startswith("did:web:") and kid.startswith("https:"):
            return self._of_jwk_address(issuer, kid, detail)
        if issuer.startswith("did:"):
            return self._of_did(issuer, kid, detail)
        return self._of_address(issuer, kid, detail, token=True)

    def _of_did(self, issuer: str, method: str, detail: Detail) -> LearnedKey:
        if did_of(method) != issuer:
            return is_not_the_issuers("key_of_another", detail)
        key = self.given(issuer, method) if self.given else None
        if key is not None:
            return is_the_issuers("key_given", key, detail)
        if issuer[:8] in _OWN_DIDS:
            # the DID alone names its one key without doubt, so both spellings of the method are read
            return _from_own_did(
                issuer, lambda keys: keys.get(method) or _only(keys, method == issuer), "key_absent", detail
            )
        if issuer.startswith("did:web:"):
            return self._from_did_web(issuer, lambda keys: keys.get(method), detail)
        return is_open("did_method_unknown", detail)

    def _of_address(self, issuer: str, method: str, detail: Detail, *, token: bool) -> LearnedKey:
        """Learn a key of an issuer that is named by an address, or by a mere number (`urn:uuid:`)."""
        key = self.given(issuer, method) if self.given and did_of(method) == issuer else None
        if key is not None:
            return is_the_issuers("key_given", key, detail)
        detail = {**detail, "host": host_of(issuer)}
        written = _written(method)
        if written is not None and self._vouched_for(issuer, written):
            return is_the_issuers("key_listed", written, detail)
        if not issuer.startswith(("https:", "http:")):
            # it can name no keys, so whether the signature fits is all that can be said
            return _of_nobody(issuer, method, detail)
        origin = origin_of(issuer)
        if origin is None:
            if did_of(method) != issuer:
                return is_not_the_issuers("key_of_another", detail)
            return is_open("key_unconfirmed" if written else "keys_forbidden", detail, written)
        if origin_of(method) != origin:
            return is_not_the_issuers("key_of_another", detail)
        asked = self._asked(origin, issuer, detail)
        learned = asked.of_kid(method) if token else asked.of_proof(method, written)
        return learned if self.memory is None else self._kept(learned, self.memory, issuer, method)

    def _kept(self, learned: LearnedKey, memory: Memory, issuer: str, method: str) -> LearnedKey:
        """Keep a key that was learned; give it again where the address does not answer any more (N8)."""
        place = f"key:{self.purpose} {issuer} {method}"
        key, check = learned.public_key, learned.check
        if check.outcome is Outcome.passed and key is not None:
            remember(memory, place, Remembered(text=key.multikey, read_at=self.now))
        kept = recall(memory, place)
        if kept is None or "keys_unreachable" not in (check.code, check.detail.get("cause")):
            return learned
        try:
            key = PublicKey.from_own_multikey(kept.text)
        except KeysError:
            return learned
        return is_the_issuers("key_remembered", key, {**check.detail, "day": day_text(kept.read_at)})

    def _of_jwk_address(self, did: str, kid: str, detail: Detail) -> LearnedKey:
        """Learn a key that a token of a did:web names by an address: its JWK must be in the DID document."""
        try:
            origin = origin_of(did_web_url(did))
        except KeysError:
            return is_not_the_issuers("method_malformed", detail)
        if origin is None or origin_of(kid) != origin:
            return is_not_the_issuers("key_of_another", detail)
        key = self.given(did, kid) if self.given else None
        if key is not None:
            return is_the_issuers("key_given", key, detail)
        detail = {**detail, "host": host_of(kid)}
        try:
            key = _named_at(Statements(self.sources, origin, self.purpose), kid, did)
        except KeysError as error:
            if error.code == "unknown_key":
                return is_not_the_issuers("key_absent", detail)
            return breaks_a_rule("key_refused", error, detail)
        except Unreadable as silence:
            return _silent(silence, detail)
        if key is None:
            return is_open("keys_not_found", detail)
        return self._from_did_web(did, lambda keys: _among(keys, key), detail)

    # Keys that a token carries

    def _carried(self, issuer: str, key: PublicKey, detail: Detail) -> LearnedKey:
        if issuer[:8] in _OWN_DIDS:
            return _from_own_did(issuer, lambda keys: _among(keys, key), "key_of_another", detail)
        if issuer.startswith("did:web:"):
            return self._from_did_web(issuer, lambda keys: _among(keys, key), detail)
        detail = {**detail, "host": host_of(issuer)}
        origin = origin_of(issuer)
        if not issuer.startswith("did:") and self._vouched_for(issuer, key):
            return is_the_issuers("key_listed", key, detail)
        if origin is None:
            return is_open("key_unconfirmed", detail, key)
        return AddressKeys(statements=Statements(self.sources, origin), issuer=issuer, detail=detail).of_jwk(
            key
        )

    def _asked(self, origin: Origin, issuer: str, detail: Detail) -> AddressKeys:
        statements = Statements(self.sources, origin, self.purpose)
        return AddressKeys(statements=statements, issuer=issuer, detail=detail)

    def _vouched_for(self, issuer: str, key: PublicKey) -> bool:
        entry = self.trust.find(issuer)
        return entry is not None and entry.in_force(self.now) and key.multikey in entry.keys

    # DID documents on the web

    def _from_did_web(self, did: str, choose: Choose, detail: Detail) -> LearnedKey:
        try:
            url = did_web_url(did)
        except KeysError:
            return is_not_the_issuers("method_malformed", detail)
        detail = {**detail, "host": host_of(url), "url": url}
        origin = origin_of(url)
        try:
            if origin is None:
                raise Unreadable("forbidden", url)
            document, text = Statements(self.sources, origin).document_and_text(url)
        except Unreadable as silence:
            return self._from_memory(did, choose, detail, silence)
        learned = _from_document(document, did, self.purpose, choose, detail)
        if learned.public_key is not None and self.memory is not None:
            remember(self.memory, f"did:{did}", Remembered(text=text, read_at=self.now))
        return learned

    def _from_memory(self, did: str, choose: Choose, detail: Detail, silence: Unreadable) -> LearnedKey:
        detail = {**detail, "cause": silence.code}
        kept = recall(self.memory, f"did:{did}") if self.memory else None
        if silence.code != "unreachable" or kept is None:
            return _silent(silence, detail)
        try:
            learned = _from_document(strict_json.parse(kept.text), did, self.purpose, choose, detail)
        except Ob3Error:
            return _silent(silence, detail)
        if learned.public_key is None:
            # an old copy cannot show that a key is not the issuer's: it may be a newer one
            return _silent(silence, detail)
        return is_the_issuers("key_remembered", learned.public_key, {**detail, "day": day_text(kept.read_at)})


def _is_absolute(text: str) -> bool:
    """Tell an absolute address with a scheme from anything else (RFC 3986, section 3.1)."""
    scheme, colon, rest = text.partition(":")
    has_scheme = bool(colon and rest) and scheme.isascii() and scheme[:1].isalpha()
    return has_scheme and not any(map(str.isspace, text))


def _among(keys: Keys, key: PublicKey) -> PublicKey | None:
    return key if key in keys.values() else None


def _only(keys: Keys, wanted: bool) -> PublicKey | None:
    return next(iter(keys.values()), None) if wanted else None


def _written(method: str) -> PublicKey | None:
    """Read the key that stands in the verification method itself: a did:key, or in the fragment."""
    did, _, fragment = method.partition("#")
    named = did.removeprefix("did:key:") if did.startswith("did:key:") else fragment
    if fragment not in ("", named):
        return None
    try:
        return PublicKey.from_multikey(named)
    except KeysError:
        return None


def _of_nobody(issuer: str, method: str, detail: Detail) -> LearnedKey:
    key = _written(method) if did_of(method) == issuer or method.startswith("did:key:") else None
    if key is None:
        return is_not_the_issuers("key_of_another", detail)
    return is_open("key_unconfirmed", detail, key)


def _named_at(statements: Statements, kid: str, did: str) -> PublicKey | None:
    """Read the key that a token names from the address that is its name, or else from the key set.

    Raises KeysError, `unknown_key` where the key set shows that it is none of the issuer's, and Unreadable.
    """
    try:
        return single_jwk(statements.document(page_of(kid)), kid, did)
    except Unreadable as silence:
        try:
            found = statements.key_set(did)
        except (KeysError, Unreadable):
            raise silence from None
        if found and kid not in found:
            raise KeysError("unknown_key", "The key set does not hold the key.") from None
        if kid in found:
            return found[kid]
        raise


def _from_own_did(did: str, choose: Choose, absent: str, detail: Detail) -> LearnedKey:
    try:
        keys = (_known_own_keys if len(did) <= _LONGEST_KNOWN else _own_keys)(did)
    except KeysError as error:
        return breaks_a_rule("key_refused", error, detail)
    key = choose(keys)
    return is_the_issuers("key_is_issuer", key, detail) if key else is_not_the_issuers(absent, detail)


def _own_keys(did: str) -> Keys:
    return keys_from_did_document(_OWN_DIDS[did[:8]](did), did)


_known_own_keys = lru_cache(maxsize=256)(_own_keys)  # such a DID says the same for ever


def _from_document(document: object, did: str, purpose: str, choose: Choose, detail: Detail) -> LearnedKey:
    try:
        keys = keys_from_did_document(document, did, purpose)
    except KeysError as error:
        return breaks_a_rule("keys_refused", error, detail)
    key = choose(keys)
    return is_the_issuers("key_published", key, detail) if key else is_not_the_issuers("key_absent", detail)


def _silent(silence: Unreadable, detail: Detail) -> LearnedKey:
    return is_open("keys_unreachable" if silence.code == "unreachable" else "keys_forbidden", detail)
