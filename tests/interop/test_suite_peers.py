"""The @digitalbazaar cryptosuites accept what we sign in each of ours, and we accept what they sign."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from node_scripts import run_script
from simulator import World

from keys import SecretKey
from ob3 import add_proof
from verifier import Verdict

CREATED = "2026-02-02T00:00:00Z"
KEYS = {
    "Ed25519": SecretKey.from_seed(b"\1" * 32),
    "P-256": SecretKey.from_seed(b"\2" * 32, "P-256"),
    "P-384": SecretKey.from_seed(b"\3" * 48, "P-384"),
}
SUITES = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
]
WORLD = World(now=datetime(2026, 6, 1, tzinfo=UTC))
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


def credential(algorithm, **changes):
    """Give a badge whose issuer is named by the key, with every kind of value."""
    issuer = WORLD.issuer("badges.keystone.example")
    badge = issuer.credential(credentialStatus=None, name='Čeština \U0001f393 ໃບຢັ້ງຢືນ \t"\\/', **changes)
    badge["issuer"] |= {"id": KEYS[algorithm].public_key.did_key}
    badge["credentialSubject"] |= {"creditsEarned": 0.1}
    badge["credentialSubject"]["achievement"] |= {"creditsAvailable": 1e21, "tag": ["b", "a", "é", "\ufb33"]}
    return badge


def signed(suite, algorithm, document=None, **options):
    document = credential(algorithm) if document is None else document
    signer = KEYS[algorithm].signer()
    return add_proof(document, signer=signer, created=CREATED, cryptosuite=suite, **options)


def endorsed():
    """Give a badge with an endorsement inside whose proof repeats its contexts."""
    inner = WORLD.issuer("endorser.example").endorsement(
        "https://badges.keystone.example/achievements/lending"
    )
    del inner["proof"]
    inner["issuer"] |= {"id": KEYS["Ed25519"].public_key.did_key}
    return credential("P-256", endorsement=[signed("eddsa-jcs-2022", "Ed25519", inner)])


def their_answers(folder, documents):
    files = {folder / f"{name}.json": document for name, document in documents.items()}
    for file, document in files.items():
        file.write_text(json.dumps(document))
    return {Path(one["file"]).stem: one for one in run_script("suites.mjs", "verify", *files)}


def ours():
    good = {f"{suite}-{algorithm}": signed(suite, algorithm) for suite, algorithm in SUITES}
    first = signed("ecdsa-rdfc-2019", "P-256")
    return {
        **good,
        "set": signed("ecdsa-jcs-2019", "P-256", first, beside_others=True),
        "endorsed": signed("ecdsa-rdfc-2019", "P-256", endorsed()),
        "with an id and an end": signed(
            "eddsa-jcs-2022",
            "Ed25519",
            id="urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b19",
            expires="2030-01-01T00:00:00Z",
        ),
    }


def test_they_accept_what_we_sign(tmp_path):
    documents = ours()
    for name, answer in their_answers(tmp_path, documents).items():
        assert answer["verified"], (name, answer["errors"])
    for name, document in documents.items():
        assert WORLD.verifier().verify(json.dumps(document).encode()).verdict is Verdict.valid, name


def test_they_refuse_what_we_signed_once_it_is_changed(tmp_path):
    documents = {}
    for name, document in ours().items():
        changed = copy.deepcopy(document)
        changed["credentialSubject"]["creditsEarned"] = 0.2
        documents[name] = changed
    for name, answer in their_answers(tmp_path, documents).items():
        assert not answer["verified"], name
        assert WORLD.verifier().verify(json.dumps(documents[name]).encode()).verdict is Verdict.invalid, name


def test_we_accept_what_they_sign_and_refuse_it_once_it_is_changed(tmp_path):
    run_script("suites.mjs", "issue", tmp_path)
    files = sorted(tmp_path.glob("*.json"))
    assert {one.stem for one in files} == {f"{suite}-{algorithm}" for suite, algorithm in SUITES}
    for file in files:
        document = json.loads(file.read_text())
        assert WORLD.verifier().verify(file.read_bytes()).verdict is Verdict.valid, file.stem
        document["credentialSubject"]["creditsEarned"] = 25
        found = WORLD.verifier().verify(json.dumps(document).encode())
        assert (found.verdict, found.check("signature").code) == (Verdict.invalid, "signature_misfit")
