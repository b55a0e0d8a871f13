"""Colours: what an institution's accent becomes on a page, checked for contrast.

Contrast ratios and relative luminance are those of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

import re
from dataclasses import dataclass

TEXT_CONTRAST = 4.5
_LIGHT_GROUNDS = ("#ffffff", "#f2f4f4")  # --paper and --wash of testamur.css
_DARK_GROUNDS = ("#14171a", "#1d2125")
_WHITE, _DARK = "#ffffff", "#101418"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Accent:
    """An accent and the text colour on it, for light and for dark pages."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def accent_of(colour: str) -> Accent | None:
    """Make the two pairs of an accent, or None when it cannot be read on white.

    The dark accent is the light one mixed with white until it can be read on a dark page.
    """
    if not _HEX.fullmatch(colour):
        return None
    on_light = max(_WHITE, _DARK, key=lambda text: contrast(text, colour))
    grounds = min(contrast(colour, ground) for ground in _LIGHT_GROUNDS)
    if min(grounds, contrast(on_light, colour)) < TEXT_CONTRAST:
        return None
    dark = next(mixed for mixed in _paler(colour) if min(contrast(mixed, g) for g in _DARK_GROUNDS) >= 7)
    return Accent(colour, on_light, dark, _DARK)


def least_contrast(colour: str) -> float | None:
    """Give the least contrast of an accent with what it stands on or under it, None for no colour."""
    if not _HEX.fullmatch(colour):
        return None
    on_it = max(contrast(text, colour) for text in (_WHITE, _DARK))
    return min(on_it, *(contrast(colour, ground) for ground in _LIGHT_GROUNDS))


def stylesheet(accent: Accent) -> str:
    """Write the style sheet that follows testamur.css on an institution's pages."""
    return (
        f":root {{ --accent: {accent.light}; --on-accent: {accent.on_light}; }}\n"
        "@media (prefers-color-scheme: dark) "
        f"{{ :root {{ --accent: {accent.dark}; --on-accent: {accent.on_dark}; }} }}\n"
        "@media print { :root { --accent: #000; } }\n"
    )


def _paler(colour: str) -> list[str]:
    channels = _channels(colour)
    mixes = ([round(255 - (255 - c) * (1 - step / 20)) for c in channels] for step in range(21))
    return ["#{:02x}{:02x}{:02x}".format(*mix) for mix in mixes]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
