"""Read a file of issuers whom the reader knows, in any of the forms in which such lists are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import KeysError, PublicKey
from keys.did import did_web_url, resolve_did_jwk, resolve_did_key
from ob3.errors import Ob3Error
from ob3.trust_list import MAX_BYTES as LARGEST_LIST
from ob3.trust_list import InstitutionList, is_trust_list, parse_list
from verifier import TrustEntry
from verifier.sources import Fetches
from verifier.trust_loading import load_trust_list

MAX_BYTES = LARGEST_LIST
_MOST_ENTRIES = 10_000


@dataclass(frozen=True)
class TrustFile:
    """What a file holds; `listing` and `vouched_by` are None unless it is a trust list of our own form."""

    entries: tuple[TrustEntry, ...]
    listing: InstitutionList | None = None
    vouched_by: str | None = None


def read_trust_file(
    data: bytes,
    *,
    now: datetime,
    publishers: Collection[str] = (),
    fetcher: Fetches | None = None,
    newest: InstitutionList | None = None,
) -> TrustFile:
    """Read a list that was handed in as a file.

    Known are: issuer ids, one a line, with a name after a space (# begins a comment); a JSON list of ids or
    of `{"id", "name"}`; the registry of known DIDs of the Digital Credentials Consortium (`{"registry": {DID:
    {"name", "url"}}}`); a trust list (`ob3.trust_list`), which must be signed by one of `publishers` if it is
    signed at all or if any are named. Raises ValueError with a sentence for people for a file of no such
    form, TrustListRefused for a trust list that is not believed.
    """
    if len(data) > MAX_BYTES:
        raise ValueError("The list is larger than 2 MiB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The list is not a text in UTF-8.") from None
    if not text.lstrip().startswith(("[", "{")):
        return TrustFile(_bounded(_from_lines(text)))
    try:
        listed: Any = parse_list(text)
    except Ob3Error as error:
        raise ValueError(error.message) from error
    if is_trust_list(listed):
        loaded = load_trust_list(
            listed,
            publishers=publishers,
            fetcher=fetcher,
            now=now,
            newest=newest,
            unsigned_too=not publishers,
        )
        return TrustFile(loaded.entries, loaded.listing, loaded.vouched_by)
    return TrustFile(_bounded(_from_json(listed)))


def publisher(text: str) -> str:
    """Read how a publisher of lists is named: by a DID whose keys can be found, or by a Multikey.

    Raises ValueError with a sentence for people.
    """
    try:
        if text.startswith("did:web:"):
            did_web_url(text)
        elif text.startswith("did:jwk:"):
            resolve_did_jwk(text)
        elif text.startswith("did:key:"):
            resolve_did_key(text)
        else:
            PublicKey.from_multikey(text)
    except KeysError as error:
        raise ValueError(
            f"{text[:80]!r} names no publisher: give a did:web, a did:key or a Multikey. {error.message}"
        ) from error
    return text


def _bounded(entries: list[TrustEntry]) -> tuple[TrustEntry, ...]:
    if len(entries) > _MOST_ENTRIES:
        raise ValueError(f"The list holds more than {_MOST_ENTRIES:,} entries.")
    return tuple(entries)


def _from_lines(text: str) -> list[TrustEntry]:
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            entries.append(_entry(f"Line {number}", *words))
    return entries


def _from_json(listed: Any) -> list[TrustEntry]:
    if isinstance(listed, dict) and isinstance(listed.get("registry"), dict):
        return [_known_did(issuer_id, about) for issuer_id, about in listed["registry"].items()]
    if not isinstance(listed, list):
        raise ValueError(
            "The list must be a trust list, a registry of known DIDs, or a JSON list of ids, or of objects "
            'with "id" and "name".'
        )
    return [_from_value(f"Entry {number}", each) for number, each in enumerate(listed, start=1)]


def _known_did(issuer_id: str, about: Any) -> TrustEntry:
    """Read an entry of the registry form of the Digital Credentials Consortium; its places are free text."""
    where = f"The entry {issuer_id[:80]!r}"
    if not isinstance(about, dict):
        raise ValueError(f"{where} must be an object with a name.")
    url = about.get("url", "")
    if not isinstance(url, str):
        raise ValueError(f"{where}: the url must be text.")
    return _entry(where, issuer_id, about.get("name", ""), url=url or None)


def _from_value(where: str, value: Any) -> TrustEntry:
    if isinstance(value, dict):
        return _entry(where, value.get("id"), value.get("name") or "")
    return _entry(where, value)


def _entry(where: str, issuer_id: Any, name: Any = "", *, url: str | None = None) -> TrustEntry:
    scheme, colon, rest = issuer_id.partition(":") if isinstance(issuer_id, str) else ("", "", "")
    if scheme not in ("did", "https", "http") or not colon or not rest or any(c.isspace() for c in rest):
        raise ValueError(f"{where} is not the id of an issuer; one begins with did: or https:.")
    if not isinstance(name, str):
        raise ValueError(f"{where}: the name must be text.")
    return TrustEntry(issuer_id=f"{scheme}:{rest}", name=name.strip() or f"{scheme}:{rest}", url=url)
