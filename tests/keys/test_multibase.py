"""Multibase text: published base58 pairs, one spelling only, and digests."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeysError
from keys.multibase import (
    base58btc_decode,
    base58btc_encode,
    base64url_decode,
    digest_multibase,
    multibase_decode,
    multibase_encode,
)


def test_base58_vectors_in_both_directions(reference):
    pairs = json.loads((reference / "vectors/base58/base58_encode_decode.json").read_text())
    assert len(pairs) > 20
    for hexadecimal, text in pairs:
        assert base58btc_encode(bytes.fromhex(hexadecimal)) == text
        assert base58btc_decode(text) == bytes.fromhex(hexadecimal)


@given(st.binary(max_size=100), st.sampled_from("zu"))
def test_what_is_written_is_read_back(data, base):
    assert multibase_decode(multibase_encode(data, base)) == data


@given(st.text(max_size=60))
def test_a_reader_accepts_one_spelling_or_refuses(text):
    try:
        data = multibase_decode(text)
    except KeysError:
        return
    assert multibase_encode(data, text[0]) == text


@pytest.mark.parametrize(
    "text",
    [
        "z0",
        "zO",
        "zI",
        "zl",
        "z é",
        "z1 ",
        "uAB=",
        "uA",
        "uAA+",
        "uAA/",
        "uAB",
        "u AA",
        "uAA\n",
        "mAAA",
        "",
        "f00",
    ],
)
def test_a_second_spelling_is_refused(text):
    with pytest.raises(KeysError):
        multibase_decode(text)


@pytest.mark.parametrize(("text", "data"), [("z1", b"\0"), ("uAA", b"\0"), ("z", b""), ("u-_8", b"\xfb\xff")])
def test_the_canonical_spelling_is_accepted(text, data):
    assert multibase_decode(text) == data


def test_base58_beyond_a_thousand_characters_is_refused_and_a_thousand_is_read():
    assert base58btc_decode("1" * 1_000) == bytes(1_000)
    with pytest.raises(KeysError) as caught:
        base58btc_decode("1" * 1_001)
    assert caught.value.code == "malformed_multibase"


def test_base64url_with_spare_bits_is_refused():
    assert base64url_decode("AQ") == b"\x01"
    with pytest.raises(KeysError):
        base64url_decode("AR")


def test_digest_multibase_is_a_sha256_multihash():
    digest = digest_multibase(b"hello")
    assert digest.startswith("uEi")
    assert multibase_decode(digest).hex() == (
        "12202cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    )


def test_an_unknown_base_cannot_be_written():
    with pytest.raises(KeysError) as caught:
        multibase_encode(b"x", "m")
    assert caught.value.code == "unsupported_multibase"
