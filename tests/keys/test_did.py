"""did:web addresses both ways, and DID URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import KeysError
from keys.did import did_of, did_web, did_web_url


@pytest.mark.parametrize(
    ("base_url", "path", "did", "url"),
    [
        ("https://example.org", (), "did:web:example.org", "https://example.org/.well-known/did.json"),
        ("https://example.org/", (), "did:web:example.org", "https://example.org/.well-known/did.json"),
        (
            "https://badges.example.org",
            ("institutions", "vut"),
            "did:web:badges.example.org:institutions:vut",
            "https://badges.example.org/institutions/vut/did.json",
        ),
        (
            "https://example.org:8443/a/b",
            ("c",),
            "did:web:example.org%3A8443:a:b:c",
            "https://example.org:8443/a/b/c/did.json",
        ),
        ("https://localhost:8443", ("x",), "did:web:localhost%3A8443:x", "https://localhost:8443/x/did.json"),
        (
            "https://example.org/",
            ("żółć ü",),
            "did:web:example.org:%C5%BC%C3%B3%C5%82%C4%87%20%C3%BC",
            "https://example.org/%C5%BC%C3%B3%C5%82%C4%87%20%C3%BC/did.json",
        ),
        (
            "https://xn--bcher-kva.example",
            (),
            "did:web:xn--bcher-kva.example",
            "https://xn--bcher-kva.example/.well-known/did.json",
        ),
    ],
)
def test_did_web_and_its_address(base_url, path, did, url):
    assert did_web(base_url, *path) == did
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "base_url",
    [
        "http://example.org",
        "http://127.0.0.1:8000",
        "https://127.0.0.1",
        "https://[::1]",
        "https://user@example.org",
        "https://example.org?x=1",
        "https://example.org/#x",
        "https://example.org?",
        "https://exam ple.org",
        "https://exam\tple.org",
        "https://bücher.example",
        "https://example.org:99999",
        "https://example.org/../x",
        "https://example.org\\x",
        "https://",
        "ftp://example.org",
        "https://-example.org",
        "https://xn--abc-.example",
        "https://[broken",
        "",
    ],
)
def test_a_base_address_that_cannot_be_a_did_is_refused(base_url):
    with pytest.raises(KeysError) as caught:
        did_web(base_url)
    assert caught.value.code in {"malformed_did", "did_web_needs_https"}


@pytest.mark.parametrize("segment", ["", ".", "..", "a/b", "a\\b", "a%2Fb", "a\0b", "a?b", "a#b", "\ud800"])
def test_a_path_segment_that_travels_is_refused(segment):
    assert did_web("https://example.org", "ok", "a b")
    with pytest.raises(KeysError):
        did_web("https://example.org", "ok", segment)


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:example.org:",
        "did:web::a",
        "did:web:example.org::a",
        "did:web:example.org:..:a",
        "did:web:example.org:%2e%2E:a",
        "did:web:example.org:a%2Fb",
        "did:web:example.org:a%5Cb",
        "did:web:example.org:%252e%252e",
        "did:web:example.org:a%00",
        "did:web:example.org:%FF",
        "did:web:example.org:a%2",
        "did:web:example.org/a",
        "did:web:example.org?a",
        "did:web:example.org#a",
        "did:web:user%40example.org",
        "did:web:example.org%3A0",
        "did:web:example.org%3A099",
        "did:web:example.org%3A65536",
        "did:web:example.org%3A",
        "did:web:example.org:8443 ",
        "did:web:127.0.0.1",
        "did:web:127.1",
        "did:web:0x7f000001",
        "did:web:2130706433",
        "did:web:[::1]",
        "did:web:example..org",
        "did:web:example.org.",
        "did:web:-a.org",
        "did:web:a-.org",
        "did:web:a_b.org",
        "did:web:bücher.example",
        "did:web:xn--a-.example",
        "did:web:xn--b.example",
        "did:web:xn--bcher-kv.example",
        "did:web:" + "a" * 64 + ".org",
        "did:web:" + "a." * 130 + "org",
        "did:web:example.org:" + "a" * 1_000,
        "DID:web:example.org",
        "did:key:example.org",
        None,
    ],
)
def test_another_did_web_is_refused(did):
    with pytest.raises(KeysError) as caught:
        did_web_url(did)
    assert caught.value.code == "malformed_did"


def test_a_host_in_capitals_has_its_address_in_small_letters():
    assert did_web_url("did:web:Example.ORG%3a8443:A") == "https://example.org:8443/A/did.json"


@given(st.text(max_size=40))
def test_hostile_text_gives_an_https_address_below_its_host_or_an_error(text):
    try:
        url = did_web_url("did:web:" + text)
    except KeysError:
        return
    assert url.startswith("https://")
    assert url.endswith("/did.json")
    assert "/../" not in url
    assert "//" not in url.removeprefix("https://")


@given(st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_any_path_is_refused_or_keeps_its_number_of_segments(path):
    try:
        did = did_web("https://example.org", *path)
    except KeysError:
        return
    assert did.count(":") == 2 + len(path)


@given(st.text(max_size=60))
def test_hostile_base_address_raises_only_keys_error(text):
    for base_url in (text, "https://" + text):
        try:
            did_web(base_url)
        except KeysError:
            continue


def test_did_of_a_verification_method():
    assert did_of("did:web:example.org#key-1") == "did:web:example.org"
    assert did_of("did:web:example.org") == "did:web:example.org"
    assert did_of("did:web:example.org#a#b") == "did:web:example.org"
    with pytest.raises(KeysError):
        did_of({"id": "did:web:example.org#key-1"})
