"""Accents: both pairs of every accent can be read, and what cannot be read is not used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.colours import accent_of, contrast, stylesheet

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1f3f6b", "#ffffff") == pytest.approx(10.6, abs=0.05)


@given(COLOURS)
def test_an_accent_that_is_used_can_be_read_everywhere(colour):
    accent = accent_of(colour)
    if accent is None:
        assert contrast(colour, "#f2f4f4") < 4.5
        return
    assert contrast(accent.light, "#ffffff") >= 4.5
    assert contrast(accent.light, "#f2f4f4") >= 4.5
    assert contrast(accent.on_light, accent.light) >= 4.5
    assert contrast(accent.dark, "#14171a") >= 4.5
    assert contrast(accent.dark, "#1d2125") >= 4.5
    assert contrast(accent.on_dark, accent.dark) >= 4.5


@pytest.mark.parametrize(
    "colour", ["", "red", "#12345", "#1234567", "#ffff00", "#1f3f6b;}body{display:none", "#fff"]
)
def test_what_is_no_dark_colour_is_not_used(colour):
    assert accent_of(colour) is None


def test_the_style_sheet_holds_the_two_pairs():
    accent = accent_of("#54306e")
    text = stylesheet(accent)
    assert "--accent: #54306e; --on-accent: #ffffff;" in text
    assert "prefers-color-scheme: dark" in text
