"""Safe mode in selections, and what can and cannot stand alone: every refusal beside its twin."""

import pytest
from plain_badge import badge
from selective_badge import KEY, check, rich_badge, shown, signed

from ob3.canonical import canonicalize
from ob3.errors import (
    ContextRefused,
    MalformedIri,
    Ob3Error,
    TooMuchWork,
    UndefinedTerm,
)
from ob3.selective import ECDSA_SD_2023, derive
from ob3.selective.grouping import LabelledDocument

SUBJECT = "/credentialSubject"
SOME = ("/evidence/0/name", "/evidence/1", f"{SUBJECT}/result/0")


# --- safe mode


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"unknownTerm": "x"}, UndefinedTerm),
        ({"name": None}, UndefinedTerm),
        ({"@index": "hidden"}, UndefinedTerm),
        ({"id": "no address"}, MalformedIri),
        ({"id": "_:b0"}, MalformedIri),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/"]}, ContextRefused),
        ({"@context": [*badge()["@context"], {"x": "https://x.example/"}]}, ContextRefused),
        ({"evidence": [[{"type": ["Evidence"]}]]}, UndefinedTerm),
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_no_signature_would_cover_is_refused_at_every_door(change, kind):
    spoiled = {**rich_badge(), **change}
    with pytest.raises(kind):
        signed(spoiled)
    with pytest.raises(kind):
        derive({**signed(), **change}, selective_pointers=["/evidence"])
    good = shown(*SOME)
    with pytest.raises(kind):
        check({**good, **change})
    check(good)


def test_local_labels_are_refused_even_where_keywords_are_allowed():
    document = badge(evidence=[{"id": "_:x", "type": ["Evidence"]}])
    assert canonicalize(document, allow_keywords=True)
    with pytest.raises(MalformedIri) as error:
        signed(document, allow_keywords=True)
    assert error.value.code == "blank_node_label"
    assert signed(badge(evidence=[{"type": ["Evidence"]}]), allow_keywords=True)


def test_a_document_that_would_take_too_long_is_refused_at_every_door():
    """Parts that look alike and refer to each other must be told apart by trying orders."""
    names = [f"_:n{number}" for number in range(9)]
    poison = [{"id": one, "related": [{"id": other} for other in names if other != one]} for one in names]
    context = {"https://poison.example/": {"@context": {"id": "@id", "related": "https://poison.example/r"}}}
    document = {"@context": "https://poison.example/", "related": poison}
    more = {"extra_contexts": context, "allow_keywords": True}
    with pytest.raises(TooMuchWork):
        LabelledDocument(document, hmac_key=bytes(32), **more)
    proof = shown(*SOME)["proof"]
    with pytest.raises(Ob3Error):
        ECDSA_SD_2023.check(document, proof, KEY.public_key, **more)
    calm = {"@context": "https://poison.example/", "related": [{"related": [{"id": "urn:x:1"}]}]}
    assert LabelledDocument(calm, hmac_key=bytes(32), **more).lines


WORDS = {
    "https://words.example/": {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "titles": {"@id": "urn:t:titles", "@container": "@language"},
            "data": {"@id": "urn:t:data", "@type": "@json"},
            "items": {"@id": "urn:t:items", "@container": "@list"},
            "places": {"@id": "urn:t:places", "@container": "@id"},
            "parts": {"@id": "urn:t:parts", "@container": "@graph"},
            "title": "urn:t:title",
        }
    }
}
GENERIC = {"extra_contexts": WORDS, "allow_keywords": True}


def _words(**members):
    document = {"@context": "https://words.example/", "title": "Words", **members}
    return LabelledDocument(document, hmac_key=bytes(32), **GENERIC)


def test_one_language_of_several_is_shown_alone():
    """`id` is the code of Indonesian as well."""
    labelled = _words(titles={"en": "Maps", "id": "Peta", "vi": "Bản đồ"})
    part = labelled.part(["/titles/vi"])
    assert part.document["titles"] == {"vi": "Bản đồ"}
    assert [labelled.lines[index] for index in part.indexes] == [
        line for line in labelled.lines if "Bản đồ" in line
    ]
    assert labelled.part(["/titles/id"]).document["titles"] == {"id": "Peta"}


@pytest.mark.parametrize(
    ("members", "pointer", "whole"),
    [
        ({"data": {"a": 1, "b": 2}}, "/data/a", "/data"),
        ({"items": ["a", "b"]}, "/items/1", "/items"),
        ({"items": ["a", "b"]}, "/items/0", "/items"),
        ({"items": [{"items": ["a", "b"]}, "c"]}, "/items/0/items/0", "/items"),
        ({"title": {"@value": "a", "@language": "en"}}, "/title/@value", "/title"),
        ({"title": {"@value": "a", "@language": "en"}}, "/title/@language", "/title"),
    ],
    ids=["json", "last", "first", "inner", "value", "language"],
)
def test_a_part_of_a_value_is_not_shown_alone(members, pointer, whole):
    labelled = _words(**members)
    with pytest.raises(UndefinedTerm):
        labelled.part([pointer])
    assert labelled.part([whole]).document[whole[1:]] == members[whole[1:]]


def test_what_would_be_left_unsaid_is_not_shown():
    """A language without its text makes no statement: no signature would cover it."""
    labelled = _words(items=["a"], title={"@value": "a", "@language": "en"})
    with pytest.raises(UndefinedTerm):
        labelled.part(["/items", "/title/@language"])
    assert labelled.part(["/items", "/title"]).document["title"] == {"@value": "a", "@language": "en"}


def test_parts_in_graphs_of_their_own_are_shown_alone():
    labelled = _words(parts=[{"title": "a"}, {"title": "b"}])
    part = labelled.part(["/parts/1"])
    assert part.document["parts"] == [{"title": "b"}]
    assert len(part.indexes) == 2
    assert len(labelled.part(["/parts"]).indexes) == 4


def test_a_document_whose_parts_are_named_outside_them_is_refused():
    """Where the name of a member is the id of its value, the value alone does not tell what it is about."""
    with pytest.raises(UndefinedTerm) as error:
        _words(places={"urn:x:1": {"title": "y"}})
    assert error.value.code == "not_selectable"
    assert _words(places={"urn:x:1": {"id": "urn:x:1", "title": "y"}}).lines
