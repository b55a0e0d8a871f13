"""The entries of a status list: what each member may be, and values of several bits with their words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ob3.errors import Ob3Error, StatusListInvalid
from ob3.status_entry import LARGEST_SIZE, parse_index, read_status_entry, status_size
from ob3.status_list import BitstringStatusList

MINIMUM = 131_072
URL = "https://example.com/credentials/status/8"
MESSAGES = [
    {"status": "0x0", "message": "pending_review"},
    {"status": "0x1", "message": "accepted"},
    {"status": "0x2", "message": "rejected"},
    {"status": "0x3", "message": "undefined"},
]


def entry(**members):
    made = {
        "id": f"{URL}#492847",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "492847",
        "statusListCredential": URL,
        **members,
    }
    return {name: value for name, value in made.items() if value is not None}


def code_of(made):
    with pytest.raises(StatusListInvalid) as caught:
        read_status_entry(made)
    return caught.value.code


def test_an_entry_of_two_bits_is_read_with_its_words():
    found = read_status_entry(entry(statusSize=2, statusMessage=MESSAGES))
    assert (found.url, found.index, found.purpose, found.size) == (URL, 492847, "message", 2)
    assert found.messages == {0: "pending_review", 1: "accepted", 2: "rejected", 3: "undefined"}


def test_the_order_of_messages_says_nothing_and_case_of_the_digits_neither():
    """Canonicalization sorts what has no order in the graph: the value is what the signature covers."""
    shuffled = [*reversed(MESSAGES[:3]), {"status": "0X3".lower(), "message": "undefined", "more": 1}]
    assert read_status_entry(entry(statusSize=2, statusMessage=shuffled)).messages[2] == "rejected"


def test_the_entries_of_the_specification_are_read(reference):
    folder = reference / "vectors/bitstring-status-list/spec-examples"
    for path in sorted(folder.glob("*.json")):
        stated = json.loads(path.read_text()).get("credentialStatus", [])
        for one in stated if isinstance(stated, list) else [stated]:
            assert read_status_entry(one).url == one["statusListCredential"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"statusListCredential": None}, "status_entry"),
        ({"statusListCredential": ""}, "status_entry"),
        ({"statusListCredential": [URL]}, "status_entry"),
        ({"statusPurpose": None}, "status_entry"),
        ({"statusPurpose": ["message"]}, "status_entry"),
        ({"id": URL}, "status_entry"),
        ({"statusListIndex": None}, "status_list_index"),
        ({"statusSize": 0}, "status_size"),
        ({"statusSize": 2}, "status_message"),
        ({"statusSize": 2, "statusMessage": {}}, "status_message"),
        ({"statusSize": 2, "statusMessage": MESSAGES[:3]}, "status_message"),
        ({"statusSize": 2, "statusMessage": [*MESSAGES, MESSAGES[0]]}, "status_message"),
        ({"statusSize": 2, "statusMessage": [*MESSAGES[:3], MESSAGES[0]]}, "status_message"),
        ({"statusSize": 2, "statusMessage": [*MESSAGES[:3], "0x3"]}, "status_message"),
        (
            {"statusSize": 2, "statusMessage": [*MESSAGES[:3], {"status": 3, "message": "x"}]},
            "status_message",
        ),
        (
            {"statusSize": 2, "statusMessage": [*MESSAGES[:3], {"status": "3", "message": "x"}]},
            "status_message",
        ),
        ({"statusSize": 2, "statusMessage": [*MESSAGES[:3], {"status": "0x3"}]}, "status_message"),
        (
            {"statusSize": 2, "statusMessage": [*MESSAGES[:3], {"status": "0x4", "message": "x"}]},
            "status_message",
        ),
        ({"statusSize": 1, "statusMessage": MESSAGES}, "status_message"),
    ],
)
def test_an_entry_that_breaks_a_must_is_refused(members, code):
    assert code_of(entry(**members)) == code


@pytest.mark.parametrize("made", [None, "x", 7, [entry()]])
def test_an_entry_is_an_object(made):
    assert code_of(made) == "status_entry"


@pytest.mark.parametrize(("stated", "size"), [({}, 1), ({"statusSize": 1}, 1), ({"statusSize": 64}, 64)])
def test_the_size_is_read(stated, size):
    assert status_size(stated) == size


@pytest.mark.parametrize("size", [0, -1, "1", True, None, [1], 1.0])
def test_a_size_that_is_no_whole_number_above_zero_is_refused(size):
    with pytest.raises(StatusListInvalid) as caught:
        status_size({"statusSize": size})
    assert caught.value.code == "status_size"


def test_words_for_more_values_than_are_read_are_left_alone():
    found = read_status_entry(entry(statusSize=LARGEST_SIZE + 1, statusMessage=[]))
    assert (found.size, found.messages) == (LARGEST_SIZE + 1, {})


@given(
    st.integers(1, 8),
    st.integers(0, 100),
    st.integers(0, 255),
)
def test_a_value_stands_at_index_times_size_highest_bit_first(size, index, value):
    value %= 2**size
    statuses = BitstringStatusList(MINIMUM * size)
    for at in range(size):
        statuses.set(index * size + at, bool(value >> (size - 1 - at) & 1))
    assert statuses.value(index, size=size) == value
    assert statuses.value(index + 1, size=size) == 0


def test_a_list_of_several_bits_needs_as_many_statuses():
    with pytest.raises(StatusListInvalid) as caught:
        BitstringStatusList(MINIMUM).value(0, size=2)
    assert caught.value.code == "status_list_length"
    statuses = BitstringStatusList(MINIMUM * 2)
    assert statuses.value(MINIMUM - 1, size=2) == 0
    for index in (MINIMUM, -1, 10**30):
        with pytest.raises(StatusListInvalid) as caught:
            statuses.value(index, size=2)
        assert caught.value.code == "status_list_index"
        assert f"{MINIMUM:,} entries" in caught.value.message  # of two bits each
    with pytest.raises(StatusListInvalid):
        statuses.value(0, size=0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(MESSAGES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage"]
        ),
        JSON,
    )
)
def test_any_entry_is_read_or_refused_by_our_error(members):
    try:
        found = read_status_entry(members)
    except Ob3Error:
        return
    assert parse_index(members["statusListIndex"]) == found.index
