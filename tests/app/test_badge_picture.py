"""The picture of a badge on the page that checks it: ours, one inside the file, and one elsewhere."""

import base64
import io
import re
from urllib.parse import quote

import app_fakes
import pytest
from app_fakes import CODE, report
from PIL import Image, PngImagePlugin
from werkzeug.datastructures import FileStorage

from app.headers import PAGE_POLICY, PICTURED_PAGE_POLICY
from app.pages import badge_picture
from verifier import IssuerTrust, Verdict
from verifier.pictures import small_png

OURS = "https://badges.example.edu"
DRAWN = f"{OURS}/achievements/mc-crs-2026/badge.png"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
RECT = '<rect width="9" height="9" fill="#1f3f6b"/>'
NOT_LOADED = "which would learn of this check: it is not loaded."
NOT_SAFE = "in a form that cannot be shown safely."


def png(text="", size=(200, 200)):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", text)
    written = io.BytesIO()
    Image.new("RGB", size, (31, 63, 107)).save(written, "PNG", pnginfo=notes)
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()


def svg(inside):
    return "data:image/svg+xml," + quote(SVG.format(inside))


def shown(world, credential, address, caption="Badge of the micro-credential", **told):
    credential["credentialSubject"]["achievement"]["image"] = {
        "id": address,
        "type": "Image",
        "caption": caption,
    }
    world.own.answer = world.outside.answer = report(credential=credential, **told)
    return world.post("/verify", data={"text": "{}"})


def pictures(page):
    return re.findall(r'<img class="badge" src="([^"]*)" alt="([^"]*)">', page)


@pytest.mark.parametrize("path", ["/achievements/mc-crs-2026/badge.png", f"/badges/{'a' * 64}.svg"])
def test_a_picture_of_our_own_is_shown_from_its_own_address(world, credential, path):
    answer = shown(world, credential, OURS + path)
    assert pictures(answer.text) == [(path, "Badge of the micro-credential")]
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    paper = world.get(f"/c/{CODE}")
    assert pictures(paper.text) == pictures(answer.text)
    assert paper.headers["X-Robots-Tag"] == answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_pixels_inside_the_document_are_shown_as_we_wrote_them(world, credential):
    answer = shown(world, credential, png("a hidden remark"))
    [(source, words)] = pictures(answer.text)
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    assert data.startswith(b"\x89PNG")
    assert b"hidden remark" not in data
    assert words == "Badge of the micro-credential"
    assert answer.headers["Content-Security-Policy"] == PICTURED_PAGE_POLICY
    assert "img-src 'self' data:;" in PICTURED_PAGE_POLICY
    assert "script-src 'self';" in PICTURED_PAGE_POLICY


def test_a_drawing_inside_the_document_is_written_anew(world, credential):
    [(source, _)] = pictures(shown(world, credential, svg(RECT + "<metadata>note</metadata>")).text)
    data = base64.b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode()
    assert 'fill="#1f3f6b"' in data
    assert "note" not in data


def test_a_drawing_may_hold_pixels(world, credential):
    inner = png("a hidden remark")
    [(source, _)] = pictures(
        shown(world, credential, svg(f'<image width="9" height="9" href="{inner}"/>')).text
    )
    assert inner.encode() not in base64.b64decode(source.removeprefix("data:image/svg+xml;base64,"))


def test_the_pixels_in_a_drawing_share_the_time_of_one_picture(world, credential, monkeypatch):
    drawing = svg(f'<image width="9" height="9" href="{png()}"/>' * 2)
    assert len(pictures(shown(world, credential, drawing).text)) == 1
    asked = []

    def slow(pixels, *, seconds):
        asked.append(seconds)
        ticks.append(ticks[-1] + 0.3)
        return small_png(pixels, seconds=seconds)

    ticks = [5.0]
    monkeypatch.setattr(badge_picture, "cpu_seconds", lambda: ticks[-1])
    monkeypatch.setattr(badge_picture, "small_png", slow)
    assert len(pictures(shown(world, credential, drawing).text)) == 1
    assert asked == pytest.approx([0.5, 0.2])
    three = svg(f'<image width="9" height="9" href="{png()}"/>' * 3)
    assert NOT_SAFE in shown(world, credential, three).text


@pytest.mark.parametrize(
    "address",
    [
        svg(RECT + "<script>alert(1)</script>"),
        svg('<image href="https://tracker.example/p.png"/>'),
        svg('<rect width="9" height="9" onload="alert(1)"/>'),
        "data:image/svg+xml," + quote('<!DOCTYPE svg [<!ENTITY a "a">]>' + SVG.format(RECT)),
        svg('<image width="9" height="9" href="data:image/png;base64,AAAA"/>'),
        "data:image/png;base64,iVBORw0KGgo=",
        "data:image/png;base64,%%%",
        "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
        png(size=(8001, 1)),
    ],
    ids=["script", "elsewhere", "event", "entity", "broken-inside", "cut", "no-base64", "html", "too-long"],
)
def test_what_cannot_be_shown_safely_is_said_and_left_out(world, credential, address):
    answer = shown(world, credential, address)
    assert answer.status_code == 200
    assert pictures(answer.text) == []
    assert NOT_SAFE in answer.text
    assert "tracker.example" not in answer.text
    assert "alert(1)" not in answer.text
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    assert len(pictures(shown(world, credential, svg(RECT)).text)) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://tracker.example/p.png",
        "http://badges.example.edu/badges/x.png",
        f"{OURS}.evil.example/badges/{'a' * 64}.png",
        f"{OURS}/verify",
        f"{OURS}/badges/../console.png",
        f"{OURS}/achievements/a/../../h/badge.png",
        "javascript:alert(1)",
    ],
)
def test_no_other_address_is_ever_loaded(world, credential, address):
    answer = shown(world, credential, address)
    assert pictures(answer.text) == []
    assert NOT_LOADED in answer.text
    assert address not in answer.text
    assert len(pictures(shown(world, credential, DRAWN).text)) == 1


@pytest.mark.parametrize("caption", [None, "", "  "])
def test_without_a_caption_the_badge_s_name_says_what_it_is(world, credential, caption):
    [(_, words)] = pictures(shown(world, credential, DRAWN, caption).text)
    assert words == "Credit Risk Analysis for Small-Business Lending"


def test_words_of_a_picture_stay_words(world, credential):
    [(_, words)] = pictures(shown(world, credential, DRAWN, '"><script>alert(1)</script>' + "x" * 400).text)
    assert words.startswith("&#34;&gt;&lt;script&gt;")
    assert words.endswith("x")
    assert words.count("x") < 300


def test_a_picture_is_the_issuers_choice_and_never_stands_above_the_verdict(world, credential):
    for told in ({}, {"trust": IssuerTrust.unknown}):
        page = shown(world, credential, DRAWN, **told).text
        assert page.index('id="verdict"') < page.index('class="badge"')
        assert "says nothing about whether the certificate is good" in page


@pytest.mark.parametrize("verdict", [Verdict.invalid, Verdict.refused, Verdict.unsupported])
def test_a_file_that_is_no_good_shows_no_picture(world, credential, verdict):
    page = shown(world, credential, DRAWN, verdict=verdict).text
    assert pictures(page) == []
    assert len(pictures(shown(world, credential, DRAWN).text)) == 1


def test_several_files_at_once_are_told_without_pictures(world, credential):
    shown(world, credential, DRAWN)
    files = [FileStorage(io.BytesIO(b"{}"), filename=name) for name in ("a.json", "b.json")]
    for some, count in ((files[:1], 1), (files, 0)):
        for each in some:
            each.stream.seek(0)
        page = world.post("/verify", **app_fakes.multipart(files=some)).text
        assert page.count('class="badge"') == count
