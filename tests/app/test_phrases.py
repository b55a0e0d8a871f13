"""Phrases: values set into a translated template, bold words, and what a template makes of a text."""

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from app.languages import add_languages
from app.phrases import isolated, named_in, phrase


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("plain & simple", {}, "plain &amp; simple"),
        ("**{who}** <signed>", {"who": "A & B"}, "<strong>A &amp; B</strong> &lt;signed&gt;"),
        ("{a}{b}, {a}", {"a": Markup("<i>1</i>"), "b": 2, "c": 3}, "<i>1</i>2, <i>1</i>"),
        ("{a}", {"a": "**{b}**", "b": "x"}, "**{b}**"),
        ("one **open", {}, "one <strong>open</strong>"),
    ],
)
def test_a_phrase_escapes_what_is_no_markup_and_marks_what_is_bold(template, values, said):
    found = phrase(template, values)
    assert isinstance(found, Markup)
    assert found == said
    assert phrase(template, values) == said  # from what is remembered of the template


def test_a_value_that_is_missing_is_a_fault():
    assert phrase("{who}", {"who": "A"}) == "A"
    with pytest.raises(KeyError):
        phrase("{who}", {"whom": "A"})


def test_the_names_in_a_template():
    assert named_in("**{who}** on {day}, {who}") == ("who", "day", "who")
    assert named_in("**nobody**") == ()


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("<b>", None, "<bdi>&lt;b&gt;</bdi>"),
        ("x\u202ey", "vi", '<bdi lang="vi">x[U+202E]y</bdi>'),
        ("\u0e81", None, '<bdi lang="lo">\u0e81</bdi>'),
        ("x", '"><b>', '<bdi lang="&#34;&gt;&lt;b&gt;">x</bdi>'),
    ],
)
def test_a_name_from_outside_stays_by_itself(text, language, said):
    found = isolated(text, language)
    assert isinstance(found, Markup)
    assert found == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ _('<b> 5 %%') }}", "<b> 5 %"),  # catalogues are ours, and doubled signs are what they say
        ("{{ _('of %(name)s', name='<b>') }}", "of &lt;b&gt;"),
        ("{% autoescape false %}{{ _('of %(name)s', name='<b>') }}{% endautoescape %}", "of <b>"),
    ],
)
def test_a_template_says_a_text_as_jinja_would(source, said):
    app = Flask("words")
    add_languages(app)
    with app.test_request_context("/"):
        assert render_template_string(source) == said
