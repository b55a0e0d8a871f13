"""Characters that may and may not be signed."""

import pytest

from ob3.errors import JsonRefused
from ob3.text import check_text


@pytest.mark.parametrize(
    "text", ["", "Nguyễn Thị Ánh", "ສົມສະໄໝ", "two\nlines\tand a tab\r\n", "🎓", "a\u00a0b", "\u200fعربي"]
)
def test_text_of_any_script_is_accepted(text):
    check_text(text)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\udfff", "\ufffe"])
def test_a_control_character_is_refused_with_its_place(character):
    with pytest.raises(JsonRefused) as refused:
        check_text(f"ab{character}", "/name")
    assert refused.value.code == "control_character"
    assert refused.value.path == "/name"
    assert "position 3" in refused.value.message
    assert not refused.value.limit
