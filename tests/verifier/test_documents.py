"""The documents of `tests/documents`: each has the verdict that is its name, for as long as we verify."""

import hashlib
from pathlib import Path

import pytest
from documents.make import documents, make_world
from simulator import World

from verifier import Verdict

FOLDER = Path(__file__).parent.parent / "documents"
PINNED = {
    "valid.json": "64d91b772b5f9ad7f94110eef7253f8a821b5db974f7f30a8bfc5b4ae3c70660",
    "micro-credential.json": "089577d788c55b9e33d6bbed2b932902af30a803ddab6f0e2a395f34b8055f84",
}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_document_named_by_a_verdict_has_it(verdict):
    world, issuer = make_world()
    report = world.verifier(trust=[issuer.did]).verify((FOLDER / f"{verdict}.json").read_bytes())
    assert report.verdict is verdict


def test_the_documents_are_made_again_byte_for_byte():
    made = documents()
    assert set(made) == {str(verdict) for verdict in Verdict}
    for name, content in made.items():
        assert (FOLDER / f"{name}.json").read_bytes() == content, name


@pytest.mark.parametrize("name", PINNED)
def test_a_pinned_document_never_changes(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == PINNED[name]


def test_a_micro_credential_that_was_once_issued_stays_good():
    world = World()
    issuer = world.issuer("badges.example.edu.vn")
    report = world.verifier(trust=[issuer.did]).verify((FOLDER / "micro-credential.json").read_bytes())
    assert (report.verdict, report.issuer_trust) == (Verdict.valid, "trusted")
    assert report.check("profile").code == "elements_complete"
