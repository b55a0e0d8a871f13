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

from keys import KeysError, SecretKey, Signer
from keys.multibase import base58btc_encode, base64url_encode

CANARY = b"canary-in-the-signing-key-store!"


def assert_no_canary(text: str, secret: bytes = CANARY) -> None:
    for spelling in (
        secret.decode("latin-1"),
        repr(secret)[2:-1],
        secret.hex(),
        base64url_encode(secret)[:40],
        base58btc_encode(secret),
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


@pytest.mark.parametrize("make", [lambda k: k, lambda k: k.signer(), lambda k: k._expanded])
def test_secret_is_not_shown_or_written_out(make):
    value = make(SecretKey.from_seed(CANARY))
    assert_no_canary(everything_shown(value))
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
        assert_no_canary(str(caught.value))
    with pytest.raises(TypeError) as not_json:
        json.dumps(value)
    assert_no_canary(str(not_json.value))


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


def test_tracebacks_with_local_variables_hold_no_secret():
    key = SecretKey.from_seed(CANARY)
    texts = [
        traced(lambda: key.sign("text")),
        traced(lambda: key.signer().sign(None)),
        traced(lambda: SecretKey.from_seed(CANARY + b"longer")),
        traced(lambda: SecretKey.from_seed(bytearray(CANARY))),
        traced(lambda: pickle.dumps(key.signer())),
        traced(lambda: SecretKey.generate("RSA")),
    ]
    assert all("KeysError" in text for text in texts)
    for text in texts:
        assert_no_canary(text)


def test_a_seed_of_the_wrong_length_is_refused():
    with pytest.raises(KeysError) as caught:
        SecretKey.from_seed(bytes(31))
    assert caught.value.code == "malformed_key"


def test_importing_keys_does_not_import_the_store():
    code = "import keys, keys.did, sys; sys.exit('keys.store' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
