"""Credentials in SVG pictures: the official samples, exact round trips, hostile XML, damaged files."""

import json

import pytest
from baked_pictures import gives_its_credential, refused
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from yardsticks import yardsticks

from ob3.baking import BakingLimits, bake, unbake
from ob3.errors import BakingRefused

CREDENTIAL = '{"type":["VerifiableCredential"],"name":"Trần Thị Bình ສົມສັກ"}'
JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
PLAIN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Badge</title><path d="M0 0"/></svg>'
)
DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


def svg(body: str, before: str = "") -> bytes:
    return f"{before}<svg {NAMES}>{body}</svg>".encode()


def credential(text: str = CREDENTIAL) -> str:
    return f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"


@pytest.mark.parametrize(
    ("name", "start"),
    [("valid/simple-json.svg", "{"), ("valid/simple-jwt.svg", "eyJ"), ("warning/simple-jwt_v1.svg", "eyJ")],
)
def test_the_official_pictures_give_their_credentials(reference, name, start):
    gives_its_credential((reference / "samples" / name).read_bytes(), start)


def test_json_stands_in_cdata_and_a_jws_in_an_attribute_first_in_the_svg():
    assert bake(PLAIN, CREDENTIAL).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" '
        f'viewBox="0 0 1 1">{credential()}<title>Badge</title><path d="M0 0"/></svg>'
    )
    assert f'viewBox="0 0 1 1"><openbadges:credential verify="{JWS}"/><title>'.encode() in bake(PLAIN, JWS)
    assert unbake(bake(PLAIN, JWS)) == JWS


@given(
    st.dictionaries(
        st.text(max_size=20),
        st.text(max_size=40)
        | st.sampled_from(["]]>", "<![CDATA[", "]]", "<!ENTITY x>", "&amp;&#13;", "-->"]),
        max_size=5,
    ),
    st.booleans(),
    st.sampled_from([None, 1]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_baked_comes_out_unchanged(members, ascii_only, indent, line_end):
    text = json.dumps(members, ensure_ascii=ascii_only, indent=indent).replace("\n", line_end)
    try:
        baked = bake(PLAIN, text)
    except BakingRefused:
        assert not text.isascii()
        assert any("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" for c in text)
        return
    assert unbake(baked) == text


@pytest.mark.parametrize(
    "text", ['{"a":"]]>"}', '{"a":"]]]>>]]>"}', '{\r\n"a":\r1}', '{"a":"\x7f\x85\u2028"}']
)
def test_text_that_xml_would_change_is_kept(text):
    assert unbake(bake(PLAIN, text)) == text


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\x0b", "\x01"])
def test_a_character_that_xml_has_not_is_refused_and_its_escape_accepted(character):
    refused(lambda: bake(PLAIN, f'{{"a":"{character}"}}'), "svg_character")
    escaped = json.dumps({"a": character})
    assert unbake(bake(PLAIN, escaped)) == escaped


def test_baking_again_replaces_every_credential_and_keeps_the_rest():
    old = svg(
        f"\n  {credential('{}')}\n  <g>a{credential('{}')}b</g><style><![CDATA[a > b]]></style>", DOCTYPE
    )
    baked = bake(old, CREDENTIAL)
    assert bake(baked, CREDENTIAL) == baked
    assert baked.count(b"<openbadges:credential>") == 1
    assert b"<g>ab</g><style><![CDATA[a > b]]></style>" in baked
    root = etree.fromstring(baked)
    assert root[0].tag.endswith("credential")
    assert not root.text


def test_prefixes_that_only_values_use_are_kept():
    image = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ex="urn:ex"><g class="ex:name"/></svg>'
    assert b'xmlns:ex="urn:ex"' in bake(image, CREDENTIAL)


def test_a_prefix_used_for_something_else_is_refused():
    image = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"/>'
    refused(lambda: bake(image, CREDENTIAL), "svg_prefix_taken")


LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FILE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
DEFAULTED = '<!DOCTYPE svg [<!ATTLIST g verify CDATA "a.b.c">]>'


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (svg(""), "no_credential"),
        (svg("<openbadges:assertion/>"), "no_credential"),
        (svg('<credential xmlns="http://openbadges.org">{}</credential>'), "no_credential"),
        (svg(credential() + credential()), "two_credentials"),
        (svg(f"{credential()}<g>{credential()}</g>"), "two_credentials"),
        (svg(f'<openbadges:credential verify="{JWS}">{{}}</openbadges:credential>'), "two_credentials"),
        (svg(f"<g>{credential()}</g>"), "credential_form"),
        (svg("<openbadges:credential>{<b/>}</openbadges:credential>"), "credential_form"),
        (svg("<openbadges:credential>{<!-- x -->}</openbadges:credential>"), "credential_form"),
        (svg("<openbadges:credential>{&x;}</openbadges:credential>", DOCTYPE), "credential_form"),
        (svg("<openbadges:credential/>"), "malformed_credential"),
        (svg('<openbadges:credential verify=""/>'), "malformed_credential"),
        (svg('<openbadges:credential verify="https://example.org"/>'), "malformed_credential"),
        (svg('<openbadges:credential verify="{}"/>'), "malformed_credential"),
        (svg("<openbadges:credential>&x;</openbadges:credential>"), "malformed_svg"),
        (svg("<g>"), "malformed_svg"),
        (svg(credential()) + b"<svg/>", "malformed_svg"),
        (svg(credential(), "<!-- no end "), "malformed_svg"),
        (svg(credential(), "<?xml version='1.0' encoding='utf-8' more='1'?>"), "malformed_svg"),
        (svg(credential(), LAUGHS), "svg_doctype"),
        (svg(credential(), FILE), "svg_doctype"),
        (svg(credential(), DEFAULTED), "svg_doctype"),
        (svg(credential(), "<!DOCTYPE svg []>"), "svg_doctype"),
        (svg(credential(), f"<!-- x -->{LAUGHS}"), "svg_doctype"),
        (svg(credential(), DOCTYPE * 2), "svg_doctype"),
        (svg(credential(), DOCTYPE.replace("svg ", "html ")), "svg_doctype"),
        (svg(credential(), DOCTYPE.replace("DOCTYPE", "doctype")), "svg_doctype"),
        (svg(credential(), '<?xml version="1.0" encoding="UTF-7"?>'), "svg_encoding"),
        (svg(credential(), '<?xml version="1.0" encoding="ISO-8859-1"?>'), "svg_encoding"),
        (b"<svg>\xff</svg>", "svg_encoding"),
        (svg(credential()).decode().encode("utf-16-be"), "not_an_image"),
        (b"<html><body/></html>", "not_an_image"),
        (b"<svg/>", "not_an_image"),
        (b"<", "malformed_svg"),
    ],
)  # fmt: skip
def test_a_picture_with_a_fault_is_refused(image, code):
    refused(lambda: unbake(image), code)


@pytest.mark.parametrize(
    "image",
    [
        svg(credential()),
        svg(f"\n <title>x</title>{credential()}"),
        svg(credential(f"\n {CREDENTIAL}\r\n")),
        svg(credential(), DOCTYPE),
        svg(credential(), "<!DOCTYPE svg>"),
        svg(credential(), "<!DOCTYPE svg SYSTEM 'svg.dtd' >"),
        svg(
            credential(),
            f'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n<!-- a -->{DOCTYPE}<?b c?>\n',
        ),
        b"\xef\xbb\xbf" + svg(credential()),
        svg(f"<openbadges:credential>{CREDENTIAL}</openbadges:credential>"),
        svg(credential()).replace(b"xmlns:openbadges", b"xmlns:ob").replace(b"openbadges:", b"ob:"),
        svg(credential() + "<text>&lt;!ENTITY x&gt;</text>"),
    ],
)
def test_the_sound_twins_are_read(image):
    assert unbake(image) == CREDENTIAL


@pytest.mark.parametrize("before", ["<!-- no end ", "<?ends not "])
def test_a_comment_or_instruction_without_end_is_named(before):
    sentence = refused(lambda: unbake(svg(credential(), before)), "malformed_svg")
    assert "comment or instruction without end" in sentence


def test_limits_stop_the_work_and_say_so():
    limits = BakingLimits(svg_bytes=1_000, credential_bytes=100)
    assert unbake(svg(credential()), limits=limits) == CREDENTIAL
    refused(lambda: unbake(svg(credential() + " " * 1_000), limits=limits), "image_too_large", limit=True)
    long = '{"a":"' + "x" * 100 + '"}'
    refused(lambda: unbake(svg(credential(long)), limits=limits), "credential_too_large", limit=True)


def test_nesting_beyond_measure_is_a_limit():
    assert unbake(svg(credential() + "<g>" * 200 + "</g>" * 200)) == CREDENTIAL
    refused(lambda: unbake(svg(credential() + "<g>" * 300 + "</g>" * 300)), "malformed_svg", limit=True)


@pytest.mark.parametrize("filler", ["<g/>", "<!---->", "<?a?>", "a", '<g xmlns:a="b"/>', "&lt;"])
def test_the_largest_pictures_are_read_quickly(filler):
    image = svg(credential() + filler * (2_090_000 // len(filler)))
    assert yardsticks(lambda: unbake(image)) < 20
    assert unbake(image) == CREDENTIAL


def test_a_long_prolog_is_read_quickly():
    image = svg(credential(), "<!---->\n" * 250_000)
    assert yardsticks(lambda: unbake(image)) < 20
    assert unbake(image) == CREDENTIAL


BAKED = bake(PLAIN, CREDENTIAL)


@given(
    st.integers(0, len(BAKED)),
    st.integers(0, 40),
    st.binary(max_size=30) | st.sampled_from([b"&x;", b"<", b"]]>"]),
)
def test_damaged_pictures_raise_only_our_error(at, length, noise):
    image = BAKED[:at] + noise + BAKED[at + length :]
    for action in (unbake, lambda i: bake(i, CREDENTIAL)):
        try:
            action(image)
        except BakingRefused:
            continue


@given(st.text(max_size=60))
def test_any_xml_like_text_raises_only_our_error(text):
    for image in (text, "<" + text, f"<svg {NAMES}>{text}</svg>", f"<!DOCTYPE svg {text}><svg/>"):
        try:
            unbake(image.encode("utf-8", "surrogatepass"))
        except BakingRefused:
            continue
