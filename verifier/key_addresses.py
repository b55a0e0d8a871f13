"""Whose key is it, where the issuer is named by an https address?

The issuer's own origin is asked, and no other. A key is the issuer's if

- the controller document at the issuer's address lists it for assertions; where there is such a document,
  it alone decides, so that nobody who may put a file on the same host speaks for the issuer;
- or the document at the key's own address names the issuer as the key's controller;
- or it is in the JWK Set of the origin (`/.well-known/jwks.json`), under the issuer's name where the set
  gives names. For a token the set decides: a key that is not in it is not the issuer's. For other proofs it
  may only confirm, for it may have been made for signing in;
- or, where a token names it and there is no set, the address that is its name gives the one key.
"""

from dataclasses import dataclass

from keys import KeysError, PublicKey
from verifier.key_answers import (
    Detail,
    LearnedKey,
    breaks_a_rule,
    is_not_the_issuers,
    is_open,
    is_the_issuers,
)
from verifier.key_statements import (
    Statements,
    is_controller_document,
    page_of,
    single_jwk,
)
from verifier.report import Outcome
from verifier.sources import Unreadable

# a document that says so shows whose key it is, or that it is nobody's any more
_SHOWN = {"foreign_controller": "key_of_another", "unknown_key": "key_absent"}


@dataclass(frozen=True, kw_only=True)
class AddressKeys:
    """Ask the origin of one issuer about keys; never raises for what it answers."""

    statements: Statements
    issuer: str
    detail: Detail

    def of_proof(self, method: str, written: PublicKey | None) -> LearnedKey:
        """Learn the key of a verification method on the issuer's origin.

        `written` is the key that stands in the method's own fragment, where there is one.
        """
        said = self._by_documents(method)
        if said.public_key is not None or said.check.outcome is Outcome.failed:
            return said
        try:
            found = self.statements.key_set(self.issuer)
        except (KeysError, Unreadable):
            found = {}
        key = found.get(method) or (written if written in found.values() else None)
        if key is not None:
            return is_the_issuers("key_published", key, self.detail)
        if written is None:
            return said
        return is_open("key_unconfirmed", {**self.detail, "cause": said.check.code}, written)

    def of_kid(self, kid: str) -> LearnedKey:
        """Learn the key that a token names by an address of the issuer's origin."""
        try:
            found = self.statements.key_set(self.issuer)
        except KeysError as error:
            return breaks_a_rule("keys_refused", error, self.detail)
        except Unreadable as silence:
            # our own limit says nothing about the set: what would be weaker must not step in its place
            return self._silent(silence) if silence.code == "too_many" else self._without_set(kid)
        if kid in found:
            return is_the_issuers("key_published", found[kid], self.detail)
        said = self._by_documents(kid)
        if said.public_key is not None:
            return said
        return is_not_the_issuers("key_absent", self.detail)

    def of_jwk(self, key: PublicKey) -> LearnedKey:
        """Learn whether a key that a token carries is one that the issuer publishes."""
        answered = False
        for read in (self._listed_at_issuer, self.statements.key_set):
            try:
                found = read(self.issuer)
            except KeysError as error:
                return breaks_a_rule("keys_refused", error, self.detail)
            except Unreadable:
                continue
            if found is not None and key in found.values():
                return is_the_issuers("key_published", key, self.detail)
            answered = answered or found is not None
        if answered:
            return is_not_the_issuers("key_absent", self.detail)
        return is_open("key_unconfirmed", self.detail, key)

    def _listed_at_issuer(self, issuer: str) -> dict[str, PublicKey] | None:
        document = self.statements.document(issuer)
        return self.statements.listed(document, issuer, issuer) if is_controller_document(document) else None

    def _by_documents(self, method: str) -> LearnedKey:
        """Ask the controller document of the issuer and the document at the key's own address."""
        try:
            decided = self._by_controller_document(method)
        except Unreadable as silence:
            decided = self._silent(silence) if silence.code == "too_many" else None
        return decided or self._by_key_document(method)

    def _by_controller_document(self, method: str) -> LearnedKey | None:
        document = self.statements.document(self.issuer)
        if not is_controller_document(document) or page_of(method) == self.issuer:
            return None  # it says nothing, or is read as the document of the key
        try:
            self.statements.listed(document, self.issuer, self.issuer)
        except KeysError as error:
            return breaks_a_rule("keys_refused", error, self.detail)
        if self.statements.names_elsewhere(document, method):
            return None
        return is_not_the_issuers("key_absent", self.detail)

    def _by_key_document(self, method: str) -> LearnedKey:
        try:
            document = self.statements.document(page_of(method))
            key = self.statements.key_in_document(document, method, self.issuer)
        except KeysError as error:
            return self._refused(error)
        except Unreadable as silence:
            return self._silent(silence)
        if key is None:
            return is_open("keys_not_found", self.detail)
        return is_the_issuers("key_published", key, self.detail)

    def _without_set(self, kid: str) -> LearnedKey:
        said = self._by_documents(kid)
        if said.public_key is not None or said.check.outcome is Outcome.failed:
            return said
        try:
            key = single_jwk(self.statements.document(page_of(kid)), kid, self.issuer)
        except KeysError as error:
            return self._refused(error)
        except Unreadable as silence:
            return self._silent(silence)
        return is_the_issuers("key_published", key, self.detail) if key else said

    def _refused(self, error: KeysError) -> LearnedKey:
        if error.code in _SHOWN:
            return is_not_the_issuers(_SHOWN[error.code], self.detail)
        return breaks_a_rule("keys_refused", error, self.detail)

    def _silent(self, silence: Unreadable) -> LearnedKey:
        code = "keys_unreachable" if silence.code == "unreachable" else "keys_forbidden"
        return is_open(code, self.detail)
