"""Keys in DID and controller documents in every form that is in use; what is no such form is refused."""

from datetime import UTC, datetime

import pytest

from keys import KeysError, SecretKey
from keys.did import KeyRecord, did_document, keys_from_did_document
from keys.jwk import to_jwk
from keys.multibase import base58btc_encode, multibase_encode
from keys.verification_method import key_of

DID = "did:web:badges.example.org"
SEEDS = {"Ed25519": b"\1" * 32, "P-256": b"\2" * 32, "P-384": b"\3" * 48}
KEYS = {name: SecretKey.from_seed(seed, name).public_key for name, seed in SEEDS.items()}
KEYS["RSA"] = SecretKey.generate("RSA").public_key
ED25519 = KEYS["Ed25519"]
EVERY = pytest.mark.parametrize("algorithm", KEYS)


def method(**members) -> dict:
    return {"id": f"{DID}#a", "controller": DID, **members}


@EVERY
def test_an_institution_publishes_keys_of_every_kind(algorithm):
    record = KeyRecord(
        verification_method=f"{DID}#a",
        public_key=KEYS[algorithm],
        created=datetime(2026, 1, 1, tzinfo=UTC),
        expires=datetime(2026, 6, 1, tzinfo=UTC),
    )
    document = did_document(DID, [record])
    (published,) = document["verificationMethod"]
    assert published["type"] == ("JsonWebKey" if algorithm == "RSA" else "Multikey")
    assert ("https://w3id.org/security/jwk/v1" in document["@context"]) == (algorithm == "RSA")
    assert published["expires"] == "2026-06-01T00:00:00Z"
    assert keys_from_did_document(document, DID) == {f"{DID}#a": KEYS[algorithm]}


@EVERY
@pytest.mark.parametrize("kind", ["JsonWebKey", "JsonWebKey2020"])
def test_a_key_written_as_jwk_is_read(algorithm, kind):
    entry = method(type=kind, publicKeyJwk=to_jwk(KEYS[algorithm]))
    assert key_of(entry) == KEYS[algorithm]


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_a_multikey_is_read(algorithm):
    assert key_of(method(type="Multikey", publicKeyMultibase=KEYS[algorithm].multikey)) == KEYS[algorithm]


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("Ed25519VerificationKey2018", {"publicKeyBase58": base58btc_encode(ED25519.raw)}),
        ("Ed25519VerificationKey2020", {"publicKeyMultibase": ED25519.multikey}),
    ],
)
def test_the_older_forms_of_ed25519_are_read(kind, members):
    assert key_of(method(type=kind, **members)) == ED25519


@pytest.mark.parametrize(
    "members",
    [
        {"type": "Multikey"},
        {"type": "Multikey", "publicKeyMultibase": ["z"]},
        {"type": "Multikey", "publicKeyJwk": to_jwk(ED25519)},
        {"type": "JsonWebKey", "publicKeyMultibase": ED25519.multikey},
        {"type": "JsonWebKey"},
        {"type": "JsonWebKey", "publicKeyJwk": "x"},
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEYS["P-256"].multikey},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": ED25519.multikey},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58btc_encode(ED25519.raw[:31])},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": "0OIl"},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": 7},
        {"type": "Multikey", "publicKeyMultibase": ED25519.multikey, "publicKeyJwk": to_jwk(ED25519)},
        {"type": "Multikey", "publicKeyMultibase": ED25519.multikey, "publicKeyBase58": "x"},
    ],
)
def test_a_key_out_of_form_is_refused(members):
    with pytest.raises(KeysError) as caught:
        key_of(method(**members))
    assert caught.value.code == "malformed_key"


@pytest.mark.parametrize("kind", [None, 7, ["Multikey"]])
def test_a_method_without_a_type_is_refused(kind):
    with pytest.raises(KeysError) as caught:
        key_of(method(type=kind, publicKeyMultibase=ED25519.multikey))
    assert caught.value.code == "malformed_document"


def test_a_small_order_key_of_2018_is_refused():
    with pytest.raises(KeysError) as caught:
        key_of(method(type="Ed25519VerificationKey2018", publicKeyBase58="1" * 32))
    assert caught.value.code == "weak_key"


def test_a_secret_in_a_jwk_is_refused():
    with pytest.raises(KeysError) as caught:
        key_of(method(type="JsonWebKey", publicKeyJwk={**to_jwk(KEYS["P-256"]), "d": ""}))
    assert caught.value.code == "secret_inside"


@pytest.mark.parametrize(
    "members",
    [
        {"type": "X25519KeyAgreementKey2020", "publicKeyMultibase": "z6LS"},
        {"type": "Multikey", "publicKeyMultibase": KEYS["RSA"].multikey},
        {"type": "Multikey", "publicKeyMultibase": "z" + "1" * 3_000},
        {"type": "Multikey", "publicKeyMultibase": multibase_encode(b"\xed\x01" + ED25519.raw, "u")},
        {"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyBase58": "x", "publicKeyHex": "00"},
        {"type": "JsonWebKey", "publicKeyJwk": {**to_jwk(KEYS["P-256"]), "use": "enc"}},
        {"type": "JsonWebKey", "publicKeyJwk": {"kty": "EC", "crv": "P-521", "x": "", "y": ""}},
        {"type": "JsonWebKey", "publicKeyJwk": to_jwk(ED25519), "revoked": "2099-01-01T00:00:00Z"},
        {"type": "Multikey", "publicKeyMultibase": ED25519.multikey, "revoked": None},
    ],
)
def test_a_key_of_no_use_is_passed_over(members):
    assert key_of(method(**members)) is None


def test_a_key_that_has_expired_counts_and_a_revoked_one_never():
    entry = method(type="Multikey", publicKeyMultibase=ED25519.multikey)
    assert key_of({**entry, "expires": "2020-01-01T00:00:00Z"}) == ED25519
    assert key_of({**entry, "expires": "2020-01-01T00:00:00Z", "revoked": "2020-01-01T00:00:00Z"}) is None


def test_a_controller_document_of_an_address_is_read():
    issuer = "https://badges.example.org/issuers/1"
    entry = {
        "id": f"{issuer}#a",
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": ED25519.multikey,
    }
    document = {"id": issuer, "verificationMethod": [entry], "assertionMethod": ["#a"]}
    assert keys_from_did_document(document, issuer) == {f"{issuer}#a": ED25519}
    place = "https://badges.example.org/keys.json"
    elsewhere = {**document, "id": place, "verificationMethod": [{**entry, "id": f"{place}#a"}]}
    assert keys_from_did_document(elsewhere, place, controller=issuer) == {f"{place}#a": ED25519}
    with pytest.raises(KeysError) as caught:
        keys_from_did_document(elsewhere, place)
    assert caught.value.code == "foreign_controller"
