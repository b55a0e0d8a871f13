"""What an institution issues in each cryptosuite of its choice is accepted by the @digitalbazaar packages."""

import json
from pathlib import Path

import pytest
from form_office import choose
from issuing_office import HTTPS_BASE_URL, Office
from node_scripts import run_script

from issuer.proof_forms import ProofForm
from issuer.shown_text import own_contexts
from ob3.contexts import CONTEXTS
from ob3.selective import derive
from ob3.strict_json import parse

FORMS = [form for form in ProofForm if not form.is_token]
MULTIKEY = "https://w3id.org/security/multikey/v1"
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


@pytest.fixture
def issued(tmp_path):
    """Give an office under did:web and one certificate in each form."""
    office = Office(tmp_path / "var", base_url=HTTPS_BASE_URL)
    office.ready()
    records = {}
    for form in FORMS:
        office.issuer.create_key("uef", form.algorithm)
        choose(office, form)
        records[form] = office.one(run=form.value)
    yield office, records
    office.close()


def their_answers(folder, office, documents):
    """Write what the loader has to know, and each document, and ask."""
    did_document = json.loads(office.issuer.did_document("uef"))
    methods = {one["id"]: {"@context": MULTIKEY, **one} for one in did_document["verificationMethod"]}
    known = {**CONTEXTS, **own_contexts(office.base_url), did_document["id"]: did_document, **methods}
    extra = folder / "extra.json"
    extra.write_text(json.dumps(known, default=dict))
    files = {folder / f"{name}.json": document for name, document in documents.items()}
    for file, document in files.items():
        file.write_text(json.dumps(document))
    return {
        Path(one["file"]).stem: one
        for one in run_script("issued.mjs", office.clock().isoformat(), extra, *files)
    }


def test_they_accept_every_form_and_refuse_it_once_it_is_changed(issued, tmp_path):
    office, records = issued
    good = {form.value: record.document for form, record in records.items()}
    own = parse(records[ProofForm.ECDSA_SD_2023].own_copy)
    contexts = own_contexts(office.base_url)
    good["a part"] = derive(own, selective_pointers=["/name"], extra_contexts=contexts)
    for name, answer in their_answers(tmp_path, office, good).items():
        assert answer["verified"], (name, answer["errors"])
    changed = {name: {**document, "validFrom": "2026-07-03T02:00:01Z"} for name, document in good.items()}
    changed["the holder's own copy"] = own
    answers = their_answers(tmp_path, office, changed)
    assert {answer["verified"] for answer in answers.values()} == {False}
    assert len(answers) == len(FORMS) + 2
