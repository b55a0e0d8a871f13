"""Which characters may stand in a text: every one of Unicode is asked."""

import sys
import unicodedata

import pytest

from microcredential.characters import forbidden_in

_KINDS = {"Cc": "a control character", "Cs": "half of a character"}
_BIDIRECTIONAL = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


def expected(character):
    """Say what Unicode says: by category, and by bidirectional class but for three marks that have none."""
    kind = _KINDS.get(unicodedata.category(character))
    if unicodedata.bidirectional(character) in _BIDIRECTIONAL or character in "\u200e\u200f\u061c":
        kind = "a character that turns the direction of the text"
    return None if kind is None or character in "\t\n" else f"{kind} (U+{ord(character):04X})"


def test_each_character_of_unicode_is_judged_as_unicode_says():
    differing = [
        one for one in map(chr, range(sys.maxunicode + 1)) if forbidden_in(f"a{one}b") != expected(one)
    ]
    assert differing == []


@pytest.mark.parametrize("text", ["", "Trần Thị Bình", "ສົມສັກ\tແກ້ວ\n", "a\u200db", "👩\u200d🎓"])
def test_what_people_write_may_stand(text):
    assert forbidden_in(text) is None


def test_the_first_one_is_named():
    assert forbidden_in("a\u202eb\x07") == "a character that turns the direction of the text (U+202E)"
    assert forbidden_in("a\x07b\u202e") == "a control character (U+0007)"
