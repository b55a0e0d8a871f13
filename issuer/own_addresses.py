"""Answer this deployment's own addresses from stored bytes: the verifier never fetches from itself."""

from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.published_keys import published_keys
from issuer.refresh import newest_version
from issuer.status_lists import stored_status_list
from microcredential import (
    CONTEXT_PATH,
    RECOGNITION_SCHEMA_PATH,
    SCHEMA_PATH,
    context_text,
    recognition_schema_text,
    schema_text,
)


def local(deployment: Deployment, url: str) -> bytes | None:
    """Give what is served at an address of ours, None for any other address or where nothing is."""
    base = deployment.base_url + "/"
    if not url.startswith(base):
        return None
    place = url.removeprefix(base)
    kind, _, rest = place.partition("/")
    try:
        if kind == "status":
            return stored_status_list(deployment, rest).text.encode()
        if kind == "refresh":
            return newest_version(deployment, rest).encode()
        keys = published_keys(deployment, place)
    except NotFound:
        return None
    if keys is not None:
        return keys.encode()
    if url == deployment.base_url + CONTEXT_PATH:
        return context_text()
    if url == deployment.base_url + SCHEMA_PATH:
        return schema_text(deployment.base_url)
    if url == deployment.base_url + RECOGNITION_SCHEMA_PATH:
        return recognition_schema_text(deployment.base_url)
    return None
