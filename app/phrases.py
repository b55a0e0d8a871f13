"""Phrases: one whole translated string with values set into it and its bold words marked.

A template is plain text: `**` opens and closes bold, `{name}` is a value. Values that are `Markup` go in as
they are, anything else is escaped: a translation can move the values but can never bring in markup.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

_LAO = re.compile("[\u0e80-\u0eff]")
# Controls, direction overrides, zero-width and tag characters; the joiners of Persian, Hindi and emoji stay.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_VALUE = re.compile(r"\{([a-z_]+)\}")


def phrase(template: object, values: Mapping[str, object] | None = None) -> Markup:
    """Set values into a translated template and turn its `**` into `strong`.

    `template` is a string or a lazy string. A value that the template does not name is left out; a value that
    is missing raises `KeyError`, for that is a fault of ours.
    """
    parts = str(template).split("**")
    filled = [_filled(part, values or {}) for part in parts]
    bold = [Markup("<strong>{}</strong>").format(part) if at % 2 else part for at, part in enumerate(filled)]
    return Markup("").join(bold)


def _filled(text: str, values: Mapping[str, object]) -> Markup:
    pieces = _VALUE.split(text)
    return Markup("").join(escape(values[piece] if at % 2 else piece) for at, piece in enumerate(pieces))


def isolated(text: str, language: str | None = None) -> Markup:
    """Wrap a name from outside so that its direction and language stay its own (J10).

    Lao letters are written for Lao alone, so they tell their language where nobody else does.
    """
    text = visible(text)
    if language is None and _LAO.search(text):
        language = "lo"
    if language:
        return Markup('<bdi lang="{}">{}</bdi>').format(language, text)
    return Markup("<bdi>{}</bdi>").format(text)


def visible(text: str) -> str:
    """Write characters that cannot be seen as their code, `[U+202E]`, so that no name reads as another."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
