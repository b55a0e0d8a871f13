"""What one cell of a class list may say; one that may not stand raises CellRefused with its remedy."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from issuer.fonts import unprintable

MAX_NAME = 200
MAX_NUMBER = 100
MAX_URL = 1_000
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?", re.ASCII)
_SHORTENED = re.compile(r"\d[.,]\d+[Ee]\+?\d{1,3}|\d[Ee]\+\d{1,3}", re.ASCII)
_BROKEN = re.compile(r"#(?:[A-ZČ]{2,}[A-Z0-9/_]*[!?]|N/A|NV|N/D|DIV/0!|#+)", re.ASCII)  # Excel's error values
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


@dataclass(frozen=True)
class CellDoubt:
    """Why a cell that may stand may yet hold a slip, and what to do about it."""

    code: str
    reason: str
    fix: str


def text_cell(cell: str, *, longest: int = MAX_NAME) -> str:
    """Read text: NFC, no white space around it, no control characters, not too long."""
    stripped = cell.strip()
    if len(stripped) > 4 * longest:
        raise CellRefused("too_long", f"It has {len(stripped)} characters.", f"Use at most {longest}.")
    text = unicodedata.normalize("NFC", stripped)
    if not text.isprintable():
        _check_visible(text)
    if _BROKEN.fullmatch(text):
        raise _spreadsheet_error(text)
    if len(text) > longest:
        raise CellRefused("too_long", f"It has {len(text)} characters.", f"Use at most {longest}.")
    return text


def _check_visible(text: str) -> None:
    if "\n" in text or "\r" in text:
        raise CellRefused("control_character", "There is a line break in it.", "Write it in one line.")
    hidden = [character for character in text if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")]
    if hidden:
        code = f"U+{ord(hidden[0]):04X}"
        raise CellRefused(
            "control_character",
            f"There is a character in it that cannot be seen ({code}).",
            "Type it again by hand.",
        )


def _spreadsheet_error(text: str) -> CellRefused:
    if text.strip("#"):
        return CellRefused(
            "cell_error",
            f"{text} is an error of the spreadsheet, no value.",
            "Mend the formula, or type it.",
        )
    return CellRefused(
        "cell_error", "The spreadsheet wrote ### for want of room.", "Widen its column and save again."
    )


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
            _ordinary(missing) or "Write the name with other letters.",
        )
    return text


def number_cell(cell: str) -> str:
    """Read a student or certificate number: text that is printed as it stands."""
    text = text_cell(cell, longest=MAX_NUMBER)
    if _SHORTENED.fullmatch(text):
        raise CellRefused(
            "shortened_number",
            f"“{text}” is a long number that the spreadsheet has shortened.",
            "Give the column the format Text and enter the number again.",
        )
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
        raise CellRefused("email", *_wrong_address(text))
    return text


def _wrong_address(text: str) -> tuple[str, str]:
    """Say what is wrong with an address, the most telling first."""
    like = "Write it like name@university.edu."
    if _BROKEN.fullmatch(text):
        refused = _spreadsheet_error(text)
        return refused.reason, refused.fix
    hidden = [each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Zs") and each != " "]
    shown = f"“{text[:100]}” is not an e-mail address"
    if hidden:
        return f"There is a character in it that cannot be seen (U+{ord(hidden[0]):04X}).", "Type it again."
    if any(separator in text.strip(",; ") for separator in (",", ";", " ")) and text.count("@") > 1:
        return f"{shown}: there is more than one in the cell.", "Keep one."
    if text.count("@") > 1:
        return f"{shown}: it has {text.count('@')} @ signs; an address has one.", like
    if "@" not in text:
        return f"{shown}: it has no @ sign.", like
    if " " in text or text[:1] in "<\"'" or text.casefold().startswith("mailto:"):
        return f"{shown}: there is more than the address in the cell.", like
    if strange := [character for character in text if not character.isascii()]:
        return f"{shown}: it has the character {strange[0]}.", "Use the address as mail programs write it."
    if "." not in text.rpartition("@")[2].strip("."):
        return f"{shown}: after the @ sign there is no dot.", like
    return f"{shown}.", like


def language_cell(cell: str) -> str:
    """Read a language tag, `vi` or `pt-BR` (BCP 47)."""
    text = cell.strip()
    text = text.lower() if len(text) <= 3 else text
    if not _LANGUAGE.fullmatch(text):
        raise CellRefused(
            "language", f"“{text[:40]}” is not a language.", "Write its code: en, vi, lo, cs, hr, it, fr."
        )
    return text


@lru_cache(maxsize=256)  # the same grade on many rows is one number
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


def _ordinary(missing: list[str]) -> str:
    """Tell the ordinary letters that stand behind letters of a mathematical or other fancy alphabet."""
    plain = {each: unicodedata.normalize("NFKC", each) for each in missing}
    if any(each == ordinary or unprintable(ordinary) for each, ordinary in plain.items()):
        return ""
    return " ".join(f"In place of {each} type the ordinary {plain[each]}." for each in missing)


def _named(character: str) -> str:
    name = unicodedata.name(character, "character without a name")
    return f"{name.lower()} (U+{ord(character):04X})"
