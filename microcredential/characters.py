"""Which characters may stand in a text that is signed and printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from microcredential.shapes import texts

# Bidirectional controls can make a text read differently from what was signed (Unicode TR 36, section 2.4).
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_SPACES = frozenset("\n\t")


def forbidden_in(value: str) -> str | None:
    """Say which character must not stand in a text, in words; None when all may."""
    for character in value:
        category = unicodedata.category(character)
        if category == "Cc" and character not in _SPACES:
            return f"a control character (U+{ord(character):04X})"
        if category == "Cs":
            return f"half of a character (U+{ord(character):04X})"
        if character in _BIDI:
            return f"a character that turns the direction of the text (U+{ord(character):04X})"
    return None


def forbidden_text(document: Any) -> Iterator[tuple[str, str, str]]:
    """Give place, text and reason for every text of the document with a forbidden character."""
    for path, value in texts(document):
        reason = forbidden_in(value)
        if reason:
            yield path, value, reason


def is_composed(value: str) -> bool:
    """Tell whether the text is in Unicode normalisation form C, so that equal names have equal bytes."""
    return unicodedata.is_normalized("NFC", value)
