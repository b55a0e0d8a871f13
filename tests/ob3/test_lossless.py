"""Safe mode: whatever JSON-LD would drop, guess or read in two ways is refused."""

import copy
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge

from ob3 import expansion
from ob3.canonical import canonicalize
from ob3.errors import ContextRefused, JsonRefused, MalformedIri, Ob3Error, TooMuchWork, UndefinedTerm

VC1 = "https://www.w3.org/2018/credentials/v1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OWN = "https://badges.example.edu/contexts/own.json"

ISSUER = badge()["issuer"]
SUBJECT = badge()["credentialSubject"]


def subject(**changes):
    return {**SUBJECT, **changes}


def achievement(**changes):
    return subject(achievement={**SUBJECT["achievement"], **changes})


# what is changed, the error, its code, its place, and a twin that is accepted
REFUSED = {
    "an undefined term": (
        {"nickname": "x"},
        (UndefinedTerm, "undefined_term", "/nickname"),
        {"name": "x"},
    ),
    "an undefined term below": (
        {"credentialSubject": achievement(level="x")},
        (UndefinedTerm, "undefined_term", "/credentialSubject/achievement/level"),
        {"credentialSubject": achievement(fieldOfStudy="x")},
    ),
    "a term of another type": (
        {"issuer": {**ISSUER, "endorsementComment": "x"}},
        (UndefinedTerm, "undefined_term", "/issuer/endorsementComment"),
        {"issuer": {**ISSUER, "description": "x"}},
    ),
    "an undefined type": (
        {"type": ["VerifiableCredential", "Diploma"]},
        (UndefinedTerm, "undefined_type", "/type/1"),
        {"type": ["VerifiableCredential", "https://example.org/Diploma"]},
    ),
    "a 1EdTech type without its context": (
        {"credentialSchema": {"id": "https://a.example/s", "type": "1EdTechJsonSchemaValidator2019"}},
        (UndefinedTerm, "undefined_type", "/credentialSchema/type"),
        {
            "@context": [*OB3_CONTEXTS, EXTENSIONS],
            "credentialSchema": {"id": "https://a.example/s", "type": "1EdTechJsonSchemaValidator2019"},
        },
    ),
    "an empty type": (
        {"type": ["VerifiableCredential", ""]},
        (UndefinedTerm, "undefined_type", "/type/1"),
        {"type": ["VerifiableCredential"]},
    ),
    "a type that is no text": (
        {"type": ["VerifiableCredential", 5]},
        (UndefinedTerm, "not_json_ld", ""),
        {"type": ["VerifiableCredential"]},
    ),
    "a full IRI where a type has a term": (
        {
            "type": [
                "VerifiableCredential",
                "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential",
            ]
        },
        (UndefinedTerm, "iri_for_term", "/type/1"),
        {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
    ),
    "a relative id": (
        {"id": "credentials/1"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/credentials/1"},
    ),
    "an empty id": ({"id": ""}, (MalformedIri, "malformed_iri", "/id"), {"id": "urn:x:1"}),
    "an id with a space": (
        {"id": "https://a.example/a b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/a%20b"},
    ),
    "an id with a no-break space": (
        {"id": "https://a.example/a\u00a0b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/ä"},
    ),
    "an id with an angle bracket": (
        {"id": "https://a.example/>b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/b"},
    ),
    "an id with a back-tick": (
        {"id": "urn:a`b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:a'b"},
    ),
    "an id with a control character": (
        {"id": "urn:a\x01b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:ab"},
    ),
    "an id that is a list": (
        {"id": ["urn:a"]},
        (UndefinedTerm, "not_json_ld", ""),
        {"id": "urn:a"},
    ),
    "an id that looks like a keyword": (
        {"id": "@graph"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:graph"},
    ),
    "a local label as id": (
        {"id": "_:b0"},
        (MalformedIri, "blank_node_label", "/id"),
        {"id": None},
    ),
    "a relative id below": (
        {"credentialSubject": subject(id="learner")},
        (MalformedIri, "malformed_iri", "/credentialSubject/id"),
        {"credentialSubject": subject(id="did:example:learner")},
    ),
    "a malformed address in a member typed as id": (
        {"issuer": {**ISSUER, "image": "logo.png"}},
        (MalformedIri, "malformed_iri", "/issuer/image"),
        {"issuer": {**ISSUER, "image": "https://a.example/logo.png"}},
    ),
    "null": (
        {"validUntil": None, "issuer": {**ISSUER, "url": None}},
        (UndefinedTerm, "null_value", "/issuer/url"),
        {},
    ),
    "null in a list": (
        {"credentialSubject": achievement(tag=["a", None])},
        (UndefinedTerm, "null_value", "/credentialSubject/achievement/tag/1"),
        {"credentialSubject": achievement(tag=["a"])},
    ),
    "a list in a list": (
        {"credentialSubject": achievement(tag=[["a"]])},
        (UndefinedTerm, "nested_list", "/credentialSubject/achievement/tag"),
        {"credentialSubject": achievement(tag=["a"])},
    ),
    "a value object": (
        {"name": {"@value": "x", "@language": "en"}},
        (UndefinedTerm, "keyword_in_document", "/name/@value"),
        {"name": "x"},
    ),
    "hidden text in @index": (
        {"@index": "free text"},
        (UndefinedTerm, "keyword_in_document", "/@index"),
        {},
    ),
    "a keyword beside its alias": (
        {"@id": "urn:b"},
        (UndefinedTerm, "keyword_in_document", "/@id"),
        {},
    ),
    "something that only looks like a keyword": (
        {"@note": "free text"},
        (UndefinedTerm, "keyword_in_document", "/@note"),
        {},
    ),
    "a member renamed to its IRI": (
        {"https://www.w3.org/2018/credentials#credentialStatus": {"id": "urn:s"}},
        (UndefinedTerm, "iri_as_member", "/https:~1~1www.w3.org~12018~1credentials#credentialStatus"),
        {"credentialStatus": {"id": "urn:s", "type": "BitstringStatusListEntry"}},
    ),
    "a member renamed to the class of the same IRI": (
        {"credentialSubject": subject(Image={"id": "https://a.example/i", "type": "Image"})},
        (UndefinedTerm, "class_as_member", "/credentialSubject/Image"),
        {"credentialSubject": subject(image={"id": "https://a.example/i", "type": "Image"})},
    ),
    "an inline context": (
        {"@context": [*OB3_CONTEXTS, {"x": "urn:x"}]},
        (ContextRefused, "inline_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "an inline context alone": (
        {"@context": {"@vocab": "urn:x"}},
        (ContextRefused, "inline_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "an unknown context": (
        {"@context": [*OB3_CONTEXTS, "https://evil.example/c"]},
        (ContextRefused, "unknown_context", "/@context"),
        {"@context": [*OB3_CONTEXTS, EXTENSIONS]},
    ),
    "a file as context": (
        {"@context": [*OB3_CONTEXTS, "file:///etc/passwd"]},
        (ContextRefused, "unknown_context", "/@context"),
        {},
    ),
    "a context that defines everything": (
        {"@context": [*OB3_CONTEXTS, "https://www.w3.org/ns/credentials/undefined-terms/v2"]},
        (ContextRefused, "unknown_context", "/@context"),
        {},
    ),
    "a context named twice": (
        {"@context": [*OB3_CONTEXTS, OB3_CONTEXTS[1]]},
        (ContextRefused, "duplicate_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "no context": ({"@context": None}, (ContextRefused, "no_context", "/@context"), {}),
    "an empty list of contexts": ({"@context": []}, (ContextRefused, "no_context", "/@context"), {}),
    "contexts that contradict each other": (
        {"@context": [*OB3_CONTEXTS, VC1]},
        (ContextRefused, "context_conflict", ""),
        {},
    ),
    "a context inside an object": (
        {"issuer": {**ISSUER, "@context": OB3_CONTEXTS}},
        (ContextRefused, "nested_context", "/issuer/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "an embedded credential with an inline context": (
        {"endorsement": [{**ENDORSEMENT, "@context": [*OB3_CONTEXTS, {"x": "urn:x"}]}]},
        (ContextRefused, "inline_context", "/endorsement/0/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "an embedded credential of another model": (
        {"endorsement": [{**ENDORSEMENT, "@context": [VC1, *OB3_CONTEXTS[1:]]}]},
        (ContextRefused, "nested_context", "/endorsement/0/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "half a surrogate pair": (
        {"name": "\ud83c"},
        (JsonRefused, "unreadable_character", "/name"),
        {"name": "🎓"},
    ),
    "an integer beyond 2^53": (
        {"credentialSubject": achievement(creditsAvailable=2**53 + 1)},
        (JsonRefused, "integer_out_of_range", "/credentialSubject/achievement/creditsAvailable"),
        {"credentialSubject": achievement(creditsAvailable=2**53)},
    ),
    "a number that is not finite": (
        {"credentialSubject": achievement(creditsAvailable=float("inf"))},
        (JsonRefused, "number_not_finite", "/credentialSubject/achievement/creditsAvailable"),
        {"credentialSubject": achievement(creditsAvailable=1e300)},
    ),
    "a number that other programs write as 0": (
        {"credentialSubject": achievement(creditsAvailable=1e-7)},
        (JsonRefused, "number_not_portable", ""),
        {"credentialSubject": achievement(creditsAvailable=1.5e-7)},
    ),
    "a number between two of 16 digits": (
        {"credentialSubject": achievement(creditsAvailable=2251799813685248.5)},
        (JsonRefused, "number_not_portable", ""),
        {"credentialSubject": achievement(creditsAvailable=2251799813685249.5)},
    ),
    "a Python value": (
        {"name": b"x"},
        (JsonRefused, "not_json", "/name"),
        {"name": "x"},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_part_that_would_not_be_signed_is_refused_with_its_place(name):
    changes, (kind, code, path), twin = REFUSED[name]
    spoiled = badge(**changes)
    with pytest.raises(kind) as refused:
        canonicalize(spoiled)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert canonicalize(badge(**twin))


@pytest.mark.parametrize("document", [[], "text", 5, None, {}, {"@context": 5}])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(Ob3Error):
        canonicalize(document)


def test_a_document_that_says_nothing_is_refused():
    with pytest.raises(UndefinedTerm) as refused:
        canonicalize({"@context": OB3_CONTEXTS, "id": "urn:x:1"})
    assert refused.value.code == "nothing_to_sign"


def test_empty_lists_say_nothing_anywhere_and_are_let_be():
    with_list = badge(credentialSubject=achievement(tag=[]))
    assert canonicalize(with_list) == canonicalize(badge())


@pytest.mark.parametrize("depth", [70, 5_000])
def test_a_document_of_any_depth_gives_an_answer(depth):
    value = {"type": ["Profile"]}
    for _ in range(depth):
        value = {"parentOrg": value, "type": ["Profile"]}
    with pytest.raises(JsonRefused) as refused:
        canonicalize(badge(issuer=value))
    assert refused.value.limit


def evidence(combinations):
    """Give evidence items of many combinations of types, each a context of its own to process."""
    names = ["Achievement", "Address", "Alignment", "Evidence", "Image", "Profile", "Related"]
    pairs = list(itertools.combinations(names, 2))
    items = [
        {"id": f"urn:x:{number}", "type": list(types)} for number, types in enumerate(pairs[:combinations])
    ]
    return badge(evidence=items)


def test_a_document_may_not_combine_types_without_end(monkeypatch):
    monkeypatch.setattr(expansion, "_LARGEST_WORK", 20)
    with pytest.raises(TooMuchWork) as refused:
        canonicalize(evidence(21))
    assert refused.value.code == "context_work"
    assert canonicalize(evidence(5))


def own_context(**terms):
    return {OWN: {"@context": {"@version": 1.1, **terms}}}


def test_a_context_handed_in_counts_and_only_then():
    document = badge(**{"@context": [*OB3_CONTEXTS, OWN], "motto": {"en": "Look", "cs-CZ": "Hleď"}})
    contexts = own_context(motto={"@id": "https://a.example/motto", "@container": "@language"})
    quads = canonicalize(document, extra_contexts=contexts)
    assert '<https://a.example/motto> "Look"@en .' in quads
    assert '<https://a.example/motto> "Hleď"@cs-cz .' in quads
    with pytest.raises(ContextRefused):
        canonicalize(document)


@pytest.mark.parametrize("tag", ["", "e n", "en_GB", "toolonglanguage", "-"])
def test_a_malformed_language_tag_is_refused(tag):
    contexts = own_context(motto={"@id": "https://a.example/motto", "@container": "@language"})
    document = badge(**{"@context": [*OB3_CONTEXTS, OWN], "motto": {tag: "x"}})
    with pytest.raises(Ob3Error):
        canonicalize(document, extra_contexts=contexts)


@pytest.mark.parametrize(
    "contexts",
    [
        own_context(label="@index"),
        own_context(label={"@id": "@value"}),
        own_context(label={"@reverse": "https://a.example/of"}),
        own_context(Thing={"@id": "urn:t", "@context": {"label": "@graph"}}),
        {OWN: []},
        {OWN: {"@context": [OB3_CONTEXTS[0]]}},
        {OB3_CONTEXTS[0]: {"@context": {}}},
    ],
)
def test_a_context_that_hides_text_or_replaces_a_pinned_one_is_refused(contexts):
    with pytest.raises(ContextRefused):
        canonicalize(badge(), extra_contexts=contexts)
    assert canonicalize(badge(), extra_contexts=own_context(label="https://a.example/label"))


def test_the_generic_api_may_allow_value_objects_but_nothing_hidden():
    spoken = badge(name={"@value": "مرحبا", "@language": "AR", "@direction": "rtl"})
    quads = canonicalize(spoken, allow_keywords=True)
    assert '"مرحبا"^^<https://www.w3.org/ns/i18n#ar_rtl>' in quads
    for hidden in ({"@index": "x"}, {"@included": [{"id": "urn:x"}]}, {"@graph": []}, {"@reverse": {}}):
        with pytest.raises(UndefinedTerm):
            canonicalize(badge(**hidden), allow_keywords=True)
    for broken in ({"@language": "en"}, {"@value": "x", "@direction": "up"}, {"@value": ["x"]}):
        with pytest.raises(Ob3Error):
            canonicalize(badge(name=broken), allow_keywords=True)


def members(value, path=()):
    """Give the path of every member and item in a document, contexts left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key != "@context":
            yield (*path, key)
            yield from members(item, (*path, key))


@given(st.data())
def test_taking_anything_away_changes_the_canonical_form_or_is_refused(data):
    document = copy.deepcopy(badge(endorsement=[ENDORSEMENT]))
    whole = canonicalize(document)
    *parents, last = data.draw(st.sampled_from(list(members(document))))
    place = document
    for step in parents:
        place = place[step]
    del place[last]
    with suppress(Ob3Error):
        assert canonicalize(document) != whole


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["_:b", "@id", "id:"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "@id", "@type", "@value", "@list", "@set", "name", "a:b", "@context", ""]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["id", "type", "name", "issuer", "evidence", "credentialSubject", "@context", "proof"]),
    junk,
    st.booleans(),
)
def test_nothing_but_our_own_errors_comes_out(member, value, allow_keywords):
    document = {**badge(), member: value}
    with suppress(Ob3Error):
        canonicalize(document, allow_keywords=allow_keywords)
