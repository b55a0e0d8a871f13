"""The hash of a canonical form is kept with it, and is that of its text under its own name alone."""

import hashlib

import pytest
from plain_badge import badge

from ob3 import canonicalize
from ob3.canonical import hashed_form
from ob3.hashed_text import HashedText


@pytest.mark.parametrize("name", ["sha256", "sha384"])
@pytest.mark.parametrize("text", ["", "plain", "Nguyễn Thị Minh Anh"])
def test_text_and_bytes_of_it_are_one(text, name):
    expected = hashlib.new(name, text.encode()).digest()
    for given in (text, text.encode()):
        made = HashedText(given, name)
        assert (made.text, made.digest, made.digest) == (text, expected, expected)


def test_each_document_and_each_hash_has_its_own():
    other = {**badge(), "id": "urn:uuid:11111111-1111-4111-8111-111111111111"}
    for document in (badge(), other, badge()):
        for name in ("sha256", "sha384"):
            made = hashed_form(document, hash=name)
            assert made.text == canonicalize(document, hash=name)
            assert made.digest == hashlib.new(name, made.text.encode()).digest()
    assert hashed_form(badge()) is hashed_form(badge())
