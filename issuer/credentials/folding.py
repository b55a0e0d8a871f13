"""Fold text for searching, so that Nguyen finds Nguyễn on every database alike.

Neither SQLite nor PostgreSQL folds accents without an extension, and they disagree about capitals beyond
ASCII: so the folding is ours, the folded text is stored beside the name, and both databases only compare it.
"""

import re
import unicodedata

LONGEST = 600  # characters, as the column `learner.search`
# Letters that carry no combining mark and so stay whole in NFKD.
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})
# Latin, Greek and Cyrillic accents, tone marks of Lao and Thai, and zero-width signs between Lao words. The
# vowel signs of Lao are combining marks too, but without them words become others.
_DROPPED = re.compile("[\u0300-\u036f\u0ec8-\u0ecb\u0e48-\u0e4b\u00ad\u200b-\u200d\u2060\ufeff\0]")


def folded(text: str) -> str:
    """Give a text without case, accents and double spaces."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(plain.casefold().translate(_LETTERS).split())


def search_text(name: str, student_number: str, email: str) -> str:
    """Give what `learner.search` keeps: name, number and address, folded."""
    return " ".join(folded(each) for each in (name, student_number, email))[:LONGEST]
