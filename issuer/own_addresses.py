"""Answer this deployment's own addresses from stored bytes: the verifier never fetches from itself."""

import json

from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.institutions import institution_row, published_did_document
from issuer.status_lists import stored_status_list
from microcredential import CONTEXT_PATH, SCHEMA_PATH, context_text, schema_text


def local(deployment: Deployment, url: str) -> bytes | None:
    """Give what is served at an address of ours, None for any other address or where nothing is."""
    base = deployment.base_url + "/"
    if not url.startswith(base):
        return None
    kind, _, rest = url.removeprefix(base).partition("/")
    try:
        if kind == "status":
            return stored_status_list(deployment, rest).text.encode()
        if kind == "institutions" and rest.endswith("/did.json"):
            return did_document_text(deployment, rest.removesuffix("/did.json")).encode()
    except NotFound:
        return None
    if url == deployment.base_url + CONTEXT_PATH:
        return context_text()
    if url == deployment.base_url + SCHEMA_PATH:
        return schema_text(deployment.base_url)
    return None


def did_document_text(deployment: Deployment, slug: str) -> str:
    """Give the DID document of an institution as served; raises NotFound."""
    with deployment.reading() as session:
        document = published_did_document(session, institution_row(session, slug))
    return json.dumps(document, ensure_ascii=False, indent=1)
