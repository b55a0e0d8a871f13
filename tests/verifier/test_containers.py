"""From the bytes of a file to the text of its one credential."""

import base64
import contextlib
import gzip
import io
import json
import time
import zipfile

import pdf_files
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ob3.baking import bake
from verifier import containers
from verifier.containers import INPUT_BYTES, ContainerKind, credential_from, kind_of
from verifier.errors import ContainerRefused, LimitHit
from verifier.limited import run_limited

CREDENTIAL = json.dumps(
    {"@context": [], "type": ["VerifiableCredential"], "credentialSubject": {"name": "Nguyễn"}},
    ensure_ascii=False,
)
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def png():
    output = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(output, "PNG")
    return output.getvalue()


def archive():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr("credential.json", CREDENTIAL)
    return output.getvalue()


def refused(data, kind=None, *, isolate=False):
    with pytest.raises(ContainerRefused) as refusal:
        credential_from(data, kind, isolate=isolate)
    assert refusal.value.message.endswith(".")
    return refusal.value.code, refusal.value.limit


FILES = {
    "json": CREDENTIAL.encode(),
    "png": bake(png(), CREDENTIAL),
    "svg": bake(SVG, CREDENTIAL),
    "pdf": pdf_files.pdf(("credential.json", CREDENTIAL.encode())),
}


@pytest.mark.parametrize("isolate", [True, False])
@pytest.mark.parametrize("kind", FILES)
def test_the_credential_comes_out_of_every_kind_of_file(kind, isolate):
    assert credential_from(FILES[kind], isolate=isolate) == (kind, CREDENTIAL)
    assert credential_from(FILES[kind], kind, isolate=isolate).kind is ContainerKind(kind)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_the_stated_kind_is_refused(kind):
    other = "png" if kind == "svg" else "svg"
    assert refused(FILES[kind], other) == ("kind_mismatch", False)


@pytest.mark.parametrize(
    "data",
    [
        JWT.encode(),
        f"\n{JWT}\n".encode(),
        f"{JWT}~WyJhIl0~".encode(),
        f' "{JWT}"\r\n'.encode(),
        bake(png(), JWT),
        bake(SVG, JWT),
        pdf_files.pdf(("a.jwt", JWT.encode())),
        pdf_files.pdf(("a.json", f'"{JWT}"\n'.encode())),
    ],
    ids=["plain", "with line ends", "sd-jwt", "as JSON", "png", "svg", "pdf", "pdf with JSON"],
)
def test_a_jws_is_recognised_wherever_it_is(data):
    kind, text = credential_from(data, isolate=False)
    assert kind is ContainerKind.JWT
    assert text.startswith(JWT)


@pytest.mark.parametrize(
    "data",
    [b"eyJ.a.b.c", b"eyJ..", b"eyJ.a.", b"eyJ=.a==.b", b"ewoJ.a.b", JWT.encode() + b"." + JWT.encode()],
)
def test_a_broken_token_is_taken_for_one_so_that_its_fault_is_told(data):
    assert credential_from(data, isolate=False) == (ContainerKind.JWT, data.decode())


@pytest.mark.parametrize(
    "data",
    [
        b"ey.x",
        b"aaa.bbb.ccc",
        JWT.encode() + b" x",
        b"eyJ!.a.b",
        f'"{JWT}'.encode(),
        f'{JWT}"'.encode(),
        f'""{JWT}""'.encode(),
        f'"{JWT}" "{JWT}"'.encode(),
        f'" {JWT}"'.encode(),
        f'"\\u0065{JWT[1:]}"'.encode(),
        f'\ufeff"{JWT}"'.encode(),
        b'"',
        b'""',
    ],
)
def test_what_is_no_jws_is_not_taken_for_one(data):
    assert refused(data) == ("unknown_kind", False)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b" \r\n\t{",
        b"[1]",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        "{}".encode("utf-16-be"),
        b'{"\xff"}',
    ],
)
def test_all_forms_of_json_go_to_the_parser(data):
    kind, text = credential_from(data, isolate=False)
    assert kind is ContainerKind.JSON
    assert (text if isinstance(text, bytes) else text.encode()) == data


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a....", "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x18ftypheic\0\0", "photograph"),
        (archive(), "ZIP"),
        (gzip.compress(b"{}", mtime=0), "archive"),
        (b"  <!DOCTYPE html><html>", "web page"),
        (b"<html lang=en>", "web page"),
        (b"https://a.example/c/1", "address"),
        (b"hello", "original"),
        (b"\0" * 100, "original"),
        (b"MZ\x90\0", "original"),
        (b"\x89PNG\r\n", "original"),
        (b" %PDF-1.7", "original"),
        (FILES["pdf"][1:], "original"),
    ],
)
def test_other_files_are_refused_with_what_to_do(data, word):
    with pytest.raises(ContainerRefused, match=word) as refusal:
        credential_from(data, isolate=False)
    assert (refusal.value.code, refusal.value.limit) == ("unknown_kind", False)


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_nothing_is_refused(data):
    assert refused(data) == ("empty", False)


def test_a_file_up_to_the_limit_is_read_and_one_byte_more_refused():
    assert credential_from(b"{" + b" " * (INPUT_BYTES - 1), isolate=False).kind == "json"
    assert refused(b"{" + b" " * INPUT_BYTES) == ("too_large", True)


@pytest.mark.parametrize("isolate", [True, False])
@pytest.mark.parametrize(
    "data", [png(), SVG, b"<svg", b"\x89PNG\r\n\x1a\n", b"<x/>", "<svg/>".encode("utf-16")]
)
def test_pictures_without_a_credential_are_refused(data, isolate):
    code, limit = refused(data, isolate=isolate)
    assert code
    assert not limit


def test_a_pdf_is_read_in_the_limited_child_even_where_isolation_is_off(monkeypatch):
    calls = []

    def watched(function, *args):
        calls.append(function.__name__)
        return run_limited(function, *args)

    monkeypatch.setattr(containers, "run_limited", watched)
    credential_from(FILES["pdf"], isolate=False)
    credential_from(FILES["png"], isolate=False)
    assert calls == ["attached_credential"]
    credential_from(FILES["png"], isolate=True)
    assert calls == ["attached_credential", "_unbaked"]


@pytest.mark.parametrize(
    "build",
    [pdf_files.looping_names, pdf_files.looping_pages, pdf_files.wide_names, pdf_files.wide_direct_names],
)
def test_poison_pdfs_are_refused_from_the_child(build):
    assert refused(pdf_files.pdf(build=build), isolate=True)[0] in {
        "no_credential",
        "pdf_damaged",
        "too_many_values",
    }


def test_an_inflate_bomb_in_the_structure_of_a_pdf_is_refused_quickly():
    """The library itself unpacks the table of objects; there the child's memory limit holds."""
    bomb = pdf_files.xref_bomb(600)
    assert len(bomb) < INPUT_BYTES
    started = time.monotonic()
    with pytest.raises((ContainerRefused, LimitHit)):
        credential_from(bomb)
    assert time.monotonic() - started < 15


def quietly(data):
    with contextlib.suppress(ContainerRefused, LimitHit):
        credential_from(data, isolate=False)


STARTS = st.sampled_from(
    [b"", b"\x89PNG\r\n\x1a\n", b"<svg ", b"<?xml version='1.0'?>", b"{", b"ey", b"\xff\xfe"]
)


@given(STARTS, st.binary(max_size=200))
def test_any_bytes_raise_nothing_else(start, data):
    quietly(start + data)


@given(
    st.sampled_from(["json", "png", "svg"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 10_000),
)
def test_changed_and_cut_files_raise_nothing_else(kind, changes, end):
    data = bytearray(FILES[kind])
    for place, value in changes:
        data[place % len(data)] = value
    quietly(bytes(data[: end % (len(data) + 1)] if end % 3 == 0 else data))


@given(st.text(max_size=60))
def test_any_text_raises_nothing_else(text):
    quietly(text.encode("utf-8", "surrogatepass"))
    quietly(base64.b64encode(text.encode("utf-8", "surrogatepass")))


@given(st.binary(max_size=60))
def test_the_kind_is_stable(data):
    with contextlib.suppress(ContainerRefused):
        assert kind_of(data) is kind_of(data)
