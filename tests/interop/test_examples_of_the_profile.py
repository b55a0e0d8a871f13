"""The two worked examples of the profile have one canonical form: ours, PyLD's and that of jsonld.js."""

import json

import pytest
from node_scripts import run_script
from pyld import jsonld

from microcredential import context
from ob3 import canonicalize
from ob3.contexts import CONTEXTS
from ob3.errors import UndefinedTerm

pytestmark = [pytest.mark.interop]

ADDRESS = "https://badges.example.edu.vn/contexts/micro-credential-v1.json"
EXAMPLES = ("credential-vn-3ects", "endorsement-recognition")


@pytest.fixture
def examples(reference):
    folder = reference.parent / "microcredentials" / "example"
    return {name: json.loads((folder / f"{name}.json").read_bytes()) for name in EXAMPLES}


def by_pyld(document):
    known = {**CONTEXTS, ADDRESS: context()}

    def load(url, options=None):
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": dict(known[url])}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return jsonld.normalize(document, options)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_the_same_form_in_pyld(name, examples):
    quads = canonicalize(examples[name], extra_contexts={ADDRESS: context()})
    assert quads == by_pyld(examples[name])
    assert len(quads.splitlines()) > 80


@pytest.mark.usefixtures("node_peers")
def test_an_example_has_the_same_form_in_jsonld_js(examples, tmp_path):
    extra = tmp_path / "extra.json"
    extra.write_text(json.dumps({ADDRESS: context()}))
    files = [tmp_path / f"{name}.json" for name in EXAMPLES]
    for file in files:
        file.write_text(json.dumps(examples[file.stem]))
    run_script("quads.mjs", extra, tmp_path, *files)
    for file in files:
        ours = canonicalize(examples[file.stem], extra_contexts={ADDRESS: context()})
        assert ours == (tmp_path / f"{file.stem}.nq").read_text()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_with_a_misspelt_word_has_no_form(name, examples):
    subject = examples[name]["credentialSubject"]
    subject["achievment"] = subject.pop("achievement", "x")
    with pytest.raises(UndefinedTerm):
        canonicalize(examples[name], extra_contexts={ADDRESS: context()})
