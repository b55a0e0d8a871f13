"""did:key of every kind and did:jwk: resolved without a fetch, in one spelling."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeysError, PublicKey, SecretKey
from keys.did import keys_from_did_document, resolve_did_jwk, resolve_did_key
from keys.jwk import to_jwk
from keys.multibase import base64url_encode, multibase_encode

# did:jwk method specification, example of P-256
PUBLISHED_JWK = {
    "crv": "P-256",
    "kty": "EC",
    "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
    "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
}
PUBLISHED_DID = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEg"
    "yVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)
KEYS = {name: SecretKey.generate(name).public_key for name in ("Ed25519", "P-256", "P-384", "RSA")}


def did_jwk(text: str | bytes | dict) -> str:
    if isinstance(text, dict):
        text = json.dumps(text)
    return "did:jwk:" + base64url_encode(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_a_did_key_names_its_one_key(algorithm):
    key = KEYS[algorithm]
    document = resolve_did_key(key.did_key)
    assert document["id"] == key.did_key
    assert keys_from_did_document(document, key.did_key) == {key.did_key_method: key}


def test_did_keys_of_the_nist_curves_agree_with_the_vectors(reference):
    vectors = json.loads((reference / "vectors/did-key/nist-curves.json").read_text())
    read = 0
    for did, vector in vectors.items():
        if did.startswith("did:key:z2J9"):  # P-521
            with pytest.raises(KeysError):
                resolve_did_key(did)
            continue
        published = vector["didDocument"]
        document = resolve_did_key(did)
        assert document["assertionMethod"] == published["assertionMethod"]
        assert keys_from_did_document(document, did)
        read += 1
    assert read == 5


def test_an_rsa_key_has_no_did_key_for_it_is_too_long():
    assert len(KEYS["RSA"].did_key) > 200
    with pytest.raises(KeysError) as caught:
        resolve_did_key(KEYS["RSA"].did_key)
    assert caught.value.code == "unsupported_key"


def test_the_published_did_jwk():
    document = resolve_did_jwk(PUBLISHED_DID)
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": PUBLISHED_DID,
        "verificationMethod": [
            {
                "id": f"{PUBLISHED_DID}#0",
                "type": "JsonWebKey2020",
                "controller": PUBLISHED_DID,
                "publicKeyJwk": PUBLISHED_JWK,
            }
        ],
        "assertionMethod": [f"{PUBLISHED_DID}#0"],
        "authentication": [f"{PUBLISHED_DID}#0"],
        "capabilityInvocation": [f"{PUBLISHED_DID}#0"],
        "capabilityDelegation": [f"{PUBLISHED_DID}#0"],
    }


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_did_jwk_of_every_kind_gives_its_key(algorithm):
    did = did_jwk({**to_jwk(KEYS[algorithm]), "use": "sig"})
    assert keys_from_did_document(resolve_did_jwk(did), did) == {f"{did}#0": KEYS[algorithm]}


JWK_TEXT = json.dumps(PUBLISHED_JWK)


@pytest.mark.parametrize(
    "did",
    [
        PUBLISHED_DID + "#0",
        PUBLISHED_DID + "=",
        PUBLISHED_DID.replace("did:jwk:", "did:JWK:"),
        PUBLISHED_DID.replace("did:jwk:", "did:key:"),
        "did:jwk:",
        "did:jwk:e30",
        did_jwk("[]"),
        did_jwk("null"),
        did_jwk(b"\xff\xfe"),
        did_jwk(JWK_TEXT + "x"),
        did_jwk(JWK_TEXT.replace('"kty"', '"other": NaN, "kty"')),
        did_jwk(JWK_TEXT.replace('"kty"', '"kty": "RSA", "kty"')),
        did_jwk({**PUBLISHED_JWK, "d": "AQ"}),
        did_jwk({**PUBLISHED_JWK, "use": "enc"}),
        did_jwk({**PUBLISHED_JWK, "crv": "P-521"}),
        did_jwk({**PUBLISHED_JWK, "y": PUBLISHED_JWK["x"]}),
        did_jwk({**PUBLISHED_JWK, "other": "x" * 2_500}),
        did_jwk("[" * 1_500),
        None,
    ],
)
def test_another_did_jwk_is_refused(did):
    assert resolve_did_jwk(PUBLISHED_DID)
    with pytest.raises(KeysError):
        resolve_did_jwk(did)


def test_spare_bits_of_a_did_jwk_are_refused():
    assert resolve_did_jwk(PUBLISHED_DID)["id"].endswith("9")
    with pytest.raises(KeysError) as caught:
        resolve_did_jwk(did_jwk(JWK_TEXT + " ")[:-1] + "B")
    assert caught.value.code == "malformed_did"


@given(st.text(max_size=80))
def test_hostile_text_raises_only_keys_error(text):
    for did in (text, "did:jwk:" + text, did_jwk(text.encode("utf-8", "replace"))):
        with pytest.raises(KeysError):
            resolve_did_jwk(did)


@given(st.binary(max_size=60))
def test_a_did_key_of_hostile_bytes_is_refused_or_is_its_own_spelling(data):
    did = "did:key:" + multibase_encode(data)
    try:
        document = resolve_did_key(did)
    except KeysError:
        return
    assert document["id"] == did
    assert PublicKey.from_multikey(did.removeprefix("did:key:")).did_key == did
