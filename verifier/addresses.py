"""Say which addresses and host names belong to the public internet (threat N1)."""

import ipaddress
import re
from collections.abc import Iterable

import idna

from verifier.errors import FetchRefused

# `ipaddress.is_global` calls NAT64, 6to4, multicast and others global, and differs between Python releases.
# The list is therefore our own, from the IANA special-purpose address registries (RFC 6890 and its updates).
_FORBIDDEN_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; some clouds put their metadata service here
        "127.0.0.0/8",
        "168.63.129.16/32",  # the platform service of a large cloud, at a public-looking address
        "169.254.0.0/16",  # link local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)
# Only global unicast is allowed; what is special inside it is named below. Mapped, compatible and NAT64
# addresses, unique local, link local, site local, discard and multicast all stand outside 2000::/3.
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, may carry a private IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
)

# RFC 6761, 6762, 7686, 8375, 9476 and names that private networks use. `.example` is not here: it never
# resolves in public, and nobody runs a private network on it.
_SPECIAL_SUFFIXES = frozenset(
    ["alt", "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain"]
) | {"localhost", "onion", "private", "test"}
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)


def is_public(address: str) -> bool:
    """Return True if `address`, an IPv4 or IPv6 address as text, is an ordinary public unicast address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address:  # a zone belongs to one network interface
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        special = any(parsed in network for network in _FORBIDDEN_V4)
    else:
        special = parsed not in _GLOBAL_UNICAST_V6 or any(parsed in network for network in _FORBIDDEN_V6)
    # ISATAP hides an IPv4 address in the interface identifier of any prefix (RFC 5214, section 6.1).
    isatap = parsed.version == 6 and (int(parsed) >> 32) & 0xFCFFFFFF == 0x5EFE
    return not special and not isatap and parsed.is_global


def is_loopback(address: str) -> bool:
    """Return True if `address` is 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def public_addresses(host: str, answers: Iterable[str]) -> tuple[str, ...]:
    """Return `answers` without repeats, or raise FetchRefused if any one of them is not public (N2)."""
    addresses = tuple(dict.fromkeys(answers))
    if not all(is_public(address) for address in addresses):
        raise FetchRefused(
            "address_not_public",
            f"The host name {host} leads to an address that is not on the public internet, "
            "so nothing was fetched from it.",
        )
    return addresses


def public_host(host: str) -> str:
    """Return `host` in lower case and A-label form, or raise FetchRefused if it cannot be a public host name.

    IP literals in every spelling, single labels, special-use names and bad IDNs are refused (N1).
    """
    name = _ascii_form(host)
    labels = name.split(".")
    if ":" in name or _NUMBER.fullmatch(labels[-1]):
        raise FetchRefused(
            "ip_literal",
            "The address names a computer by number; only addresses with a host name are fetched.",
        )
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _bad_host()
    if len(labels) < 2 or labels[-1] in _SPECIAL_SUFFIXES:
        raise FetchRefused(
            "host_special",
            f"The host name {name} belongs to a private network, so nothing was fetched from it.",
        )
    return name


def _ascii_form(host: str) -> str:
    """Return the host in lower-case ASCII; labels with xn-- must be proper IDNA 2008."""
    lowered = host.lower() if host.isascii() else host
    try:
        if not lowered.isascii():
            return idna.encode(lowered, strict=True, std3_rules=True).decode("ascii")
        for label in lowered.split("."):
            if label.startswith("xn--") and idna.encode(idna.decode(label)).decode("ascii") != label:
                raise _bad_host()
    except (idna.IDNAError, UnicodeError):
        raise _bad_host() from None
    return lowered


def _bad_host() -> FetchRefused:
    return FetchRefused(
        "host_form", "The address has no well-formed host name, so nothing was fetched from it."
    )
