"""Public keys: did:key vectors, strict Multikey, and keys that are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work_counts import calls_of

from keys import KeysError, PublicKey, SecretKey
from keys.algorithms import ALGORITHMS
from keys.multibase import multibase_encode

KEY = SecretKey.from_seed(bytes(range(32))).public_key
# Points of small order and their sign-bit twins: with such a key one signature fits every message.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


def multikey(codec: bytes, raw: bytes) -> str:
    return multibase_encode(codec + raw, "z")


def test_did_key_vectors(reference):
    vectors = json.loads((reference / "vectors/did-key/ed25519-x25519.json").read_text())
    assert len(vectors) == 5
    for did, vector in vectors.items():
        public_key = SecretKey.from_seed(bytes.fromhex(vector["seed"])).public_key
        assert public_key.did_key == did
        assert public_key.did_key_method == did + "#" + vector["verificationKeyPair"]["id"].partition("#")[2]
        assert PublicKey.from_multikey(public_key.multikey) == public_key


def test_did_key_vectors_of_the_nist_curves(reference):
    vectors = json.loads((reference / "vectors/did-key/nist-curves.json").read_text())
    read = []
    for did in vectors:
        if did.startswith("did:key:z2J9"):  # P-521
            with pytest.raises(KeysError) as caught:
                PublicKey.from_multikey(did.removeprefix("did:key:"))
            assert caught.value.code == "unsupported_key"
            continue
        public_key = PublicKey.from_multikey(did.removeprefix("did:key:"))
        assert public_key.did_key == did
        read.append(public_key.algorithm)
    assert sorted(set(read)) == ["P-256", "P-384"]


@pytest.mark.parametrize("name", ["bls12381", "rsa", "secp256k1", "x25519"])
def test_did_keys_of_other_kinds_are_refused(reference, name):
    vectors = json.loads((reference / f"vectors/did-key/{name}.json").read_text())
    for did in vectors:
        with pytest.raises(KeysError) as caught:
            PublicKey.from_multikey(did.removeprefix("did:key:"))
        assert caught.value.code in {"unsupported_key", "malformed_key"}


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_our_own_keys_are_read_back_whatever_their_kind(algorithm):
    key = SecretKey.generate(algorithm).public_key
    assert PublicKey.from_own_multikey(key.multikey) == key
    for bad in (key.multikey + "1" * 1_000, key.multikey[1:], None):
        with pytest.raises(KeysError):
            PublicKey.from_own_multikey(bad)


@pytest.mark.parametrize("raw", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(raw):
    with pytest.raises(KeysError) as caught:
        PublicKey.from_multikey(multikey(b"\xed\x01", bytes.fromhex(raw)))
    assert caught.value.code == "weak_key"


def test_a_key_that_is_known_to_be_sound_makes_no_other_one_sound():
    sound = SecretKey.from_seed(bytes(range(1, 33))).public_key.raw
    for raw in (sound, sound):  # the second time nobody looks
        assert PublicKey(raw=raw).raw == sound
    for raw in (bytes.fromhex(SMALL_ORDER[0]), bytes.fromhex(SMALL_ORDER[0]), sound[:31], sound + b"\0"):
        with pytest.raises(KeysError):
            PublicKey(raw=raw)
    calls = calls_of(lambda: PublicKey(raw=sound))
    assert calls.of("keys.ed25519.check_public", "nacl") == 0


def test_a_key_that_is_no_canonical_point_is_refused():
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=bytes.fromhex("ee" + "ff" * 30 + "7f"))
    assert caught.value.code == "weak_key"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (multikey(b"\xec\x01", KEY.raw), "unsupported_key"),
        (multikey(b"\xed\x01", KEY.raw[:31]), "malformed_key"),
        (multikey(b"\xed\x01", KEY.raw + b"\0"), "malformed_key"),
        (multikey(b"\xed\x81\x00", KEY.raw), "unsupported_key"),
        (multikey(b"\x80\x24", KEY.raw), "malformed_key"),
        (multibase_encode(b"\xed\x01" + KEY.raw, "u"), "malformed_key"),
        (KEY.multikey + " ", "malformed_key"),
        (KEY.multikey.upper(), "malformed_key"),
        ("z" + "1" * 300, "unsupported_key"),
        (multikey(b"\xed\x01", KEY.raw * 5), "unsupported_key"),
        ("", "malformed_key"),
    ],
)
def test_another_spelling_of_a_multikey_is_refused(text, code):
    assert PublicKey.from_multikey(KEY.multikey) == KEY
    with pytest.raises(KeysError) as caught:
        PublicKey.from_multikey(text)
    assert caught.value.code == code


@given(st.text(max_size=250))
def test_hostile_multikey_text_raises_only_keys_error(text):
    with pytest.raises(KeysError):
        PublicKey.from_multikey(text)


@given(st.binary(max_size=200))
def test_a_signature_fits_its_data_only(data):
    secret_key = SecretKey.from_seed(bytes(range(32)))
    signature = secret_key.signer().sign(data)
    assert len(signature) == 64
    assert KEY.verify(signature, data)
    assert not KEY.verify(signature, data + b"x")
    assert not KEY.verify(signature[:63], data)
    assert not KEY.verify(signature + b"\0", data)
    assert not KEY.verify(signature + data[:1], data[1:]) or not data


def test_a_signature_with_the_group_order_added_is_refused():
    # Malleability: S + L fits the equation as well, and RFC 8032 section 5.1.7 refuses it.
    order = 2**252 + 27742317777372353535851937790883648493
    signature = SecretKey.from_seed(bytes(range(32))).signer().sign(b"badge")
    scalar = int.from_bytes(signature[32:], "little") + order
    assert KEY.verify(signature, b"badge")
    assert not KEY.verify(signature[:32] + scalar.to_bytes(32, "little"), b"badge")


@pytest.mark.parametrize("algorithm", ["P-521", "ed25519", "p-256", "RS256", "", None])
def test_other_algorithms_do_not_exist(algorithm):
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=KEY.raw, algorithm=algorithm)
    assert caught.value.code == "unsupported_key"
    for make in (SecretKey.generate, lambda name: SecretKey.from_seed(bytes(32), name)):
        with pytest.raises(KeysError) as caught:
            make(algorithm)
        assert caught.value.code == "unsupported_key"


@pytest.mark.parametrize("raw", [bytearray(KEY.raw), KEY.raw.hex(), list(KEY.raw), None])
def test_what_is_not_bytes_is_no_key(raw):
    assert PublicKey(raw=KEY.raw) == KEY
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=raw)
    assert caught.value.code == "malformed_key"


@pytest.mark.parametrize("algorithm", sorted(set(ALGORITHMS) - {"Ed25519"}))
def test_bytes_of_one_algorithm_are_no_key_of_another(algorithm):
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=KEY.raw, algorithm=algorithm)
    assert caught.value.code == "malformed_key"
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=bytearray(KEY.raw), algorithm=algorithm)
    assert caught.value.code == "malformed_key"
