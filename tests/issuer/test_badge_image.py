"""The pictures of an achievement: sizes, sameness, and SVG that can carry a credential."""

import io
from dataclasses import replace

import pytest
from certificate_samples import BARE, CROWDED, CZECH, ENGLISH, LAO, VIETNAMESE
from lxml import etree
from PIL import Image

import issuer.badge_image
import ob3
from issuer.badge_image import BadgeInput, badge_png, badge_svg, baked_png, baked_svg, share_card_png
from issuer.errors import IssuerError

SVG = "{http://www.w3.org/2000/svg}"
CREDENTIAL = '{"name": "Nguyễn Thị ນາງ"}'
LONG_LAO = replace(BadgeInput.of(LAO), titles={"lo": LAO.titles["lo"] * 3}, demonstration=True)
ENDLESS = replace(BadgeInput.of(CROWDED), titles={"en": "Word" * 50}, level="Level with a long name " * 6)

BADGES = [
    *(BadgeInput.of(each) for each in (ENGLISH, VIETNAMESE, LAO, CZECH, BARE, CROWDED)),
    LONG_LAO,
    ENDLESS,
]


def _picture(png):
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("badge", BADGES)
def test_badge_is_600_pixels_square_with_its_accent(badge):
    picture = _picture(badge_png(badge))
    assert picture.size == (600, 600)
    accent = tuple(bytes.fromhex(badge.accent[1:]))
    assert picture.getpixel((300, 55)) == accent
    assert picture.getpixel((300, 20)) == (255, 255, 255)


@pytest.mark.parametrize("badge", BADGES)
def test_nothing_stands_in_the_margins_of_the_badge(badge):
    inside = _picture(badge_png(badge)).convert("L").crop((10, 10, 590, 590))
    left, top, right, bottom = Image.eval(inside, lambda value: 255 if value < 200 else 0).getbbox()
    assert min(left, top) >= 35
    assert max(right, bottom) <= 545


@pytest.mark.parametrize("badge", BADGES)
def test_share_card_has_the_open_graph_size_and_free_margins(badge):
    picture = _picture(share_card_png(badge, holder_name=CROWDED.learner_name))
    assert picture.size == (1200, 630)
    left, _, right, bottom = Image.eval(
        picture.convert("L"), lambda value: 255 if value < 200 else 0
    ).getbbox()
    assert left >= 68
    assert right <= 1132
    assert bottom <= 610


def test_a_badge_is_drawn_once_for_all_who_earn_it(monkeypatch):
    drawn, real = [], issuer.badge_image.typeset
    monkeypatch.setattr(
        issuer.badge_image,
        "typeset",
        lambda *given, **named: (drawn.append(named["form"]), real(*given, **named))[1],
    )
    badge = replace(BadgeInput.of(ENGLISH), titles={"en": "Drawn once"})
    first = [ob3.unbake(baked_png(badge, f'{{"name": "{number}"}}')) for number in range(3)]
    assert first == ['{"name": "0"}', '{"name": "1"}', '{"name": "2"}']
    assert drawn == ["png"]
    badge_svg(badge)
    badge_png(replace(badge, accent="#7a1f1f"))
    assert drawn == ["png", "svg", "png"]


def test_same_badge_gives_the_same_bytes_and_another_does_not():
    badge, other = BADGES[0], replace(BADGES[0], ects="4")
    first = badge_png(badge), badge_svg(badge)
    issuer.badge_image._drawn.cache_clear()
    assert (badge_png(badge), badge_svg(badge)) == first
    assert badge_png(badge) != badge_png(other)
    assert badge_svg(badge) != badge_svg(other)


@pytest.mark.parametrize("badge", BADGES)
def test_svg_is_one_clean_root_without_scripts_fonts_or_other_files(badge):
    root = etree.fromstring(badge_svg(badge))
    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("height")) == ("300pt", "300pt")
    names = {element.tag.removeprefix(SVG) for element in root.iter() if isinstance(element.tag, str)}
    assert names <= {"svg", "g", "path", "defs", "symbol", "use", "clipPath", "rect"}
    links = [
        value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")
    ]
    assert links
    assert all(link.startswith("#") for link in links)


def test_badge_takes_from_a_certificate_what_names_nobody():
    badge = BadgeInput.of(ENGLISH)
    assert badge.level == "VQF level 6, Viet Nam"
    assert ENGLISH.learner_name not in repr(badge)


def test_holder_whose_name_cannot_be_printed_is_refused():
    with pytest.raises(IssuerError) as refused:
        share_card_png(BADGES[0], holder_name="漢")
    assert refused.value.code == "unprintable_character"
    assert share_card_png(BADGES[0], holder_name="Hán")


@pytest.mark.parametrize("bake", [baked_png, baked_svg])
def test_baked_picture_holds_the_credential_unchanged(bake):
    assert ob3.unbake(bake(BADGES[0], CREDENTIAL)) == CREDENTIAL


@pytest.mark.parametrize("bake", [baked_png, baked_svg])
def test_what_is_no_credential_is_not_baked(bake):
    with pytest.raises(IssuerError) as refused:
        bake(BADGES[0], "no credential")
    assert refused.value.code == "baking_refused"
