"""The fonts that certificates are set in, and which characters they can print."""

import unicodedata
from functools import cache
from pathlib import Path

from issuer.cmap import characters
from issuer.errors import IssuerError

FONTS = Path(__file__).parents[1] / "templates" / "certificate" / "fonts"

# A name that reads in another order than it is stored is a trap (Unicode TR36: bidirectional text spoofing).
_REORDERING = frozenset(range(0x202A, 0x202F)) | frozenset(range(0x2066, 0x206A))
# Control, surrogate, unassigned, private use: a PDF/A-3a may not hold the last either.
_NEVER = frozenset({"Cc", "Cs", "Cn", "Co"})
_SPACE = frozenset("\t\n")


class UnprintableCharacter(IssuerError):  # noqa: N818  (named for the fault)
    """A text holds a character that no font of the certificate has."""

    def __init__(self, text: str, found: list[str]) -> None:
        named = ", ".join(_named(character) for character in found)
        super().__init__(
            "unprintable_character",
            f"No font of the certificate has {named} in “{_visible(text)}”. Write it with other letters.",
        )
        self.characters = found


def unprintable(text: str) -> list[str]:
    """List the characters of `text` that no vendored font has, each once, in order of appearance."""
    return [character for character in dict.fromkeys(text) if not _printable(character)]


def check_printable(text: str) -> None:
    """Raise UnprintableCharacter, with names and code points, unless every character can print."""
    if found := unprintable(text):
        raise UnprintableCharacter(text, found)


def _printable(character: str) -> bool:
    if character in _SPACE:
        return True
    code = ord(character)
    if code in _REORDERING or unicodedata.category(character) in _NEVER:
        return False
    return code in _coverage()


@cache
def _coverage() -> frozenset[int]:
    """Every character that some family has in each of its weights: Typst falls back from family to family."""
    families: dict[str, frozenset[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        family = path.stem.partition("-")[0]
        found = characters(path.read_bytes())
        families[family] = families.get(family, found) & found
    return frozenset[int]().union(*families.values())


def _named(character: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    return f"“{_visible(character)}” ({name}, U+{ord(character):04X})"


def _visible(text: str) -> str:
    """Show control and reordering characters as escapes: a message must not be garbled by what it names."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
