"""The page of a selection never says of a part what only the whole could say."""

import html
import io
import re

import app_fakes
import pytest
from simulator import World, as_bytes
from werkzeug.datastructures import FileStorage

from keys import SecretKey
from ob3 import add_proof
from ob3.selective import derive
from verifier import TrustEntry

NO_END = "No end date: the achievement does not lapse."
KEY = SecretKey.from_seed(b"\7" * 32, "P-256")
SHOWN = ("/id", "/name", "/issuer", "/validFrom", "/credentialSubject")


@pytest.fixture
def outside():
    return World()


@pytest.fixture
def issuer(outside):
    return outside.issuer("badges.keystone.example")


def page_of(world, outside, issuer, document):
    """Give the page for a document of an issuer that is known, as the real verifier reports on it."""
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone Institute", country="US")
    world.outside = outside.verifier(trust=[entry])
    files = [FileStorage(io.BytesIO(as_bytes(document)), filename="file")]
    text = world.post("/verify", **app_fakes.multipart(files=files)).text
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_a_part_is_not_said_to_have_no_end(world, outside, issuer):
    method = issuer.publish_key("key-p256", KEY)
    base = add_proof(
        issuer.credential(),
        signer=KEY.signer(method),
        created="2026-02-02T00:00:00Z",
        cryptosuite="ecdsa-sd-2023",
        mandatory_pointers=(),
    )
    part = derive(base, selective_pointers=SHOWN)
    page = page_of(world, outside, issuer, {**part, "proof": [part["proof"]]})
    assert "This certificate is good" in page
    assert NO_END not in page
    assert "whether it has an end is not among the parts shown" in page
    assert "whether the issuer keeps a list of withdrawals is not among the parts shown" in page
    assert "Ask the holder for a selection that shows validUntil and credentialStatus." in page


def test_a_whole_certificate_without_an_end_is_said_to_have_none(world, outside, issuer):
    page = page_of(world, outside, issuer, issuer.sign(issuer.credential()))
    assert NO_END in page
    assert "among the parts shown" not in page
