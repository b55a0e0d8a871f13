"""Secret keys sign and stay out of everything that is printed, pickled or traced (a canary search)."""

import copy
import io
import json
import logging
import pickle
import pprint
import subprocess
import sys
import traceback

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from keys import KeysError, SecretKey, Signer, ecdsa
from keys.algorithms import ALGORITHMS
from keys.multibase import base58btc_encode, base64url_encode

CANARY = b"canary-in-the-signing-key-store!"
LONG_CANARY = CANARY + b"-of-forty-eight!"
# The RSA key is a throw-away one, made anew for each run: what may not show is its secret exponent.
RSA_SEED = SecretKey.generate("RSA").reveal_seed()
RSA_EXPONENT = load_der_private_key(RSA_SEED, None).private_numbers().d
SEEDS = {
    "Ed25519": (CANARY, CANARY),
    "P-256": (CANARY, CANARY),
    "P-384": (LONG_CANARY, LONG_CANARY),
    "RSA": (RSA_SEED, RSA_EXPONENT.to_bytes(384)),
}


def assert_no_canary(text: str, secret: bytes = CANARY) -> None:
    for spelling in (
        secret.decode("latin-1"),
        repr(secret)[2:-1],
        secret.hex(),
        base64url_encode(secret)[:40],
        base58btc_encode(secret),
        str(int.from_bytes(secret)),  # ECDSA and RSA keep numbers
        f"{int.from_bytes(secret):x}",
    ):
        assert spelling not in text


def everything_shown(value: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.emit(logging.LogRecord("x", logging.ERROR, "x", 1, "%s %r", (value, value), None))
    return "\n".join(
        [
            repr(value),
            str(value),
            f"{value}",
            f"{value!r:>80}",
            format(value),
            pprint.pformat([value]),
            ascii(value),
            repr({"k": value}),
            stream.getvalue(),
        ]
    )


def test_seed_gives_the_same_key_and_generate_another():
    assert SecretKey.from_seed(CANARY).public_key == SecretKey.from_seed(CANARY).public_key
    assert SecretKey.generate().public_key != SecretKey.generate().public_key
    assert SecretKey.from_seed(CANARY).reveal_seed() == CANARY


def test_a_signer_carries_the_verification_method():
    key = SecretKey.from_seed(CANARY)
    signer: Signer = key.signer("did:web:example.org#key-1")
    assert (signer.id, signer.algorithm) == ("did:web:example.org#key-1", "Ed25519")
    assert key.signer().id == key.public_key.did_key_method
    assert key.public_key.verify(signer.sign(b"x"), b"x")


def test_every_algorithm_is_tried():
    assert set(SEEDS) == set(ALGORITHMS)


@pytest.mark.parametrize("algorithm", SEEDS)
@pytest.mark.parametrize("make", [lambda k: k, lambda k: k.signer(), lambda k: k._expanded])
def test_secret_is_not_shown_or_written_out(make, algorithm):
    seed, canary = SEEDS[algorithm]
    value = make(SecretKey.from_seed(seed, algorithm))
    assert_no_canary(everything_shown(value), canary)
    with pytest.raises(TypeError):
        vars(value)
    for road in (
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        lambda v: v.__getstate__(),
        lambda v: v.__reduce__(),
    ):
        with pytest.raises(KeysError) as caught:
            road(value)
        assert caught.value.code == "secret_kept"
        assert_no_canary(str(caught.value), canary)
    with pytest.raises(TypeError) as not_json:
        json.dumps(value)
    assert_no_canary(str(not_json.value), canary)


def traced(action) -> str:
    """Run an action that must fail; give its traceback with the local variables of every frame below ours."""
    try:
        action()
    except KeysError as error:
        # this frame and the lambda of the test hold the secret by right
        below = error.__traceback__.tb_next.tb_next
        parts = []
        seen = error
        while seen is not None:
            frames = below if seen is error else seen.__traceback__
            parts += traceback.TracebackException(type(seen), seen, frames, capture_locals=True).format()
            seen = seen.__context__
        return "".join(parts)
    raise AssertionError("nothing failed")


@pytest.mark.parametrize("algorithm", SEEDS)
def test_tracebacks_with_local_variables_hold_no_secret(algorithm):
    seed, canary = SEEDS[algorithm]
    key = SecretKey.from_seed(seed, algorithm)
    texts = [
        traced(lambda: key.sign("text")),
        traced(lambda: key.signer().sign(None)),
        traced(lambda: SecretKey.from_seed(seed + b"longer", algorithm)),
        traced(lambda: SecretKey.from_seed(bytearray(seed), algorithm)),
        traced(lambda: SecretKey.from_seed(seed, "P-521")),
        traced(lambda: pickle.dumps(key.signer())),
        traced(lambda: SecretKey.generate("P-521")),
    ]
    assert all("KeysError" in text for text in texts)
    for text in texts:
        assert_no_canary(text, canary)


@pytest.mark.parametrize(
    ("algorithm", "seed"),
    [
        ("Ed25519", bytes(31)),
        ("Ed25519", bytes(33)),
        ("P-256", bytes(31) + b"\x01" * 2),
        ("P-256", bytes(32)),
        ("P-256", ecdsa.P256.order.to_bytes(32)),
        ("P-384", bytes(48)),
        ("P-384", ecdsa.P384.order.to_bytes(48)),
        ("P-384", b"\xff" * 48),
        ("RSA", CANARY),
        ("RSA", b""),
        ("RSA", RSA_SEED[:-1]),
    ],
)
def test_bytes_that_are_no_secret_key_are_refused(algorithm, seed):
    with pytest.raises(KeysError) as caught:
        SecretKey.from_seed(seed, algorithm)
    assert caught.value.code == "malformed_key"


@pytest.mark.parametrize(("algorithm", "curve"), [("P-256", ecdsa.P256), ("P-384", ecdsa.P384)])
def test_the_smallest_and_the_largest_secret_number_sign(algorithm, curve):
    for number in (1, curve.order - 1):
        key = SecretKey.from_seed(number.to_bytes(curve.size), algorithm)
        assert key.public_key.verify(key.sign(b"x"), b"x")


def test_a_secret_key_of_another_kind_is_no_rsa_key():
    other = ec.generate_private_key(ec.SECP256R1())
    der = other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert SecretKey.from_seed(RSA_SEED, "RSA").algorithm == "RSA"
    with pytest.raises(KeysError) as caught:
        SecretKey.from_seed(der, "RSA")
    assert caught.value.code == "malformed_key"


def test_importing_keys_does_not_import_the_store():
    code = "import keys, keys.did, sys; sys.exit('keys.store' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
