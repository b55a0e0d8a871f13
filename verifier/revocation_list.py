"""Reads a `1EdTechRevocationList`: a list of credential ids in plain JSON, without a signature (S9).

Nothing but the connection says whose list it is. So it counts only at an https address on the issuer's own
origin, when it names that address and that issuer itself. An issuer named by a key alone has no origin, and
its list leaves the question open. Reasons for a revocation that stand in the list are not passed on.
Source: 1EdTech Revocation List Status Method 1.0.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from keys import KeysError
from keys.did import did_web_url
from ob3 import Ob3Error, strict_json
from verifier.json_types import as_list, id_of
from verifier.sources import Sources
from verifier.status_lists import OpenQuestion

_ACCEPT = "application/json, application/ld+json"
# the specification's text writes the plural, 1EdTech's validator of today reads the singular
_REVOKED = ("revokedCredentials", "revokedCredential")
_MEMBERS = frozenset({"@context", "id", "type", "issuer", *_REVOKED})


def is_listed_as_revoked(sources: Sources, url: str, *, issuer: str, credential_id: object) -> bool:
    """Tell whether the issuer's list names a credential. Raises OpenQuestion, and Unreadable."""
    if not isinstance(credential_id, str) or not credential_id:
        raise OpenQuestion("status_needs_id")
    if _origin(url) is None or _origin(url) != _origin_of_issuer(issuer):
        raise OpenQuestion("list_of_another_origin")
    document = _parsed(sources.read(url, accept=_ACCEPT).body)
    if document.get("id") != url:
        raise OpenQuestion("list_of_another_place")
    if id_of(document.get("issuer")) != issuer:
        raise OpenQuestion("list_of_another_issuer")
    return unquote(credential_id) in {unquote(one) for one in _revoked_ids(document)}


def _origin(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return None
    return (parts.hostname, port) if parts.scheme == "https" and parts.hostname else None


def _origin_of_issuer(issuer: str) -> tuple[str, int] | None:
    if not issuer.startswith("did:web:"):
        return _origin(issuer)
    try:
        return _origin(did_web_url(issuer))
    except KeysError:
        return None


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        document = strict_json.parse(body)
    except Ob3Error as error:
        raise OpenQuestion("list_malformed") from error
    if not isinstance(document, dict):
        raise OpenQuestion("list_malformed")
    # an empty list may be left out, a misspelt one may not pass for it
    if not set(document) & set(_REVOKED) and not set(document) <= _MEMBERS:
        raise OpenQuestion("list_malformed")
    return document


def _revoked_ids(document: Mapping[str, Any]) -> Iterator[str]:
    """Give the ids on the list; an entry counts as revoked unless it says that it no longer is."""
    for name in _REVOKED:
        for one in as_list(document.get(name)):
            revoked = one.get("revoked", True) if isinstance(one, dict) else None
            if not isinstance(revoked, bool) or not isinstance(one.get("id"), str):
                raise OpenQuestion("list_malformed")
            if revoked:
                yield one["id"]
