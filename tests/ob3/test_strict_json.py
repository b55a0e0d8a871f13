"""One text, one reading: what the strict parser takes and what it refuses."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yardsticks import yardsticks

from ob3.errors import JsonRefused
from ob3.strict_json import JsonLimits, dump, parse

SURROGATE = "\\ud83c"

# what is refused, its code, and a twin that differs in that alone and is accepted
REFUSED = {
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte_order_mark", b"{}"),
    "UTF-16": ('{"a":1}'.encode("utf-16-le"), "not_json", b'{"a":1}'),
    "UTF-16 with a mark": ("{}".encode("utf-16"), "not_utf8", b"{}"),
    "an overlong form": (b'"\xc0\xaf"', "not_utf8", b'"/"'),
    "an encoded surrogate": (b'"\xed\xa0\x80"', "not_utf8", '"\ud7ff"'.encode()),
    "half a pair, escaped": (f'"{SURROGATE}"', "unreadable_character", f'"{SURROGATE}\\udf93"'),
    "half a pair in a name": (f'{{"{SURROGATE}":1}}', "unreadable_character", f'{{"{SURROGATE}\\udf93":1}}'),
    "half a pair, raw": ('"\ud83c"', "lone_surrogate", '"🎓"'),
    "NUL, escaped": ('"\\u0000"', "unreadable_character", '"\\u0001"'),
    "NUL, raw": ('"\x00"', "not_json", '"0"'),
    "a raw line feed in a string": ('"a\nb"', "not_json", '"a\\nb"'),
    "a member twice": ('{"a":1,"a":1}', "duplicate_key", '{"a":1,"A":1}'),
    "a member twice, once escaped": ('{"a":1,"\\u0061":2}', "duplicate_key", '{"a":1,"\\u0062":2}'),
    "a member twice, deep down": ('[{"x":{"a":1,"a":1}}]', "duplicate_key", '[{"x":{"a":1}}]'),
    "NaN": ("[NaN]", "not_a_number", "[0]"),
    "Infinity": ("[-Infinity]", "not_a_number", "[-1]"),
    "2^53 + 1": ("9007199254740993", "integer_out_of_range", "9007199254740992"),
    "-(2^53 + 1)": ("-9007199254740993", "integer_out_of_range", "-9007199254740992"),
    "an integer of 5,000 digits": ("1" * 5_000, "integer_out_of_range", "1" * 15),
    "1e400": ("1e400", "number_not_finite", "1e300"),
    "a leading zero": ("01", "not_json", "10"),
    "a trailing comma": ("[1,]", "not_json", "[1]"),
    "two values": ("{} {}", "not_json", "[{},{}]"),
    "nothing": ("", "not_json", "0"),
    "a single quote": ("{'a':1}", "not_json", '{"a":1}'),
    "white space of another kind": ("\u00a0{}", "not_json", " {}"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_two_readers_could_read_differently_is_refused_and_its_twin_is_read(name):
    data, code, twin = REFUSED[name]
    with pytest.raises(JsonRefused) as refused:
        parse(data)
    assert refused.value.code == code
    assert not refused.value.limit
    assert parse(twin) == json.loads(twin)


# beyond a limit, its code, and the largest that is taken
LIMITED = {
    "depth": ("[" * 65 + "]" * 65, "too_deep", "[" * 64 + "]" * 64),
    "size": ('"' + "a" * 1024 * 1024 + '"', "too_large", '"' + "a" * (1024 * 1024 - 2) + '"'),
    "objects": ("[" + "{}," * 1_000 + "{}]", "too_many_values", "[" + "{}," * 999 + "{}]"),
    "values": ("[" + "0," * 19_999 + "0]", "too_many_values", "[" + "0," * 19_998 + "0]"),
}


@pytest.mark.parametrize("name", LIMITED)
def test_a_limit_says_that_it_is_one(name):
    data, code, largest = LIMITED[name]
    with pytest.raises(JsonRefused) as refused:
        parse(data)
    assert refused.value.code == code
    assert refused.value.limit
    parse(largest)


def test_brackets_inside_strings_are_no_depth():
    assert parse('"' + "[" * 500 + '\\"' + "{" * 500 + '"')


def test_the_limits_can_be_set():
    with pytest.raises(JsonRefused):
        parse("[[1]]", limits=JsonLimits(depth=1))
    assert parse("[1]", limits=JsonLimits(depth=1)) == [1]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'"' + b'\\"' * 500_000,
        b'"' * 1_000_000,
        b"[]," * 340_000,
        b'{"a":' * 200_000,
        b"1" * 1_000_000,
        b"[" + b"1.5e3," * 170_000 + b"0]",
    ],
    ids=lambda body: body[:8].decode(),
)
def test_a_hostile_mebibyte_is_refused_soon(body):
    def refused():
        with pytest.raises(JsonRefused):
            parse(body)

    assert yardsticks(refused) < 10


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"))),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"))), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(json_values)
def test_what_is_written_is_read_back_equal_and_written_the_same_again(value):
    text = dump(value)
    assert parse(text) == value
    assert dump(parse(text.encode())) == text


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_input_is_read_as_json_does_or_refused(data):
    with suppress(JsonRefused):
        assert parse(data) == json.loads(data)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"a": "\x0b"}, "control_character"),
        ({"\x0b": 1}, "control_character"),
        ({1: 2}, "not_json"),
        ([float("nan")], "number_not_finite"),
        ([2**53 + 1], "integer_out_of_range"),
        ([{1, 2}], "not_json"),
        ([b"bytes"], "not_json"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(value, code):
    with pytest.raises(JsonRefused) as refused:
        dump(value)
    assert refused.value.code == code


def test_a_value_that_contains_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(JsonRefused) as refused:
        dump(value)
    assert refused.value.limit


def test_the_written_form_is_compact_with_characters_as_themselves():
    assert dump({"name": "Trần Lệ", "n": [1, 2.5, True, None]}) == '{"name":"Trần Lệ","n":[1,2.5,true,null]}'
