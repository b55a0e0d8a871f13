"""The published list and the DID of who signs it, as other sites read them."""

import json

import pytest
from two_deployments import LIST, PUBLISHER, TwoDeployments

from keys.did import keys_from_did_document
from ob3 import verify_proof


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    made = TwoDeployments(tmp_path_factory.mktemp("two"))
    made.first = made.app_of_first.test_client()
    yield made
    made.close()


def get(two, path, **headers):
    return two.first.get(path, base_url="https://badges.example.edu", headers=headers)


def test_the_list_is_served_as_it_was_signed(two):
    answer = get(two, "/trust-list.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_data(as_text=True) == two.files.text()
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["id"] == LIST
    assert answer.json["publisher"]["id"] == PUBLISHER


def test_who_has_it_already_is_told_so(two):
    tag = get(two, "/trust-list.json").headers["ETag"]
    assert get(two, "/trust-list.json", **{"If-None-Match": tag}).status_code == 304
    assert get(two, "/trust-list.json", **{"If-None-Match": '"another"'}).status_code == 200


def test_the_did_document_holds_the_key_of_the_list(two):
    answer = get(two, "/.well-known/did.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/did+json")
    listed = json.loads(two.files.text())
    key = keys_from_did_document(answer.json, PUBLISHER)[listed["proof"]["verificationMethod"]]
    assert verify_proof(listed, verification_key=key)


@pytest.mark.parametrize("path", ["/trust-list.json", "/.well-known/did.json"])
def test_where_nothing_was_published_there_is_nothing(two, path):
    answer = two.web.get(path, base_url=two.settings.base_url)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_damaged_file_is_served_to_nobody(tmp_path):
    two = TwoDeployments(tmp_path)
    first = two.app_of_first.test_client()
    folder = two.office.folder / "trust-list"
    for path, name in (("/trust-list.json", "list.json"), ("/.well-known/did.json", "consortium.json")):
        assert first.get(path, base_url="https://badges.example.edu").status_code == 200
        (folder / name).write_bytes(b"\xff")
        answer = first.get(path, base_url="https://badges.example.edu")
        assert (answer.status_code, answer.json["code"]) == (503, "trust_files")
    assert first.get("/", base_url="https://badges.example.edu").status_code == 200
    two.close()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_writes_there(two, method):
    answer = getattr(two.first, method)("/trust-list.json", base_url="https://badges.example.edu")
    assert answer.status_code in (400, 405)


def test_the_first_page_leads_to_the_list_where_there_is_one(two):
    assert 'href="/trust-list.json"' in get(two, "/").get_data(as_text=True)
    assert "/trust-list.json" not in two.web.get("/", base_url=two.settings.base_url).get_data(as_text=True)
