"""N-Quads: the grammar and the canonical way of writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ob3.errors import MalformedIri
from ob3.nquads import Quad, is_plain, literal, parse, write


def test_a_line_is_read_into_its_terms():
    (quad,) = parse('_:b0  <urn:p>\t"a\\u0041\\n"@en-GB <urn:g> . # note\r\n\n# a comment\n')
    assert quad == Quad("_:b0", "<urn:p>", '"aA\\n"@en-GB', "<urn:g>")
    assert write(quad) == '_:b0 <urn:p> "aA\\n"@en-GB <urn:g> .\n'


def test_the_same_statement_counts_once_and_plain_strings_need_no_type():
    text = '<urn:s> <urn:p> "x" .\n<urn:s> <urn:p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .\n'
    assert parse(text) == [Quad("<urn:s>", "<urn:p>", '"x"')]


@pytest.mark.parametrize(
    "line",
    [
        "<urn:s> <urn:p> .",
        '"x" <urn:p> <urn:o> .',
        "<urn:s> _:p <urn:o> .",
        "<urn:s> <urn:p> <urn:o>",
        "<urn:s> <urn:p> <urn o> .",
        '<urn:s> <urn:p> "x"@ .',
        '<urn:s> <urn:p> "x\\q" .',
        '<urn:s> <urn:p> "\\uD800" .',
        '<urn:s> <urn:p> "\ud800" .',
        "<urn:s> <urn:p\udcbc> <urn:o> .",
        '<urn:s> <urn:p> "\\UFFFFFFFF" .',
    ],
)
def test_a_line_that_is_no_statement_is_refused(line):
    with pytest.raises(MalformedIri) as refused:
        parse(f"<urn:s> <urn:p> <urn:o> .\n{line}\n")
    assert refused.value.code == "malformed_nquads"
    assert "Line 2" in refused.value.message


def test_control_characters_are_escaped_as_the_canonical_form_asks():
    assert literal('\x00\x08\t\n\x0b\x0c\r\x1f\x7f"\\\x80é🎓') == (
        '"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F\\u007F\\"\\\\\x80é🎓"'
    )


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_read_back_as_it_was_written(text):
    line = write(Quad("<urn:s>", "<urn:p>", literal(text)))
    assert line.count("\n") == 1
    assert [write(quad) for quad in parse(line)] == [line]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
def test_a_long_text_is_looked_at_as_a_short_one_is(text):
    long = "u" * 2_000 + text
    assert is_plain(long) == is_plain(text)
    assert literal(long) == '"' + "u" * 2_000 + literal(text)[1:]
