"""Where documents of a batch differ, and what of that makes them documents of two shapes."""

import copy
import json

import pytest
from batched import learner, put
from hypothesis import given
from hypothesis import strategies as st

from ob3.batch.look import Look, differences
from ob3.batch.shapes import Shapes
from ob3.batch.slots import marks_for, with_marks
from ob3.batch.template import Template
from ob3.expansion import context_set


@pytest.mark.parametrize(
    ("one", "other"),
    [({}, []), ([], {}), ("a", 1), (1, "a"), ("a", None), (["a"], {"0": "a"}), (True, 1), (1, 1.0), ("", [])],
    ids=repr,
)
def test_two_kinds_of_values_are_no_difference_of_texts(one, other):
    assert differences(one, other) is None
    assert differences({"a": one}, {"a": other}) is None
    assert differences({"a": one, "b": "1"}, {"a": copy.copy(one), "b": "2"}) == [("b",)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("evidence", 0, "type", 0), "Profile"),
        (("type", 1), "AchievementCredential"),
        (("@context", 1), "https://a.example/other"),
    ],
    ids=str,
)
def test_documents_of_two_types_or_contexts_are_of_two_shapes_from_the_first(path, text):
    def shapes_of(path, text):
        shapes, other = Shapes(context_set()), learner(1)
        put(other, path, text)
        for document in (learner(1), other):
            shapes.learn(document)
        return len(shapes._shapes)

    assert shapes_of(path, text) == 2
    assert shapes_of(("evidence", 0, "name"), text) == 1


def look():
    """Give what two documents have in common that differ in an id and in a name."""
    document = {"id": "urn:a", "share": "100 %s", "of": {"name": "B", "number": 1.0}, "end": True}
    marks = marks_for(document, [("of", "name"), ("id",)])
    return Look(with_marks(document, marks), marks)


@given(st.tuples(st.text(), st.text()))
def test_a_text_with_any_texts_in_its_gaps_is_read_as_it_is_written(texts):
    marked = look()
    text = marked.json(texts)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert marked.texts_in(text) == marked.texts(json.loads(text)) == list(texts)


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text[:-1],
        lambda text: f"{text} ",
        lambda text: f" {text}",
        lambda text: text.replace("100 %", "20 %"),
        lambda text: text.replace("1.0", "1"),
        lambda text: text.replace('"id"', '"ix"'),
        lambda text: text.replace(",", ", ", 1),
        lambda text: text.replace("é", "\\u00e9"),
        lambda text: text.replace("/", "\\/"),
        lambda text: text.replace("urn:", "urn:\x07"),
        lambda text: text.replace("urn:", "urn:\n"),
        lambda text: text.replace('"urn:c"', "7"),
        lambda text: text.replace('"urn:c"', '"urn:c'),
        lambda text: text.replace('"urn:c"', '"urn:c","id":"urn:d"'),
        lambda text: text.partition("urn:c")[0],
        lambda text: "",
    ],
)
def test_a_text_that_is_not_written_so_byte_for_byte_has_no_texts_here(changed):
    marked = look()
    text = marked.json(["é/a", "urn:c"])
    assert (marked.texts_in(text), marked.texts_in(changed(text))) == (["é/a", "urn:c"], None)


def known_after(number):
    """Tell whether the shape of so many learners is known."""
    shapes = Shapes(context_set())
    for each in range(number):
        shapes.learn(learner(each))
    return shapes.form(learner(number)) is not None


@pytest.mark.parametrize("fault", ["form", "hopeless"])
def test_a_template_that_does_not_give_the_form_of_its_own_example_is_not_used(fault, monkeypatch):
    assert known_after(12)
    if fault == "form":
        monkeypatch.setattr(Template, "canonical", lambda *_: b"something else")
    else:
        monkeypatch.setattr(Template, "is_hopeless", True)
    assert not known_after(12)
