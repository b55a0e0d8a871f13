"""Safe mode: whatever JSON-LD would drop, guess or read in two ways is refused."""

import copy
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge
from refused_documents import OWN, REFUSED, achievement

from ob3 import expansion
from ob3.canonical import canonicalize
from ob3.errors import ContextRefused, JsonRefused, Ob3Error, TooMuchWork, UndefinedTerm
from ob3.lossless import check_lossless


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


@pytest.mark.parametrize("document", [[], [{}], "text", 5, None], ids=repr)
def test_what_is_no_object_is_refused_as_that(document):
    with pytest.raises(JsonRefused) as refused:
        check_lossless(document, known={}, terms=frozenset())
    assert refused.value.code == "not_an_object"
    check_lossless({}, known={}, terms=frozenset())


@pytest.mark.parametrize("meaning", [None, {"@id": None}], ids=repr)
def test_a_type_that_a_context_takes_the_meaning_from_is_refused(meaning):
    url = "https://a.example/own"
    document = badge(**{"@context": [*OB3_CONTEXTS, url], "type": [*badge()["type"], "Own"]})
    with pytest.raises(UndefinedTerm) as refused:
        canonicalize(document, extra_contexts={url: {"@context": {"Own": meaning}}})
    assert (refused.value.code, refused.value.path) == ("undefined_type", "/type/2")
    assert "<https://a.example/own#Own>" in canonicalize(
        document, extra_contexts={url: {"@context": {"Own": f"{url}#Own"}}}
    )


def test_a_name_that_is_no_text_is_refused_with_its_place():
    for name in (7, None, True):
        with pytest.raises(JsonRefused) as refused:
            canonicalize(badge(credentialSubject={"type": ["AchievementSubject"], name: "x"}))
        assert (refused.value.code, refused.value.path) == ("not_json", "/credentialSubject")
    assert canonicalize(badge(credentialSubject={"type": ["AchievementSubject"], "name": "x"}))


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
        own_context(label={"@id": ["@index"]}),
        own_context(label=["@index"]),
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
