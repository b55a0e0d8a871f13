"""Places in a document: exact pointers, and no cost before they are read."""

import pytest
from plain_badge import badge

from ob3.canonical import canonicalize
from ob3.errors import JsonRefused, Ob3Error, UndefinedTerm
from ob3.places import Place, walk


def test_every_part_is_given_with_its_pointer():
    found = {str(place): part for place, part in walk({"a": [1, {"b/c~d": None}], "": "e"})}
    assert found == {
        "": {"a": [1, {"b/c~d": None}], "": "e"},
        "/a": [1, {"b/c~d": None}],
        "/a/0": 1,
        "/a/1": {"b/c~d": None},
        "/a/1/b~1c~0d": None,
        "/": "e",
    }


def test_only_the_whole_is_no_place_inside():
    assert not Place()
    assert Place() / ""


@pytest.mark.parametrize("levels", [65, 100_000])
def test_a_value_that_is_too_deep_is_refused(levels):
    value = []
    for _ in range(levels):
        value = [value]
    with pytest.raises(JsonRefused) as refused:
        list(walk(value))
    assert refused.value.limit
    assert list(walk([[1]]))


def test_a_giant_name_over_many_parts_takes_no_memory():
    document = badge(**{"x" * 500_000: ["y"] * 15_000})
    with pytest.raises(UndefinedTerm) as refused:
        canonicalize(document)
    assert len(refused.value.path) < 300


def test_an_error_keeps_the_written_pointer():
    assert Ob3Error("code", "message", Place() / "a" / 0).path == "/a/0"
