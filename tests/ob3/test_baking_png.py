"""Credentials in PNG pictures: the official samples, exact round trips, refusals, damaged files."""

import json
import pickle
import zlib

import pytest
from baked_pictures import gives_its_credential, refused
from hypothesis import given
from hypothesis import strategies as st

from ob3 import baking
from ob3.baking import BakingLimits, bake, unbake
from ob3.errors import BakingRefused

CREDENTIAL = '{"type":["VerifiableCredential"],"name":"Trần Thị Bình ສົມສັກ"}'
JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
KEYWORD = b"openbadgecredential"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


IHDR = chunk(b"IHDR", bytes.fromhex("00000001000000010806000000"))
IDAT = chunk(b"IDAT", zlib.compress(bytes(5)))
IEND = chunk(b"IEND")
PLAIN = SIGNATURE + IHDR + chunk(b"tEXt", b"Title\0Badge") + IDAT + IEND


def picture(*parts: bytes) -> bytes:
    return b"".join([SIGNATURE, IHDR, *parts, IDAT, IEND])


def text_chunk(text: bytes = CREDENTIAL.encode(), flags: bytes = b"\0\0", language: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", KEYWORD + b"\0" + flags + language + text)


@pytest.mark.parametrize(
    ("name", "start"),
    [("valid/simple-json.png", "{"), ("valid/simple-jwt.png", "eyJ"), ("warning/simple-jwt_v1.png", "eyJ")],
)
def test_the_official_pictures_give_their_credentials(reference, name, start):
    gives_its_credential((reference / "samples" / name).read_bytes(), start)


@given(
    st.dictionaries(
        st.text(max_size=20), st.text(max_size=40) | st.floats(allow_nan=False) | st.none(), max_size=5
    ),
    st.booleans(),
)
def test_what_is_baked_comes_out_unchanged(members, ascii_only):
    text = json.dumps(members, ensure_ascii=ascii_only)
    try:
        baked = bake(PLAIN, text)
    except BakingRefused as error:
        assert any("\ud800" <= character <= "\udfff" for character in text), error  # noqa: PT017
        return
    assert unbake(baked) == text


def test_a_baked_picture_has_one_uncompressed_chunk_after_its_header_and_all_it_had():
    baked = bake(PLAIN, CREDENTIAL)
    assert baked == SIGNATURE + IHDR + text_chunk() + PLAIN[len(SIGNATURE + IHDR) :]
    assert bake(PLAIN, CREDENTIAL.encode()) == baked
    assert unbake(bake(PLAIN, JWS)) == JWS


def test_baking_again_replaces_the_credential():
    old = picture(text_chunk(), chunk(b"tEXt", KEYWORD + b"\0old"), chunk(b"zTXt", KEYWORD + b"\0\0x"))
    assert bake(old, '{"new":true}') == bake(picture(), '{"new":true}')


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (picture(), "no_credential"),
        (picture(chunk(b"iTXt", b"openbadges" + b"\0" * 5 + b"{}")), "no_credential"),
        (picture(chunk(b"iTXt", KEYWORD.upper() + b"\0" * 5 + b"{}")), "no_credential"),
        (picture(chunk(b"prIv", text_chunk()[8:-4])), "no_credential"),
        (picture(text_chunk(), text_chunk()), "two_credentials"),
        (picture(text_chunk(), chunk(b"tEXt", KEYWORD + b"\0{}")), "two_credentials"),
        (picture(chunk(b"tEXt", KEYWORD + b"\0{}")), "credential_form"),
        (picture(chunk(b"tEXt", text_chunk()[8:-4])), "credential_form"),
        (picture(chunk(b"zTXt", KEYWORD + b"\0\0" + zlib.compress(b"{}"))), "credential_form"),
        (picture(text_chunk(zlib.compress(b"{}"), flags=b"\1\0")), "credential_form"),
        (picture(text_chunk(flags=b"\0\1")), "credential_form"),
        (picture(chunk(b"iTXt", KEYWORD)), "credential_form"),
        (picture(chunk(b"iTXt", KEYWORD + b"\0\0\0\0")), "malformed_png"),
        (picture(text_chunk(b"https://example.org/badge.json")), "malformed_credential"),
        (picture(text_chunk(b"[]")), "malformed_credential"),
        (picture(text_chunk(b"")), "malformed_credential"),
        (picture(text_chunk(b"{\xff}")), "malformed_credential"),
        (picture(text_chunk(b"{\0}")), "malformed_credential"),
        (SIGNATURE + IDAT + IEND, "malformed_png"),
        (SIGNATURE + chunk(b"IHDR", b"short") + text_chunk() + IEND, "malformed_png"),
        (picture(text_chunk(), IHDR), "malformed_png"),
        (picture(text_chunk())[:-1], "malformed_png"),
        (SIGNATURE + IHDR + text_chunk(), "malformed_png"),
        (picture(text_chunk()) + b"\0", "malformed_png"),
        (picture(text_chunk()) + picture(text_chunk()), "malformed_png"),
        (picture(text_chunk()[:-1] + b"\0"), "malformed_png"),
        (picture(text_chunk(), chunk(b"1234")), "malformed_png"),
        (picture(text_chunk(), b"\xff\xff\xff\xffIDAT"), "malformed_png"),
        (SIGNATURE, "malformed_png"),
        (b"\xff\xd8\xff\xe0 a photograph", "not_an_image"),
        (b"", "not_an_image"),
    ],
)
def test_a_picture_with_a_fault_is_refused(image, code):
    refused(lambda: unbake(image), code)


@pytest.mark.parametrize(
    "image",
    [
        picture(text_chunk()),
        SIGNATURE + IHDR + IDAT + text_chunk() + IEND,
        picture(text_chunk(language=b"en\0Credential\0")),
        picture(text_chunk(b" \r\n" + CREDENTIAL.encode() + b"\n")),
        picture(text_chunk(), chunk(b"iTXt", b"Comment" + b"\0" * 5 + b"openbadgecredential")),
        picture(text_chunk(), chunk(b"prIv", text_chunk()[8:-4])),
    ],
)
def test_the_sound_twins_are_read(image):
    assert unbake(image) == CREDENTIAL


@pytest.mark.parametrize(
    "text", ["", "x", "[]", " {}", "{}\n", "{", '{"a":"\ud800"}', b"{\xff}", "{\0}", "a.b", "a.b.c "]
)
def test_a_text_that_is_no_credential_is_not_baked(text):
    refused(lambda: bake(PLAIN, text), "malformed_credential")


@pytest.mark.parametrize("part", [IHDR, IDAT, text_chunk(), chunk(b"tEXt", b"Title\0Badge")])
def test_nothing_is_baked_into_a_picture_of_which_a_part_was_damaged(part):
    image = picture(text_chunk(), chunk(b"tEXt", b"Title\0Badge"))
    assert unbake(bake(image, '{"new":1}')) == '{"new":1}'
    damaged = image.replace(part, part[:-5] + bytes([part[-5] ^ 1]) + part[-4:])
    assert "checksum" in refused(lambda: bake(damaged, '{"new":1}'), "malformed_png")


@pytest.mark.parametrize("lost", [1, 4, 12, 13, 40])
def test_a_picture_that_is_cut_off_is_said_to_be(lost):
    image = picture(text_chunk())
    assert "is cut off" in refused(lambda: unbake(image[:-lost]), "malformed_png")
    assert unbake(image) == CREDENTIAL


def test_a_picture_that_does_not_give_the_credential_back_is_not_given_away(monkeypatch):
    other = bake(PLAIN, '{"other":1}')
    assert unbake(bake(PLAIN, CREDENTIAL)) == CREDENTIAL
    monkeypatch.setattr(baking, "bake_png", lambda *_, **__: other)
    refused(lambda: bake(PLAIN, CREDENTIAL), "not_baked")


def test_limits_stop_the_work_and_say_so():
    limits = BakingLimits(image_bytes=2_000, credential_bytes=200, png_chunks=10)
    text = '{"a":"' + "x" * 192 + '"}'
    assert unbake(bake(PLAIN, text, limits=limits), limits=limits) == text
    refused(lambda: bake(PLAIN, text + " ", limits=limits), "credential_too_large", limit=True)
    refused(
        lambda: unbake(picture(text_chunk(b"{" + b" " * 200 + b"}")), limits=limits),
        "credential_too_large",
        limit=True,
    )
    refused(lambda: unbake(picture(*[chunk(b"tEXt")] * 8), limits=limits), "too_many_chunks", limit=True)
    refused(lambda: unbake(PLAIN + bytes(2_000), limits=limits), "image_too_large", limit=True)
    refused(lambda: bake(PLAIN + bytes(2_000), text, limits=limits), "image_too_large", limit=True)


def test_a_refusal_crosses_to_another_process():
    with pytest.raises(BakingRefused) as caught:
        unbake(bytes(7 * 2**20))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (again.code, again.message, again.limit) == ("image_too_large", caught.value.message, True)


BAKED = bake(PLAIN, CREDENTIAL)


@given(st.integers(0, len(BAKED)), st.integers(0, 40), st.binary(max_size=40))
def test_damaged_pictures_are_read_unchanged_or_refused(at, length, noise):
    image = BAKED[:at] + noise + BAKED[at + length :]
    try:
        text = unbake(image)
    except BakingRefused:
        return
    assert text == CREDENTIAL


@given(
    st.lists(
        st.tuples(st.sampled_from([b"iTXt", b"tEXt", b"IHDR", b"IEND", b"IDAT"]), st.binary(max_size=60))
    )
)
def test_any_sequence_of_sound_chunks_raises_only_our_error(parts):
    noise = [chunk(kind, KEYWORD + b"\0" + data if kind == b"iTXt" else data) for kind, data in parts]
    for image in (SIGNATURE + b"".join(noise), picture(*noise)):
        for action in (unbake, lambda i: bake(i, CREDENTIAL)):
            try:
                action(image)
            except BakingRefused:
                continue
