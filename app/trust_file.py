"""Read a file of issuers whom the reader knows."""

from typing import Any

from ob3.errors import Ob3Error
from ob3.strict_json import parse
from verifier import TrustEntry


def read_trust_file(data: bytes) -> list[TrustEntry]:
    """Read issuer ids, one a line (# begins a comment), or a JSON list of ids or of `{"id", "name"}`.

    Raises ValueError with a sentence for people.
    """
    text = data.decode("utf-8")
    if text.lstrip().startswith("["):
        return _from_json(data)
    lines = (line.strip() for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [_entry(line) for line in lines if line]


def _from_json(data: bytes) -> list[TrustEntry]:
    try:
        listed: Any = parse(data)
    except Ob3Error as error:
        raise ValueError(error.message) from error
    return [_entry(each["id"], each.get("name", "")) if _is_object(each) else _entry(each) for each in listed]


def _is_object(each: Any) -> bool:
    return isinstance(each, dict) and "id" in each


def _entry(issuer_id: Any, name: Any = "") -> TrustEntry:
    if not isinstance(issuer_id, str) or ":" not in issuer_id or any(each.isspace() for each in issuer_id):
        raise ValueError(f"{issuer_id!r} is not the id of an issuer; it begins with did: or https:.")
    return TrustEntry(issuer_id=issuer_id, name=str(name) or issuer_id)
