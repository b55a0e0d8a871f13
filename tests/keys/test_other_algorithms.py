"""P-256, P-384 and RSA: weak and malformed keys and signatures refused, each beside an accepted twin.

The other implementation here is `cryptography`, which signs and checks in DER where we write r and s.
"""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from keys import KeysError, PublicKey, SecretKey, ecdsa
from keys import rsa as our_rsa

CURVES = {"P-256": (ecdsa.P256, SHA256()), "P-384": (ecdsa.P384, SHA384())}
SECRETS = {name: SecretKey.from_seed(b"\x07" * curve.size, name) for name, (curve, _) in CURVES.items()}
RSA_SECRET = SecretKey.generate("RSA")
MODULUS, EXPONENT = our_rsa.numbers(RSA_SECRET.public_key.raw)
EVERY = pytest.mark.parametrize("name", CURVES)


def theirs(name) -> ec.EllipticCurvePublicKey:
    curve, _ = CURVES[name]
    return ec.EllipticCurvePublicKey.from_encoded_point(curve.curve, SECRETS[name].public_key.raw)


def refused(raw: bytes, algorithm: str) -> str:
    with pytest.raises(KeysError) as caught:
        PublicKey(raw=raw, algorithm=algorithm)
    return caught.value.code


@EVERY
def test_the_other_implementation_accepts_ours_and_we_theirs(name):
    curve, digest = CURVES[name]
    key = SECRETS[name]
    ours = key.sign(b"badge")
    r, s = (int.from_bytes(half) for half in (ours[: curve.size], ours[curve.size :]))
    theirs(name).verify(encode_dss_signature(r, s), b"badge", ec.ECDSA(digest))
    secret = ec.derive_private_key(int.from_bytes(key.reveal_seed()), curve.curve)
    their_r, their_s = decode_dss_signature(secret.sign(b"badge", ec.ECDSA(digest)))
    signature = their_r.to_bytes(curve.size) + their_s.to_bytes(curve.size)
    assert key.public_key.verify(signature, b"badge")
    assert not key.public_key.verify(signature, b"badger")


@EVERY
@given(data=st.binary(max_size=100))
def test_the_same_data_give_the_same_signature_of_one_length(name, data):
    key, (curve, _) = SECRETS[name], CURVES[name]
    signature = key.sign(data)
    assert signature == key.sign(data)
    assert len(signature) == 2 * curve.size
    assert key.public_key.verify(signature, data)


@EVERY
def test_signatures_out_of_form_are_refused(name):
    key, (curve, digest) = SECRETS[name], CURVES[name]
    good = key.sign(b"badge")
    r, s = good[: curve.size], good[curve.size :]
    zero, order = bytes(curve.size), curve.order.to_bytes(curve.size)
    assert key.public_key.verify(good, b"badge")
    der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    theirs(name).verify(der, b"badge", ec.ECDSA(digest))
    for bad in (
        r + b"\0" + s,
        zero + s,
        r + zero,
        zero + zero,
        order + s,
        r + order,
        good[:-1],
        good + b"\0",
        b"",
        der,
    ):
        assert not key.public_key.verify(bad, b"badge")
    beyond = int.from_bytes(s) + curve.order
    if beyond.bit_length() <= 8 * curve.size:
        assert not key.public_key.verify(r + beyond.to_bytes(curve.size), b"badge")


@EVERY
def test_a_signature_with_another_hash_is_refused(name):
    curve, _ = CURVES[name]
    secret = ec.derive_private_key(int.from_bytes(SECRETS[name].reveal_seed()), curve.curve)
    other = SHA384() if name == "P-256" else SHA256()
    r, s = decode_dss_signature(secret.sign(b"badge", ec.ECDSA(other)))
    assert not SECRETS[name].public_key.verify(r.to_bytes(curve.size) + s.to_bytes(curve.size), b"badge")


@EVERY
def test_points_in_another_spelling_or_off_the_curve_are_refused(name):
    curve, _ = CURVES[name]
    raw = SECRETS[name].public_key.raw
    assert PublicKey(raw=raw, algorithm=name).raw == raw
    uncompressed = theirs(name).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert refused(uncompressed, name) == "malformed_key"
    assert refused(b"\0", name) == "malformed_key"  # the point at infinity
    assert refused(b"\0" * len(raw), name) == "malformed_key"
    assert refused(b"\x05" + raw[1:], name) == "malformed_key"
    assert refused(raw + b"\0", name) == "malformed_key"
    off = next(x for x in range(100) if not _on_curve(curve, x))
    assert refused(b"\x02" + off.to_bytes(curve.size), name) == "malformed_key"
    beyond = 2 ** (8 * curve.size) - 1  # no element of the field
    assert refused(b"\x02" + beyond.to_bytes(curve.size), name) == "malformed_key"


def _on_curve(curve, x: int) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve.curve, b"\x02" + x.to_bytes(curve.size))
    except ValueError:
        return False
    return True


@EVERY
def test_coordinates_lead_back_to_the_point(name):
    curve, _ = CURVES[name]
    raw = SECRETS[name].public_key.raw
    x, y = curve.coordinates(raw)
    assert curve.compressed(x, y) == raw
    for bad in (
        (x[:-1], x[-1:] + y),
        (x, x),
        (x[1:], y),
        (x, y + b"\0"),
        (bytes(curve.size), bytes(curve.size)),
    ):
        with pytest.raises(KeysError) as caught:
            curve.compressed(*bad)
        assert caught.value.code == "malformed_key"


@pytest.mark.parametrize("name", ["p256KeyPair", "p384KeyPair"])
def test_the_key_pairs_of_the_w3c_vectors(reference, name):
    pair = json.loads((reference / f"vectors/vc-di-ecdsa/{name}.json").read_text())
    key = PublicKey.from_multikey(pair["publicKeyMultibase"])
    assert key.multikey == pair["publicKeyMultibase"]
    assert key.algorithm == {"p256KeyPair": "P-256", "p384KeyPair": "P-384"}[name]


def test_rsa_signs_as_the_other_implementation_does():
    signature = RSA_SECRET.sign(b"badge")
    loaded = load_der_public_key(RSA_SECRET.public_key.raw)
    loaded.verify(signature, b"badge", padding.PKCS1v15(), SHA256())
    assert RSA_SECRET.public_key.verify(signature, b"badge")
    assert signature == RSA_SECRET.sign(b"badge")
    for bad in (signature[:-1], signature + b"\0", b"", b"\0" + signature):
        assert not RSA_SECRET.public_key.verify(bad, b"badge")
    assert not RSA_SECRET.public_key.verify(signature, b"badger")


def test_rsa_signatures_of_another_kind_are_refused():
    secret = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    raw = secret.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    key = PublicKey(raw=raw, algorithm="RSA")
    assert key.verify(secret.sign(b"badge", padding.PKCS1v15(), SHA256()), b"badge")
    assert not key.verify(secret.sign(b"badge", padding.PKCS1v15(), SHA384()), b"badge")
    pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)
    assert not key.verify(secret.sign(b"badge", pss, SHA256()), b"badge")


@pytest.mark.parametrize(
    ("n", "e"),
    [
        ((1 << 1023) + 1, 65_537),
        ((1 << 2046) + 1, 65_537),
        ((1 << 8192) + 1, 65_537),
        (MODULUS + 1, 65_537),
        (MODULUS, 1),
        (MODULUS, 3),
        (MODULUS, 65_535),
        (MODULUS, 65_538),
        (MODULUS, 2**32 + 1),
        (0, 65_537),
        (MODULUS, 0),
    ],
    ids=["1024", "2047", "8193", "even", "e1", "e3", "e65535", "even-e", "long-e", "n0", "e0"],
)
def test_numbers_of_a_weak_rsa_key_are_refused(n, e):
    our_rsa.check_numbers(MODULUS, EXPONENT)
    with pytest.raises(KeysError) as caught:
        our_rsa.check_numbers(n, e)
    assert caught.value.code == "weak_key"


def test_a_short_rsa_key_is_refused_and_one_of_2048_bits_read():
    short = rsa.generate_private_key(public_exponent=65_537, key_size=1024).public_key()  # noqa: S505
    least = rsa.generate_private_key(public_exponent=65_537, key_size=2048).public_key()
    assert refused(short.public_bytes(Encoding.DER, PublicFormat.PKCS1), "RSA") == "weak_key"
    assert PublicKey(raw=least.public_bytes(Encoding.DER, PublicFormat.PKCS1), algorithm="RSA")


def test_a_small_exponent_is_refused():
    three = rsa.generate_private_key(public_exponent=3, key_size=2048).public_key()
    assert refused(three.public_bytes(Encoding.DER, PublicFormat.PKCS1), "RSA") == "weak_key"


def test_rsa_keys_in_another_form_are_refused():
    loaded = load_der_public_key(RSA_SECRET.public_key.raw)
    assert PublicKey(raw=RSA_SECRET.public_key.raw, algorithm="RSA") == RSA_SECRET.public_key
    other_form = loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    other_kind = theirs("P-256").public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for bad in (other_form, other_kind, RSA_SECRET.public_key.raw + b"\0", b"", b"\x30\x00"):
        assert refused(bad, "RSA") == "malformed_key"


@given(st.sampled_from(["P-256", "P-384", "RSA"]), st.binary(max_size=120))
def test_hostile_bytes_raise_only_keys_error(algorithm, raw):
    try:
        PublicKey(raw=raw, algorithm=algorithm)
    except KeysError:
        return
    assert algorithm != "RSA"
