"""Bitstring Status List: published lists both ways, strict reading, and the credential around it."""

import base64
import gzip
import itertools
import json
import operator
import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work_counts import calls_of

from keys.multibase import base64url_encode
from ob3 import status_list
from ob3.errors import Ob3Error, StatusListInvalid
from ob3.status_entry import parse_index, read_status_entry, status_size
from ob3.status_list import BitstringStatusList, status_list_credential

MINIMUM = 131_072
EMPTY = bytes(MINIMUM // 8)


def packed(data: bytes) -> str:
    return "u" + base64url_encode(data)


def with_bits(indexes, length: int = MINIMUM) -> BitstringStatusList:
    statuses = BitstringStatusList(length)
    for index in indexes:
        statuses.set(index, True)
    return statuses


def refused(encoded, code: str, **limits) -> None:
    with pytest.raises(StatusListInvalid) as caught:
        BitstringStatusList.decode(encoded, **limits)
    assert caught.value.code == code


def test_lists_made_by_another_implementation_are_read(reference):
    vectors = json.loads(
        (reference / "vectors/bitstring-status-list/digitalbazaar-generated.json").read_text()
    )
    assert len(vectors) >= 8
    for vector in vectors:
        statuses = BitstringStatusList.decode(vector["encodedList"])
        assert statuses.length == vector["length"]
        assert [i for i in range(statuses.length) if statuses.get(i)] == sorted(vector["set"])
        # the deflate stream is each writer's own choice, what it inflates to is not
        ours = with_bits(vector["set"], vector["length"])
        assert ours.encoded() == statuses.encoded()


def test_the_lists_of_the_specification_are_read(reference):
    folder = reference / "vectors/bitstring-status-list/spec-examples"
    documents = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    encoded = [
        d["credentialSubject"]["encodedList"] for d in documents if "encodedList" in d["credentialSubject"]
    ]
    assert len(encoded) == 2
    for text in encoded:
        assert not any(map(BitstringStatusList.decode(text).get, range(MINIMUM)))


def test_the_list_of_1edtech_says_that_their_revoked_sample_is_revoked(reference):
    sample = json.loads(
        (reference / "samples/invalid/bit-string-list__credential-status-revoked.json").read_text()
    )
    document = json.loads((reference / "samples/valid/bit-string-list__testlist").read_text())
    statuses = BitstringStatusList.decode(document["credentialSubject"]["encodedList"])
    index = parse_index(sample["credentialStatus"]["statusListIndex"])
    assert [i for i in range(MINIMUM) if statuses.get(i)] == [index]


def test_the_entries_of_the_specification_have_sound_indexes(reference):
    folder = reference / "vectors/bitstring-status-list/spec-examples"
    seen = 0
    for path in folder.glob("*.json"):
        entries = json.loads(path.read_text()).get("credentialStatus", [])
        for entry in entries if isinstance(entries, list) else [entries]:
            assert status_size(entry) == read_status_entry(entry).size == 1
            assert str(parse_index(entry["statusListIndex"])) == entry["statusListIndex"]
            seen += 1
    assert seen >= 6


@pytest.mark.parametrize(("index", "byte"), [(0, b"\x80"), (1, b"\x40"), (7, b"\x01")])
def test_index_zero_is_the_leftmost_bit(index, byte):
    encoded = with_bits([index]).encoded()
    assert encoded == BitstringStatusList.decode(packed(gzip.compress(byte + EMPTY[1:], mtime=0))).encoded()


def test_the_same_bits_give_the_same_text_with_no_time_in_it():
    assert with_bits([5, 900]).encoded() == with_bits([900, 5]).encoded()
    assert with_bits([]).encoded().startswith("uH4sIAAAAAAAAA")
    cleared = with_bits([5])
    cleared.set(5, False)
    assert cleared.encoded() == BitstringStatusList().encoded()


@settings(max_examples=30)
@given(st.sets(st.integers(0, 2 * MINIMUM - 1), max_size=200))
def test_what_is_set_is_read_back(indexes):
    statuses = BitstringStatusList.decode(with_bits(indexes, 2 * MINIMUM).encoded())
    assert {i for i in range(statuses.length) if statuses.get(i)} == indexes


def test_what_is_packed_here_is_unpacked_by_another_implementation_of_gzip():
    statuses = BitstringStatusList.of(range(0, 2 * MINIMUM, 7), 2 * MINIMUM)
    encoded = statuses.encoded()[1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert {8 * at + bit for at, byte in enumerate(bits) for bit in range(8) if byte & 0x80 >> bit} == set(
        range(0, 2 * MINIMUM, 7)
    )


def test_a_list_made_of_indexes_is_the_list_in_which_each_was_set():
    indexes = [0, 7, 8, MINIMUM - 1]
    assert BitstringStatusList.of(indexes).encoded() == with_bits(indexes).encoded()
    assert BitstringStatusList.of([]).encoded() == BitstringStatusList().encoded()
    for outside in (-1, MINIMUM):
        with pytest.raises(StatusListInvalid) as caught:
            BitstringStatusList.of([5, outside])
        assert caught.value.code == "status_list_index"


@settings(max_examples=30)
@given(
    st.lists(
        st.one_of(
            st.just("encode"),
            st.just("copy"),
            st.tuples(st.integers(0, 3 * MINIMUM - 1), st.booleans()),
        ),
        max_size=20,
    )
)
def test_whatever_was_packed_before_the_text_is_that_of_a_new_list_with_the_same_bits(steps):
    statuses = BitstringStatusList(3 * MINIMUM)
    before, wanted, wanted_before = statuses, set(), set()
    for step in steps:
        if step == "encode":
            statuses.encoded()
        elif step == "copy":
            before, statuses, wanted_before = statuses, statuses.copy(), set(wanted)
        else:
            statuses.set(*step)
            wanted = wanted | {step[0]} if step[1] else wanted - {step[0]}
            wanted_before = wanted if before is statuses else wanted_before
    assert statuses.encoded() == BitstringStatusList.of(wanted, 3 * MINIMUM).encoded()
    assert before.encoded() == BitstringStatusList.of(wanted_before, 3 * MINIMUM).encoded()


def test_for_one_change_in_a_list_of_a_million_an_eighth_is_packed_anew():
    statuses = BitstringStatusList.of(range(0, 8 * MINIMUM, 7), 8 * MINIMUM)
    before = statuses.encoded()
    changed = statuses.copy()
    changed.set(5 * MINIMUM + 1, not changed.get(5 * MINIMUM + 1))
    assert calls_of(statuses.encoded).of("isal.isal_zlib.compressobj") == 0
    assert calls_of(changed.encoded).of("isal.isal_zlib.compressobj") == 1
    assert changed.encoded() != before == statuses.encoded()


@pytest.mark.parametrize("more", range(3 * 192 // 2))
def test_what_fills_a_part_says_nothing_in_any_length(more):
    blocks = status_list._nothing(more)
    assert len(blocks) == status_list._LEAST_FILLED + more
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    assert inflater.decompress(blocks + status_list._END) == b""
    assert inflater.eof
    assert inflater.unused_data == b""


def test_a_list_seldom_changes_its_length_and_only_the_changed_part_its_text():
    chosen = Random(20).sample(range(8 * MINIMUM), 50_200)  # noqa: S311  (the same places each time)
    statuses = BitstringStatusList.of(chosen[200:], 8 * MINIMUM)
    texts = [statuses.encoded()]
    for index in chosen[:200]:
        statuses.set(index, True)
        texts.append(statuses.encoded())
    pairs = list(itertools.pairwise(texts))
    same_length = [(one, other) for one, other in pairs if len(one) == len(other)]
    assert len(same_length) >= 190
    differing = [sum(map(operator.ne, one, other)) for one, other in same_length]
    assert min(differing) > 0
    assert max(differing) <= len(texts[0]) / 7


def test_a_copy_is_a_list_of_its_own():
    first = BitstringStatusList.of([5])
    second = first.copy()
    assert first.differences(second) == 0
    second.set(6, True)
    second.set(5, False)
    assert (first.get(5), first.get(6)) == (True, False)
    assert first.differences(second) == 2
    with pytest.raises(StatusListInvalid):
        first.differences(BitstringStatusList(2 * MINIMUM))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, MINIMUM - 1), st.booleans()), max_size=50))
def test_a_list_behaves_like_a_set_of_indexes(changes):
    statuses, model = BitstringStatusList(), set()
    for index, value in changes:
        statuses.set(index, value)
        (model.add if value else model.discard)(index)
        assert statuses.get(index) is value
    assert all(statuses.get(index) for index in model)


@pytest.mark.parametrize("length", [0, 8, MINIMUM - 8, MINIMUM + 1, -MINIMUM])
def test_a_short_or_uneven_list_is_not_made(length):
    with pytest.raises(StatusListInvalid) as caught:
        BitstringStatusList(length)
    assert caught.value.code == "status_list_length"


@pytest.mark.parametrize("index", [-1, MINIMUM, 10**4_000])
def test_an_index_outside_the_list_is_refused(index):
    statuses = BitstringStatusList()
    for action in (statuses.get, lambda i: statuses.set(i, True)):
        with pytest.raises(StatusListInvalid) as caught:
            action(index)
        assert caught.value.code == "status_list_index"
    assert statuses.get(MINIMUM - 1) is False


@pytest.mark.parametrize(
    ("given", "index"),
    [("0", 0), ("7", 7), ("94567", 94567), ("9007199254740991", 2**53 - 1), (23, 23), (0, 0)],
)
def test_an_index_in_plain_digits_is_read(given, index):
    assert parse_index(given) == index


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\n", "01", "00", "+1", "-1", "-0", "9_4567", "٩٤٥٦٧", "９", "1.0", "1e3", "0x1", "abc",
     "9" * 17, "9" * 100_000, -1, 10**16, 10**4_000, None, True, 1.0, ["1"]],
)  # fmt: skip
def test_an_index_in_any_other_form_is_refused(text):
    with pytest.raises(StatusListInvalid) as caught:
        parse_index(text)
    assert caught.value.code == "status_list_index"


GOOD = gzip.compress(EMPTY, mtime=0)


def test_a_sound_list_is_read_whoever_packed_it():
    named = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x02\xff" + b"list\0" + GOOD[10:]
    for data in (GOOD, gzip.compress(EMPTY, 1, mtime=0), gzip.compress(EMPTY, 0), named):
        assert BitstringStatusList.decode(packed(data)).length == MINIMUM


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (packed(GOOD)[1:], "status_list_encoding"),
        ("z" + packed(GOOD)[1:], "status_list_encoding"),
        (packed(GOOD) + "=", "status_list_encoding"),
        (packed(GOOD) + "\n", "status_list_encoding"),
        (packed(GOOD).replace("-", "+"), "status_list_encoding"),
        (None, "status_list_encoding"),
        (7, "status_list_encoding"),
        ("u", "status_list_encoding"),
        (packed(b"not gzip"), "status_list_encoding"),
        (packed(zlib.compress(EMPTY)), "status_list_encoding"),
        (packed(GOOD[:-1]), "status_list_encoding"),
        (packed(GOOD[:-8]), "status_list_encoding"),
        (packed(GOOD[:-4] + b"\0\0\0\0"), "status_list_encoding"),
        (packed(GOOD[:-8] + b"\0\0\0\0" + GOOD[-4:]), "status_list_encoding"),
        (packed(GOOD + GOOD), "status_list_encoding"),
        (packed(GOOD + b"\0"), "status_list_encoding"),
        (packed(gzip.compress(EMPTY[:-1], mtime=0)), "status_list_length"),
        (packed(gzip.compress(b"", mtime=0)), "status_list_length"),
        (packed(gzip.compress(bytes(5 * 2**20), mtime=0)), "status_list_too_large"),
        ("u" + "A" * (9 * 2**20), "status_list_too_large"),
    ],
)
def test_a_list_in_another_form_is_refused(encoded, code):
    refused(encoded, code)


def test_the_limit_is_exact_and_can_be_set():
    encoded = packed(gzip.compress(EMPTY * 2, mtime=0))
    assert BitstringStatusList.decode(encoded, max_bytes=len(EMPTY) * 2).length == MINIMUM * 2
    refused(encoded, "status_list_too_large", max_bytes=len(EMPTY) * 2 - 1)
    assert BitstringStatusList.decode(packed(gzip.compress(bytes(4 * 2**20), mtime=0))).length == 2**25


@given(st.binary(max_size=60), st.integers(0, len(GOOD) - 1))
def test_damaged_lists_raise_only_our_error(noise, at):
    for data in (noise, GOOD[:at] + noise + GOOD[at:], GOOD[:at] + noise):
        try:
            BitstringStatusList.decode(packed(data))
        except Ob3Error:
            continue


def test_the_credential_around_a_list():
    statuses = with_bits([3])
    credential = status_list_credential(
        url="https://badges.example.org/status/7f",
        issuer="did:web:badges.example.org:institutions:vut",
        purpose="revocation",
        statuses=statuses,
        valid_from="2026-11-21T10:00:00Z",
        valid_until="2026-11-22T10:00:00Z",
    )
    assert credential == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://badges.example.org/status/7f",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:badges.example.org:institutions:vut",
        "validFrom": "2026-11-21T10:00:00Z",
        "validUntil": "2026-11-22T10:00:00Z",
        "credentialSubject": {
            "id": "https://badges.example.org/status/7f#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": statuses.encoded(),
        },
    }


def test_a_list_for_another_purpose_is_not_made():
    with pytest.raises(StatusListInvalid) as caught:
        status_list_credential(
            url="https://a.example/s", issuer="did:x", purpose="message", statuses=BitstringStatusList(),
            valid_from="2026-11-21T10:00:00Z", valid_until="2026-11-22T10:00:00Z",
        )  # fmt: skip
    assert caught.value.code == "status_purpose"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text,
        lambda text: text + "=" * (-len(text) % 4),
        lambda text: text.replace("-", "+").replace("_", "/"),
    ],
    ids=["base64url", "padded", "base64"],
)
def test_a_list_of_2021_is_read_in_either_alphabet(written):
    text = with_bits([3, 5, 94567]).encoded()[1:]
    found = BitstringStatusList.decode_2021(written(text))
    assert [i for i in range(found.length) if found.get(i)] == [3, 5, 94567]


@pytest.mark.parametrize(
    "encoded",
    [packed(GOOD), packed(GOOD)[1:] + "===", "+" + packed(GOOD)[1:] + "_", "H4sI AAA", "", None, 7],
)
def test_a_list_of_2021_in_another_form_is_refused(encoded):
    with pytest.raises(StatusListInvalid) as caught:
        BitstringStatusList.decode_2021(encoded)
    assert caught.value.code == "status_list_encoding"
