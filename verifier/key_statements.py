"""What an origin says about keys, in JSON: controller documents, documents of one key, JWK Sets, single JWKs.

Only addresses of one origin are asked, the issuer's, and an answer that came from elsewhere is none (T2).
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keys import KeysError, PublicKey
from keys.did_document import keys_from_did_document, shows_secret
from keys.jwk import from_jwk, keys_from_jwks
from keys.verification_method import key_of
from ob3 import Ob3Error, strict_json
from verifier.addresses import public_host
from verifier.errors import FetchRefused
from verifier.sources import Sources, Unreadable

Origin = tuple[str, int]
_ACCEPT = "application/did+json, application/did+ld+json, application/jwk-set+json, application/json"
ASSERTION = "assertionMethod"
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f\\]")  # urlsplit drops some of them silently
_KEY_MEMBERS = frozenset({"publicKeyMultibase", "publicKeyJwk", "publicKeyBase58"})


def origin_of(url: str) -> Origin | None:
    """Give host and port of an https address; None for anything else, or with a user name in it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not url.startswith("https://") or not host or "@" in parts.netloc or _NOT_IN_A_URL.search(url):
        return None
    try:
        return (host if host.isascii() else public_host(host)), port or 443
    except FetchRefused:
        return None


def page_of(url: str) -> str:
    """Give an address without its fragment: what is fetched."""
    return url.partition("#")[0]


@dataclass(frozen=True)
class Statements:
    """Read what the origin of one issuer says about keys; what fetches may raise Unreadable.

    `purpose` is the relationship under which a controller document must list a key (P2). Key sets and
    documents of one key name none: they speak of making assertions alone.
    """

    sources: Sources
    origin: Origin
    purpose: str = ASSERTION

    def document(self, url: str) -> dict[str, Any]:
        """Give the JSON object at an address of the origin; anything else tells nothing about keys."""
        return self.document_and_text(url)[0]

    def document_and_text(self, url: str) -> tuple[dict[str, Any], str]:
        """Give the JSON object at an address of the origin, and its text."""
        if origin_of(url) != self.origin:
            raise Unreadable("forbidden", url)
        source = self.sources.read(url, accept=_ACCEPT)
        if origin_of(source.url) != self.origin and not source.own:  # a redirect to another port
            raise Unreadable("forbidden", url)
        try:
            document = strict_json.parse(source.body)
        except Ob3Error as error:
            raise Unreadable("unreachable", url) from error
        if not isinstance(document, dict):
            raise Unreadable("unreachable", url)
        return document, source.body.decode()

    def key_set(self, issuer: str) -> dict[str, PublicKey]:
        """Give the issuer's keys in the JWK Set of the origin, by kid.

        Raises KeysError for a set that breaks a rule, Unreadable `unreachable` for what is no set at all.
        Source: Open Badges 3.0 implementation guide, key provenance of JWTs.
        """
        if self.purpose != ASSERTION:
            return {}
        host, port = self.origin
        authority = f"[{host}]" if ":" in host else host
        url = f"https://{authority}{'' if port == 443 else f':{port}'}/.well-known/jwks.json"
        document = self.document(url)
        if "keys" not in document:
            raise Unreadable("unreachable", url)
        return keys_from_jwks(document, issuer)

    def listed(self, document: dict[str, Any], page: str, controller: str) -> dict[str, PublicKey]:
        """Give the keys of a controller document at a page, each of which names its controller.

        Raises KeysError.
        """
        return keys_from_did_document(document, page, self.purpose, controller=controller)

    def names_elsewhere(self, document: dict[str, Any], method: str) -> bool:
        """Tell whether a controller document lists, by its full address, a key that stands elsewhere."""
        listed = document.get(self.purpose)
        return isinstance(listed, list) and method in listed

    def key_in_document(self, document: dict[str, Any], method: str, issuer: str) -> PublicKey | None:
        """Read the key of a verification method from the document at its address; None if it gives no keys.

        That is a controller document that lists it, or a document of this one key. Either way the key must
        name the issuer as its controller (P1).
        Raises KeysError, `unknown_key` where the document gives keys but not this one.
        """
        page = page_of(method)
        if is_controller_document(document):
            found = self.listed(document, page, issuer).get(method)
        elif self.purpose == ASSERTION and not _KEY_MEMBERS.isdisjoint(document):
            found = _single_key(document, (method, page), issuer)
        else:
            return None
        if found is None:
            raise KeysError("unknown_key", f"The key {method[:300]} is not there, or is revoked.")
        return found


def is_controller_document(document: dict[str, Any]) -> bool:
    """Tell a document that lists keys for making assertions from a Profile or anything else."""
    return ASSERTION in document


def single_jwk(document: dict[str, Any], kid: str, issuer: str) -> PublicKey | None:
    """Read the one JWK that the address of a kid gives; None if the document is no JWK.

    Raises KeysError, `foreign_controller` for the key of another issuer, `wrong_id` for another kid.
    """
    if "kty" not in document:
        return None
    if document.get("iss", issuer) != issuer:
        raise KeysError("foreign_controller", "The JWK names another issuer.")
    if document.get("kid", kid) != kid:
        raise KeysError("wrong_id", "The JWK at the address of the key has another name.")
    if "revoked" in document:
        raise KeysError("unknown_key", "The key is revoked.")
    return from_jwk(document)


def _single_key(document: dict[str, Any], names: tuple[str, ...], issuer: str) -> PublicKey | None:
    if document.get("id") not in names:
        raise KeysError("wrong_id", "The document at the address of the key is about another key.")
    if document.get("controller") != issuer:
        raise KeysError("foreign_controller", "The controller of the key is not the issuer.")
    if shows_secret(document):
        raise KeysError("secret_inside", "The document of the key shows a secret key.")
    return key_of(document)
