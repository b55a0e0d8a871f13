"""DID documents: made, resolved from did:key, and read strictly; every refusal beside an accepted twin."""

import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeysError, SecretKey
from keys.did import KeyRecord, did_document, keys_from_did_document, resolve_did_key
from keys.multibase import multibase_encode

DID = "did:web:badges.example.org:institutions:vut"
OLD, NEW = (SecretKey.from_seed(bytes([n]) * 32).public_key for n in (1, 2))
P256 = SecretKey.from_seed(b"\x03" * 32, "P-256").public_key
RECORDS = [
    KeyRecord(
        verification_method=f"{DID}#key-1",
        public_key=OLD,
        created=datetime(2025, 1, 1, tzinfo=UTC),
        expires=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    KeyRecord(verification_method=f"{DID}#key-2", public_key=NEW, created=datetime(2026, 1, 1, tzinfo=UTC)),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "controller", "publicKeyMultibase", "verificationMethod", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def changed(**members) -> dict:
    return {**did_document(DID, RECORDS), **members}


def with_method(**members) -> dict:
    document = copy.deepcopy(did_document(DID, RECORDS))
    document["verificationMethod"][1].update(members)
    return document


def test_an_institution_keeps_its_old_keys():
    document = did_document(DID, RECORDS)
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [
            {
                "id": f"{DID}#key-1",
                "type": "Multikey",
                "controller": DID,
                "publicKeyMultibase": OLD.multikey,
                "expires": "2026-01-01T00:00:00Z",
            },
            {"id": f"{DID}#key-2", "type": "Multikey", "controller": DID, "publicKeyMultibase": NEW.multikey},
        ],
        "assertionMethod": [f"{DID}#key-1", f"{DID}#key-2"],
    }
    assert keys_from_did_document(document, DID) == {f"{DID}#key-1": OLD, f"{DID}#key-2": NEW}


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("did:web:other.example#key-3", "foreign_method"),
        ("#key-3", "foreign_method"),
        (f"{DID}#key-1", "duplicate_method"),
        (DID, "malformed_document"),
        (f"{DID}#", "malformed_document"),
    ],
)
def test_a_document_with_a_wrong_method_is_not_made(method, code):
    record = KeyRecord(verification_method=method, public_key=NEW, created=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(KeysError) as caught:
        did_document(DID, [*RECORDS, record])
    assert caught.value.code == code


def test_an_expiry_without_a_zone_is_refused():
    record = KeyRecord(
        verification_method=f"{DID}#key-3",
        public_key=NEW,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        expires=datetime(2026, 1, 1),  # noqa: DTZ001
    )
    with pytest.raises(KeysError) as caught:
        did_document(DID, [record])
    assert caught.value.code == "naive_time"


def test_did_key_documents_agree_with_the_vectors(reference):
    vectors = json.loads((reference / "vectors/did-key/ed25519-x25519.json").read_text())
    for did, vector in vectors.items():
        document = resolve_did_key(did)
        published = vector["didDocument"]
        for name in (
            "id",
            "assertionMethod",
            "authentication",
            "capabilityInvocation",
            "capabilityDelegation",
        ):
            assert document[name] == published[name]
        assert list(keys_from_did_document(document, did)) == published["assertionMethod"]


@pytest.mark.parametrize(
    "did",
    [
        OLD.did_key_method,
        OLD.did_key + " ",
        OLD.did_key.replace("key:", "key:1.1:"),
        OLD.did_key.replace("did:key:z", "did:key:u"),
        "did:key:" + multibase_encode(b"\xec\x01" + OLD.raw),
        "did:key:" + multibase_encode(b"\xed\x01" + bytes(32)),
        "did:key:z",
        "did:web:example.org",
        None,
    ],
)
def test_another_did_key_is_refused(did):
    assert resolve_did_key(OLD.did_key)
    with pytest.raises(KeysError):
        resolve_did_key(did)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (changed(id="did:web:other.example"), "wrong_id"),
        (changed(id=DID.upper()), "wrong_id"),
        ([], "wrong_id"),
        (changed(deactivated=True), "deactivated"),
        (changed(deactivated="false"), "deactivated"),
        (with_method(id=f"{DID}#key-1"), "duplicate_method"),
        (with_method(id="#key-1"), "duplicate_method"),
        (with_method(id="did:web:other.example#key-2"), "foreign_method"),
        (with_method(id="key-2"), "malformed_document"),
        (with_method(id=7), "malformed_document"),
        (with_method(controller="did:web:other.example"), "foreign_controller"),
        (with_method(controller=[DID, "did:web:other.example"]), "foreign_controller"),
        (with_method(secretKeyMultibase="z3u2"), "secret_inside"),
        (with_method(privateKeyMultibase="z3u2"), "secret_inside"),
        (with_method(privateKeyJwk={"kty": "OKP"}), "secret_inside"),
        (with_method(private_key_hex="00"), "secret_inside"),
        (with_method(publicKeyJwk={"kty": "OKP", "crv": "Ed25519", "x": "", "d": ""}), "secret_inside"),
        (changed(service=[{"deep": [{"secretKeyMultibase": "z"}]}]), "secret_inside"),
        (with_method(publicKeyMultibase=multibase_encode(b"\xed\x01" + bytes(31))), "malformed_key"),
        (with_method(publicKeyMultibase=None), "malformed_key"),
        (with_method(publicKeyMultibase=multibase_encode(b"\x80\x24" + bytes(33))), "malformed_key"),
        (with_method(publicKeyMultibase=multibase_encode(b"\xed\x01" + bytes(32))), "weak_key"),
        (with_method(type=["Multikey"]), "malformed_document"),
        (changed(verificationMethod={}), "malformed_document"),
        (changed(verificationMethod=["x"]), "malformed_document"),
        (changed(assertionMethod=f"{DID}#key-1"), "malformed_document"),
        (changed(assertionMethod=[7]), "malformed_document"),
        (
            changed(
                verificationMethod=[{"id": f"#k{n}", "type": "Other", "controller": DID} for n in range(101)]
            ),
            "malformed_document",
        ),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused_whole(document, code):
    with pytest.raises(KeysError) as caught:
        keys_from_did_document(document, DID)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (changed(deactivated=False), ["key-1", "key-2"]),
        (with_method(id="#key-2"), ["key-1", "key-2"]),
        (with_method(type="Ed25519VerificationKey2020"), ["key-1", "key-2"]),
        (with_method(type="EcdsaSecp256k1VerificationKey2019"), ["key-1"]),
        (with_method(publicKeyMultibase=multibase_encode(b"\xec\x01" + NEW.raw)), ["key-1"]),
        (with_method(publicKeyMultibase=P256.multikey), ["key-1", "key-2"]),
        (with_method(revoked="2026-01-01T00:00:00Z"), ["key-1"]),
        (changed(assertionMethod=["#key-2"]), ["key-2"]),
        (changed(assertionMethod=["did:web:other.example#key-1"]), []),
        (changed(assertionMethod=[]), []),
        (changed(service=[{"d": "a distance"}]), ["key-1", "key-2"]),
    ],
)
def test_keys_that_count(document, names):
    assert [name.partition("#")[2] for name in keys_from_did_document(document, DID)] == names


def test_a_key_listed_for_another_purpose_does_not_sign_badges():
    document = changed(assertionMethod=[f"{DID}#key-1"], authentication=[f"{DID}#key-2"])
    assert list(keys_from_did_document(document, DID)) == [f"{DID}#key-1"]
    assert list(keys_from_did_document(document, DID, "authentication")) == [f"{DID}#key-2"]


def test_a_key_embedded_in_a_relationship_is_read():
    entry = {"id": "#a", "type": "Multikey", "controller": DID, "publicKeyMultibase": NEW.multikey}
    document = {"id": DID, "assertionMethod": [entry]}
    assert keys_from_did_document(document, DID) == {f"{DID}#a": NEW}
    with pytest.raises(KeysError) as caught:
        keys_from_did_document({**document, "authentication": [entry]}, DID)
    assert caught.value.code == "duplicate_method"


@given(JSON)
def test_hostile_documents_raise_only_keys_error(value):
    for document in (
        value,
        {"id": DID, "verificationMethod": value},
        {"id": DID, "assertionMethod": [value]},
    ):
        try:
            keys_from_did_document(document, DID)
        except KeysError:
            continue


def test_a_very_deep_document_is_read_without_recursion():
    deep: list = []
    for _ in range(50_000):
        deep = [deep]
    assert len(keys_from_did_document(changed(x=deep), DID)) == 2
