"""Pictures of badges: what is taken from a document, and that only pixels of it come back."""

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from verifier import pictures
from verifier.pictures import CPU_SECONDS, LARGEST_SIDE, embedded_bytes, picture_of, redrawn, small_png

OF_THE_ACHIEVEMENT = {"id": "data:image/png;base64,AAAA", "type": "Image"}
OF_THE_CREDENTIAL = {"id": "https://a.example/c.png", "type": "Image"}


def pixels(form="PNG", size=(200, 120), colour=(31, 63, 107), **options):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form, **options)
    return written.getvalue()


def with_achievement(**members):
    return {"credentialSubject": {"achievement": members}}


@pytest.mark.parametrize(
    ("credential", "found"),
    [
        ({**with_achievement(image=OF_THE_ACHIEVEMENT), "image": OF_THE_CREDENTIAL}, OF_THE_ACHIEVEMENT),
        ({**with_achievement(), "image": OF_THE_CREDENTIAL}, OF_THE_CREDENTIAL),
        ({**with_achievement(image="https://a.example/x.png")}, None),
        ({**with_achievement(image=[OF_THE_ACHIEVEMENT])}, None),
        ({"credentialSubject": []}, None),
        ({}, None),
    ],
    ids=["achievement", "credential", "text", "list", "no-subject", "empty"],
)
def test_the_picture_is_that_of_the_achievement_or_of_the_credential(credential, found):
    assert picture_of(credential) == found


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("data:image/png;base64," + base64.b64encode(b"\x89PNG").decode(), b"\x89PNG"),
        ("DATA:image/svg+xml;charset=utf-8,%3Csvg%2F%3E", b"<svg/>"),
        ("data:image/svg+xml;utf8,%3Csvg%20/%3E", b"<svg />"),
        ("data:image/png;base64,iVBO%52w==", base64.b64decode("iVBORw==")),
        ("data:image/png;base64,!!!!", None),
        ("data:text/html,%3Cscript%3E", None),
        ("data:,x", None),
        ("https://a.example/x.png", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_data_address_holds_a_picture_or_nothing(address, held):
    assert embedded_bytes(address) == held


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pixels_are_made_anew_and_small(form):
    with Image.open(io.BytesIO(small_png(pixels(form, (1200, 600))))) as made:
        assert (made.format, made.size) == ("PNG", (LARGEST_SIDE, LARGEST_SIDE // 2))
        assert made.getpixel((5, 5))[3] == 255


def test_nothing_of_the_file_but_its_pixels_comes_back():
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("openbadgecredential", "{secret}")
    made = small_png(pixels(pnginfo=notes) + b"<script>alert(1)</script>")
    assert b"secret" not in made
    assert b"script" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.info == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        pixels("GIF"),
        pixels("BMP"),
        pixels()[:-30],
        pixels(size=(8001, 2)),
        pixels(size=(4000, 2600)),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "head", "gif", "bmp", "cut", "long", "large", "drawing"],
)
def test_what_is_no_such_picture_gives_none(data):
    assert small_png(data) is None
    assert small_png(pixels()) is not None


def test_a_picture_within_the_limits_is_read():
    slow_machine = 4 * CPU_SECONDS
    assert small_png(pixels(size=(3000, 3000)), seconds=slow_machine) is not None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_picture_of_any_kind_keeps_its_colour(mode):
    in_every_palette = (255, 255, 255) if mode == "1" else (51, 102, 153)
    drawn = Image.new("RGB", (1200, 600), in_every_palette).convert(mode)
    written = io.BytesIO()
    drawn.save(written, "PNG")
    with Image.open(io.BytesIO(redrawn(written.getvalue()))) as made:
        assert made.size == (LARGEST_SIDE, LARGEST_SIDE // 2)
        assert made.getpixel((5, 5)) == drawn.convert("RGBA").getpixel((5, 5))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(min_value=0, max_value=400))
def test_no_bytes_make_it_fail(noise, at):
    spoiled = pixels()[:at] + noise
    assert redrawn(noise) is None
    assert redrawn(spoiled) is None or redrawn(spoiled).startswith(b"\x89PNG")


def test_without_computing_time_left_no_child_is_asked(monkeypatch):
    asked = []

    def ask(function, *args, cpu_seconds, **_):
        asked.append(cpu_seconds)
        return function(*args)

    monkeypatch.setattr(pictures, "run_limited", ask)
    assert small_png(pixels(), seconds=0.001) is None
    assert asked == []
    assert small_png(pixels(), seconds=0.3) is not None
    assert asked == [0.3]
