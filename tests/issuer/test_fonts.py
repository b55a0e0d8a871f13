"""The vendored fonts are the files of the manifest, and what they cannot print is named."""

import hashlib
import json

import pytest
import typst
from hypothesis import assume, given
from hypothesis import strategies as st

from issuer.errors import IssuerError
from issuer.fonts import FONTS, check_printable, unprintable
from issuer.typesetter import _fonts

MANIFEST = json.loads((FONTS / "manifest.json").read_text("utf-8"))

PRINTABLE = [chr(code) for code in range(0x20000) if not unprintable(chr(code))]

NAMES = (
    "Nguyễn Thị Phương Thảo Đặng Ưu ữ ẫ ặ ộ ỷ",
    "ນາງ ພອນສະຫວັນ ແກ້ວມະນີ ໝາຍ ກີ່ ຊື້ ຕໍ່າ ປີ້ ໐໑໒",
    "Šťastný Příhoda Ďurovič Žluťoučký kůň",
    "Đurđica Šćepanović Čačić",
    "Niccolò D’Amico, Zoé Lefèvre-Œuvrard",
    "Wójcik Łukasz, Ángel Muñoz, Müller, Søren",
)


def test_files_are_those_of_the_manifest():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}
    assert found == {name: entry["sha256"] for name, entry in MANIFEST["files"].items()}
    assert len(found) == 8


def test_each_font_names_its_package_version_and_licence():
    for entry in MANIFEST["files"].values():
        assert entry["npm_package"].startswith("@")
        assert entry["version"]
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / entry["licence"]).read_text("utf-8")


def test_typst_sees_exactly_the_four_families():
    assert set(_fonts().families()) == {"Noto Sans", "Noto Sans Lao", "Noto Serif", "Noto Serif Lao"}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_pilot_can_be_printed(name):
    assert unprintable(name) == []
    check_printable(name)


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("Lê 漢字 漢", ["漢", "字"]),
        ("Anna 😀", ["😀"]),
        ("ສົມ สม", ["ส", "ม"]),
        ("Eve\u202emada", ["\u202e"]),
        ("Bob\x00", ["\x00"]),
        ("\ue000", ["\ue000"]),
        ("\ud800", ["\ud800"]),
        ("नेहा", ["न", "े", "ह", "ा"]),
        ("ກ\u0323", ["\u0323"]),
    ],
)
def test_what_no_font_has_is_listed_once_in_order(name, characters):
    assert unprintable(name) == characters
    with pytest.raises(IssuerError) as refused:
        check_printable(name)
    assert refused.value.code == "unprintable_character"


def test_marks_are_printed_on_the_letters_whose_font_has_them():
    assert unprintable("Nguye\u0302\u0303n \u0e81\u0eb5\u0ec8") == []
    assert unprintable("ế\u0eb5") == ["\u0eb5"]


def test_message_names_character_unicode_name_and_code_point():
    with pytest.raises(IssuerError, match=r"“漢” \(CJK UNIFIED IDEOGRAPH-6F22, U\+6F22\)"):
        check_printable("Lê 漢")
    with pytest.raises(IssuerError, match=r"“\\u202e” \(RIGHT-TO-LEFT OVERRIDE, U\+202E\)") as refused:
        check_printable("Eve\u202e")
    assert "\u202e" not in refused.value.message


def _typst_prints(compiler, text):
    try:
        compiler.compile(format="pdf", sys_inputs={"text": text}, pdf_standards=["a-3a", "ua-1"])
    except typst.TypstError:
        return False
    return True


@pytest.fixture(scope="module")
def bare_page(tmp_path_factory):
    source = tmp_path_factory.mktemp("typst") / "bare.typ"
    source.write_text(
        '#set document(title: "t", date: datetime(year: 2026, month: 1, day: 1))\n'
        '#set text(lang: "en", font: ("Noto Serif", "Noto Serif Lao"))\n#sys.inputs.text\n',
        "utf-8",
    )
    return typst.Compiler(str(source), font_paths=_fonts())


@pytest.mark.parametrize(
    "text", [*NAMES, "Ελλάδα", "Україна", "a\u200bb", "zero\u00a0width\u00adsoft", "→ № ₫ ₭ €"]
)
def test_what_we_call_printable_typst_prints(bare_page, text):
    found = unprintable(text)
    assert _typst_prints(bare_page, "".join(c for c in text if c not in found))


@pytest.mark.parametrize("character", ["漢", "😀", "ส", "\ue000", "\u0637", "\u10d0"])
def test_what_we_call_unprintable_typst_refuses(bare_page, character):
    assert unprintable(character) == [character]
    assert not _typst_prints(bare_page, f"Anna {character}")


def test_all_that_we_call_printable_typst_prints(bare_page):
    assert _typst_prints(bare_page, " ".join(PRINTABLE))


@given(st.text(st.sampled_from(PRINTABLE), min_size=1, max_size=12))
def test_printable_characters_stay_printable_side_by_side(bare_page, text):
    assume(not unprintable(text))
    assert _typst_prints(bare_page, f"{text}.")
