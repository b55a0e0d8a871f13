"""The key store: sealed at rest, closed to others, whole after a crash, and silent about what it holds."""

import json
import os
import subprocess
import sys
import traceback

import pytest

from keys import KeysError, SecretKey
from keys.algorithms import ALGORITHMS
from keys.store import Hardness, KeyStore

FAST = Hardness(opslimit=1, memlimit=8_192)
PASSPHRASE = b"canary-passphrase-that-nobody-may-read"
SEED = b"canary-in-the-signing-key-store!"
METHOD = "did:web:example.org:institutions:vut#key-1"


@pytest.fixture
def passphrase_file(tmp_path):
    return write_passphrase(tmp_path / "passphrase", PASSPHRASE)


@pytest.fixture
def store(tmp_path, passphrase_file):
    return KeyStore.create(tmp_path / "keys", passphrase_file, hardness=FAST)


def write_passphrase(path, text: bytes, mode: int = 0o600):
    path.write_bytes(text)
    path.chmod(mode)
    return path


def refused(action, code: str) -> KeysError:
    with pytest.raises(KeysError) as caught:
        action()
    assert caught.value.code == code
    return caught.value


def test_a_stored_key_signs_after_the_store_is_opened_again(store, passphrase_file):
    key = SecretKey.from_seed(SEED)
    store.add(METHOD, key)
    again = KeyStore.open(store.folder, passphrase_file=passphrase_file)
    signer = again.signer(METHOD)
    assert signer.id == METHOD
    assert key.public_key.verify(signer.sign(b"badge"), b"badge")
    assert again.methods() == (METHOD,)


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_keys_of_every_algorithm_are_kept(store, passphrase_file, algorithm):
    key = SecretKey.generate(algorithm)
    store.add(METHOD, key)
    store.add(METHOD + "b", SecretKey.from_seed(SEED))
    again = KeyStore.open(store.folder, passphrase_file=passphrase_file)
    signer = again.signer(METHOD)
    assert (signer.id, signer.algorithm) == (METHOD, algorithm)
    assert key.public_key.verify(signer.sign(b"badge"), b"badge")
    assert again.methods() == (METHOD, METHOD + "b")
    for path in store.folder.glob("*.key"):
        assert key.reveal_seed()[-32:] not in path.read_bytes()


def old_file(store, content: bytes, method: str = METHOD):
    """Write a key file as it was before files said their algorithm."""
    path = store._path(method)
    path.write_bytes(store._sealing_key.seal(content))
    path.chmod(0o600)
    return path


def test_a_file_of_before_is_read_and_left_as_it_was(store, passphrase_file):
    path = old_file(store, SEED + METHOD.encode())
    before = path.read_bytes()
    again = KeyStore.open(store.folder, passphrase_file=passphrase_file)
    assert again.signer(METHOD).algorithm == "Ed25519"
    assert again.signer(METHOD).sign(b"x") == SecretKey.from_seed(SEED).sign(b"x")
    again.add(METHOD + "b", SecretKey.from_seed(bytes(32)))
    assert (again.methods(), path.read_bytes()) == ((METHOD, METHOD + "b"), before)


def part(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data


@pytest.mark.parametrize(
    "content",
    [
        b"testamur key file\n",
        b"testamur key file\n" + part(b"Ed25519") + part(METHOD.encode()),
        b"testamur key file\n" + part(b"Ed25519") + part(METHOD.encode()) + part(SEED[:31]),
        b"testamur key file\n" + part(b"Ed25519") + part(METHOD.encode()) + part(SEED) + part(b"more"),
        b"testamur key file\n" + part(b"P-521") + part(METHOD.encode()) + part(SEED),
        b"testamur key file\n" + part(b"\xff") + part(METHOD.encode()) + part(SEED),
        b"testamur key file\n" + part(b"P-256") + part(METHOD.encode()) + part(bytes(32)),
        b"testamur key file\n" + part(b"Ed25519") + part(b"did:web:other#key-1") + part(SEED),
        SEED,
    ],
)
def test_a_sealed_file_with_other_content_is_noticed(store, content):
    old_file(store, content)
    refused(lambda: store.signer(METHOD), "store_damaged")
    good = b"testamur key file\n" + part(b"Ed25519") + part(METHOD.encode()) + part(SEED)
    old_file(store, good)
    assert store.signer(METHOD).sign(b"x") == SecretKey.from_seed(SEED).sign(b"x")


def test_files_are_closed_to_others_whatever_the_umask(tmp_path, passphrase_file):
    before = os.umask(0)
    try:
        store = KeyStore.create(tmp_path / "open" / "keys", passphrase_file, hardness=FAST)
        store.add(METHOD, SecretKey.generate())
    finally:
        os.umask(before)
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in store.folder.iterdir()] == [0o600, 0o600]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_passphrase_file_that_others_can_reach_is_refused(tmp_path, store, passphrase_file, mode):
    passphrase_file.chmod(mode)
    error = refused(
        lambda: KeyStore.open(store.folder, passphrase_file=passphrase_file), "file_open_to_others"
    )
    assert f"chmod 600 {passphrase_file}" in error.message
    refused(lambda: KeyStore.create(tmp_path / "new", passphrase_file, hardness=FAST), "file_open_to_others")
    assert not (tmp_path / "new").exists()


def test_a_folder_or_key_file_that_others_can_reach_is_refused(store, passphrase_file):
    store.add(METHOD, SecretKey.generate())
    key_file = next(store.folder.glob("*.key"))
    key_file.chmod(0o640)
    assert f"chmod 600 {key_file}" in refused(lambda: store.signer(METHOD), "file_open_to_others").message
    key_file.chmod(0o400)
    assert store.signer(METHOD)
    store.folder.chmod(0o750)
    error = refused(
        lambda: KeyStore.open(store.folder, passphrase_file=passphrase_file), "file_open_to_others"
    )
    assert f"chmod 700 {store.folder}" in error.message


@pytest.mark.parametrize("text", [b"", b"\n", b"short", b"           \n", b"eleven-char\n"])
def test_an_empty_or_short_passphrase_is_refused(tmp_path, text):
    passphrase_file = write_passphrase(tmp_path / "passphrase", text)
    refused(
        lambda: KeyStore.create(tmp_path / "keys", passphrase_file, hardness=FAST), "passphrase_too_short"
    )


def test_a_line_end_after_the_passphrase_does_not_matter(tmp_path, store):
    ended = write_passphrase(tmp_path / "ended", PASSPHRASE + b"\r\n")
    assert KeyStore.open(store.folder, passphrase_file=ended)


def test_a_wrong_passphrase_gives_a_plain_sentence(tmp_path, store):
    wrong = write_passphrase(tmp_path / "wrong", PASSPHRASE + b"x")
    error = refused(lambda: KeyStore.open(store.folder, passphrase_file=wrong), "wrong_passphrase")
    assert error.message == f"The passphrase in {wrong} does not open the key store {store.folder}."


def test_missing_things_are_named(tmp_path, store, passphrase_file):
    refused(lambda: KeyStore.open(tmp_path / "none", passphrase_file=passphrase_file), "file_missing")
    refused(lambda: KeyStore.open(store.folder, passphrase_file=tmp_path / "none"), "file_missing")
    refused(lambda: store.signer(METHOD), "unknown_key")
    tmp_path.chmod(0o700)
    refused(lambda: KeyStore.open(store.folder, passphrase_file=tmp_path), "file_unreadable")


def test_a_file_with_more_than_a_passphrase_in_it_is_refused(tmp_path, store):
    longest = write_passphrase(tmp_path / "longest", PASSPHRASE.ljust(4_096, b"\n"))
    KeyStore.open(store.folder, passphrase_file=longest)
    longer = write_passphrase(tmp_path / "longer", PASSPHRASE.ljust(4_097, b"\n"))
    refused(lambda: KeyStore.open(store.folder, passphrase_file=longer), "file_too_large")


def test_a_pipe_in_the_place_of_the_passphrase_does_not_hold_us(tmp_path, store):
    os.mkfifo(tmp_path / "pipe", 0o600)
    refused(lambda: KeyStore.open(store.folder, passphrase_file=tmp_path / "pipe"), "file_unreadable")


def test_a_store_is_not_made_twice_and_a_key_not_stored_twice(store, passphrase_file):
    refused(lambda: KeyStore.create(store.folder, passphrase_file, hardness=FAST), "store_exists")
    store.add(METHOD, SecretKey.from_seed(SEED))
    refused(lambda: store.add(METHOD, SecretKey.generate()), "key_exists")
    assert store.signer(METHOD).sign(b"x") == SecretKey.from_seed(SEED).sign(b"x")


@pytest.mark.parametrize("method", ["", "did:web:example.org", "did:web:example.org#" + "k" * 1_000])
def test_a_key_needs_a_verification_method(store, method):
    refused(lambda: store.add(method, SecretKey.generate()), "malformed_method")


def test_swapped_and_changed_key_files_are_noticed(store):
    store.add(METHOD, SecretKey.generate())
    first = next(store.folder.glob("*.key"))
    store.add(METHOD + "b", SecretKey.generate())
    second = next(path for path in store.folder.glob("*.key") if path != first)
    good = first.read_bytes()
    for bad in (second.read_bytes(), good[:-1] + bytes([good[-1] ^ 1]), good[:20], b""):
        first.write_bytes(bad)
        refused(lambda: store.signer(METHOD), "store_damaged")
        refused(store.methods, "store_damaged")
    first.write_bytes(good)
    assert len(store.methods()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"kdf": "scrypt"},
        {"salt": "00"},
        {"salt": 7},
        {"opslimit": 1_000},
        {"memlimit": 2**40},
        {"memlimit": "8192"},
        {"check": "zz"},
    ],
)
def test_a_damaged_header_is_refused(store, passphrase_file, change):
    header = store.folder / "store.json"
    values = json.loads(header.read_text())
    header.write_text(json.dumps({**values, **change}))
    refused(lambda: KeyStore.open(store.folder, passphrase_file=passphrase_file), "store_damaged")
    header.write_text(json.dumps(values))
    assert KeyStore.open(store.folder, passphrase_file=passphrase_file)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 3_000, "\0"])
def test_a_header_that_is_no_header_is_refused(store, passphrase_file, text):
    (store.folder / "store.json").write_text(text)
    refused(lambda: KeyStore.open(store.folder, passphrase_file=passphrase_file), "store_damaged")


def test_what_a_crash_left_behind_is_neither_read_nor_in_the_way(store):
    store.add(METHOD, SecretKey.generate())
    path = next(store.folder.glob("*.key"))
    path.rename(path.with_suffix(".unfinished"))
    path.with_suffix(".unfinished").write_bytes(b"half")
    assert store.methods() == ()
    store.add(METHOD, SecretKey.generate())
    assert store.methods() == (METHOD,)
    assert not list(store.folder.glob("*.unfinished"))


def test_a_failed_write_leaves_no_key(store, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = refused(lambda: store.add(METHOD, SecretKey.from_seed(SEED)), "file_not_written")
    assert "No space left" in error.message
    assert [path.name for path in store.folder.iterdir()] == ["store.json"]
    monkeypatch.undo()
    store.add(METHOD, SecretKey.from_seed(SEED))
    assert store.methods() == (METHOD,)


ADD_TEN = """
import sys
from pathlib import Path
from keys import SecretKey
from keys.store import KeyStore
store = KeyStore.open(Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))
for number in range(10):
    store.add(f"did:web:example.org#{sys.argv[3]}-{number}", SecretKey.generate())
"""


def test_two_processes_that_add_keys_lose_none(store, passphrase_file):
    running = [
        subprocess.Popen([sys.executable, "-c", ADD_TEN, store.folder, passphrase_file, name])
        for name in ("a", "b")
    ]
    assert [process.wait(timeout=30) for process in running] == [0, 0]
    assert len(store.methods()) == 20


def test_nothing_in_the_folder_shows_a_secret(store):
    store.add(METHOD, SecretKey.from_seed(SEED))
    for path in store.folder.iterdir():
        for secret in (SEED, PASSPHRASE):
            assert secret not in path.read_bytes()
            assert secret.hex().encode() not in path.read_bytes()
        assert METHOD.encode() not in path.read_bytes()


def test_no_text_about_the_store_shows_a_secret(tmp_path, store, passphrase_file, monkeypatch):
    """Make the store fail in every way and read the tracebacks with the local variables of each frame."""
    store.add(METHOD, SecretKey.from_seed(SEED))
    wrong = write_passphrase(tmp_path / "wrong", PASSPHRASE + b"-wrong")
    short = write_passphrase(tmp_path / "short", PASSPHRASE[:6])
    path = next(store.folder.glob("*.key"))
    texts = [repr(store), str(store), f"{store}", repr(store._sealing_key), repr(store.signer(METHOD))]
    texts += [
        traced(lambda: KeyStore.open(store.folder, passphrase_file=wrong)),
        traced(lambda: KeyStore.create(tmp_path / "new", short)),
        traced(lambda: KeyStore.create(store.folder, passphrase_file, hardness=FAST)),
        traced(lambda: store.add(METHOD, SecretKey.from_seed(SEED)), skip=2),
        traced(lambda: store.signer(METHOD).sign("text")),
        traced(lambda: store.__getstate__()),
    ]
    monkeypatch.setattr("keys.passphrase.crypto_secretbox_KEYBYTES", 2**40)
    texts.append(traced(lambda: KeyStore.open(store.folder, passphrase_file=passphrase_file)))
    path.write_bytes(path.read_bytes()[:-1])
    texts.append(traced(lambda: store.signer(METHOD)))
    for content in (SEED, b"testamur key file\n" + part(b"P-521") + part(METHOD.encode()) + part(SEED)):
        old_file(store, content)
        texts.append(traced(lambda: store.signer(METHOD)))
    with pytest.raises(TypeError):
        vars(store)
    for text in texts:
        assert "canary" not in text
        assert SEED.hex() not in text


def traced(action, skip: int = 1) -> str:
    """Run an action that must fail; give its traceback and its contexts' with local variables."""
    try:
        action()
    except KeysError as error:
        below = error.__traceback__
        for _ in range(skip):
            below = below.tb_next
        texts = traceback.TracebackException(type(error), error, below, capture_locals=True).format()
        context = error.__context__
        if context is not None:
            texts = [
                *texts,
                *traceback.TracebackException.from_exception(context, capture_locals=True).format(),
            ]
        return "".join(texts)
    raise AssertionError("nothing failed")


def test_a_cost_out_of_range_is_refused():
    for hardness in ({"opslimit": 0}, {"opslimit": 17}, {"memlimit": 1}, {"memlimit": 2**31}):
        refused(lambda values=hardness: Hardness(**values), "store_damaged")
    assert Hardness().memlimit == 256 * 2**20
