"""Failures as pages and as problem documents, and what a fault of ours tells the world: nothing."""

import json

import pytest
from app_fakes import CODE, World


def test_a_fault_of_ours_is_a_page_without_its_cause(world, capsys):
    def broken(_code):
        raise RuntimeError("secret-of-the-database Nguyễn")

    world.office.credential_by_code = broken
    answer = world.get(f"/c/{CODE}")
    assert answer.status_code == 500
    assert "It is our fault" in answer.text
    assert "This says nothing about the certificate or its holder." in answer.text
    log = capsys.readouterr()
    assert "RuntimeError" in log.out + log.err
    for told in (answer.text, log.out, log.err):
        assert "secret-of-the-database" not in told
        assert CODE not in told


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nope", "GET", 404), ("/verify", "DELETE", 405), ("/status/x", "GET", 404), ("/c/x", "GET", 404)],
)
def test_programs_get_problem_documents(world, path, method, status):
    answer = world.web.open(path, method=method, base_url=world.settings.base_url, headers={"Accept": "*/*"})
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    document = json.loads(answer.data)
    assert document["status"] == status
    assert document["detail"].endswith(".")
    assert document["instance"].endswith(answer.headers["X-Request-Id"])


def test_browsers_get_the_designed_page(world):
    answer = world.get("/nope")
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address." in answer.text
    assert f"404 · {answer.headers['X-Request-Id']}" in answer.text


def test_what_is_allowed_is_said(world):
    assert "GET" in world.web.delete("/verify", base_url=world.settings.base_url).headers["Allow"]


def test_too_often_has_its_own_words(tmp_path, credential):
    world = World(tmp_path, credential, TESTAMUR_LIMIT_CODES="1 per minute")
    world.get("/c/x")
    answer = world.get("/c/x")
    assert answer.status_code == 429
    assert "keeps strangers from guessing" in answer.text
