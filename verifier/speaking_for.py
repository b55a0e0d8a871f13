"""Whose an address is: the one thing that a name itself shows, without asking anybody.

The host of a `did:web`, or of an https identifier, is the issuer's own: what else stands on that host is
theirs too. Of any other identifier (`did:key`, `urn:uuid`) nothing can be told in this way. Where one
deployment serves several institutions their addresses share a host, so that this tells them from everybody
else, not from each other.
"""

from urllib.parse import unquote, urlsplit

_DID_WEB = "did:web:"


def speaks_for(issuer_id: str, address: str) -> bool:
    """Tell whether an issuer is named by the very host, with its port, of an https address."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.netloc) and _host(issuer_id) == parts.netloc.lower()
    except ValueError:  # an address that is none, such as one with half a bracket
        return False


def _host(issuer_id: str) -> str:
    if issuer_id.startswith(_DID_WEB):
        return unquote(issuer_id.removeprefix(_DID_WEB).split(":")[0]).lower()
    parts = urlsplit(issuer_id)
    return parts.netloc.lower() if parts.scheme == "https" else ""
