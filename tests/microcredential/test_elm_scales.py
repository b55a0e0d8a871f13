"""Scales of marks in words, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcredential.elm.scales import Scale, heard

MARK = st.text("0123456789.ABCDEF+-", min_size=1, max_size=6)


@given(
    st.builds(
        Scale,
        kind=st.sampled_from(["", "RawScore", "LetterGrade", "ext:own"]),
        least=st.just("") | MARK,
        most=st.just("") | MARK,
        required=st.just("") | MARK,
        allowed=st.lists(MARK, max_size=4).map(tuple),
    )
)
def test_a_scale_that_is_said_is_heard(scale):
    said = scale.said()
    assert heard(said) == (scale if said else None)


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        ("RawScore, from 0 to 10, at least 5 required", Scale("RawScore", "0", "10", "5")),
        ("up to 100", Scale(most="100")),
        ("Standard grading, see the handbook", None),
        ("", None),
        ("from here to there and back", Scale(least="here", most="there and back")),
        ("RawScore, from 0 to 10, " * 200, None),
    ],
)
def test_other_words_are_no_scale(words, scale):
    assert heard(words) == scale


@given(st.text(max_size=60))
def test_any_words_are_a_scale_that_says_them_or_none(words):
    scale = heard(words)
    assert scale is None or scale.said() == words
