"""Hold a credential of VCDM 1.1 against the schemas of today, which know VCDM 2.0 only.

Appendix E of Open Badges 3.0 gives 1.1 badges a schema of their own. It says the same of every part but four:
the W3C context, the names of the two dates, that `name` must be there, and that the issuer is an object. So
the document is read in today's names, and what the schema says of it is said again in its own.
"""

from typing import Any

from ob3.contexts import OB3, VC1, VC2
from ob3.errors import SchemaMismatch
from ob3.places import DEEPEST
from ob3.schema_words import mismatch

_TODAY = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}
_DAYS_AGO = {new: old for old, new in _TODAY.items()}
_BETA_ADDRESS = "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld"


def in_todays_names(document: dict[str, Any]) -> dict[str, Any]:
    """Give a copy of a 1.1 credential, and of the credentials inside it, with the members named as in 2.0.

    A 2.0 name that stands in it beside the 1.1 one is left out: the step of the dates reads it.
    Raises SchemaMismatch where the document nests deeper than any that is read.
    """
    return dict(_renamed(document, DEEPEST))


def check_older_rules(document: dict[str, Any]) -> None:
    """Ask for what the schemas of 1.1 ask for and those of 2.0 leave open. Raises SchemaMismatch."""
    sequence = document.get("@context")
    if not isinstance(sequence, list) or sequence[:1] != [VC1]:
        raise mismatch(["@context", 0], f"must hold {VC1}")
    if "name" not in document:
        raise mismatch([], "lacks the member name")
    if not isinstance(document.get("issuer"), dict):
        raise mismatch(["issuer"], "must hold an object")


def in_its_own_names(fault: SchemaMismatch) -> SchemaMismatch:
    """Give a fault found in today's names as one of the document itself."""
    path, message = fault.path, fault.message
    for new, old in _DAYS_AGO.items():
        path, message = path.replace(f"/{new}", f"/{old}"), message.replace(new, old)
    return SchemaMismatch(fault.code, message, path)


def _renamed(value: Any, depth: int) -> Any:
    if depth < 0:
        raise mismatch([], "is nested too deep")
    if isinstance(value, list):
        return [_renamed(one, depth - 1) for one in value]
    if not isinstance(value, dict):
        return value
    members = {name: _renamed(one, depth - 1) for name, one in value.items()}
    return _credential(members) if isinstance(members.get("@context"), list) else members


def _credential(members: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in members.items() if name not in _DAYS_AGO}
    named = {_TODAY.get(name, name): value for name, value in kept.items()}
    todays = {VC1: VC2, _BETA_ADDRESS: OB3}
    contexts = [todays.get(one, one) if isinstance(one, str) else one for one in members["@context"]]
    return {**named, "@context": contexts}
