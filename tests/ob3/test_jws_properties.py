"""Whatever is handed in as a token gives a token or a refusal, and one text has one reading."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st
from tokens import b64, credential, secret_key, token

from ob3 import Ob3Error
from ob3.jws import (
    check_claims,
    check_jws_signature,
    credential_jwt,
    credential_of,
    enveloped_token,
    lone_expiry,
    read_jws,
)

KEY = secret_key()
SIGNER = KEY.signer("did:web:badges.keystone.example#key-1")
WHOLE = credential_jwt(credential(), signer=SIGNER)
HEADER = {"alg": "ES256", "kid": SIGNER.id}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc@é", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
CLAIMS = st.sampled_from(["iss", "sub", "jti", "nbf", "exp", "iat", "aud", "vc"])
MEMBERS = st.sampled_from(list(credential()))
PIECES = st.sampled_from([*WHOLE.split("."), "", "e30", "e30=", "AA", "~", " ", "é", "\n", "=" * 4])


def refused_or_read(text):
    """Do all that can be done with a token; only the errors of this package may come out."""
    with contextlib.suppress(Ob3Error):
        jws = read_jws(text)
        assert read_jws(text) == jws
        check_claims(jws)
        lone_expiry(jws.payload, credential_of(jws))
        check_jws_signature(jws, KEY.public_key)
        return True
    return False


@given(st.text(max_size=80))
def test_no_text_gives_another_error(text):
    assert not refused_or_read(text)


@given(st.lists(PIECES, max_size=6))
def test_no_pieces_of_tokens_give_another_error(pieces):
    text = ".".join(pieces)
    assert refused_or_read(text) == (text == WHOLE)


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=70))
def test_no_bytes_in_the_parts_give_another_error(header, payload, signature):
    assert not refused_or_read(f"{b64(header)}.{b64(payload)}.{b64(signature)}")


@given(st.sampled_from(["alg", "kid", "jwk", "typ", "crit", "b64"]), JSON)
def test_no_header_gives_another_error(name, value):
    refused_or_read(token({**HEADER, name: value}, credential()))


@given(CLAIMS | MEMBERS, JSON)
def test_no_claim_and_no_member_gives_another_error(name, value):
    refused_or_read(token(HEADER, {**credential(), name: value}))
    refused_or_read(token(HEADER, {"vc": {**credential(), name: value}}))


@given(JSON)
def test_no_payload_and_no_envelope_gives_another_error(value):
    refused_or_read(token(HEADER, value))
    with contextlib.suppress(Ob3Error):
        enveloped_token(value)
        enveloped_token({"type": "EnvelopedVerifiableCredential", "id": value})


@given(MEMBERS, JSON)
def test_what_can_be_signed_is_read_again_equal(name, value):
    document = {**credential(), name: value}
    with contextlib.suppress(Ob3Error):
        jws = read_jws(credential_jwt(document, signer=SIGNER))
        check_jws_signature(jws, KEY.public_key)
        assert (credential_of(jws), check_claims(jws)) == (document, ())


@given(st.integers(0, len(WHOLE) - 1), st.characters())
def test_no_other_text_has_its_signature(at, character):
    other = WHOLE[:at] + character + WHOLE[at + 1 :]
    assert refused_or_read(other) == (other == WHOLE)
