"""Compact JWS: what is read and what is refused, each refusal beside a twin that is read."""

import pickle

import pytest
from tokens import JOSE, KINDS, b64, parts_of, secret_key, token

from keys.jwk import to_jwk
from ob3 import Ob3Error
from ob3.jws import JwsInvalid, check_jws_signature, read_jws

KEY = secret_key("P-256")
KID = "did:web:badges.keystone.example#key-1"
GOOD = {"alg": "ES256", "kid": KID, "typ": "JWT"}
PAYLOAD = {"iss": "did:web:badges.keystone.example"}
JWK = to_jwk(KEY.public_key)


def code(text):
    with pytest.raises(JwsInvalid) as refusal:
        read_jws(text)
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def header(**changes):
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_is_read_and_its_signature_fits_its_own_key_alone(kind):
    key = secret_key(kind)
    jws = read_jws(token(header(alg=JOSE[kind]), PAYLOAD, key))
    assert (jws.algorithm, jws.kid, jws.key, dict(jws.payload)) == (JOSE[kind], KID, None, PAYLOAD)
    check_jws_signature(jws, key.public_key)
    with pytest.raises(JwsInvalid, match="does not fit"):
        check_jws_signature(jws, secret_key(kind, 2).public_key)


@pytest.mark.parametrize("named", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_key_decides_how_it_signs_and_not_the_header(kind, named):
    key = secret_key(kind)
    jws = read_jws(token(header(alg=JOSE[named]), PAYLOAD, key))
    if kind == named:
        return check_jws_signature(jws, key.public_key)
    with pytest.raises(JwsInvalid) as refusal:
        check_jws_signature(jws, key.public_key)
    assert refusal.value.code == "algorithm_mismatch"
    return None


@pytest.mark.parametrize("changed", [0, 1])
def test_a_signature_fits_no_other_header_and_no_other_payload(changed):
    parts = token(GOOD, PAYLOAD).split(".")
    parts[changed] = token(header(typ=None), {**PAYLOAD, "sub": "did:example:mallory"}).split(".")[changed]
    with pytest.raises(JwsInvalid) as refusal:
        check_jws_signature(read_jws(".".join(parts)), KEY.public_key)
    assert refusal.value.code == "signature_mismatch"


@pytest.mark.parametrize("cut", [b"", b"\0" * 63, b"\0" * 64, b"\0" * 65, b"\xff" * 64])
def test_what_has_not_the_form_of_a_signature_fits_nothing(cut):
    jws = read_jws(f"{b64(GOOD)}.{b64(PAYLOAD)}.{b64(cut)}")
    with pytest.raises(JwsInvalid) as refusal:
        check_jws_signature(jws, KEY.public_key)
    assert refusal.value.code == "signature_mismatch"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "HS256", "hs256", "HS384", "HS512"])
def test_what_is_no_signature_is_forbidden(algorithm):
    assert code(token(header(alg=algorithm), PAYLOAD)) == "algorithm_forbidden"
    assert code(f"{b64(header(alg=algorithm))}.{b64(PAYLOAD)}.") == "algorithm_forbidden"


@pytest.mark.parametrize(
    "algorithm", ["PS256", "RS512", "ES512", "ES256K", "Ed25519", "es256", "ES256 ", "", "dir", "RSA-OAEP"]
)
def test_other_algorithms_are_not_known(algorithm):
    assert code(token(header(alg=algorithm), PAYLOAD)) == "algorithm_unknown"


@pytest.mark.parametrize("algorithm", [None, 256, ["ES256"], {"ES256": 1}, True])
def test_an_algorithm_is_text(algorithm):
    assert code(token(header(alg=algorithm), PAYLOAD)) == "malformed_token"


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"b64": True},
        {"zip": "DEF"},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"x5t": "abc"},
        {"x5t#S256": "abc"},
        {"cty": "vc"},
        {"iss": "did:web:badges.keystone.example"},
        {"enc": "A128GCM"},
        {"ALG": "none"},
        {"": 1},
    ],
    ids=lambda more: next(iter(more)) or "empty",
)
def test_no_other_member_may_stand_in_a_header(more):
    assert code(token({**GOOD, **more}, PAYLOAD)) == "header_not_allowed"


@pytest.mark.parametrize("kind", ["JWT", "vc+jwt", "vp+jwt", None])
def test_the_types_of_credentials_are_read(kind):
    assert read_jws(token(header(typ=kind), PAYLOAD)).header.get("typ") == kind


@pytest.mark.parametrize(
    "kind",
    [
        "at+jwt",
        "dpop+jwt",
        "JOSE",
        "jwt",
        "vc+ld+json+jwt",
        "vc+ld+jwt",
        "application/vc+jwt",
        "",
        1,
        [],
    ],
    ids=str,
)
def test_tokens_of_other_types_are_no_credentials(kind):
    assert code(token(header(typ=kind), PAYLOAD)) == "token_type"


def test_a_key_must_be_named_and_may_be_shown():
    assert code(token({"alg": "ES256"}, PAYLOAD)) == "no_key_named"
    assert read_jws(token({"alg": "ES256", "jwk": JWK}, PAYLOAD)).key == KEY.public_key
    assert read_jws(token({**GOOD, "jwk": JWK}, PAYLOAD)).kid == KID


@pytest.mark.parametrize(
    "kid",
    ["", None, 1, ["x"], {"x": 1}, "k" * 2_049],
    ids=["empty", "null", "number", "list", "object", "long"],
)
def test_a_kid_is_text_of_sensible_length(kid):
    assert code(token({**GOOD, "kid": kid}, PAYLOAD)) == "malformed_kid"
    assert read_jws(token(header(kid="k" * 2_048), PAYLOAD)).kid == "k" * 2_048


@pytest.mark.parametrize(
    "jwk",
    [
        {**JWK, "d": b64(b"1" * 32)},
        {**JWK, "x": JWK["y"]},
        {**JWK, "crv": "P-384"},
        {**JWK, "crv": "secp256k1"},
        {**JWK, "alg": "HS256"},
        {**JWK, "use": "enc"},
        {"kty": "oct", "k": b64(b"secret")},
        {"kty": "EC"},
        {},
        None,
        "https://evil.example/key",
        [JWK],
    ],
    ids=[
        "d",
        "not on the curve",
        "other curve",
        "unknown curve",
        "alg",
        "use",
        "oct",
        "bare",
        "empty",
        "null",
        "text",
        "list",
    ],
)
def test_a_key_that_is_shown_is_read_strictly(jwk):
    assert code(token({**GOOD, "jwk": jwk}, PAYLOAD)) == "jwk_refused"


WHOLE = token(GOOD, PAYLOAD)
FIRST, SECOND, THIRD = WHOLE.split(".")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        FIRST,
        f"{FIRST}.{SECOND}",
        f"{WHOLE}.",
        f"{WHOLE}.{THIRD}",
        f"{WHOLE}.{THIRD}.{THIRD}",
        f"{FIRST}..{THIRD}",
        f".{SECOND}.{THIRD}",
        f"{FIRST}=.{SECOND}.{THIRD}",
        f"{FIRST}.{SECOND}==.{THIRD}",
        f"{FIRST}.{SECOND}.{THIRD}==",
        f" {WHOLE}",
        f"{WHOLE}\n",
        f"{FIRST}.{SECOND}.\n{THIRD}",
        f"{FIRST}.{SECOND}.{THIRD[:-1]}+",
        f"{FIRST}.{SECOND}.{THIRD[:-1]}/",
        f"{FIRST}.{SECOND}.{THIRD[:-1]}é",
        f"{FIRST}.{SECOND}.{THIRD}AAA",
        f"{WHOLE}~",
        f"{FIRST}.{b64([PAYLOAD])}.{THIRD}",
        f"{FIRST}.{b64('text')}.{THIRD}",
        f"{b64([GOOD])}.{SECOND}.{THIRD}",
        f"{b64('null')}.{SECOND}.{THIRD}",
        "\ud800.\ud800.\ud800",
    ],
)  # fmt: skip
def test_a_token_has_one_form(text):
    assert code(text) in ("malformed_token", "not_json")
    assert read_jws(WHOLE)


def test_spare_bits_make_no_second_spelling_of_a_signature():
    # 64 bytes leave four spare bits in the last character: sixteen spellings elsewhere, one here
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    group = alphabet.index(THIRD[-1]) & ~0b1111
    spellings = [f"{FIRST}.{SECOND}.{THIRD[:-1]}{alphabet[group + spare]}" for spare in range(16)]
    assert WHOLE in spellings
    assert [one for one in spellings if one != WHOLE and code(one) != "malformed_token"] == []


@pytest.mark.parametrize(
    ("part", "data", "expected"),
    [
        (0, b'{"alg":"ES256","alg":"none","kid":"k"}', "duplicate_key"),
        (0, b'{"alg":"none","kid":"k","\\u0061lg":"ES256"}', "duplicate_key"),
        (0, b'{"alg":"ES256","kid":"k"', "not_json"),
        (0, b'{"alg":"ES256","kid":"k"} {}', "not_json"),
        (0, b'\xef\xbb\xbf{"alg":"ES256","kid":"k"}', "byte_order_mark"),
        (0, b'{"alg":"ES256","kid":"\xff"}', "not_utf8"),
        (0, b'{"alg":"ES256","kid":"\\ud800"}', "unreadable_character"),
        (0, b'{"alg":"ES256","kid":"k\\u0000"}', "unreadable_character"),
        (1, b'{"vc":{},"vc":{}}', "duplicate_key"),
        (1, b'{"iss":"a","iss":"b"}', "duplicate_key"),
        (1, b'{"nbf":1,"nbf":1}', "duplicate_key"),
        (1, b'{"nbf":NaN}', "not_a_number"),
        (1, b'{"nbf":1e400}', "number_not_finite"),
        (1, b'{"nbf":9007199254740993}', "integer_out_of_range"),
        (1, '{"iss":"é"}'.encode("latin-1"), "not_utf8"),
        (1, '{"iss":"x"}'.encode("utf-16"), "not_utf8"),
        (1, b"", "malformed_token"),
        (1, b"{}x", "not_json"),
    ],
)  # fmt: skip
def test_header_and_payload_are_strict_json(part, data, expected):
    pieces = [GOOD, PAYLOAD]
    pieces[part] = data
    assert code(token(*pieces)) == expected


@pytest.mark.parametrize(
    ("header_data", "payload_data"),
    [
        (GOOD, b'{"a":' * 70 + b"1" + b"}" * 70),
        (GOOD, b"{" + b'"a":[' * 100_000),
        (GOOD, {"a": [{}] * 1_200}),
        (GOOD, {"a": [1] * 30_000}),
        (GOOD, {"a": "x" * 1_048_576}),
        ({**GOOD, "jwk": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}}, PAYLOAD),
        ({**GOOD, "kid": "k" * 20_000}, PAYLOAD),
        ({**GOOD, "jwk": {"a": [1] * 300}}, PAYLOAD),
    ],
    ids=[
        "deep",
        "deep without end",
        "objects",
        "values",
        "size",
        "deep header",
        "long header",
        "full header",
    ],
)
def test_a_token_beyond_a_limit_is_told_from_a_malformed_one(header_data, payload_data):
    with pytest.raises(JwsInvalid) as refusal:
        read_jws(token(header_data, payload_data))
    assert refusal.value.limit
    assert read_jws(token(GOOD, {"a": [{}] * 500})).payload["a"] == [{}] * 500


def test_a_refusal_crosses_to_another_process():
    with pytest.raises(JwsInvalid) as refusal:
        read_jws("a" * 2_000_000)
    again = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 - our own bytes
    assert (again.code, again.limit, isinstance(again, Ob3Error)) == ("too_large", True, True)


def test_a_token_can_be_taken_apart_again():
    assert parts_of(WHOLE) == [GOOD, PAYLOAD]
