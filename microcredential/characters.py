"""Which characters may stand in a text that is signed and printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from microcredential.shapes import texts

# Bidirectional controls can make a text read differently from what was signed (Unicode TR 36, section 2.4).
# The two other kinds are those of the Unicode categories Cs and Cc, without tab and line feed.
_HALF = "\ud800-\udfff"
_TURNS = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f]|(?P<half>[{_HALF}])|(?P<turns>[{_TURNS}])")
_KINDS = {
    None: "a control character",
    "half": "half of a character",
    "turns": "a character that turns the direction of the text",
}


def forbidden_in(value: str) -> str | None:
    """Say which character must not stand in a text, in words; None when all may."""
    found = _FORBIDDEN.search(value)
    return f"{_KINDS[found.lastgroup]} (U+{ord(found[0]):04X})" if found else None


def forbidden_text(document: Any) -> Iterator[tuple[str, str, str]]:
    """Give place, text and reason for every text of the document with a forbidden character."""
    for path, value in texts(document):
        reason = forbidden_in(value)
        if reason:
            yield path, value, reason


def is_composed(value: str) -> bool:
    """Tell whether the text is in Unicode normalisation form C, so that equal names have equal bytes."""
    return unicodedata.is_normalized("NFC", value)
