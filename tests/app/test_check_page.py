"""The form for files, links and text: what is read, what is said at the fields, that nothing breaks it."""

import io

import app_fakes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from app.pages.check import MAX_BYTES


def upload(world, *files, **fields):
    files = [FileStorage(io.BytesIO(content), filename=name) for name, content in files]
    return world.post("/verify", **app_fakes.multipart(files=files, **fields))


def test_a_file_is_handed_to_the_verifier_as_it_is(world):
    answer = upload(world, ("badge.png", b"\x89PNG\r\n\x00"), recipient="anna@example.edu")
    assert answer.status_code == 200
    assert world.outside.asked == [(b"\x89PNG\r\n\x00", "anna@example.edu")]
    assert "Is this the right address?" not in answer.text


def test_several_files_give_a_list(world):
    answer = upload(world, ("a.json", b"{}"), ("<b>.json", b"{}"), ("c.json", b"{}"))
    assert "Results of 3 files" in answer.text
    assert "<bdi>a.json</bdi>" in answer.text
    assert "<b>.json" not in answer.text
    assert len(world.outside.asked) == 3


@pytest.mark.parametrize("text", ["https://a.example/badge.json", "http://a.example/badge.json"])
def test_an_address_is_fetched_by_the_verifier(world, text):
    assert world.post("/verify", data={"text": f" {text} "}).status_code == 200
    assert world.outside.asked == [(text, None)]


def test_an_address_of_our_own_page_leads_there(world):
    own = f"https://badges.example.edu/c/{app_fakes.CODE}"
    answer = world.post("/verify", data={"text": own})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/c/{app_fakes.CODE}")
    assert (
        world.post("/verify", data={"text": "https://badges.example.edu/c//evil.example"}).status_code == 200
    )


@pytest.mark.parametrize("text", ["{}", "eyJhbGciOiJFZERTQSJ9.e30.x"])
def test_a_credential_is_read_as_text(world, text):
    assert world.post("/verify", data={"text": text}).status_code == 200
    assert world.outside.asked == [(text.encode(), None)]


@pytest.mark.parametrize("text", ["", "hello", "[]", "ftp://a.example", "javascript:alert(1)", "<script>"])
def test_anything_else_is_explained_beside_the_field(world, text):
    answer = world.post("/verify", data={"text": text})
    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="paste-note"' in answer.text
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert world.outside.asked == []


def test_a_large_file_and_too_many_files_are_explained(world):
    assert "larger than 5 MB" in upload(world, ("big.pdf", b"a" * (MAX_BYTES + 1))).text
    assert upload(world, ("big.pdf", b"a" * MAX_BYTES)).status_code == 200
    many = [(f"{n}.json", b"{}") for n in range(16)]
    assert "more than 15 files" in upload(world, *many).text
    assert upload(world, *many[:15]).status_code == 200


def test_nothing_is_kept_of_what_was_handed_in(world, tmp_path):
    before = sorted(path.name for path in tmp_path.rglob("*"))
    upload(world, ("a.json", b"{}"), ("b.json", b"{}"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert "Set-Cookie" not in world.post("/verify", data={"text": "{}"}).headers


@pytest.mark.parametrize(
    "body",
    [
        b"text=%ff%fe%00",
        b"text=\xff\xfe\x00{",
        b"text={%00}",
        b"text=%ED%A0%80",
        b"=&=&text",
        b"\x00" * 100,
        "text={\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_a_form_that_is_not_utf8_breaks_nothing(world, body):
    kinds = (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
    )
    for kind in kinds:
        assert world.post("/verify", data=body, content_type=kind).status_code < 500


@pytest.mark.parametrize("boundary", ['""', "é", "x" * 300, '"a b"', "\\"])
def test_a_strange_boundary_breaks_nothing(world, boundary):
    kind = f"multipart/form-data; boundary={boundary}"
    assert world.post("/verify", data=b"--x\r\n\r\n--x--", content_type=kind).status_code < 500


@given(
    text=st.one_of(st.text(), st.text().map("{".__add__), st.text().map("https://".__add__)),
    who=st.text(max_size=400),
)
@settings(max_examples=40)
def test_whatever_is_pasted_gets_a_page(hypothesis_world, text, who):
    fields = {"text": text.encode("utf-8", "replace"), "recipient": who.encode("utf-8", "replace")}
    assert hypothesis_world.post("/verify", data=fields).status_code in (200, 303, 422)


@given(content=st.binary(max_size=2000), name=st.text(min_size=1, max_size=200))
@settings(max_examples=40)
def test_whatever_is_uploaded_gets_a_page(hypothesis_world, content, name):
    name = name.encode("utf-8", "replace").decode()
    data = {"files": [(io.BytesIO(content), name)]}
    answer = hypothesis_world.post("/verify", data=data, content_type="multipart/form-data")
    assert answer.status_code < 500


@given(path=st.text(max_size=60))
@settings(max_examples=40)
def test_whatever_is_asked_for_gets_a_page(hypothesis_world, path):
    safe = path.encode("utf-8", "replace").decode()
    for start in ("/", "/c/", "/h/", "/s/", "/status/", "/institutions/", "/achievements/", "/static/"):
        assert hypothesis_world.get(start + safe.replace("?", "").replace("#", "")).status_code < 500


@pytest.fixture(scope="module")
def hypothesis_world(tmp_path_factory):
    import json
    from pathlib import Path

    sample = json.loads((Path(__file__).parent / "credential.json").read_text("utf-8"))
    return app_fakes.World(tmp_path_factory.mktemp("world"), sample)
