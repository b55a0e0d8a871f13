"""What is seen at once to stand nowhere in a document stands nowhere; what may stand there is looked for."""

import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ob3.class_rules import check_no_nothing
from ob3.errors import SchemaMismatch
from ob3.nquads import _ESCAPES, is_plain, quoted
from ob3.written import is_printed, lacks, written

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.sampled_from('@"\\nul[]{}:é'))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from('@a"')), inner),
    max_leaves=12,
)


def names_and_nothings(value):
    """Give every name in a value, and how many of its values say nothing."""
    if isinstance(value, dict):
        inside = [names_and_nothings(one) for one in value.values()]
        return {*value, *(name for names, _ in inside for name in names)}, sum(count for _, count in inside)
    if isinstance(value, list):
        inside = [names_and_nothings(one) for one in value]
        return {name for names, _ in inside for name in names}, sum(count for _, count in inside) + (
            not value
        )
    return set(), int(value is None)


@given(VALUES)
def test_nothing_is_overlooked(value):
    names, nothings = names_and_nothings(value)
    if lacks(value, b'"@'):
        assert not any(name.startswith("@") for name in names)
    if lacks(value, b"null", b"[]"):
        assert nothings == 0


@given(VALUES)
def test_what_says_nothing_is_refused_and_nothing_else(value):
    _, nothings = names_and_nothings(value)
    if nothings:
        with pytest.raises(SchemaMismatch):
            check_no_nothing(value)
    else:
        check_no_nothing(value)


def test_a_text_that_looks_like_it_is_looked_at_again():
    document = {"name": 'null, [] and "@type"'}
    assert not lacks(document, b"null")
    check_no_nothing(document)


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": MappingProxyType({})}, "\ud800", 2**70])
def test_of_what_is_no_json_nothing_is_said(value):
    assert written(value) is None
    assert not lacks(value, b"null")


@pytest.mark.parametrize("code", range(0x180))
def test_of_each_character_it_is_known_whether_it_is_printed(code):
    for text in (chr(code), chr(code) + "a" * 2_000, "a" * 2_000 + chr(code)):
        assert is_printed(text) == (0x20 <= code < 0x7F and chr(code) not in '"\\')


@given(st.text(st.sampled_from('aZ ~"\\\x00\t\n\x1f\x7f\x80\xa0é\ud800\udfff🎓') | st.characters()))
def test_what_is_printed_stands_as_it_is_and_a_long_text_is_written_as_a_short_one(text):
    long = text + "-" * 2_000
    if is_printed(text):
        assert text.isascii()
        assert text.translate(_ESCAPES) == text
        assert json.loads(f'"{text}"') == text
    assert quoted(long) == quoted(text)[:-1] + "-" * 2_000 + '"'
    assert is_printed(long) == is_printed(text)
    assert not is_plain(long) or long.translate(_ESCAPES) == long
