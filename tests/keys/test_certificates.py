"""The key and the certificates of a seal: what is read, and what is refused."""

import base64
import contextlib
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from seal_keys import NOW, authority, certificate, chain_pem, key_pem, pem

from keys import KeysError
from keys.certificates import read_chain, read_seal_key

_DER = certificate("P-256").public_bytes(Encoding.DER)


def refusal(read, *arguments, **options):
    with pytest.raises(KeysError) as refused:
        read(*arguments, **options)
    return refused.value.code


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_key_and_its_certificate_belong_together(kind):
    key, chain = read_seal_key(key_pem(kind)), read_chain(chain_pem(kind))
    assert key.algorithm == chain.public_key.algorithm == kind
    assert key.public_key == chain.public_key
    assert chain.public_key.verify(key.sign(b"data"), b"data")
    assert len(chain.certificates) == 2


def test_a_certificate_says_who_seals_and_how_long():
    chain = read_chain(chain_pem("P-256"))
    assert (chain.organization_identifier, chain.country) == ("NTRVN-0123456", "VN")
    assert chain.valid_from == NOW - timedelta(days=30)
    assert chain.valid_until == NOW + timedelta(days=335)


def test_a_locked_key_opens_with_its_passphrase_alone():
    locked = key_pem("P-256", passphrase=b"correct horse")
    assert (
        read_seal_key(locked, passphrase=b"correct horse").public_key
        == read_seal_key(key_pem("P-256")).public_key
    )
    assert refusal(read_seal_key, locked) == "key_locked"
    assert refusal(read_seal_key, locked, passphrase=b"wrong") == "key_locked"


@pytest.mark.parametrize("kind", ["P-384", "Ed25519"])
def test_other_kinds_of_keys_make_no_seals(kind):
    assert refusal(read_seal_key, key_pem(kind)) == "unsupported_key"


def test_other_kinds_of_keys_have_no_certificates_of_seals():
    assert refusal(read_chain, pem(certificate("P-384"))) == "unsupported_key"
    assert read_chain(pem(certificate("P-256"))).public_key.algorithm == "P-256"


def test_nothing_secret_is_in_a_refusal():
    broken = key_pem("RSA").replace(b"MII", b"!!!", 1)
    with pytest.raises(KeysError) as refused:
        read_seal_key(broken)
    assert refused.value.code == "malformed_key"
    assert broken.splitlines()[3].decode() not in str(refused.value) + repr(refused.value.__cause__)


def test_a_chain_is_signed_link_by_link():
    stranger = pem(certificate("P-256", number=7))
    assert refusal(read_chain, pem(certificate("P-256", by=authority())) + stranger) == "broken_chain"
    assert refusal(read_chain, pem(certificate("P-256")) * 11) == "broken_chain"
    assert len(read_chain(chain_pem("P-256")).certificates) == 2


def test_a_certificate_for_other_uses_is_refused():
    assert refusal(read_chain, pem(certificate("P-256", signing=False))) == "certificate_usage"
    assert read_chain(pem(certificate("P-256", signing=True)))


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(
        lambda word: f"-----BEGIN CERTIFICATE-----\n{word}\n-----END CERTIFICATE-----".encode(
            errors="replace"
        )
    )
)
def test_what_is_no_certificate_is_refused(data):
    assert refusal(read_chain, data) == "malformed_certificate"


@given(st.binary(max_size=300))
def test_what_is_no_key_is_refused(data):
    assert refusal(read_seal_key, data) in ("malformed_key", "key_locked")


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_spoiled_certificate_never_ends_in_a_fault_of_ours(place, other):
    der = bytearray(_DER)
    der[place % len(der)] ^= other
    lines = base64.encodebytes(bytes(der))
    with contextlib.suppress(KeysError):
        read_chain(b"-----BEGIN CERTIFICATE-----\n" + lines + b"-----END CERTIFICATE-----\n")
