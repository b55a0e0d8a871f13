"""Which addresses and names count as public, against lists written independently of the code."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.addresses import is_loopback, is_public, public_addresses, public_host
from verifier.errors import FetchRefused

# First and last address of each block that is not ordinary public unicast (IANA special-purpose registries).
SPECIAL_RANGES = [
    ("0.0.0.0", "0.255.255.255"),  # noqa: S104
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
    ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]
RANGES = [(ipaddress.ip_address(first), ipaddress.ip_address(last)) for first, last in SPECIAL_RANGES]
# Refused although somebody could call them public: nothing that serves a credential stands there.
ALSO_REFUSED = [
    (ipaddress.ip_address(first), ipaddress.ip_address(last))
    for first, last in [
        ("168.63.129.16", "168.63.129.16"),
        ("192.31.196.0", "192.31.196.255"),
        ("192.52.193.0", "192.52.193.255"),
        ("192.175.48.0", "192.175.48.255"),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
        ("3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ]
]


def in_ranges(address, ranges):
    return any(first.version == address.version and first <= address <= last for first, last in ranges)


def is_isatap(address):
    return address.version == 6 and address.exploded[20:29].lower() in ("0000:5efe", "0200:5efe")


NEAR_A_BORDER = st.sampled_from(RANGES + ALSO_REFUSED).flatmap(
    lambda block: st.sampled_from(
        [type(edge)((int(edge) + step) % 2**edge.max_prefixlen) for edge in block for step in (-1, 0, 1)]
    )
)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), NEAR_A_BORDER))
def test_public_means_outside_every_special_range(address):
    if in_ranges(address, RANGES):
        assert not is_public(str(address))
    elif not in_ranges(address, ALSO_REFUSED) and not is_isatap(address):
        assert is_public(str(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "::{}", "64:ff9b::{}", "64:ff9b:1::{}"]))
def test_an_ipv4_address_inside_an_ipv6_one_is_never_public(address, form):
    assert not is_public(form.format(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "224.0.0.1",
        "192.0.0.8",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "ff02::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104
        "255.255.255.255",
        "2a00::5efe:a00:1",
        "2606:2800:220:1::1%eth0",
        "",
        "nonsense",
        "0177.0.0.1",
        "1.1.1",
        "1.1.1.1 ",
    ],
)
def test_special_and_malformed_addresses_are_not_public(address):
    assert not is_public(address)


def test_one_private_answer_spoils_all():
    assert public_addresses("a.example", ["1.1.1.1", "1.0.0.1", "1.1.1.1"]) == ("1.1.1.1", "1.0.0.1")
    with pytest.raises(FetchRefused) as refused:
        public_addresses("a.example", ["1.1.1.1", "10.0.0.1"])
    assert refused.value.code == "address_not_public"
    assert "10.0.0.1" not in refused.value.message


@pytest.mark.parametrize(
    ("host", "form"),
    [
        ("badges.university.example", "badges.university.example"),
        ("WWW.Example.ORG", "www.example.org"),
        ("a-b.x1.edu", "a-b.x1.edu"),
        ("université.example", "xn--universit-j4a.example"),
        ("xn--universit-j4a.example", "xn--universit-j4a.example"),
    ],
)
def test_public_host_names_are_accepted(host, form):
    assert public_host(host) == form


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("localhost", "host_special"),
        ("intranet", "host_special"),
        ("foo.localhost", "host_special"),
        ("printer.local", "host_special"),
        ("metadata.google.internal", "host_special"),
        ("router.home.arpa", "host_special"),
        ("hidden.onion", "host_special"),
        ("unit.test", "host_special"),
        ("nothing.invalid", "host_special"),
        ("127.0.0.1", "ip_literal"),
        ("127.1", "ip_literal"),
        ("2130706433", "ip_literal"),
        ("0x7f000001", "ip_literal"),
        ("0x7f.1", "ip_literal"),
        ("0177.0.0.1", "ip_literal"),
        ("1.1.1.1", "ip_literal"),
        ("::1", "ip_literal"),
        ("2606:2800:220:1:248:1893:25c8:1946", "ip_literal"),
        ("a.example.", "host_form"),
        (".example", "host_form"),
        ("a..example", "host_form"),
        ("-a.example", "host_form"),
        ("a_b.example", "host_form"),
        ("%31.example", "host_form"),
        ("", "host_form"),
        ("a" * 64 + ".example", "host_form"),
        (".".join(["abcdefgh"] * 30) + ".example", "host_form"),
        ("xn--a.example", "host_form"),
        ("xn--\u00fc.example", "host_form"),
        ("\u2460.example", "host_form"),
        ("\uff11\uff12\uff17.0.0.1", "host_form"),
        ("a\u3002example", "host_form"),
        ("a\u200d.example", "host_form"),
    ],
)
def test_other_host_names_are_refused(host, code):
    with pytest.raises(FetchRefused) as refused:
        public_host(host)
    assert refused.value.code == code


@given(st.text(max_size=40))
def test_any_text_is_a_host_name_or_refused(host):
    try:
        name = public_host(host)
    except FetchRefused:
        return
    assert public_host(name) == name


def test_loopback():
    assert is_loopback("127.8.9.1")
    assert is_loopback("::1")
    assert not is_loopback("128.0.0.1")
    assert not is_loopback("localhost")
