"""Parse an outside web address strictly into the few parts that may be fetched (threat N1)."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from verifier.addresses import is_loopback, public_host
from verifier.errors import FetchRefused, VerifierError

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)(?:#.*)?", re.DOTALL)
# Never legal in a URI (RFC 3986); parsers differ in what they make of them.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\"<>^`{|}\u2028\u2029\ufffe\uffff]")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_KEPT = "/?:@!$&'()*+,;=-._~%[]"


@dataclass(frozen=True)
class WebAddress:
    """An address that may be asked for: scheme, host in A-label form, port, and path with query."""

    scheme: str
    host: str
    port: int
    path: str
    loopback: bool = False

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def parse_address(
    url: str,
    *,
    ports: Collection[int],
    own_hosts: Collection[str] = (),
    loopback_origin: tuple[str, str, int] | None = None,
    max_characters: int = 2048,
) -> WebAddress:
    """Return the parts of `url`, or raise FetchRefused if it may not be fetched.

    Only https with a public host name on one of `ports`; the one exception is `loopback_origin`.
    """
    scheme, authority, path = _split(url, max_characters)
    raw_host, port = _host_and_port(authority, scheme)
    if (scheme, raw_host.lower(), port) == loopback_origin and raw_host.lower() not in own_hosts:
        return WebAddress(scheme, raw_host.lower(), port, path, loopback=True)
    if scheme != "https":
        raise FetchRefused("https_only", "Only addresses that begin with https:// are fetched.")
    host = public_host(raw_host)
    if host in own_hosts or f"{host}:{port}" in own_hosts:
        raise FetchRefused(
            "own_host", "The address leads back to this service, which does not fetch from itself."
        )
    if port not in ports:
        raise FetchRefused("port", f"The address asks for port {port}, which is not one that web pages use.")
    return WebAddress(scheme, host, port, path)


def loopback_origin(url: str) -> tuple[str, str, int]:
    """Return (scheme, host, port) of `url`; raise VerifierError unless it is http(s) on loopback."""
    scheme, authority, _ = _split(url, 2048)
    host, port = _host_and_port(authority, scheme)
    host = host.lower()
    if scheme not in _DEFAULT_PORTS or not (host == "localhost" or is_loopback(host)):
        raise VerifierError("not_loopback", f"{url} is not an address of this machine alone (loopback).")
    return (scheme, host, port)


def loopback_addresses(host: str) -> tuple[str, ...]:
    """Return where the loopback `host` is listened on; `localhost` is not looked up."""
    return ("127.0.0.1", "::1") if host == "localhost" else (str(ipaddress.ip_address(host)),)


def _split(url: str, max_characters: int) -> tuple[str, str, str]:
    if not isinstance(url, str) or len(url) > max_characters:
        raise FetchRefused("url_length", f"The address is longer than {max_characters} characters.")
    match = _PARTS.fullmatch(url)
    if match is None or _FORBIDDEN.search(url):
        raise _malformed()
    scheme, authority, path = match.groups()
    try:
        path = quote(path, safe=_KEPT)
    except UnicodeEncodeError:
        raise _malformed() from None
    return scheme.lower(), authority, path if path.startswith("/") else f"/{path}"


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    """Return host (an IPv6 literal without brackets) and port."""
    if "@" in authority:
        raise FetchRefused(
            "userinfo", "The address carries a user name or password; such addresses are not fetched."
        )
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:]+))(?::([0-9]{1,5}))?", authority, re.ASCII)
    if match is None:
        raise _malformed()
    literal, name, port = match.groups()
    return literal or name, int(port) if port else _DEFAULT_PORTS.get(scheme, 443)


def _malformed() -> FetchRefused:
    return FetchRefused("url_form", "The address is not a well-formed web address.")
