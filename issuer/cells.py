"""What one cell of a class list may say; one that may not stand raises CellRefused with its remedy."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from issuer.fonts import unprintable

MAX_NAME = 200
MAX_NUMBER = 100
MAX_URL = 1_000
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DOTTED_DATE = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII
)  # day first wherever it is written
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{_LABEL}(?:\.{_LABEL})+",
    re.ASCII,
)


class CellRefused(Exception):  # noqa: N818  (an answer about a cell, not a fault)
    """Say why a cell may not stand and how to mend it."""

    def __init__(self, code: str, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.fix = fix


def text_cell(cell: str, *, longest: int = MAX_NAME) -> str:
    """Read text: NFC, no white space around it, no control characters, not too long."""
    text = unicodedata.normalize("NFC", cell.strip())
    hidden = [character for character in text if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")]
    if hidden:
        code = f"U+{ord(hidden[0]):04X}"
        raise CellRefused(
            "control_character",
            f"There is a character in it that cannot be seen ({code}).",
            "Type it again by hand.",
        )
    if len(text) > longest:
        raise CellRefused("too_long", f"It has {len(text)} characters.", f"Use at most {longest}.")
    return text


def name_cell(cell: str) -> str:
    """Read a person's name, which the certificate must be able to print."""
    text = text_cell(cell)
    if not any(character.isalpha() for character in text):
        raise CellRefused(
            "no_name", "There is no name in it.", "Write the name as the certificate should show it."
        )
    if missing := unprintable(text):
        named = ", ".join(_named(character) for character in missing)
        raise CellRefused(
            "unprintable",
            f"The certificate's fonts have no {named}, which stands in “{text}”.",
            "Write the name with other letters.",
        )
    return text


def number_cell(cell: str) -> str:
    """Read a student or certificate number: text that is printed as it stands."""
    text = text_cell(cell, longest=MAX_NUMBER)
    if missing := unprintable(text):
        named = ", ".join(_named(character) for character in missing)
        raise CellRefused(
            "unprintable", f"The certificate's fonts have no {named}.", "Use letters and digits."
        )
    return text


def email_cell(cell: str) -> str:
    """Read one e-mail address (RFC 5321 dot-atom form, at most 254 characters)."""
    text = cell.strip()
    local, _, _ = text.rpartition("@")
    if len(text) > 254 or len(local) > 64 or not _EMAIL.fullmatch(text):
        raise CellRefused(
            "email", f"“{text[:100]}” is not an e-mail address.", "Write it like name@university.edu."
        )
    return text


def language_cell(cell: str) -> str:
    """Read a language tag, `vi` or `pt-BR` (BCP 47)."""
    text = cell.strip()
    text = text.lower() if len(text) <= 3 else text
    if not _LANGUAGE.fullmatch(text):
        raise CellRefused(
            "language", f"“{text[:40]}” is not a language.", "Write its code: en, vi, lo, cs, hr, it, fr."
        )
    return text


def date_cell(cell: str) -> date:
    """Read a date as 2026-06-30, or as 30.6.2026, which has one reading only."""
    text = cell.strip()
    iso, dotted = _ISO_DATE.fullmatch(text), _DOTTED_DATE.fullmatch(text)
    if iso is None and dotted is None:
        raise CellRefused("date", f"“{text[:40]}” is not a date of one reading.", "Write it like 2026-06-30.")
    year, month, day = iso.groups() if iso else reversed(dotted.groups())  # type: ignore[union-attr]
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise CellRefused("date", f"There is no day {text}.", "Write it like 2026-06-30.") from None
    if not 1950 <= found.year <= 2200:
        raise CellRefused("date", f"The year {found.year} cannot be meant.", "Write it like 2026-06-30.")
    return found


def decimal_cell(cell: str) -> Decimal:
    """Read a number without sign, with point or comma before its decimals."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        raise CellRefused("number", f"“{text[:40]}” is not a number.", "Write it like 7.5.")
    return Decimal(text.replace(",", "."))


def url_cell(cell: str) -> str:
    """Read an https address."""
    text = cell.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or len(text) > MAX_URL or not text.isascii() or re.search(r"[\s<>\"{}|\\^`]", text):
        raise CellRefused(
            "url", f"“{text[:100]}” is not an https address.", "Write it like https://example.edu/work."
        )
    return text


def _named(character: str) -> str:
    name = unicodedata.name(character, "character without a name")
    return f"{name.lower()} (U+{ord(character):04X})"
