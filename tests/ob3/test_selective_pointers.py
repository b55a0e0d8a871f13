"""JSON Pointers and what they select: each refused pointer beside one that is accepted."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selective_badge import rich_badge

from ob3.errors import JsonRefused
from ob3.selective.pointers import read_pointer, select, whole, write_pointer


def chosen(document, *pointers, nodes=("",)):
    return select(document, pointers, is_node=lambda place: place in nodes).document


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a/b", ("a", "b")),
        ("/a~1b/m~0n", ("a/b", "m~n")),
        ("/~01", ("~1",)),
        ("/ă/0", ("ă", "0")),
    ],
    ids=["whole", "empty name", "two steps", "escapes", "escaped once", "letters and index"],
)
def test_a_pointer_is_read_as_rfc_6901_says(text, steps):
    assert read_pointer(text) == steps
    assert write_pointer(steps) == text


@given(st.lists(st.text(max_size=8), max_size=6))
def test_steps_are_written_and_read_back(steps):
    assert read_pointer(write_pointer(steps)) == tuple(steps)


@pytest.mark.parametrize(
    "text",
    ["a", "a/b", " /a", "#/a", "/a~", "/a~2", "/~~0", None, 0, ["/a"], "/" + "a" * 2_000],
    ids=lambda text: repr(text)[:12],
)
def test_a_malformed_pointer_is_refused(text):
    with pytest.raises(JsonRefused) as refused:
        read_pointer(text)
    assert refused.value.code == "malformed_pointer"
    assert read_pointer("/a~0")


DOCUMENT = {"list": [{"x": 1}, "two", [3]], "text": "words", "number": 5, "0": "zero", "in": {"a": 1, "b": 2}}


@pytest.mark.parametrize(
    ("pointer", "code", "twin"),
    [
        ("/lost", "pointer_not_found", "/list"),
        ("/list/3", "pointer_not_found", "/list/2"),
        ("/list/00", "pointer_not_found", "/list/0"),
        ("/list/-1", "pointer_not_found", "/list/1"),
        ("/list/-", "pointer_not_found", "/list/1"),
        ("/list/１", "pointer_not_found", "/list/1"),
        ("/list/1e0", "pointer_not_found", "/list/1"),
        ("/list/" + "9" * 400, "pointer_not_found", "/list/1"),
        ("/list/length", "pointer_not_found", "/list/1"),
        ("/00", "pointer_not_found", "/0"),
        ("/in/c", "pointer_not_found", "/in/b"),
        ("/in/", "pointer_not_found", "/in"),
        ("/text/0", "pointer_into_value", "/text"),
        ("/text/", "pointer_into_value", "/text"),
        ("/number/real", "pointer_into_value", "/number"),
    ],
)
def test_a_pointer_that_leads_nowhere_is_refused(pointer, code, twin):
    with pytest.raises(JsonRefused) as refused:
        chosen(DOCUMENT, pointer)
    assert refused.value.code == code
    assert chosen(DOCUMENT, twin)


def test_a_refusal_says_what_is_there():
    with pytest.raises(JsonRefused, match=r"/in has no member 'c'\. It has: a, b\."):
        chosen(DOCUMENT, "/in/c")


def test_what_is_selected_stands_at_the_same_place_and_lists_close_up():
    assert chosen(DOCUMENT, "/list/2", "/list/0/x", "/in/b") == {"list": [{"x": 1}, [3]], "in": {"b": 2}}
    assert chosen(DOCUMENT, "/list") == {"list": DOCUMENT["list"]}
    assert chosen(DOCUMENT, "") == DOCUMENT
    assert select(DOCUMENT, [], is_node=lambda place: True) is None


@pytest.mark.parametrize(
    "pointers",
    [("/in", "/in/a"), ("/in/a", "/in"), ("/in", "/in")],
    ids=["then a part", "a part first", "twice"],
)
def test_a_part_of_what_is_selected_adds_and_takes_nothing(pointers):
    assert chosen(DOCUMENT, *pointers) == {"in": {"a": 1, "b": 2}}


def test_ids_types_and_contexts_go_with_a_node_on_the_way():
    document = rich_badge()
    subject = "/credentialSubject"
    nodes = ("", subject, f"{subject}/achievement")
    made = chosen(document, f"{subject}/achievement/name", nodes=nodes)
    assert made.keys() == {"@context", "id", "type", "credentialSubject"}
    assert made["credentialSubject"].keys() == {"id", "type", "achievement"}
    assert made["credentialSubject"]["achievement"].keys() == {"id", "type", "name"}


def test_a_language_named_id_does_not_go_with_another():
    """`id` is also the code of Indonesian: texts in several languages are no node, none drags it along."""
    document = {"@context": [], "title": {"en": "Maps", "id": "Peta", "type": "?"}}
    assert chosen(document, "/title/en") == {"@context": [], "title": {"en": "Maps"}}
    assert chosen(document, "/title/en", nodes=("", "/title"))["title"].keys() == {"en", "id", "type"}


def test_an_object_that_stands_in_two_places_is_copied_into_each():
    """In Python one object can stand in two places; in JSON none does."""
    twice = {"type": ["Evidence"]}
    copied = whole({"evidence": [twice, twice]})
    first, second = copied.document["evidence"]
    assert first is not second
    assert [copied.places[id(one)] for one in (first, second)] == ["/evidence/0", "/evidence/1"]


def test_selecting_changes_nothing_in_the_document_and_shares_nothing_with_it():
    document = rich_badge()
    before = copy.deepcopy(document)
    made = chosen(document, "/evidence", "/credentialSubject")
    made["evidence"][0]["name"] = made["credentialSubject"]["achievement"]["tag"][0] = "spoiled"
    assert document == before


def test_more_pointers_than_a_person_would_give_are_refused():
    assert chosen(DOCUMENT, *["/text"] * 1_000) == {"text": "words"}
    with pytest.raises(JsonRefused) as refused:
        chosen(DOCUMENT, *["/text"] * 1_001)
    assert refused.value.code == "too_many_pointers"
    assert refused.value.limit
