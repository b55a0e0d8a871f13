"""The contexts are the published ones, byte for byte as packaged."""

import hashlib
import json

import pytest

from ob3.contexts import (
    CONTEXTS,
    OB3,
    OB3_EXTENSIONS,
    PINNED,
    PINNED_EXAMPLES,
    VC1,
    VC2,
    context_digest,
)

ALL = [*PINNED, *PINNED_EXAMPLES]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.url)
def test_a_pinned_file_has_the_bytes_and_the_content_of_the_manifest(entry):
    assert hashlib.sha256(entry.read()).hexdigest() == entry.sha256
    assert context_digest(json.loads(entry.read())) == entry.rfc8785_sha256
    assert entry.package.startswith(("npm:", "pypi:"))


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.url)
def test_a_pinned_context_says_what_the_published_one_says(entry, reference):
    published = json.loads((reference / "contexts/contexts.json").read_bytes())[entry.url]
    data = (reference / published["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == published["sha256"]
    assert context_digest(json.loads(data)) == entry.rfc8785_sha256


def test_the_open_badges_context_is_the_body_of_june_2026():
    assert "endorsementJwt" in json.dumps(CONTEXTS[OB3])


def test_the_contexts_of_todays_badges_are_there():
    assert {VC1, VC2, OB3, OB3_EXTENSIONS} <= CONTEXTS.keys()


def test_a_digest_does_not_depend_on_white_space_or_order_but_on_content():
    assert context_digest({"a": 1, "b": [2]}) == context_digest(json.loads('{ "b":[2],  "a":1 }'))
    assert context_digest({"a": 1}) != context_digest({"a": 2})


def test_the_context_of_examples_is_not_among_those_of_credentials():
    assert [one.url for one in PINNED_EXAMPLES] == ["https://www.w3.org/ns/credentials/examples/v2"]
    assert CONTEXTS.keys().isdisjoint(one.url for one in PINNED_EXAMPLES)
