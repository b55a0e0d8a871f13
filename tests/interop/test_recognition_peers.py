"""Implementations that are not ours accept the recognition statements that we make."""

import json
from datetime import UTC, datetime

import pytest
from node_scripts import run_script
from recognition_statements import BASE, CONTEXTS, statement
from simulator import World, as_bytes, stamp

from microcredential import CONTEXT_PATH
from microcredential.recognition import Kind
from ob3 import canonicalize

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write each of the four, signed, and what the peer may load; the first is withdrawn."""
    world = World(now=datetime.now(UTC))  # the peer asks the real clock whether a list is in its time
    monkeypatch.setenv("NOW", stamp(world.now))
    receiver = world.issuer("badges.example-uni.eu", method="key")
    receiver.withdraw(88)
    documents = {}
    for kind in Kind:
        unsigned = statement(kind, receiver, "urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b10")
        if kind is not Kind.TRUST:
            unsigned["credentialStatus"] = receiver.entry(89)
        documents[kind] = receiver.sign(unsigned, created="2026-09-15T08:00:00Z", extra_contexts=CONTEXTS)
        (tmp_path / f"{kind.name}.json").write_bytes(as_bytes(documents[kind]))
    loaded = {BASE + CONTEXT_PATH: CONTEXTS[BASE + CONTEXT_PATH]}
    loaded[receiver.list_url("revocation")] = receiver.status_list("revocation")
    (tmp_path / "extra.json").write_text(json.dumps(loaded))
    return tmp_path, documents


def test_digitalbazaar_vc_accepts_each_and_sees_what_is_withdrawn(written):
    folder, documents = written
    files = [folder / f"{kind.name}.json" for kind in documents]
    answers = run_script("verify.mjs", folder / "extra.json", *files)
    assert [(one["verified"], one["errors"], one["set"]) for one in answers] == [
        (True, [], ["revocation"] if kind is Kind.TRUST else []) for kind in documents
    ]


def test_digitalbazaar_vc_refuses_one_that_was_changed(written):
    folder, documents = written
    spoiled = documents[Kind.STANDING]
    spoiled["credentialSubject"]["creditRecognised"][0]["point"] = "30"
    (folder / "spoiled.json").write_bytes(as_bytes(spoiled))
    (answer,) = run_script("verify.mjs", folder / "extra.json", folder / "spoiled.json")
    assert answer["verified"] is False


def test_the_canonical_form_is_that_of_jsonld_js(written, tmp_path):
    folder, documents = written
    run_script(
        "quads.mjs", folder / "extra.json", tmp_path, *(folder / f"{kind.name}.json" for kind in documents)
    )
    for kind, document in documents.items():
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        assert canonicalize(unsigned, extra_contexts=CONTEXTS) == (tmp_path / f"{kind.name}.nq").read_text()
