"""The canonical form of documents: equal to the published ones, and to PyLD's wherever PyLD loses nothing."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge
from pyld import jsonld

from ob3 import expansion
from ob3.canonical import canonicalize
from ob3.contexts import CONTEXTS
from ob3.errors import ContextRefused, JsonRefused


def by_pyld(document):
    def load(url, options=None):
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": dict(CONTEXTS[url])}

    return jsonld.normalize(
        document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    )


def test_the_implementation_guides_documents_have_the_published_form(reference):
    folder = reference / "samples/impl-guide-vector"
    document = json.loads((folder / "signed.json").read_bytes())
    proof = document.pop("proof")
    del proof["proofValue"]
    assert canonicalize(document) == (folder / "document-canon.nq").read_text()
    proof["@context"] = document["@context"]
    assert canonicalize(proof) == (folder / "proof-canon.nq").read_text()


def test_the_published_samples_have_the_form_that_pyld_gives_them(reference):
    compared = 0
    for folder in ("valid", "warning", "spec-examples"):
        for file in sorted((reference / "samples" / folder).glob("*.json")):
            document = json.loads(file.read_bytes())
            if not set(document.get("@context", ["none"])) <= CONTEXTS.keys():
                continue
            document.pop("proof", None)
            assert canonicalize(document) == by_pyld(document), file.name
            compared += 1
    assert compared >= 12


@pytest.mark.parametrize(
    "number", [0, 3, 3.0, -0.0, 42, 0.1, 3.5, 1e21, 1e-5, 0.30000000000000004, 1.5e-7, 2**53, 1e20, True]
)
def test_numbers_are_written_as_other_implementations_do(number):
    document = badge()
    document["credentialSubject"]["achievement"]["creditsAvailable"] = number
    assert canonicalize(document) == by_pyld(document)


@pytest.mark.parametrize(
    ("number", "written"),
    [(3.0, '"3"'), (3.5, '"3.5E0"'), (1e21, '"1.0E21"'), (-0.0, '"0"'), (2**53, f'"{2**53}"')],
)
def test_a_number_keeps_the_type_that_the_badge_context_gives_it(number, written):
    document = badge()
    document["credentialSubject"]["achievement"]["creditsAvailable"] = number
    assert f"{written}^^<https://www.w3.org/2001/XMLSchema#float>" in canonicalize(document)


def test_an_embedded_secured_endorsement_is_signed_with_its_proof():
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-07-03T02:00:00Z",
        "verificationMethod": "did:example:board#1",
        "proofPurpose": "assertionMethod",
        "proofValue": "z1",
    }
    document = badge(endorsement=[{**ENDORSEMENT, "proof": proof}])
    quads = canonicalize(document)
    assert quads == by_pyld(document)
    assert "z1" in quads


def test_control_characters_are_escaped_where_a_foreign_badge_holds_them():
    assert '"a\\u000Bb\\u007F"' in canonicalize(badge(name="a\x0bb\x7f"))


def test_contexts_are_processed_once(monkeypatch):
    expansion._sets.clear()
    processed = []
    contexts = expansion.context_set()
    process = contexts._processor._process_context
    monkeypatch.setattr(
        contexts._processor,
        "_process_context",
        lambda *given, **named: processed.append(1) or process(*given, **named),
    )
    first = canonicalize(badge())
    outer = len(processed)
    assert canonicalize(badge()) == first
    assert len(processed) == outer


def test_the_memory_of_contexts_is_bounded(monkeypatch):
    monkeypatch.setattr(expansion, "_LARGEST_MEMORY", 3)
    expansion._sets.clear()
    assert canonicalize(badge()) == by_pyld(badge())
    assert len(expansion.context_set()._memory) <= 3
    for number in range(40):
        expansion.context_set({f"https://a.example/{number}": {"@context": {}}})
    assert len(expansion._sets) <= expansion._LARGEST_FAMILY


def test_threads_share_the_contexts(monkeypatch):
    monkeypatch.setattr(expansion, "_LARGEST_MEMORY", 5)  # so that it is emptied while others read it
    documents = [badge(name=f"Badge {number}", endorsement=[ENDORSEMENT]) for number in range(8)]
    expected = [canonicalize(document) for document in documents]
    expansion._sets.clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(canonicalize, documents * 5)) == expected * 5


def test_one_context_may_stand_alone_without_a_list():
    document = badge(
        **{"@context": OB3_CONTEXTS[0]},
        credentialSubject={"id": "did:example:x"},
        type="VerifiableCredential",
    )
    document["issuer"] = "did:example:y"
    assert canonicalize(document) == by_pyld(document)


@pytest.mark.parametrize("known", [False, True])
def test_a_context_that_a_known_context_names_is_known_too_or_refused(known):
    own, other = "https://example.org/own", "https://example.org/other"
    thing = {"@id": "https://example.org/#thing", "@context": other}
    extra = {own: {"@context": {"@version": 1.1, "thing": thing}}}
    if known:
        extra[other] = {"@context": {"part": "https://example.org/#part"}}
    document = {"@context": own, "thing": {"part": "x"}}
    if known:
        assert "<https://example.org/#part>" in canonicalize(document, extra_contexts=extra)
        return
    with pytest.raises(ContextRefused, match="is not one that is known") as caught:
        canonicalize(document, extra_contexts=extra)
    assert caught.value.code == "unknown_context"


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_json_in_a_badge_holds_no_number_that_others_read_differently(number):
    schema = {"id": "https://a.example/schema", "type": "JsonSchema", "jsonSchema": {"maximum": number}}
    with pytest.raises(JsonRefused) as refused:
        canonicalize(badge(credentialSchema=schema))
    assert refused.value.code == "number_not_portable"
    schema["jsonSchema"]["maximum"] = number - 1 if number > 0 else number + 1
    assert canonicalize(badge(credentialSchema=schema)) == by_pyld(badge(credentialSchema=schema))
