"""Uploaded badge pictures: what is accepted, what becomes of it, and each refusal beside an accepted twin."""

import base64
import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, PngImagePlugin

from issuer.badge_upload import MAX_BYTES, BadgeKind, BadgePictureRefused, picture_png, sanitised_badge

SVG = "http://www.w3.org/2000/svg"
RECT = '<rect width="10" height="10" fill="#1f3f6b"/>'


def pixels(form="PNG", size=(200, 120), **options):
    written = io.BytesIO()
    Image.new("RGB", size, (31, 63, 107)).save(written, form, **options)
    return written.getvalue()


def drawing(inside=RECT, head='viewBox="0 0 10 10"', before=""):
    links = f'xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{before}<svg {links} {head}>{inside}</svg>".encode()


def code_of(data):
    with pytest.raises(BadgePictureRefused) as refused:
        sanitised_badge(data)
    assert refused.value.message.endswith(".")
    return refused.value.code


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pixels_become_a_square_png(form):
    picture = sanitised_badge(pixels(form, (300, 150)))
    assert (picture.kind, picture.width, picture.height) == (BadgeKind.PNG, 300, 300)
    assert picture.media_type == "image/png"
    with Image.open(io.BytesIO(picture.data)) as made:
        assert (made.format, made.size, made.mode) == ("PNG", (300, 300), "RGBA")
        assert made.getpixel((0, 0))[3] == 0
        assert made.getpixel((150, 150))[3] == 255


def test_large_pictures_are_made_smaller():
    assert sanitised_badge(pixels(size=(3000, 2000))).width == 1024


def test_noise_stays_light():
    noise = Image.effect_noise((1400, 1400), 90).convert("RGB")
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=80)
    assert len(sanitised_badge(written.getvalue()).data) <= 1024 * 1024


def test_nothing_of_the_file_but_its_pixels_is_kept():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("openbadgecredential", "SECRET-NOTE")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-NOTE"
    for data in (pixels(pnginfo=notes), pixels("JPEG", exif=exif)):
        assert b"SECRET-NOTE" in data
        made = sanitised_badge(data).data
        assert b"SECRET-NOTE" not in made
        assert b"Exif" not in made


def test_the_same_picture_has_the_same_digest_and_is_a_fixed_point():
    once = sanitised_badge(pixels())
    assert once == sanitised_badge(pixels())
    assert sanitised_badge(once.data).digest == once.digest


def oversized_png(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"%PDF-1.7", "picture_kind"),
        (b"GIF89a" + b"\0" * 40, "picture_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "picture_damaged"),
        (pixels()[:-200], "picture_damaged"),
        (pixels("JPEG")[:200], "picture_damaged"),
        (b"RIFF\x10\0\0\0AVI LIST" + b"\0" * 20, "picture_damaged"),
        (pixels(size=(20, 20)), "picture_size"),
        (oversized_png(4100, 4100), "picture_size"),
        (oversized_png(9000, 100), "picture_size"),
        (oversized_png(60_000, 60_000), "picture_size"),
        (pixels() + b"\0" * MAX_BYTES, "picture_too_large"),
    ],
)
def test_pictures_that_are_refused(data, code):
    assert code_of(data) == code


def test_a_drawing_is_written_anew():
    inside = f'<title>Badge</title><g style="fill:#00f;-inkscape-x:1" id="a">{RECT}</g><use xlink:href="#a"/>'
    picture = sanitised_badge(drawing(inside, 'width="40mm" height="20" class="x" id="top"'))
    root = etree.fromstring(picture.data)
    assert (picture.kind, picture.width, picture.height) == (BadgeKind.SVG, 40, 20)
    assert picture.media_type == "image/svg+xml"
    assert dict(root.attrib) == {"id": "top", "viewBox": "0 0 40 20"}
    assert root.find(f"{{{SVG}}}g").get("fill") == "#00f"
    assert root.find(f"{{{SVG}}}use").get("href") == "#a"
    assert picture_png(picture).startswith(b"\x89PNG")
    assert sanitised_badge(picture.data).data == picture.data


def test_what_drawing_programs_note_for_themselves_is_left_out():
    foreign = '<metadata>SECRET</metadata><ink:view xmlns:ink="urn:ink" ink:x="SECRET"/>'
    picture = sanitised_badge(drawing(f"<!-- SECRET --><?SECRET x?>{foreign}{RECT}"))
    assert b"SECRET" not in picture.data
    assert b"urn:ink" not in picture.data


@pytest.mark.parametrize("namespace", ["urn:a{b", "urn:a}b", "{urn:a}b", f"{{{SVG}}}"])
def test_a_namespace_with_braces_is_left_out_as_any_other(namespace):
    # a relative namespace after it makes the parser forget that it did not like the first
    foreign = f'<view xmlns="{namespace}" x="SECRET"/><view xmlns="relative"/>'
    assert b"SECRET" not in sanitised_badge(drawing(f"{foreign}{RECT}")).data


def test_a_picture_inside_a_drawing_is_made_anew_too():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("note", "SECRET-NOTE")
    data = base64.b64encode(pixels(pnginfo=notes)).decode()
    picture = sanitised_badge(drawing(f'<image width="9" height="9" href="data:image/png;base64,{data}"/>'))
    inside = etree.fromstring(picture.data)[0].get("href").partition(",")[2]
    assert b"SECRET-NOTE" not in base64.b64decode(inside)


@pytest.mark.parametrize(
    ("hostile", "code", "twin"),
    [
        ("<script>1</script>", "svg_element", RECT),
        ("<style>*{fill:red}</style>", "svg_element", '<rect width="9" height="9" style="fill:red"/>'),
        ('<foreignObject width="9" height="9"/>', "svg_element", RECT),
        ('<animate attributeName="href" to="x"/>', "svg_element", RECT),
        ("<text>Badge</text>", "svg_element", "<title>Badge</title>"),
        ("<filter/>", "svg_element", "<defs/>"),
        ("<svg/>", "svg_element", "<g/>"),
        ('<a href="https://x.example">x</a>', "svg_element", RECT),
        ('<rect onload="x()" width="9" height="9"/>', "svg_attribute", RECT),
        ('<rect width="expression(1)" height="9"/>', "svg_attribute", RECT),
        ('<rect fill="url(https://x.example/#a)"/>', "svg_reference", '<rect fill="url(#a)"/>'),
        ('<rect style="fill:url(//x.example)"/>', "svg_reference", '<rect style="fill:url(#a)"/>'),
        ('<rect style="src:url(x)"/>', "svg_reference", '<rect style="src:x"/>'),
        ('<g id="a"/><use href="x.svg#a"/>', "svg_reference", '<g id="a"/><use href="#a"/>'),
        ('<image href="https://x.example/a.png"/>', "svg_reference", RECT),
        ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "svg_reference", RECT),
        ('<image href="data:image/png;base64,AAAA"/>', "picture_damaged", RECT),
        ('<path d="M0 0 javascript:x"/>', "svg_reference", '<path d="M0 0 L9 9"/>'),
        (
            '<g id="a"><use href="#b"/></g><g id="b"/><use href="#a"/>',
            "svg_too_complex",
            '<g id="a"/><g id="b"/><use href="#a"/><use href="#b"/>',
        ),
        ("<g>" * 40 + "</g>" * 40, "svg_too_complex", "<g>" * 20 + "</g>" * 20),
        ("<g/>" * 5_001, "svg_too_complex", "<g/>" * 400),
        (
            f'<g id="a">{RECT * 100}</g>' + '<use href="#a"/>' * 300,
            "svg_too_complex",
            f'<g id="a">{RECT}</g>' + '<use href="#a"/>' * 30,
        ),
        ("&copy;", "svg_malformed", RECT),
        ("<rect", "svg_malformed", RECT),
    ],
)
def test_hostile_drawings_and_their_twins(hostile, code, twin):
    assert code_of(drawing(hostile)) == code
    assert sanitised_badge(drawing(twin)).kind is BadgeKind.SVG


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!doctype svg SYSTEM "file:///etc/passwd">',
    ],
)
def test_declarations_are_refused(before):
    assert code_of(drawing(before=before)) == "svg_declarations"
    assert sanitised_badge(drawing(before='<?xml version="1.0" encoding="UTF-8"?>')).kind is BadgeKind.SVG


@pytest.mark.parametrize("head", ["", 'viewBox="0 0 0 0"', 'viewBox="0 0 x 9"', 'width="100%" height="9"'])
def test_a_drawing_says_how_large_it_is(head):
    assert code_of(drawing(head=head)) == "svg_size"


def test_other_xml_and_other_encodings_are_refused():
    assert code_of(b"<html/>") == "svg_malformed"
    assert code_of(drawing().decode().encode("utf-16")) == "picture_kind"
    assert code_of(drawing("<title>" + "x" * 600_000 + "</title>")) == "picture_too_large"


WORDS = st.sampled_from(
    ["rect", "g", "use", "script", "path", "image", "style", "a", "clipPath", "linearGradient", "set"]
)
VALUES = st.one_of(
    st.sampled_from(["#a", "url(#a)", "javascript:alert(1)", "https://x.example", "1", "red", "data:,x"]),
    st.text("ab1(#:;/\\@.&'", max_size=12),
)
NAMES = st.sampled_from(["id", "href", "fill", "d", "onclick", "style", "xlink:href", "width", "clip-path"])
ELEMENTS = st.recursive(
    st.tuples(WORDS, st.dictionaries(NAMES, VALUES, max_size=3), st.just([])),
    lambda inner: st.tuples(WORDS, st.dictionaries(NAMES, VALUES, max_size=3), st.lists(inner, max_size=3)),
    max_leaves=8,
)


def written(element):
    name, attributes, inside = element
    made = etree.Element(f"{{{SVG}}}{name}")
    for key, value in attributes.items():
        made.set(key.replace("xlink:", "{http://www.w3.org/1999/xlink}"), value)
    made.extend(written(each) for each in inside)
    return made


@settings(max_examples=60, deadline=None)
@given(st.lists(ELEMENTS, max_size=4))
def test_whatever_gets_in_can_neither_act_nor_reach_out(elements):
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    root.set("viewBox", "0 0 10 10")
    root.extend(written(each) for each in elements)
    try:
        picture = sanitised_badge(etree.tostring(root))
    except BadgePictureRefused:
        return
    for element in etree.fromstring(picture.data).iter():
        assert etree.QName(element).localname not in ("script", "style", "a", "set")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert ":" not in value or value.startswith("data:image/png;base64,")
            assert "url(" not in value or value.startswith("url(#")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"<svg"])
)
def test_no_bytes_raise_anything_else(tail, magic):
    with contextlib.suppress(BadgePictureRefused):
        sanitised_badge(magic + tail)
