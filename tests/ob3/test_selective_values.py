"""The proof values in CBOR: one spelling each, and every other refused beside it."""

import base64

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selective_badge import KEY, MANDATORY, OPTIONS, rich_badge, shown, signed

from keys.multibase import multibase_encode
from ob3.errors import Ob3Error, ProofInvalid, TooMuchWork
from ob3.selective import ECDSA_SD_2023
from ob3.selective.proof_values import BaseProof, DerivedProof

BASE, DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
BASE_TEXT = signed()["proof"]["proofValue"]
DERIVED_TEXT = shown("/evidence/0", "/evidence/1")["proof"]["proofValue"]


def data_of(text):
    return base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))


def parts_of(text):
    return cbor2.loads(data_of(text)[3:])


def written(header, parts):
    return multibase_encode(header + cbor2.dumps(parts, canonical=True), "u")


def with_part(number, value, *, text=DERIVED_TEXT):
    parts = parts_of(text)
    parts[number] = value
    return written(DERIVED if text is DERIVED_TEXT else BASE, parts)


def refused(text, read=DerivedProof.read, kind=ProofInvalid):
    with pytest.raises(kind) as error:
        read(text)
    return error.value.code


def test_both_values_are_read_and_written_back_as_they_were():
    assert DerivedProof.read(DERIVED_TEXT).write() == DERIVED_TEXT
    base = BaseProof.read(BASE_TEXT)
    assert base.write() == BASE_TEXT
    assert base.mandatory_pointers == MANDATORY
    assert "hmac" not in repr(DerivedProof.read(DERIVED_TEXT))


def test_a_base_proof_is_refused_by_a_code_of_its_own_and_in_words():
    with pytest.raises(ProofInvalid, match="the holder's own copy") as error:
        DerivedProof.read(BASE_TEXT)
    assert error.value.code == "base_proof"
    assert refused(DERIVED_TEXT, BaseProof.read) == "not_a_base_proof"


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "u",
        "z" + DERIVED_TEXT[1:],
        DERIVED_TEXT[1:],
        DERIVED_TEXT + "=",
        DERIVED_TEXT + "\n",
        DERIVED_TEXT[:40] + " " + DERIVED_TEXT[40:],
        DERIVED_TEXT.replace("u2V0", "u2V+", 1),
        multibase_encode(b"\xd9\x5d\x02" + data_of(DERIVED_TEXT)[3:], "u"),
        multibase_encode(data_of(DERIVED_TEXT)[3:], "u"),
        multibase_encode(data_of(DERIVED_TEXT)[:-1], "u"),
        multibase_encode(data_of(DERIVED_TEXT) + b"\x00", "u"),
    ],
    ids=lambda text: repr(text)[-14:],
)
def test_another_spelling_is_refused(text):
    assert refused(text) == "malformed_proof_value"
    assert DerivedProof.read(DERIVED_TEXT)


def test_a_spare_bit_in_the_last_letter_is_refused():
    """The last letter may have bits that no byte needs, which could be set without changing the bytes."""
    for length in range(3):
        text = shown(*["/evidence/0", "/evidence/1/name", "/credentialSubject/result/0"][: length + 1])
        value = text["proof"]["proofValue"]
        if len(value) % 4 == 1:
            continue
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        other = value[:-1] + letters[letters.index(value[-1]) | 1]
        if other != value:
            assert refused(other) == "malformed_proof_value"
            return
    pytest.fail("no value with spare bits was made")


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (0, b"\x00" * 63),
        (0, "a" * 64),
        (0, [0] * 64),
        (1, b"\x80\x24" + b"\x02" * 32),
        (1, b"\xed\x01" + b"\x02" * 33),
        (1, b"\x80\x24\x05" + b"\x00" * 32),
        (1, b"\x80\x24\x02" + b"\xff" * 32),
        (1, b"\x80\x24\x00" + b"\x00" * 32),
        (2, [b"\x00" * 65]),
        (2, ["a" * 64]),
        (2, {}),
        (2, b"\x00" * 64),
        (3, []),
        (3, {0: b"\x00" * 31}),
        (3, {"0": b"\x00" * 32}),
        (3, {"c14n0": b"\x00" * 32}),
        (3, {0: "a" * 32}),
        (3, {True: b"\x00" * 32}),
        (3, {0.5: b"\x00" * 32}),
        (4, {}),
        (4, [-1]),
        (4, [0, 0]),
        (4, [1, 0]),
        (4, [0.0]),
        (4, [False]),
        (4, ["0"]),
        (4, None),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_part_of_another_kind_or_length_is_refused(number, value):
    assert refused(with_part(number, value)) == "malformed_proof_value"


@pytest.mark.parametrize(
    ("number", "value"),
    [(2, b"\x00" * 31), (2, "a" * 32), (3, [b""]), (4, "/issuer"), (4, [b"/issuer"]), (4, [["/issuer"]])],
    ids=repr,
)
def test_a_base_proof_with_a_part_of_another_kind_is_refused(number, value):
    assert refused(with_part(number, value, text=BASE_TEXT), BaseProof.read) == "malformed_proof_value"


def test_a_base_proof_under_another_header_is_refused():
    data = data_of(BASE_TEXT)[3:]
    assert refused(multibase_encode(b"\xd9\x5d\x02" + data, "u"), BaseProof.read) == "malformed_proof_value"
    assert BaseProof.read(multibase_encode(BASE + data, "u"))


@pytest.mark.parametrize("count", [0, 4, 6])
def test_more_or_fewer_parts_are_refused(count):
    parts = (parts_of(DERIVED_TEXT) * 2)[:count]
    assert refused(written(DERIVED, parts)) == "malformed_proof_value"


def _raw(data):
    return multibase_encode(DERIVED + data, "u")


@pytest.mark.parametrize(
    "data",
    [
        bytes.fromhex("9bffffffffffffffff"),
        bytes.fromhex("5bffffffffffffffff"),
        bytes.fromhex("bbffffffffffffffff"),
        bytes.fromhex("81") * 60_000,
        bytes.fromhex("9f") * 60_000,
        bytes.fromhex("a1") * 60_000,
        bytes.fromhex("c1") * 60_000,
        bytes.fromhex("d81c") * 1_000 + bytes.fromhex("8100"),
        bytes.fromhex("85d81d00d81d00d81d00d81d00d81d00"),
        bytes.fromhex("c482") + bytes.fromhex("1a3b9aca00") + b"\x01",
        bytes.fromhex("d823") + cbor2.dumps("(a+)+" * 1_000),
        bytes.fromhex("d90102") + cbor2.dumps(list(range(100))),
        bytes.fromhex("c2") + cbor2.dumps(b"\xff" * 50_000),
        b"",
        b"\xff",
    ],
    ids=lambda data: data[:4].hex(),
)
def test_a_bomb_in_cbor_is_refused_at_once(data):
    assert refused(_raw(data)) == "malformed_proof_value"


@pytest.mark.parametrize(
    "data",
    [
        bytes.fromhex("85 d823 63612b2b 00 00 00 00"),
        bytes.fromhex("85 c1 00 00 00 00 00"),
        bytes.fromhex("85 81818100 00 00 00 00"),
        bytes.fromhex("85 9fff 00 00 00 00"),
        bytes.fromhex("85 a200000000 00 00 00 00"),
    ],
    ids=["pattern", "time", "deep", "open", "twice"],
)
def test_nothing_is_built_from_what_is_refused(data):
    """These stop the reading itself: no date is made and no pattern compiled to be compared later."""
    with pytest.raises(ProofInvalid, match="is not readable CBOR"):
        DerivedProof.read(_raw(data))
    with pytest.raises(ProofInvalid, match="has a part that is not 64 bytes"):
        DerivedProof.read(_raw(bytes.fromhex("85 00 00 00 00 00")))


def _open_list(items):
    return b"\x9f" + b"".join(cbor2.dumps(one) for one in items) + b"\xff"


def _second_spellings():
    parts = parts_of(DERIVED_TEXT)
    each = [cbor2.dumps(one, canonical=True) for one in parts]
    labels = b"".join(cbor2.dumps(number) + cbor2.dumps(one) for number, one in sorted(parts[3].items()))
    backwards = b"".join(
        cbor2.dumps(number) + cbor2.dumps(one) for number, one in sorted(parts[3].items(), reverse=True)
    )
    first = cbor2.dumps(0) + cbor2.dumps(parts[3][0])
    size = bytes([0xA0 + len(parts[3])])

    def with_labels(data):
        return b"\x85" + b"".join([*each[:3], data, each[4]])

    assert _raw(with_labels(size + labels)) == DERIVED_TEXT
    yield "open list", _open_list(parts)
    yield "long count", b"\x98\x05" + b"".join(each)
    yield "long length", b"\x85\x59\x00\x40" + parts[0] + b"".join(each[1:])
    yield "bytes in pieces", b"\x85\x5f\x58\x40" + parts[0] + b"\xff" + b"".join(each[1:])
    yield "tagged bytes", b"\x85\xd8\x40" + b"".join(each)
    yield "tagged whole", b"\xd9\xd9\xf7\x85" + b"".join(each)
    yield "labels backwards", with_labels(size + backwards)
    assert len(parts[3]) > 1
    yield "label twice", with_labels(bytes([size[0] + 1]) + first + labels)
    yield "long label", with_labels(size + b"\x18\x00" + labels[1:])
    yield "open map", with_labels(b"\xbf" + labels + b"\xff")


@pytest.mark.parametrize(("name", "data"), list(_second_spellings()), ids=lambda one: str(one)[:20])
def test_a_second_spelling_of_the_same_parts_is_refused(name, data):
    assert refused(_raw(data)) == "malformed_proof_value"


def test_longer_values_than_are_ever_needed_are_not_looked_at():
    assert refused("u" + "A" * (256 * 1024), kind=TooMuchWork) == "proof_value_size"
    assert refused("u" + "A" * (256 * 1024 - 1)) == "malformed_proof_value"


@pytest.mark.parametrize(
    "text",
    [with_part(2, [b"\x00" * 64] * 1_001), with_part(4, list(range(1_001)))],
    ids=["signatures", "indexes"],
)
def test_more_statements_than_are_checked_stop_the_reading(text):
    assert refused(text, kind=TooMuchWork) == "proof_value_size"


def test_as_many_as_are_checked_are_read():
    assert len(DerivedProof.read(with_part(4, list(range(1_000)))).mandatory_indexes) == 1_000


def test_more_statements_than_are_checked_are_not_signed():
    document = rich_badge()
    document["credentialSubject"]["achievement"]["tag"] = [f"tag {number}" for number in range(1_000)]
    with pytest.raises(TooMuchWork) as error:
        ECDSA_SD_2023.sign(document, OPTIONS, KEY.signer(), mandatory_pointers=MANDATORY)
    assert error.value.code == "too_many_statements"


@given(st.binary(max_size=200), st.sampled_from([BASE, DERIVED, b""]))
def test_no_bytes_lead_to_anything_but_a_refusal(data, header):
    for read in (BaseProof.read, DerivedProof.read):
        with pytest.raises(Ob3Error):
            read(multibase_encode(header + data, "u"))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_change_of_a_byte_is_refused_or_gives_another_value(place, change):
    data = bytearray(data_of(DERIVED_TEXT))
    data[place % len(data)] ^= change
    text = multibase_encode(bytes(data), "u")
    try:
        read = DerivedProof.read(text)
    except Ob3Error:
        return
    assert read.write() == text
    assert read != DerivedProof.read(DERIVED_TEXT)
