"""What is served: the context's bytes are pinned, the schema names the deployment, a credential passes it."""

import hashlib
import json

import jsonschema_rs
import pytest

from microcredential import (
    CONTEXT_PATH,
    SCHEMA_PATH,
    accepted_context_digests,
    context,
    context_digest,
    context_text,
    schema_text,
)

CONTEXT_SHA256 = "24edef7c405564efe56cbfaa55e9e7cbe21159c6306214759e83d34ecc6047b7"
BASE = "https://badges.example.edu.vn"


def test_the_context_is_the_published_one_byte_for_byte():
    assert hashlib.sha256(context_text()).hexdigest() == CONTEXT_SHA256
    assert context_digest() == "uEiAk7e98QFVk7-Vsv6pV6efL4hFZxjBiFHWeg9NOzGBHtw"


def test_the_digest_in_the_example_is_that_of_the_served_bytes(example):
    assert example["relatedResource"][0]["digestMultibase"] == context_digest()
    assert accepted_context_digests() == {context_digest(): context()}


def test_a_caller_cannot_change_the_context():
    context()["@context"]["Concept"] = None
    assert context()["@context"]["Concept"]


def test_the_schema_names_its_deployment():
    schema = json.loads(schema_text("http://127.0.0.1:8000/"))
    assert schema["$id"] == "http://127.0.0.1:8000" + SCHEMA_PATH
    assert schema["properties"]["@context"]["contains"]["const"] == "http://127.0.0.1:8000" + CONTEXT_PATH
    assert b"base_url" not in schema_text(BASE)


@pytest.mark.parametrize(("base", "valid"), [(BASE, True), ("https://elsewhere.example", False)])
def test_the_served_schema_accepts_the_credentials_of_its_deployment(base, valid, example):
    assert jsonschema_rs.validator_for(json.loads(schema_text(base))).is_valid(example) is valid
