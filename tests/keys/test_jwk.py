"""JWK and JWK Sets: published vectors, joserfc as the other reader, and everything that is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey

from keys import KeysError, PublicKey, SecretKey
from keys.jwk import from_jwk, jose_algorithm, keys_from_jwks, thumbprint, to_jwk
from keys.multibase import base64url_decode, base64url_encode

ISSUER = "https://badges.example.org/issuers/1"
# RFC 8037, appendix A.2 and A.3
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
ED25519_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
# RFC 7517, appendix A.1
P256 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
# RFC 7638, section 3.1
RSA = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc"
    "_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQ"
    "R0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bF"
    "TWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
}
RSA_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
P384 = to_jwk(SecretKey.from_seed(b"\x05" * 48, "P-384").public_key)
ALL = {"Ed25519": ED25519, "P-256": P256, "P-384": P384, "RSA": RSA}
JOSE = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "RS256"}
EVERY = pytest.mark.parametrize("algorithm", ALL)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kty", "crv", "x", "y", "n", "e", "kid", "keys"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


def refused(value, code: str) -> None:
    with pytest.raises(KeysError) as caught:
        from_jwk(value)
    assert caught.value.code == code


@EVERY
def test_a_key_is_read_and_written_back(algorithm):
    key = from_jwk(ALL[algorithm])
    assert key.algorithm == algorithm
    assert to_jwk(key) == ALL[algorithm]
    assert jose_algorithm(key) == JOSE[algorithm]


def test_the_published_thumbprints():
    assert thumbprint(from_jwk(ED25519)) == ED25519_THUMBPRINT
    assert thumbprint(from_jwk(RSA)) == RSA_THUMBPRINT


@EVERY
def test_another_reader_finds_the_same_key(algorithm):
    kind = {"Ed25519": OKPKey, "RSA": RSAKey}.get(algorithm, ECKey)
    theirs = kind.import_key(ALL[algorithm])
    assert theirs.thumbprint() == thumbprint(from_jwk(ALL[algorithm]))
    assert {**theirs.as_dict(private=False)} | ALL[algorithm] == theirs.as_dict(private=False)


@EVERY
def test_a_signature_made_elsewhere_fits_the_key_that_was_read(algorithm):
    secret = SecretKey.generate(algorithm)
    key = from_jwk(json.loads(json.dumps(to_jwk(secret.public_key))))
    assert key == secret.public_key
    assert key.verify(secret.sign(b"badge"), b"badge")


def test_the_keys_of_the_did_key_vectors(reference):
    vectors = json.loads((reference / "vectors/did-key/nist-curves.json").read_text())
    read = 0
    for did, vector in vectors.items():
        jwk = vector["verificationMethod"].get("publicKeyJwk")
        if jwk is None:
            continue
        if jwk["crv"] == "P-521":
            refused(jwk, "unsupported_key")
            continue
        assert from_jwk(jwk).did_key == did
        refused(vector["verificationMethod"]["privateKeyJwk"], "secret_inside")
        read += 1
    assert read == 4
    for vector in json.loads((reference / "vectors/did-key/rsa.json").read_text()).values():
        assert to_jwk(from_jwk(vector["publicKeyJwk"])) == vector["publicKeyJwk"]
        refused(vector["privateKeyJwk"], "secret_inside")


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
@pytest.mark.parametrize("value", ["", "AQ", None, []])
@EVERY
def test_a_secret_member_is_refused_whatever_it_holds(algorithm, member, value):
    refused({**ALL[algorithm], member: value}, "secret_inside")


@EVERY
@pytest.mark.parametrize(
    "spell", [lambda t: t + "=", lambda t: t + " ", lambda t: t + "\n", lambda t: "+" + t[1:]]
)
def test_a_second_spelling_of_a_number_is_refused(algorithm, spell):
    for member in set(ALL[algorithm]) - {"kty", "crv"}:
        refused({**ALL[algorithm], member: spell(ALL[algorithm][member])}, "malformed_key")


@EVERY
@pytest.mark.parametrize("change", [lambda b: b"\0" + b, lambda b: b[1:], lambda b: b + b"\0", lambda b: b""])
def test_a_number_of_another_length_is_refused(algorithm, change):
    for member in set(ALL[algorithm]) - {"kty", "crv", "n", "e"}:
        number = base64url_encode(change(base64url_decode(ALL[algorithm][member])))
        refused({**ALL[algorithm], member: number}, "malformed_key")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"n": base64url_encode(b"\0" + base64url_decode(RSA["n"]))}, "malformed_key"),
        ({"n": ""}, "malformed_key"),
        ({"e": "AAEAAQ"}, "malformed_key"),
        ({"e": ""}, "malformed_key"),
        ({"e": 65537}, "malformed_key"),
        ({"e": "AQ"}, "weak_key"),
        ({"e": "Aw"}, "weak_key"),
        ({"n": base64url_encode(b"\x01" * 128)}, "weak_key"),
        ({"n": base64url_encode(base64url_decode(RSA["n"])[:-1] + b"\x02")}, "weak_key"),
        ({"n": "A" * 5_000}, "malformed_key"),
    ],
)
def test_a_weak_or_malformed_rsa_key_is_refused(change, code):
    refused({**RSA, **change}, code)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "OKP",
        {},
        {"kty": "OKP"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "EC", "crv": "P-256", "x": P256["x"]},
        {**P256, "y": P256["x"]},
        {**P256, "x": P256["y"], "y": P256["x"]},
        {**P256, "crv": "P-384"},
        {**P256, "crv": 256},
        {**P256, "x": None},
        {**ED25519, "x": 7},
        {**ED25519, "kty": ["OKP"]},
        {**ED25519, "alg": 7},
        {**ED25519, "use": ["sig"]},
        {**ED25519, "kid": 1},
        {**ED25519, "key_ops": "verify"},
        {**ED25519, "key_ops": ["verify", "verify"]},
        {**ED25519, "key_ops": [["verify"]]},
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_what_is_no_jwk_is_refused(value):
    refused(value, "malformed_key")


def test_a_key_of_small_order_is_refused():
    refused({**ED25519, "x": base64url_encode(bytes(32))}, "weak_key")


@pytest.mark.parametrize(
    "value",
    [
        {"kty": "oct"},
        {**ED25519, "kty": "EC"},
        {**P256, "kty": "OKP"},
        {**ED25519, "crv": "X25519"},
        {**P256, "crv": "secp256k1"},
        {**P256, "crv": "P-521"},
        {**P256, "alg": "ES384"},
        {**P256, "alg": "ECDH-ES"},
        {**ED25519, "alg": "ES256"},
        {**RSA, "alg": "PS256"},
        {**RSA, "alg": "HS256"},
        {**RSA, "alg": "none"},
        {**RSA, "use": "enc"},
        {**RSA, "key_ops": ["sign"]},
        {**RSA, "key_ops": []},
    ],
    ids=lambda value: ",".join(f"{name}={value[name]}" for name in value if name not in ("x", "y", "n", "e")),
)
def test_a_key_of_another_kind_or_use_is_refused(value):
    with pytest.raises(KeysError) as caught:
        from_jwk(value)
    assert caught.value.code in ("unsupported_key", "malformed_key")


@EVERY
def test_members_that_let_it_check_signatures_are_accepted(algorithm):
    more = {"alg": JOSE[algorithm], "use": "sig", "key_ops": ["verify"], "kid": "1", "x5t": "x", "other": [1]}
    assert from_jwk({**ALL[algorithm], **more}) == from_jwk(ALL[algorithm])


def test_the_newer_name_of_eddsa_is_accepted_for_ed25519_alone():
    assert from_jwk({**ED25519, "alg": "Ed25519"})
    refused({**P256, "alg": "Ed25519"}, "unsupported_key")


@given(JSON)
def test_hostile_values_raise_only_keys_error(value):
    for given_value in (value, {**P256, "x": value}, {**RSA, "n": value}, {**ED25519, "alg": value}):
        try:
            from_jwk(given_value)
        except KeysError:
            continue
    for given_value in (value, {"keys": value}, {"keys": [value]}, {"keys": [{**ED25519, "kid": value}]}):
        try:
            keys_from_jwks(given_value, ISSUER)
        except KeysError:
            continue


def key_set(*entries) -> dict:
    return {"keys": list(entries)}


def test_a_set_gives_the_keys_by_their_names():
    found = keys_from_jwks(key_set({**ED25519, "kid": "a"}, {**RSA, "kid": "b", "iss": ISSUER}, P256), ISSUER)
    ed25519, rsa, p256 = (from_jwk(one) for one in (ED25519, RSA, P256))
    assert found == {"a": ed25519, "b": rsa, thumbprint(p256): p256}


@pytest.mark.parametrize(
    "other",
    [
        {**RSA, "kid": "b", "iss": "https://badges.example.org/issuers/2"},
        {**RSA, "kid": "b", "iss": ISSUER + "/"},
        {**RSA, "kid": "b", "iss": None},
        {**RSA, "kid": "b", "iss": [ISSUER]},
        {**RSA, "kid": "b", "use": "enc"},
        {**RSA, "kid": "b", "alg": "PS256"},
        {**RSA, "kid": "b", "revoked": {"revoked_at": 1}},
        {"kty": "oct", "kid": "b"},
        {"kty": "EC", "crv": "P-521", "kid": "b"},
    ],
)
def test_keys_that_are_not_the_issuers_or_no_use_are_left_out(other):
    mine = {**ED25519, "kid": "a"}
    assert keys_from_jwks(key_set(mine, {**RSA, "kid": "b"}), ISSUER).keys() == {"a", "b"}
    assert keys_from_jwks(key_set(mine, other), ISSUER) == {"a": from_jwk(ED25519)}


def test_two_issuers_of_one_platform_may_use_the_same_name():
    other = {**RSA, "kid": "a", "iss": "https://badges.example.org/issuers/2"}
    mine = {**ED25519, "kid": "a", "iss": ISSUER}
    assert keys_from_jwks(key_set(other, mine), ISSUER) == {"a": from_jwk(ED25519)}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (None, "malformed_document"),
        ([], "malformed_document"),
        ({}, "malformed_document"),
        ({"keys": {}}, "malformed_document"),
        (key_set("x"), "malformed_document"),
        (key_set(*({"kty": "oct"} for _ in range(1_001))), "malformed_document"),
        (key_set({**ED25519, "kid": "a"}, {**RSA, "kid": "b", "d": "AQ"}), "secret_inside"),
        (
            key_set({**ED25519, "kid": "a"}, {**RSA, "iss": "https://other.example", "d": "AQ"}),
            "secret_inside",
        ),
        (key_set({**ED25519, "kid": "a"}, {"kty": "oct", "k": "AQ"}), "secret_inside"),
        (key_set({**ED25519, "kid": "a"}, {**RSA, "kid": "a"}), "duplicate_method"),
        (key_set({**ED25519, "kid": "a"}, {**ED25519, "kid": "a"}), "duplicate_method"),
        (key_set({**ED25519, "kid": "a"}, {**RSA, "kid": "a", "use": "enc"}), "duplicate_method"),
        (key_set({**ED25519, "kid": 1}), "malformed_key"),
        (key_set({"kty": "EC", "crv": "P-521", "kid": ["a"]}), "malformed_key"),
        (key_set({**ED25519, "kid": "a"}, {**RSA, "kid": "b", "e": "AQ"}), "weak_key"),
        (key_set({**ED25519, "kid": "a"}, {**P256, "kid": "b", "y": "AQ"}), "malformed_key"),
    ],
)
def test_a_set_that_breaks_a_rule_is_refused_whole(document, code):
    assert keys_from_jwks(key_set({**ED25519, "kid": "a"}), ISSUER)
    with pytest.raises(KeysError) as caught:
        keys_from_jwks(document, ISSUER)
    assert caught.value.code == code


def test_the_broken_key_of_another_issuer_does_not_hurt():
    broken = {**P256, "kid": "a", "y": "AQ", "iss": "https://other.example"}
    assert keys_from_jwks(key_set(broken, {**ED25519, "kid": "a"}), ISSUER) == {"a": from_jwk(ED25519)}


def test_a_public_key_never_writes_more_than_its_public_members():
    for algorithm in ALL:
        written = to_jwk(SecretKey.generate(algorithm).public_key)
        assert set(written) <= {"kty", "crv", "x", "y", "n", "e"}
        assert isinstance(from_jwk(written), PublicKey)
