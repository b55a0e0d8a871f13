"""Step 5: the published JSON Schema, in the edition of the document, and which further schemas it names.

A `credentialSchema` is never fetched. The official addresses stand for the pinned copies; the
schemas of a deployment for micro-credentials and for recognition statements are known where its context was
accepted by digest (the profile check reads the first); any other gives a warning.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from microcredential import CONTEXT_PATH, RECOGNITION_SCHEMA_PATH, SCHEMA_PATH
from ob3.errors import SchemaMismatch
from ob3.schema import check_schema
from verifier.json_types import as_list
from verifier.report import Check, failed, passed, warning
from verifier.versions import Version, version_of

_OFFICIAL = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/",
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/",
)
_OFFICIAL_FILES = frozenset(
    {
        "ob_v3p0_achievementcredential_schema.json",
        "ob_v3p0_anyachievementcredential_schema.json",
        "ob_v3p0_endorsementcredential_schema.json",
        "ob_v3p0_anyendorsementcredential_schema.json",
        "clr_v2p0_clrcredential_schema.json",
    }
)


def check_schemas(document: dict[str, Any], kind: str, *, extra_contexts: Mapping[str, Any]) -> Check:
    """Hold a document against the pinned schema of its kind; `extra_contexts` are those accepted by
    digest."""
    try:
        check_schema(document, kind, older=version_of(document) is Version.vcdm_1_1)
    except SchemaMismatch as error:
        place = error.path[:200] or "/"
        return failed("schema", "schema_misfit", place=place, reason=error.message[:300])
    for one in as_list(document.get("credentialSchema")):
        address = one.get("id") if isinstance(one, dict) else None
        if not isinstance(address, str):
            return failed("schema", "schema_malformed")
        if not _is_known(address, extra_contexts):
            return warning("schema", "schema_unread", schema=address[:300])
    return passed("schema", "schema_fits")


def _is_known(address: str, extra_contexts: Mapping[str, Any]) -> bool:
    if address.startswith(_OFFICIAL) and urlsplit(address).path.rpartition("/")[2] in _OFFICIAL_FILES:
        return True
    bases = [url.removesuffix(CONTEXT_PATH) for url in extra_contexts]
    return address in {base + path for base in bases for path in (SCHEMA_PATH, RECOGNITION_SCHEMA_PATH)}
