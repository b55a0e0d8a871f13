"""Resolve did:key and did:web, as the one who verifies does (DID Resolution 0.3, section 4)."""

from dataclasses import dataclass
from typing import Any

from app.vc_api.refusals import Refused, bad
from keys import KeysError
from keys.did import did_web_url, keys_from_did_document, resolve_did_key
from ob3 import Ob3Error, strict_json
from verifier.sources import Fetches, Local, Sources, Unreadable

_ACCEPT = "application/did+json, application/did+ld+json, application/json"


@dataclass(frozen=True)
class Identifiers:
    """Resolve identifiers; `fetcher` reaches other hosts, `local` answers our own addresses."""

    fetcher: Fetches | None
    local: Local | None

    def resolve(self, did: str) -> dict[str, Any]:
        """Give the result of resolving a DID. Raises Refused, 404 where nothing usable answers."""
        try:
            document = self._document(did)
        except KeysError as error:
            raise bad("invalidDid", str(error)[:300]) from error
        return {
            "didDocument": document,
            "didResolutionMetadata": {"contentType": "application/did+ld+json"},
            "didDocumentMetadata": {},
        }

    def _document(self, did: str) -> dict[str, Any]:
        if did.startswith("did:key:"):
            return resolve_did_key(did)
        if not did.startswith("did:web:"):
            raise bad("methodNotSupported", "Identifiers of the methods did:key and did:web are resolved.")
        url = did_web_url(did)
        sources = Sources(fetcher=self.fetcher, local=self.local, max_fetches=2)
        try:
            document = strict_json.parse(sources.read(url, accept=_ACCEPT).body)
        except (Unreadable, Ob3Error) as error:
            raise Refused(
                404, "notFound", "No DID document could be read at the identifier's address."
            ) from error
        keys_from_did_document(document, did)
        return dict(document)
