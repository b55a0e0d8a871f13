"""Every document that is made here takes the direct path: no change loses it without this telling so."""

import json
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from recognition_statements import CONTEXTS as RECOGNITION_CONTEXTS
from recognition_statements import statement, worked_decision, worked_example
from simulator import World
from varied_credentials import NOW, OWN_CONTEXTS, Office, varied
from wrappers import Holder, enveloped, learner_record, presentation

from keys import SecretKey
from keys.did_document import KeyRecord, did_document
from microcredential import CONTEXT_PATH, context
from microcredential.recognition import Kind
from ob3.canonical import general_statements
from ob3.direct import direct_statements
from ob3.expansion import context_set
from ob3.jws import credential_jwt
from ob3.proof_sets import proofs_of
from ob3.status_list import BitstringStatusList, status_list_credential


def left(documents, extra=None, *, allow_keywords=False):
    """Give what the general path would have to read: documents, or the options of their proofs."""
    contexts, found = context_set(extra), []
    for document in documents:
        for part in parts(document):
            direct = direct_statements(part, contexts, allow_keywords=allow_keywords)
            assert direct in (None, general_statements(part, contexts, allow_keywords=allow_keywords))
            found += [part] if direct is None else []
    return found


def parts(document):
    """Give the two documents that are canonicalised for a signature, or one where there is none."""
    yield {name: value for name, value in document.items() if name != "proof"}
    for proof in proofs_of(document):
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        yield {**options, "@context": document["@context"]}


@pytest.fixture(scope="module")
def issued(demo):
    return [json.loads(Path(each["json"]).read_bytes()) for each in demo.credentials()]


@pytest.fixture(scope="module")
def badges():
    return varied(Office())


@pytest.fixture
def issuer():
    return World().issuer("badges.own.example")


def test_the_credentials_of_the_demonstration(demo, issued):
    assert left(issued, {demo.base_url + CONTEXT_PATH: context()}) == []
    assert len(issued) == 54


def test_its_status_lists_as_they_are_served(issued, served_demo):
    entries = [one["credentialStatus"] for one in issued]
    flat = [entry for one in entries for entry in (one if isinstance(one, list) else [one])]
    lists = {entry["statusListCredential"] for entry in flat}
    assert left([json.loads(urllib.request.urlopen(url, timeout=10).read()) for url in sorted(lists)]) == []
    assert len(lists) >= 2


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_status_lists(issuer, purpose):
    made = status_list_credential(
        url="https://badges.own.example/status/1",
        issuer=issuer.did,
        purpose=purpose,
        statuses=BitstringStatusList(),
        valid_from="2026-07-03T02:00:00Z",
        valid_until="2026-07-04T02:00:00Z",
    )
    assert left([issuer.sign(made)]) == []


def test_the_two_hundred_varied_badges(badges):
    assert left([one.signed or one.unsigned for one in badges], OWN_CONTEXTS) == []
    assert len(badges) == 200


def test_key_documents():
    did = "did:web:badges.own.example"
    keys = [
        SecretKey.from_seed(bytes([number]) * 32, kind) for number, kind in enumerate(["Ed25519", "P-256"])
    ]
    records = [
        KeyRecord(
            verification_method=f"{did}#key-{number}",
            public_key=key.public_key,
            created=NOW,
            expires=NOW + timedelta(days=number),
            revoked=NOW if number else None,
        )
        for number, key in enumerate(keys)
    ]
    document = did_document(did, records)
    assert left([document]) == []


@pytest.mark.parametrize("kind", Kind)
def test_recognition_statements(issuer, kind):
    made = statement(kind, issuer, "urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10")
    assert left([made], RECOGNITION_CONTEXTS) == []


def test_the_worked_examples():
    made = [worked_example(), worked_decision()]
    known = {one["@context"][-1]: context() for one in made}
    assert left(made, known) == []


def test_presentations_and_learner_records(issuer, badges):
    signed = issuer.sign(issuer.credential())
    token = credential_jwt(issuer.credential(), signer=issuer.key.signer())
    records = [learner_record(issuer, inside) for inside in ([signed], [signed, signed], [enveloped(token)])]
    assert left(records, allow_keywords=True) == []
    for inside in ([signed], [signed, enveloped(token)], [records[0]], [one.signed for one in badges[:3]]):
        shown = Holder().sign(presentation(inside), extra_contexts=OWN_CONTEXTS, allow_keywords=True)
        assert left([shown], OWN_CONTEXTS, allow_keywords=True) == []
