"""Contexts written into a document: read only where they are asked for, and only for what names may mean."""

import pytest

from ob3 import canonicalize
from ob3.contexts import VC1, VC2
from ob3.errors import ContextRefused, Ob3Error, UndefinedTerm

TERM = {"Course": "https://example.edu/terms#Course"}


def _document(*contexts, **more):
    return {
        "@context": [VC2, *contexts],
        "type": ["VerifiableCredential", "Course"],
        "issuer": "did:example:university",
        "credentialSubject": {"id": "did:example:learner"},
        **more,
    }


def test_a_context_in_a_document_gives_its_words_their_meaning():
    form = canonicalize(_document(TERM), allow_keywords=True)
    assert "<https://example.edu/terms#Course>" in form


def test_a_badge_may_have_none():
    with pytest.raises(ContextRefused) as refused:
        canonicalize(_document(TERM))
    assert refused.value.code == "inline_context"


def test_the_document_itself_is_left_as_it_is():
    document = _document(TERM)
    canonicalize(document, allow_keywords=True)
    assert document == _document(TERM)


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({**TERM, "@import": VC1}, id="imports another"),
        pytest.param({**TERM, "@base": "https://example.edu/"}, id="resolves ids"),
        pytest.param({**TERM, "kind": "@type"}, id="renames a keyword"),
        pytest.param({**TERM, "kind": {"@id": "@id"}}, id="renames a keyword in full"),
        pytest.param({**TERM, "part": {"@id": "https://example.edu/p", "@context": VC1}}, id="refers inside"),
        pytest.param({**TERM, "part": {"@reverse": "https://example.edu/p"}}, id="turns around"),
        pytest.param({**TERM, "VerifiableCredential": "https://example.edu/V"}, id="redefines"),
        pytest.param({"Course": "no address"}, id="means no address"),
        pytest.param({**TERM, "part": ["https://example.edu/p"]}, id="means a list"),
        pytest.param({**TERM, "part": {"@id": ["https://example.edu/p"]}}, id="means a list in full"),
        pytest.param({**TERM, "part": 5}, id="means a number"),
        pytest.param({}, id="leaves the type without meaning"),
    ],
)
def test_a_context_that_does_more_is_refused(context):
    with pytest.raises(Ob3Error):
        canonicalize(_document(context), allow_keywords=True)


@pytest.mark.parametrize("meaning", [["https://example.edu/p"], {"@id": ["https://example.edu/p"]}, 5, True])
def test_a_meaning_that_is_no_address_is_named_before_json_ld_reads_it(meaning):
    with pytest.raises(Ob3Error, match="gives part a meaning that is no address") as caught:
        canonicalize(_document({**TERM, "part": meaning}), allow_keywords=True)
    assert caught.value.code == "inline_context"
    canonicalize(_document({**TERM, "part": "https://example.edu/p"}), allow_keywords=True)


def test_an_undefined_member_is_refused_beside_a_context_of_ones_own():
    with pytest.raises(UndefinedTerm):
        canonicalize(_document(TERM, undefined="x"), allow_keywords=True)
    assert canonicalize(
        _document({**TERM, "undefined": "https://example.edu/u"}, undefined="x"), allow_keywords=True
    )


def test_many_contexts_are_refused():
    few = [{**TERM, f"t{number}": "https://example.edu/t"} for number in range(8)]
    assert canonicalize(_document(*few), allow_keywords=True)
    with pytest.raises(ContextRefused) as refused:
        canonicalize(_document(*few, {"t9": "https://example.edu/t"}), allow_keywords=True)
    assert refused.value.code == "too_many_contexts"


def test_an_enveloped_credential_repeats_the_context_only_where_asked_for():
    inside = {"@context": VC2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,abc"}
    document = {"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": [inside]}
    assert "data:application/vc+jwt,abc" in canonicalize(document, allow_keywords=True)
    with pytest.raises(ContextRefused):
        canonicalize(document)
