"""Texts that UTF-16 sorts otherwise: found where the canonical form would differ, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_badge import badge
from varied_words import TRAP

from microcredential.sorting import sorted_otherwise
from ob3 import canonicalize

EMOJI, WIDE = "\U0001f393", "ＡＢＣ"


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ({"tag": [EMOJI, WIDE]}, ["tag"]),
        ({"tag": [f"Maps {EMOJI}", f"Maps {WIDE}"]}, ["tag"]),
        ({"tag": [f"Maps {EMOJI}", f"Roads {WIDE}"]}, []),
        ({"tag": [EMOJI, "ABC"]}, []),
        ({"tag": [WIDE, "ABC"]}, []),
        ({"tag": [EMOJI + WIDE]}, []),
        ({"title": {"en": EMOJI, "ja": WIDE}}, ["title"]),
        ({"title": [{"en": EMOJI}, {"ja": WIDE}]}, ["title"]),
        ({"name": EMOJI, "description": WIDE}, []),
        ({"learningOutcome": [{"title": {"en": EMOJI, "zh-Hant": WIDE}}]}, ["learningOutcome[0].title"]),
        ({"learningOutcome": [{"title": EMOJI}, {"title": WIDE}]}, []),
        ({"criteria": {"id": EMOJI, "tag": WIDE}}, []),
        ([], []),
        (None, []),
    ],
)
def test_only_values_of_one_property_are_compared(document, places):
    assert [path for path, _, _ in sorted_otherwise(document)] == places


def test_the_two_texts_are_told():
    assert list(sorted_otherwise({"tag": list(TRAP)})) == [("tag", WIDE, EMOJI)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("aA\U0001f393\U00010400\ue000ＡÿￜÀ ", min_size=1, max_size=4), max_size=4, unique=True)
)
def test_it_is_found_exactly_where_the_signed_lines_differ(texts):
    document = badge()
    document["credentialSubject"]["achievement"] |= {"tag": texts} if texts else {}
    lines = canonicalize(document).splitlines()
    alike = lines == sorted(lines, key=lambda line: line.encode("utf-16-be"))
    assert alike == (not list(sorted_otherwise(document["credentialSubject"]["achievement"])))
