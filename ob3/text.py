"""Say which characters may stand in a text that gets signed."""

from __future__ import annotations

import re

from ob3.errors import JsonRefused
from ob3.places import Place

# U+0000-001F but tab, line feed and carriage return, and U+007F: RDFC-1.0 escapes them and several libraries
# do not, so a badge that holds one fails elsewhere (rdf-canon test060). U+0080-009F never print. Half of a
# surrogate pair has no UTF-8 form, and no XML (a baked SVG) may hold U+FFFE or U+FFFF.
UNSIGNABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_text(value: str, path: str | Place = "") -> None:
    """Refuse a text with control characters or half surrogate pairs.

    `path` is the JSON Pointer to name in the error. Raises JsonRefused (`control_character`).
    """
    found = UNSIGNABLE.search(value)
    if found is None:
        return
    raise JsonRefused(
        "control_character",
        f"The text at {path or 'the top'} holds the invisible character U+{ord(found.group()):04X} at "
        f"position {found.start() + 1}; remove it. Such characters come in with text pasted from slides.",
        path,
    )
