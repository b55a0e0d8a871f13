"""Lists that are handed in as a file: every form that is in use, and what none of them is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW, seed
from trust_world import DID, INSTITUTION, OTHER, document, signed

from app.trust_file import MAX_BYTES, publisher, read_trust_file
from keys import SecretKey
from verifier.errors import TrustListRefused

KEY = SecretKey.from_seed(seed("publisher")).public_key


def read(data, **options):
    data = data if isinstance(data, bytes) else data.encode()
    return read_trust_file(data, now=NOW, **options)


def refused(data, **options):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        read(data, **options)
    return str(caught.value)


def test_the_registry_of_known_dids_is_read():
    """The form of digitalcredentials/issuer-registry; place and site may be left out."""
    registry = {
        "meta": {"created": "2026-01-02T03:04:05+0000", "updated": "2026-02-03T04:05:06+00:00"},
        "registry": {
            "did:web:one.example": {"name": "One", "location": "Riga, Latvia", "url": "https://one.example"},
            KEY.did_key: {"name": "Two"},
        },
    }
    one, two = read(json.dumps(registry)).entries
    assert (one.issuer_id, one.name, one.url) == ("did:web:one.example", "One", "https://one.example")
    assert (two.issuer_id, two.name, two.url, two.country) == (KEY.did_key, "Two", None, None)


@pytest.mark.parametrize(
    ("registry", "words"),
    [
        ({"one.example": {"name": "One"}}, "is not the id of an issuer"),
        ({"did:web:one.example": "One"}, "must be an object with a name"),
        ({"did:web:one.example": {"name": 1}}, "the name must be text"),
        ({"did:web:one.example": {"name": "One", "url": 1}}, "the url must be text"),
    ],
)
def test_an_entry_of_the_registry_that_is_out_of_form_is_named(registry, words):
    assert words in refused(json.dumps({"registry": registry}))
    assert next(iter(registry)) in refused(json.dumps({"registry": registry}))


@pytest.mark.parametrize(
    "text",
    [
        "# known\ndid:web:one.example One\n\n",
        "\ufeffdid:web:one.example   One",
        '["did:web:one.example"]',
        '[{"id": "did:web:one.example", "name": "One"}]',
    ],
)
def test_the_plain_forms_are_read(text):
    (one,) = read(text).entries
    assert (one.issuer_id, one.list_name) == ("did:web:one.example", "")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("one.example", "Line 1 is not the id of an issuer"),
        ('{"institutions": []}', "must be a trust list"),
        ('"did:web:one.example"', "Line 1 is not"),
        ('["did:web:one.example", 7]', "Entry 2"),
        ("{", "not JSON"),
        ('{"registry": {}, "registry": {}}', "stands twice"),
        (b"\xff\xfe", "UTF-8"),
        (b" " * (MAX_BYTES + 1), "2 MiB"),
        ("\n".join(f"did:web:i{number}.example" for number in range(10_001)), "10,000"),
    ],
    ids=["word", "object", "text", "number", "broken", "twice", "bytes", "large", "many"],
)
def test_what_is_no_list_is_refused_in_words(data, words):
    assert words in refused(data)


def test_a_signed_list_counts_by_its_publisher_alone():
    text = json.dumps(signed())
    found = read(text, publishers=[DID])
    assert (found.vouched_by, found.entries[0].issuer_id) == (DID, INSTITUTION["id"])
    for publishers in ((), (OTHER.public_key.did_key,)):
        with pytest.raises(TrustListRefused) as caught:
            read(text, publishers=publishers)
        assert caught.value.code == "list_publisher"


def test_taking_the_signature_off_helps_nobody():
    text = json.dumps(document())
    assert read(text).vouched_by is None
    with pytest.raises(TrustListRefused) as caught:
        read(text, publishers=[DID])
    assert caught.value.code == "list_unsigned"


@pytest.mark.parametrize("named", [DID, KEY.multikey, "did:web:lists.example", "did:web:lists.example:a"])
def test_a_publisher_is_named_by_did_or_multikey(named):
    assert publisher(named) == named


@pytest.mark.parametrize(
    "named",
    ["", "lists.example", "https://lists.example", "did:web:", "did:key:z6Mk", "did:ion:x", DID + "x", "z"],
)
def test_what_names_no_publisher_is_refused(named):
    with pytest.raises(ValueError, match="names no publisher"):
        publisher(named)


@given(st.binary(max_size=120) | st.text(max_size=120).map(str.encode))
def test_any_file_is_read_or_refused_in_words(data):
    try:
        found = read(data)
    except (ValueError, TrustListRefused) as error:
        found = error
    assert found is not None


@given(st.text(max_size=60))
def test_any_word_names_a_publisher_or_does_not(text):
    try:
        named = publisher(text)
    except ValueError:
        named = text
    assert named == text
