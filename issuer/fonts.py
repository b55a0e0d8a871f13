"""The fonts that certificates are set in, and which characters they can print."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from issuer.cmap import characters
from issuer.errors import IssuerError

FONTS = Path(__file__).parents[1] / "templates" / "certificate" / "fonts"

# As in templates/certificate/page.typ.
_STACKS = (("NotoSerif", "NotoSerifLao", "NotoSansLao"), ("NotoSans", "NotoSansLao"))

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
    """List the characters of `text` that no vendored font has, each once, in order of appearance.

    A name is set in a serif and in a sans-serif font, so either must have it. The text should be in NFC.
    """
    return list(dict.fromkeys(character for cluster in _clusters(text) for character in _missing(cluster)))


def check_printable(text: str) -> None:
    """Raise UnprintableCharacter, with names and code points, unless every character can print."""
    if found := unprintable(text):
        raise UnprintableCharacter(text, found)


def _clusters(text: str) -> list[str]:
    """Split into a character and the marks on it: they are set together, in one font."""
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


@lru_cache(maxsize=8192)
def _missing(cluster: str) -> tuple[str, ...]:
    """List what keeps a cluster off the page: characters without a glyph, or else marks of another font."""
    missing = tuple(character for character in cluster if not _printable(character))
    if missing or len(cluster) == 1:
        return missing
    together = all(any(font.issuperset(map(ord, cluster)) for font in stack) for stack in _stacks())
    return () if together else tuple(cluster[1:])


def _printable(character: str) -> bool:
    if character in _SPACE:
        return True
    code = ord(character)
    if code in _REORDERING or unicodedata.category(character) in _NEVER:
        return False
    return all(any(code in font for font in stack) for stack in _stacks())


@cache
def _stacks() -> tuple[tuple[frozenset[int], ...], ...]:
    """For each way of setting text, what each of its fonts has in regular and in bold."""
    return tuple(tuple(_family(name) for name in stack) for stack in _STACKS)


@cache
def _family(name: str) -> frozenset[int]:
    regular, bold = (
        characters((FONTS / f"{name}-{weight}.ttf").read_bytes()) for weight in ("Regular", "Bold")
    )
    return regular & bold


def _named(character: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    return f"“{_visible(character)}” ({name}, U+{ord(character):04X})"


def _visible(text: str) -> str:
    """Show control and reordering characters as escapes: a message must not be garbled by what it names."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
