"""Read a file of issuers whom the reader knows."""

from typing import Any

from ob3.errors import Ob3Error
from ob3.strict_json import parse
from verifier import TrustEntry

MAX_BYTES = 1024 * 1024


def read_trust_file(data: bytes) -> list[TrustEntry]:
    """Read issuer ids, one a line, or a JSON list of ids or of `{"id", "name"}`.

    On a line, a name may follow the id after a space; # begins a comment. Raises ValueError with a sentence
    for people.
    """
    if len(data) > MAX_BYTES:
        raise ValueError("The list is larger than 1 MiB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The list is not a text in UTF-8.") from None
    if text.lstrip().startswith(("[", "{")):
        return _from_json(text)
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            entries.append(_entry(f"Line {number}", *words))
    return entries


def _from_json(text: str) -> list[TrustEntry]:
    try:
        listed: Any = parse(text)
    except Ob3Error as error:
        raise ValueError(error.message) from error
    if not isinstance(listed, list):
        raise ValueError('The list must be a JSON list of ids, or of objects with "id" and "name".')
    return [_from_value(f"Entry {number}", each) for number, each in enumerate(listed, start=1)]


def _from_value(where: str, value: Any) -> TrustEntry:
    if isinstance(value, dict):
        return _entry(where, value.get("id"), value.get("name") or "")
    return _entry(where, value)


def _entry(where: str, issuer_id: Any, name: Any = "") -> TrustEntry:
    scheme, colon, rest = issuer_id.partition(":") if isinstance(issuer_id, str) else ("", "", "")
    if scheme not in ("did", "https", "http") or not colon or not rest or any(c.isspace() for c in rest):
        raise ValueError(f"{where} is not the id of an issuer; one begins with did: or https:.")
    if not isinstance(name, str):
        raise ValueError(f"{where}: the name must be text.")
    return TrustEntry(issuer_id=f"{scheme}:{rest}", name=name.strip() or f"{scheme}:{rest}")
