"""The form of a trust list: what is read, what is refused and in which words."""

import contextlib
import copy
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW, seed
from trust_world import INSTITUTION, document, institution, signed

from keys import SecretKey
from ob3 import Ob3Error, strict_json, verify_proof
from ob3.errors import TrustListInvalid
from ob3.trust_list import (
    MAX_BYTES,
    MAX_INSTITUTIONS,
    InstitutionList,
    ListedInstitution,
    is_trust_list,
    parse_list,
    read_trust_list,
    trust_list_document,
)

KEY = SecretKey.from_seed(seed("vouched for")).public_key
FULL = institution(
    until="2027-01-31",
    reason="Closed.",
    keys=[KEY.multikey],
    formerIds=["https://keystone.example/issuer", KEY.did_key],
)


def refusal(given):
    with pytest.raises(TrustListInvalid) as caught:
        read_trust_list(given)
    return caught.value


def test_a_full_list_is_read_and_written_back():
    read = read_trust_list(document(FULL, institution(id="https://other.example/issuer", name="Ðại học")))
    assert read.institutions[0] == ListedInstitution(
        id="did:web:badges.keystone.example",
        name="Keystone Institute",
        names={"hr": "Institut Keystone"},
        country="HR",
        url="https://keystone.example",
        since=date(2026, 3, 2),
        until=date(2027, 1, 31),
        reason="Closed.",
        keys=(KEY.multikey,),
        former_ids=("https://keystone.example/issuer", KEY.did_key),
    )
    assert (read.sequence, read.publisher_name, read.valid_from.tzinfo) == (7, "The Alliance", UTC)
    assert trust_list_document(read) == document(
        FULL, institution(id="https://other.example/issuer", name="Ðại học")
    )


def test_the_least_that_an_entry_may_say():
    (one,) = read_trust_list(document({"id": KEY.did_key, "name": "K"})).institutions
    assert (one.names, one.country, one.since, one.keys, one.former_ids) == ({}, None, None, (), ())


def test_a_signed_list_is_plain_json_without_contexts():
    listed = signed(document(FULL))
    assert "@context" not in listed
    assert "@context" not in listed["proof"]
    assert listed["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    read_back = parse_list(json.dumps(listed, ensure_ascii=True, indent=2))
    publisher = SecretKey.from_seed(seed("publisher of the list")).public_key
    assert verify_proof(read_back, verification_key=publisher).document == document(FULL)
    assert is_trust_list(read_back)
    assert read_trust_list(read_back) == read_trust_list(document(FULL))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type": "TrustList"}, "InstitutionTrustList"),
        ({"format": 2}, "newer program"),
        ({"format": True}, "whole number"),
        ({"id": None}, "“id”: is missing"),
        ({"id": "lists/1"}, "web address"),
        ({"name": ""}, "text of 1 to 300"),
        ({"name": "A\u202egnp"}, "direction of reading"),
        ({"name": "A\x1b[2J"}, "control character"),
        ({"publisher": "did:web:x.example"}, "publisher must be an object"),
        ({"publisher": {"id": "x", "name": "X"}}, "DID or an https address"),
        ({"publisher": {"id": "did:web:x.example", "name": "X", "key": "z6Mk"}}, "“key”: is no member"),
        ({"sequence": 0}, "whole number from 1"),
        ({"sequence": 1.5}, "whole number from 1"),
        ({"sequence": 2**53 + 2}, "whole number from 1"),
        ({"validFrom": "2026-11-20"}, "date and time with its zone"),
        ({"validUntil": "2026-12-01T00:00:00"}, "date and time with its zone"),
        ({"validUntil": "9999-12-31T23:59:59-14:00"}, "date and time with its zone"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "later than validFrom"),
        ({"institutions": {}}, "must be a list"),
        ({"proof": [{}]}, "one object"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "“@context”: is no member"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_is_out_of_form_is_named(changes, words):
    assert read_trust_list(document())
    found = refusal(document(**changes))
    assert words in found.message
    assert found.message.endswith(".")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": None}, "institution 2, member “id”: is missing"),
        ({"id": "keystone"}, "DID or an https address"),
        ({"id": "http://keystone.example"}, "DID or an https address"),
        ({"id": "https://keystóne.example/issuer"}, "in ASCII"),
        ({"id": "did:web:keystóne.example"}, "in ASCII"),
        ({"id": "https://a@b.example"}, "in ASCII"),
        ({"id": INSTITUTION["id"]}, "same as in entry 1"),
        ({"formerIds": [INSTITUTION["id"]]}, "same as in entry 1"),
        ({"formerIds": ["did:web:b.example", "did:web:b.example"]}, "same as in entry 2"),
        ({"name": None}, "is missing"),
        ({"names": ["x"]}, "object with at most 40 languages"),
        ({"names": {"english": "x", "e": "y"}}, "no language tag"),
        ({"names": {"en": " "}}, "text of 1 to 300"),
        ({"country": "VNM"}, "two capitals"),
        ({"country": "vn"}, "two capitals"),
        ({"url": "javascript:alert(1)"}, "web address"),
        ({"since": "20260302"}, "a day such as"),
        ({"since": "2026-02-30"}, "a day such as"),
        ({"until": "2026-01-01"}, "not be earlier than since"),
        ({"reason": "Closed"}, "until is missing"),
        ({"keys": ["z6Mkxyz"]}, "no Multikey"),
        ({"keys": [1]}, "no Multikey"),
        ({"keys": [KEY.multikey] * 21}, "at most 20"),
        ({"logo": "https://x.example/l.png"}, "“logo”: is no member"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_the_entry_and_the_member_are_named(changes, words):
    twin = {"id": "did:web:b.example", "name": "B", "since": "2026-03-02"}
    assert read_trust_list(document(INSTITUTION, twin))
    second = {name: value for name, value in {**twin, **changes}.items() if value is not None}
    found = refusal(document(INSTITUTION, second))
    assert words in found.message.lower() or words in found.message
    assert "nstitution 2" in found.message
    assert found.path.startswith("/institutions/1/")


def test_host_names_in_other_letters_stay_as_they_are():
    look_alike = institution(id="did:web:xn--kystone-bhf.example", url="https://xn--kystone-bhf.example")
    (one,) = read_trust_list(document(look_alike)).institutions
    assert (one.id, one.url) == (look_alike["id"], look_alike["url"])


def test_ten_thousand_institutions_are_read_and_one_more_is_not():
    many = [{"id": f"did:web:i{number}.example", "name": "I"} for number in range(MAX_INSTITUTIONS)]
    text = json.dumps(document(*many))
    assert len(read_trust_list(parse_list(text)).institutions) == MAX_INSTITUTIONS
    assert "10,000" in refusal(document(*many, {"id": "did:web:one.example", "name": "I"})).message


def test_two_mebibytes_are_read_and_more_are_not():
    text = json.dumps(document())
    assert parse_list(text + " " * (MAX_BYTES - len(text)))
    with pytest.raises(strict_json.JsonRefused) as caught:
        parse_list(text + " " * (MAX_BYTES - len(text) + 1))
    assert caught.value.limit


def test_a_list_that_could_not_be_read_is_not_written():
    listed = read_trust_list(document())
    with pytest.raises(TrustListInvalid):
        trust_list_document(InstitutionList(**{**vars(listed), "name": ""}))
    with pytest.raises(TrustListInvalid):
        trust_list_document(InstitutionList(**{**vars(listed), "valid_from": datetime(2026, 1, 1)}))  # noqa: DTZ001
    assert NOW.tzinfo is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PLACES = [
    ("type",),
    ("format",),
    ("id",),
    ("name",),
    ("publisher",),
    ("publisher", "id"),
    ("sequence",),
    ("validFrom",),
    ("validUntil",),
    ("institutions",),
    ("institutions", 0),
    *(("institutions", 0, name) for name in FULL),
    ("institutions", 0, "keys", 0),
    ("institutions", 0, "names", "hr"),
    ("proof",),
    ("new",),
]


@given(st.sampled_from(PLACES), JSON)
def test_the_reader_raises_nothing_but_its_own_error(place, value):
    listed = copy.deepcopy(document(FULL))
    holder = listed
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    error, read = None, None
    try:
        read = read_trust_list(listed)
    except TrustListInvalid as refused:
        error = refused
    if error:
        assert error.message.endswith(".")
        assert error.message.isprintable()
    else:
        assert read_trust_list(trust_list_document(read)).institutions == read.institutions


@given(JSON)
def test_any_json_is_read_or_refused(value):
    with contextlib.suppress(TrustListInvalid):
        read_trust_list(value)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_json_or_refused(data):
    with contextlib.suppress(Ob3Error):
        parse_list(data)
