"""Credentials attached to PDFs: found where they may be, and every trick refused beside its harmless twin."""

import contextlib
import io
import json
import zlib

import pdf_files
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream

from verifier.errors import ContainerRefused
from verifier.pdf import ATTACHMENT_BYTES, attached_credential

CREDENTIAL = json.dumps({"@context": [], "type": ["VerifiableCredential"], "credentialSubject": {}}).encode()
OTHER = CREDENTIAL.replace(b"{}", b'{"id":"urn:x"}')
JWT = b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln"


def refused(data):
    with pytest.raises(ContainerRefused) as refusal:
        attached_credential(data)
    assert refusal.value.message.endswith(".")
    return refusal.value.code, refusal.value.limit


def in_document_af(document):
    document.Root.AF = Array([pdf_files.specification(document, CREDENTIAL)])


def in_page_af(document):
    document.pages[0].obj.AF = pdf_files.specification(document, CREDENTIAL)


def under_another_name(document):
    stream = document.make_indirect(Stream(document, CREDENTIAL))
    pdf_files.embed(document, Dictionary(Type=Name.Filespec, EF=Dictionary(UF=stream)))


def in_tree_and_af(document):
    one = pdf_files.specification(document, CREDENTIAL)
    pdf_files.embed(document, one)
    document.Root.AF = Array([one])


@pytest.mark.parametrize(
    "build",
    [in_document_af, in_page_af, under_another_name, in_tree_and_af, pdf_files.deep_names(20, CREDENTIAL)],
)
def test_a_credential_is_found_wherever_it_is_attached(build):
    assert attached_credential(pdf_files.pdf(build=build)) == CREDENTIAL


@pytest.mark.parametrize(
    "save",
    [
        {},
        {"compress_streams": False},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
    ],
)
def test_the_way_a_pdf_is_stored_does_not_matter(save):
    assert attached_credential(pdf_files.pdf(("credential.json", CREDENTIAL), **save)) == CREDENTIAL


def test_other_attachments_do_not_matter():
    others = [("a.csv", b"x,y"), ("b.json", b'{"colour":1}'), ("c.xml", b"<x/>"), ("big", b"\xff" * 900_000)]
    assert attached_credential(pdf_files.pdf(*others, ("credential.json", CREDENTIAL))) == CREDENTIAL


def test_a_broken_credential_is_left_to_the_parser():
    broken = CREDENTIAL[:-1]
    assert attached_credential(pdf_files.pdf(("credential.json", broken))) == broken


def test_a_jws_is_found():
    assert attached_credential(pdf_files.pdf(("credential.jwt", JWT))) == JWT


def test_one_credential_twice_is_one_and_two_are_refused():
    assert attached_credential(pdf_files.pdf(("a", CREDENTIAL), ("b", CREDENTIAL))) == CREDENTIAL
    assert refused(pdf_files.pdf(("a", CREDENTIAL), ("b", OTHER))) == ("several_credentials", False)
    assert refused(pdf_files.pdf(("a", CREDENTIAL), ("b", JWT))) == ("several_credentials", False)
    assert refused(pdf_files.pdf(("a", CREDENTIAL), ("b", CREDENTIAL + b" ")))[0] == "several_credentials"
    escaped = CREDENTIAL.replace(b"credentialSubject", b"\\u0063redentialSubject")
    assert refused(pdf_files.pdf(("a", CREDENTIAL), ("b", escaped)))[0] == "several_credentials"


def test_a_second_credential_in_an_af_array_is_refused():
    def build(document):
        pdf_files.embed(document, pdf_files.specification(document, CREDENTIAL))
        document.pages[0].obj.AF = Array([pdf_files.specification(document, OTHER)])

    assert refused(pdf_files.pdf(build=build))[0] == "several_credentials"


def test_two_streams_of_one_attachment_must_agree():
    def build(document):
        streams = [document.make_indirect(Stream(document, content)) for content in (CREDENTIAL, OTHER)]
        pdf_files.embed(document, Dictionary(EF=Dictionary(F=streams[0], UF=streams[1])))

    assert refused(pdf_files.pdf(build=build))[0] == "several_credentials"


@pytest.mark.parametrize(
    "attachments",
    [[], [("a.txt", b"hello")], [("b.json", b"{}")], [("c.txt", b"Notes about the credentialSubject.")]],
)
def test_a_pdf_without_a_credential_says_so(attachments):
    assert refused(pdf_files.pdf(*attachments)) == ("no_credential", False)


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_pdf_is_refused(user):
    data = pdf_files.pdf(("a", CREDENTIAL), encryption=pikepdf.Encryption(user=user, owner="owner"))
    assert refused(data) == ("pdf_encrypted", False)


def revised(first, second):
    """Return a PDF whose second revision, appended to the first, attaches something else."""
    original = pdf_files.pdf(
        ("a", first), object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False
    )
    with pikepdf.open(io.BytesIO(original)) as document:
        stream = document.Root.Names.EmbeddedFiles.Names[1].EF.F
        number, size = stream.objgen[0], len(document.objects) + 1
        root = document.Root.objgen[0]
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, len(second)) + second + b"\nendstream\nendobj\n"
    previous = original.rindex(b"startxref")
    previous_offset = int(original[previous:].split()[1])
    table = (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            number,
            len(original),
            size,
            root,
            previous_offset,
            len(original) + len(body),
        )
    )
    return original + body + table


def test_only_the_last_revision_counts():
    assert attached_credential(revised(CREDENTIAL, OTHER)) == OTHER
    assert refused(revised(CREDENTIAL, b"hello"))[0] == "no_credential"


@pytest.mark.parametrize(
    ("filters", "pack"),
    [
        ([Name.FlateDecode, Name.FlateDecode], lambda data: zlib.compress(zlib.compress(data))),
        ([Name.ASCIIHexDecode, Name.FlateDecode], lambda data: zlib.compress(data).hex().encode() + b">"),
        ([Name.ASCIIHexDecode], lambda data: data.hex().encode() + b">"),
        ([Name.RunLengthDecode], lambda data: b"\x80"),
    ],
)
def test_stacked_and_uncommon_filters_are_refused(filters, pack):
    def build(document):
        pdf_files.embed(document, pdf_files.raw_stream(document, pack(CREDENTIAL), Array(filters)))

    assert refused(pdf_files.pdf(build=build, compress_streams=False, stream_decode_level=NO_DECODING)) == (
        "pdf_filters",
        False,
    )


NO_DECODING = pikepdf.StreamDecodeLevel.none


@pytest.mark.parametrize("filters", [Name.FlateDecode, Array([Name.FlateDecode])])
def test_one_deflate_filter_is_read(filters):
    def build(document):
        pdf_files.embed(document, pdf_files.raw_stream(document, zlib.compress(CREDENTIAL), filters))

    assert attached_credential(pdf_files.pdf(build=build, stream_decode_level=NO_DECODING)) == CREDENTIAL


def test_a_deflate_stream_that_breaks_off_is_damaged():
    def build(document):
        raw = zlib.compress(CREDENTIAL)[:-9]
        pdf_files.embed(document, pdf_files.raw_stream(document, raw, Name.FlateDecode))

    assert refused(pdf_files.pdf(build=build, stream_decode_level=NO_DECODING)) == ("pdf_damaged", False)


def padded(size):
    return CREDENTIAL[:-1] + b" " * (size - len(CREDENTIAL)) + b"}"


def test_an_attachment_up_to_the_limit_is_read_and_one_byte_more_refused():
    assert attached_credential(pdf_files.pdf(("a", padded(ATTACHMENT_BYTES)))) == padded(ATTACHMENT_BYTES)
    assert refused(pdf_files.pdf(("a", padded(ATTACHMENT_BYTES + 1)))) == ("too_large", True)
    plain = pdf_files.pdf(("a", padded(ATTACHMENT_BYTES + 1)), compress_streams=False)
    assert refused(plain) == ("too_large", True)


def test_a_deflate_bomb_is_cut():
    bomb = pdf_files.pdf(("a", b"\0" * (200 * 1024 * 1024)))
    assert len(bomb) < 1024 * 1024
    assert refused(bomb) == ("too_large", True)


def test_too_many_attachments_are_refused():
    few = [(str(number), b"x") for number in range(20)]
    assert attached_credential(pdf_files.pdf(*few, ("a", CREDENTIAL))) == CREDENTIAL
    assert refused(pdf_files.pdf(*[(str(number), b"x") for number in range(3000)])) == (
        "too_many_values",
        True,
    )


def test_one_attachment_more_than_the_most_is_refused():
    most = [(str(number), b"x") for number in range(63)]
    assert attached_credential(pdf_files.pdf(*most, ("a", CREDENTIAL))) == CREDENTIAL
    assert refused(pdf_files.pdf(*most, ("a", CREDENTIAL), ("b", b"x"))) == ("too_many_values", True)


@pytest.mark.parametrize(("length", "words"), [(1_990, "no "), (4_001, "entries in one list")])
def test_a_list_too_long_is_refused_before_its_entries_are_read(length, words):
    def build(document):
        document.Root.AF = Array([0] * length)

    with pytest.raises(ContainerRefused) as refusal:
        attached_credential(pdf_files.pdf(build=build))
    assert words in refusal.value.message


@pytest.mark.parametrize("build", [pdf_files.looping_names, pdf_files.looping_pages, pdf_files.wide_names])
def test_loops_end(build):
    assert refused(pdf_files.pdf(build=build)) in {("no_credential", False), ("pdf_damaged", False)}


def test_a_credential_beside_a_loop_is_found():
    def build(document):
        pdf_files.looping_names(document)
        document.Root.AF = Array([pdf_files.specification(document, CREDENTIAL)])

    assert attached_credential(pdf_files.pdf(build=build)) == CREDENTIAL


def test_deep_and_wide_trees_are_refused():
    assert refused(pdf_files.pdf(build=pdf_files.deep_names(200, CREDENTIAL))) == ("too_deep", True)
    assert refused(pdf_files.pdf(build=pdf_files.wide_direct_names)) == ("too_many_values", True)


def test_actions_and_scripts_are_ignored():
    def build(document):
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        document.Root.AA = Dictionary(WC=Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe")))

    assert attached_credential(pdf_files.pdf(("a", CREDENTIAL), build=build)) == CREDENTIAL


def test_odd_shapes_are_no_attachments():
    def build(document):
        document.Root.Names = Dictionary(
            EmbeddedFiles=Dictionary(Names=Array([1, 2, 3, Dictionary(EF=4), 5]), Kids=Array([6, Name.X]))
        )
        document.Root.AF = Array([Dictionary(EF=Dictionary(F=Array([])))])

    assert refused(pdf_files.pdf(build=build)) == ("no_credential", False)


def test_a_damaged_pdf_is_not_mended():
    whole = pdf_files.pdf(("a", CREDENTIAL))
    for data in (
        whole[:-30],
        whole[: len(whole) // 2],
        b"%PDF-1.7\n%%EOF",
        whole.replace(b"startxref", b"startxxxx"),
    ):
        assert refused(data) == ("pdf_damaged", False)


WHOLE = pdf_files.pdf(
    ("a", CREDENTIAL), compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
def test_changed_bytes_never_raise_anything_else(changes):
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    with contextlib.suppress(ContainerRefused):
        attached_credential(bytes(data))


@given(st.binary(max_size=300).map(lambda data: b"%PDF-1.7\n" + data))
def test_any_bytes_never_raise_anything_else(data):
    with pytest.raises(ContainerRefused):
        attached_credential(data)
