"""Identifiers of the kind did:web, to and from their addresses, and the DID of a DID URL.

Making and reading DID documents is in `keys.did_document`, resolving did:key and did:jwk in
`keys.did_resolution`; their names are offered here too.
"""

import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from keys.did_document import KeyRecord, did_document, keys_from_did_document
from keys.did_resolution import resolve_did_jwk, resolve_did_key
from keys.errors import KeysError

__all__ = [
    "KeyRecord",
    "did_document",
    "did_of",
    "did_web",
    "did_web_url",
    "keys_from_did_document",
    "resolve_did_jwk",
    "resolve_did_key",
]

_LONGEST_DID = 1_000
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_AUTHORITY = re.compile(r"([A-Za-z0-9.-]+)(?:%3[Aa]([1-9][0-9]{0,4}))?", re.ASCII)
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\]")
# A decoded segment with one of these would reach another place than the DID shows.
_NOT_IN_A_SEGMENT = re.compile(r"[\x00-\x1f\x7f/\\%?#]")


def did_of(url: str) -> str:
    """Give the part of a DID URL before its `#`: the DID that controls a verification method.

    Raises KeysError `malformed_did` for anything but text.
    """
    if not isinstance(url, str):
        raise KeysError("malformed_did", "A verification method must be named by text.")
    return url.partition("#")[0]


def did_web(base_url: str, *path: str) -> str:
    """Give the did:web of an https address and further path segments, such as `institutions`, `vut`.

    The result reads back to the address of its DID document by `did_web_url`.
    Raises KeysError `malformed_did` or `did_web_needs_https`.
    Source: did:web method specification, section 3.1.
    """
    parts, port = _split_base(base_url)
    segments = [segment.replace(":", "%3A") for segment in parts.path.split("/") if segment]
    encoded = [*segments, *(_percent_encoded(segment) for segment in path)]
    authority = (parts.hostname or "") + (f"%3A{port}" if port else "")
    did = ":".join(["did:web", authority, *encoded])
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """Give the https address of the DID document of a did:web, with its host in lower case.

    Refuses IP addresses, empty or travelling path segments and everything that a host name may not hold.
    Raises KeysError `malformed_did`. Source: did:web method specification, sections 2 and 3.2.
    """
    if not isinstance(did, str) or not did.startswith("did:web:") or len(did) > _LONGEST_DID:
        raise _malformed("it must start with did:web: and have at most 1,000 characters")
    authority, *segments = did.removeprefix("did:web:").split(":")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise _malformed("it must name a host in ASCII, and a port, if any, after %3A")
    host = match[1].lower()
    _check_host(host)
    for segment in segments:
        _check_segment(segment)
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{host}{_port(match[2])}/{path}/did.json"


def _malformed(reason: str) -> KeysError:
    return KeysError("malformed_did", f"The did:web identifier is refused: {reason}.")


def _percent_encoded(segment: str) -> str:
    try:
        return quote(segment, safe="").replace("~", "%7E")  # a DID has no tilde (DID Core 1.0, section 3.1)
    except UnicodeEncodeError as error:
        raise _malformed("a path segment holds half a character") from error


def _split_base(base_url: str) -> tuple[SplitResult, int | None]:
    # urlsplit drops tabs and line ends silently, so they are refused before it sees them
    if _NOT_IN_A_URL.search(base_url):
        raise _malformed("write the address in ASCII without spaces; a name in another script as xn--")
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError as error:
        raise _malformed("the base address cannot be read") from error
    if parts.scheme != "https":
        raise KeysError(
            "did_web_needs_https", "A did:web identifier needs an address that starts with https."
        )
    if parts.query or parts.fragment or "@" in parts.netloc or "?" in base_url or "#" in base_url:
        raise _malformed("the base address must have no user name, query or fragment")
    return parts, port


def _port(text: str | None) -> str:
    if text is None:
        return ""
    if int(text) > 65_535:
        raise _malformed("its port is beyond 65535")
    return f":{text}"


def _check_host(host: str) -> None:
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _malformed("its host is not a host name")
    if _NUMBER_LABEL.fullmatch(labels[-1]):
        raise _malformed("its host is an IP address; did:web needs a name")
    for label in labels:
        if label.startswith("xn--") and not _is_punycode(label.removeprefix("xn--")):
            raise _malformed("its host has an xn-- part that stands for no name in another script")


def _is_punycode(text: str) -> bool:
    """Say whether text after `xn--` stands for something beyond ASCII, in its one spelling."""
    try:
        decoded = text.encode("ascii").decode("punycode")
        return not decoded.isascii() and decoded.encode("punycode").decode("ascii") == text
    except ValueError:  # UnicodeError among them
        return False


def _check_segment(segment: str) -> None:
    if not _SEGMENT.fullmatch(segment):
        raise _malformed("it has an empty path segment, or one with characters that must be percent-encoded")
    try:
        decoded = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed("a percent-encoded path segment is not UTF-8") from error
    if decoded in {".", ".."} or _NOT_IN_A_SEGMENT.search(decoded):
        raise _malformed("a path segment would lead to another place")
