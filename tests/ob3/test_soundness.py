"""The quick look at a JSON value: it never says yes where the slow looks would refuse."""

import json
import math
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ob3 import strict_json
from ob3.errors import JsonRefused
from ob3.soundness import sound_members
from ob3.strict_json import JsonLimits, dump, parse
from ob3.text import UNSIGNABLE

# every character that one of the slow looks refuses, and their neighbours
CHARACTERS = (
    st.sampled_from("\x00\x08\t\n\r\x1f ~\x7f\x9f\xa0\ud7ff\ud800\udfff\ue000\ufffd\ufffe\uffffäệ🎓")
    | st.characters()
)
TEXTS = st.text(CHARACTERS, max_size=4)
NUMBERS = (
    st.integers() | st.sampled_from([2**53, -(2**53), 2**53 + 1, -(2**53) - 1]) | st.floats() | st.booleans()
)
STRANGE = st.binary(max_size=1) | st.tuples(st.none()) | st.sets(st.none())
VALUES = st.recursive(
    st.none() | TEXTS | NUMBERS | STRANGE,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=12,
)


def outcome(act, *given, **named):
    """Give what an act returns, or the code of its refusal with the place."""
    try:
        return act(*given, **named)
    except JsonRefused as refused:
        return refused.code, str(refused.path), refused.limit


@contextmanager
def slow_looks_alone():
    """Read without the quick looks."""
    with (
        patch.object(strict_json, "_read_as_written", return_value=strict_json._UNREAD),
        patch.object(strict_json, "sound_members", return_value=None),
    ):
        yield


@given(VALUES)
def test_what_is_written_is_the_same_with_the_slow_look_alone(value):
    with patch.object(strict_json, "is_sound", return_value=False):
        slow = outcome(dump, value)
    assert outcome(dump, value) == slow


@given(
    VALUES.map(lambda value: json.dumps(value, default=str))
    | st.text(st.sampled_from('[]{}",:\\u0d1e'), max_size=12)
)
def test_what_is_read_is_the_same_with_the_slow_look_alone(text):
    limits = JsonLimits(depth=3, objects=3, values=8)
    with slow_looks_alone():
        slow = outcome(parse, text, limits=limits)
    quick = outcome(parse, text, limits=limits)
    assert quick == slow
    assert json.dumps(quick) == json.dumps(slow)  # 1 is no 1.0


COMPACT = st.recursive(
    st.none() | st.text(CHARACTERS, max_size=4) | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
SMALL = (
    JsonLimits(depth=2, objects=2, values=6),
    *(JsonLimits(depth=depth) for depth in range(4)),
    *(JsonLimits(objects=objects) for objects in range(4)),
)
DIGITS = st.text(st.sampled_from("0123456789.-+eE"), min_size=1, max_size=24)


def same(one, other):
    """Tell whether two outcomes are equal, order of members and kinds of numbers included."""
    return repr(one) == repr(other)


@given(COMPACT.map(lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
def test_a_compact_text_is_read_the_same_with_the_slow_look_alone(text):
    for limits in (JsonLimits(), *SMALL):
        with slow_looks_alone():
            slow = outcome(parse, text, limits=limits)
        assert same(outcome(parse, text, limits=limits), slow)


@pytest.mark.parametrize("limit", [{"depth": 1}, {"objects": 1}, {"values": 4}], ids=repr)
def test_a_compact_text_is_held_to_each_limit(limit):
    larger = {"depth": 2, "objects": 2, "values": 5}
    text = '{"a":{"b":1,"c":2},"d":3}'
    assert outcome(parse, text, limits=JsonLimits(**{**larger, **limit}))[2] is True
    assert parse(text, limits=JsonLimits(**larger)) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ['["{{{{","[[[["]', '{"{":"\\n      ","[":[]}', "[" * 4 + "]" * 4, '[{"a":[{}]}]', "7", "[]", '"[["'],
)
def test_limits_are_the_same_with_the_slow_look_alone(text):
    for limits in SMALL:
        with slow_looks_alone():
            slow = outcome(parse, text, limits=limits)
        assert same(outcome(parse, text, limits=limits), slow)


@given(DIGITS | st.floats().map(repr) | st.integers().map(str))
def test_a_number_is_read_the_same_with_the_slow_look_alone(digits):
    with slow_looks_alone():
        slow = outcome(parse, f"[{digits}]")
    assert same(outcome(parse, f"[{digits}]"), slow)


@given(
    st.binary(max_size=12) | st.text(CHARACTERS, max_size=6).map(lambda text: text.encode(errors="replace"))
)
def test_bytes_are_read_the_same_with_the_slow_look_alone(data):
    quoted = b'["' + data + b'"]'
    with slow_looks_alone():
        slow = outcome(parse, quoted)
    assert same(outcome(parse, quoted), slow)


@pytest.mark.parametrize(
    "text",
    [
        "9007199254740992",
        "9007199254740993",
        "18446744073709551616",
        "100000000000000000000",
        "1e400",
        "1e16",
        "1e-7",
        "-0",
        "-0.0",
        "0.1",
        "NaN",
        "-Infinity",
        '"\\u0000"',
        '"\\\\u0000"',
        '"\\ud800"',
        '"\\ud83c\\udf93"',
        '"\x7f"',
        '"\ufffe"',
        '{"a":1,"a":1}',
        '{"a":1,"b":1,"a":1}',
        "[" * 64 + "]" * 64,
        "[" * 65 + "]" * 65,
        "[" * 300 + "]" * 300,
        "[" * 2000 + "]" * 2000,
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_a_text_of_this_kind_is_read_the_same_with_the_slow_look_alone(text):
    with slow_looks_alone():
        slow = outcome(parse, text)
    assert same(outcome(parse, text), slow)


def test_what_is_stored_is_read_at_once_and_what_is_not_written_so_is_read_too(monkeypatch):
    value = {"a": [1, 2.5, 'ä\n"\\'], "b": {"c": None, "d": True}}
    monkeypatch.setattr(strict_json, "_decode", lambda text: pytest.fail("the slow look was taken"))
    assert same(parse(dump(value)), value)
    assert same(parse(json.dumps(value, indent=1)), value)


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e16, 1e-4, 1e-5, 123456789e9, -0.0])
)
def test_a_number_is_written_as_it_always_was(number):
    for near in (number, math.nextafter(number, 0), math.nextafter(number, 1e300)):
        assert dump([near]) == json.dumps([near], separators=(",", ":"))


PIECES = st.sampled_from(
    ['{"a":1,"a":2}', '{"a" :1}', '"a"', '":', '\\":', '"', ":", " ", "\n", "\t", "\r", "{", "}", ",", "1"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_members_that_stand_twice_are_found_however_they_are_spaced(text):
    with slow_looks_alone():
        slow = outcome(parse, text)
    assert outcome(parse, text) == slow


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ('{"a":1,"a":2}', '{"a":1,"b":2}'),
        ('{"a" :1,"a":2}', '{"a" :1,"b":2}'),
        ('{"a"\n:1,"a":2,"b":"\\":"}', '{"a"\n:1,"c":2,"b":"\\":"}'),
        ('{"a"\r\n\t :1,"a":2}', '{"a"\r\n\t :1,"b":2}'),
        ('{"a":1,"\\u0061":2}', '{"a":1,"\\u0062":2}'),
    ],
)
def test_a_member_that_stands_twice_is_refused_and_its_twin_is_read(twice, once):
    assert outcome(parse, twice)[0] == "duplicate_key"
    assert parse(once) == json.loads(once)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_text_of_many_brackets_is_named_too_deep(opening):
    assert outcome(parse, opening * 100_000) == ("too_deep", "", True)


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        ({"depth": 1}, [[1]]),
        ({"values": 2}, [1, 2]),
        ({"objects": 1}, [{}, {}]),
        ({}, {1: 2}),
        ({}, (1,)),
        ({}, [float("inf")]),
        ({}, [float("nan")]),
        ({}, [-1e16]),  # the least number that is written with an exponent, and the largest small one
        ({}, [9.9e-5]),
        ({}, [2**53 + 1]),
        ({}, ["\x7f"]),
        ({}, [{"\ufffe": 1}]),
    ],
)
def test_the_quick_look_sees_it_and_takes_its_twin(limits, value):
    assert sound_members(value, unsound=UNSIGNABLE, **limits) is None
    twin = [[], 1, 2.5, 0.0, 1e-4, 9999999999999998.0, "a\n\u00a0", True, None, {"a": {"b": 1}}]
    assert sound_members(twin, unsound=UNSIGNABLE) == 2


def test_a_value_that_holds_itself_many_times_is_left_after_a_bounded_look():
    value = []
    value += [value] * 10
    assert sound_members(value, unsound=UNSIGNABLE) is None
