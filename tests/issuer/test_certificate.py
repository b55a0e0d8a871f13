"""The certificate: its words, its bytes, and its page as a picture."""

import io
import json
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from certificate_samples import BARE, CROWDED, CZECH, ENGLISH, LAO, VIETNAMESE, WIDE_LOGO, compared
from PIL import Image

from issuer.certificate import certificate_data, render_certificate, render_certificate_png
from issuer.certificate_words import languages
from issuer.errors import IssuerError

SAMPLES = {
    "english": ENGLISH,
    "vietnamese": VIETNAMESE,
    "lao": LAO,
    "czech": CZECH,
    "bare": BARE,
    "crowded": CROWDED,
    "crowded lao": replace(CROWDED, language="lo", titles=LAO.titles, outcomes=LAO.outcomes * 4),
    "crowded french": replace(CROWDED, language="fr"),
    "endless words": replace(ENGLISH, learner_name="Ná" * 60, titles={"en": "Word" * 60}),
}
CREDENTIAL = '{ "name": "Nguyễn Thị ນາງ \\u0041",\r\n "proof": [] }\n'


@pytest.fixture(scope="module")
def page():
    """Render each sample once: its PDF bytes by name."""
    made = {}

    def render(name):
        if name not in made:
            made[name] = render_certificate(certificate_data(SAMPLES[name]), CREDENTIAL)
        return made[name]

    return render


def _text(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return " ".join(text.split())


@pytest.mark.parametrize("name", SAMPLES)
def test_is_one_a4_landscape_page(page, name):
    document = pypdfium2.PdfDocument(page(name))
    assert len(document) == 1
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [297, 210]
    document.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_qr_reads_from_the_page_at_150_dpi(page, name):
    document = pypdfium2.PdfDocument(page(name))
    picture = document[0].render(scale=150 / 72).to_pil()
    document.close()
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == SAMPLES[name].verify_url
    assert found.ec_level == "M"


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_stands_in_the_margins(page, name):
    """Ink stands only between the margins: nothing is cut or pushed off the page."""
    document = pypdfium2.PdfDocument(page(name))
    picture = document[0].render(scale=1).to_pil().convert("L")
    document.close()
    millimetre = picture.width / 297
    left, top, right, bottom = Image.eval(picture, lambda value: 255 if value < 200 else 0).getbbox()
    assert left >= 17.4 * millimetre
    assert right <= 279.6 * millimetre
    assert top >= 5 * millimetre
    assert bottom <= 197 * millimetre


def test_attaches_the_credential_byte_for_byte(page):
    with pikepdf.open(io.BytesIO(page("lao"))) as document:
        assert list(document.attachments) == ["credential.json"]
        attached = document.attachments["credential.json"]
        assert attached.get_file().read_bytes() == CREDENTIAL.encode()
        assert attached.get_file().mime_type == "application/vc+ld+json"
        assert attached.obj["/AFRelationship"] == "/Source"


def test_declares_pdf_a_3a_and_pdf_ua_1_and_is_tagged(page):
    with pikepdf.open(io.BytesIO(page("vietnamese"))) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "vi-VN"


def test_same_input_gives_the_same_bytes(page):
    again = render_certificate(certificate_data(ENGLISH), CREDENTIAL)
    assert again == page("english")
    assert again != render_certificate(certificate_data(ENGLISH), CREDENTIAL + " ")


def test_says_in_english_all_that_it_must(page):
    text = _text(page("english"))
    for words in (
        "Example University of Economics and Finance",
        "Hà Nội, Việt Nam",
        "Nguyễn Thị Minh Anh",
        "Student number UEF-2231-0457",
        "Credit Risk Analysis for Small-Business Lending",
        "3 ECTS credits · 90 hours",
        "VQF level 6, Viet Nam",
        "6 April to 20 June 2026",
        "taught in English",
        "30 June 2026",
        "No. MC-2026-000457",
        "Assoc. Prof. Trần Quốc Bảo",
        "sealed by the university on 3 July 2026",
        "badges.example.edu.vn/c",
        "7KQ2-M9TX",
        "Micro-credential",
        "Chứng chỉ vi mô",
    ):
        assert words in text
    assert "Demonstration" not in text


def test_marks_a_demonstration_in_the_language_of_the_page(page):
    assert "Bản trình diễn: mọi thông tin ở đây đều là hư cấu" in _text(page("vietnamese"))
    assert "Ukázka: všechny údaje jsou smyšlené" in _text(page("czech"))
    assert "Demonstration: everything here is invented" in _text(page("crowded"))


def test_many_outcomes_end_with_a_word_where_the_rest_stands(page):
    assert "and more: all outcomes stand on the verification page" in _text(page("crowded"))
    assert "and more" not in _text(page("english"))


def test_long_address_prints_without_added_characters(page):
    assert CROWDED.shown_address in _text(page("crowded")).replace(" ", "")


def test_every_level_prints_with_its_basis(page):
    facts = {fact["term"]: fact["lines"] for fact in certificate_data(CROWDED)["facts"]}
    assert facts["Level"][0] == "VQF level 6, Viet Nam"
    assert facts["Level"][1].startswith("Level assigned by the awarding institution")
    assert facts["Level"][2].startswith("EQF level 6: Only indicative: not referenced to the EQF")


@pytest.mark.parametrize("language", sorted(languages() - {"lo"}))  # readers of PDF repeat Lao letters
def test_that_a_level_is_not_referenced_prints_in_every_language(language):
    said = replace(ENGLISH, language=language, levels=(compared(language, "LNQF"),))
    printed = _text(render_certificate(certificate_data(said), CREDENTIAL)).replace(" ", "")
    assert compared(language, "LNQF")[1].replace(" ", "") in printed


def test_leaves_out_what_is_not_given():
    data = certificate_data(BARE)
    assert [fact["term"] for fact in data["facts"]] == ["Awarded"]
    assert data["signatory"] is None
    assert data["words"]["signed_note"] == "Electronically sealed by the university on 1 January 2026."
    assert data["title_other"] == []
    assert "kind_other" not in data["words"]
    assert "logo_svg" not in data["institution"]


def test_many_assessments_are_shortened_and_few_are_not():
    assert certificate_data(CROWDED)["facts"][2]["lines"][-1] == "and more: see the verification page"
    assert certificate_data(ENGLISH)["facts"][2]["lines"] == list(ENGLISH.assessments)


def test_language_without_words_falls_back_to_english():
    data = certificate_data(replace(ENGLISH, language="sr-Cyrl"))
    assert data["lang"] == "en"
    assert data["title"]["text"] == ENGLISH.titles["en"]


def test_language_without_a_title_keeps_its_words_and_takes_the_english_title():
    data = certificate_data(replace(BARE, language="it"))
    assert data["words"]["kind"] == "Microcredenziale"
    assert data["title"] == {"lang": "en", "text": "Tax"}


def test_name_with_a_character_that_no_font_has_is_refused_by_name():
    for render in (lambda data: render_certificate(data, "{}"), render_certificate_png):
        with pytest.raises(IssuerError, match=r"CJK UNIFIED IDEOGRAPH-6F22, U\+6F22") as refused:
            render(certificate_data(replace(ENGLISH, learner_name="Lê 漢")))
        assert refused.value.code == "unprintable_character"
        assert render(certificate_data(replace(ENGLISH, learner_name="Lê Hán")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accent": "red"}, "accent_unreadable"),
        ({"accent": '#1f3f6b"'}, "accent_unreadable"),
        ({"titles": {}}, "text_missing"),
        ({"institution_names": {}}, "text_missing"),
        ({"ects": "three"}, "number_unreadable"),
        ({"hours": "Infinity"}, "number_unreadable"),
        ({"verify_url": "https://a.example/" + "x" * 400}, "address_too_long"),
    ],
)
def test_refuses_what_cannot_be_set(change, code):
    with pytest.raises(IssuerError) as refused:
        certificate_data(replace(ENGLISH, **change))
    assert refused.value.code == code


@pytest.mark.parametrize("logo", ["not a picture", "<svg", '<svg xmlns="http://www.w3.org/2000/svg"><g>'])
def test_logo_that_is_no_svg_is_refused_and_one_that_is_prints(logo):
    with pytest.raises(IssuerError) as refused:
        render_certificate(certificate_data(replace(ENGLISH, logo_svg=logo)), "{}")
    assert refused.value.code == "page_refused"
    assert render_certificate(certificate_data(replace(ENGLISH, logo_svg=WIDE_LOGO)), "{}")


def test_text_that_looks_like_typst_is_text():
    hostile = '#panic("x") *bold* $x$ @ref // \\ ] [ <label> `raw`'
    data = certificate_data(replace(ENGLISH, learner_name=hostile))
    assert hostile in _text(render_certificate(data, "{}"))


def test_data_are_plain_json():
    data = certificate_data(LAO)
    assert json.loads(json.dumps(data)) == data


def test_png_has_the_width_of_the_page_at_its_resolution():
    picture = Image.open(io.BytesIO(render_certificate_png(certificate_data(ENGLISH), ppi=50)))
    assert abs(picture.width - 297 / 25.4 * 50) < 2


def test_second_language_is_that_of_the_titles():
    assert certificate_data(ENGLISH)["words"]["kind_other"] == {"lang": "vi", "text": "Chứng chỉ vi mô"}
    french = certificate_data(replace(ENGLISH, language="fr"))
    assert french["words"]["kind_other"] == {"lang": "en", "text": "Micro-credential"}


def test_endless_word_stays_in_its_column(page):
    document = pypdfium2.PdfDocument(page("endless words"))
    text = document[0].get_textpage()
    column = text.get_text_bounded(left=0, right=(18 + 174) / 25.4 * 72)
    document.close()
    assert "Ná" * 60 in "".join(column.split())
