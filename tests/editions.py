"""Make credentials of the older edition: the same badge as VCDM 1.1 writes it."""

import copy
from typing import Any

from ob3.contexts import VC1

_OB = "https://purl.imsglobal.org/spec/ob/v3p0/"
OB_3_0_0, OB_3_0_1, OB_3_0_2 = (
    f"{_OB}{name}" for name in ("context.json", "context-3.0.1.json", "context-3.0.2.json")
)
OB_3_0_3 = f"{_OB}context-3.0.3.json"
BETA_ADDRESS = f"{_OB}context/ob_v3p0.jsonld"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
DATA_INTEGRITY_1 = "https://w3id.org/security/data-integrity/v1"
BITSTRING_STATUS = "https://www.w3.org/ns/credentials/status/v1"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
_OLD_NAMES = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}


def older(credential: dict[str, Any], *, ob: str = OB_3_0_1, **changes: Any) -> dict[str, Any]:
    """Give an unsigned credential of 2.0 in the words of 1.1; each change replaces a member, None leaves it
    out."""
    made = {_OLD_NAMES.get(name, name): value for name, value in copy.deepcopy(credential).items()}
    if ob in (OB_3_0_0, OB_3_0_2, BETA_ADDRESS):  # these bodies do not define it
        made.pop("awardedDate", None)
    made["@context"] = [VC1, ob, DATA_INTEGRITY, BITSTRING_STATUS]
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}
