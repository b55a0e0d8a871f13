"""Phrases: one whole translated string with values set into it and its bold words marked.

A template is plain text: `**` opens and closes bold, `{name}` is a value. Values that are `Markup` go in as
they are, anything else is escaped: a translation can move the values but can never bring in markup.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
    if not values:
        return _whole(str(template))
    pieces = _pieces(str(template))
    return _as_markup(escape(values[piece]) if at % 2 else piece for at, piece in enumerate(pieces))


@lru_cache(maxsize=2_000)
def _whole(template: str) -> Markup:
    """Give a template that has no place for a value; raises KeyError for one that has."""
    pieces = _pieces(template)
    if len(pieces) > 1:
        raise KeyError(pieces[1])
    return Markup(pieces[0])  # noqa: S704


def named_in(template: str) -> tuple[str, ...]:
    """Give the names of the values that a template takes."""
    return _pieces(template)[1::2]


@lru_cache(maxsize=4_000)  # templates are ours and few: some two hundred stand on a page, in each language
def _pieces(template: str) -> tuple[str, ...]:
    """Give the markup of a template and, at every other place, the name of a value."""
    parts = [str(escape(part)) for part in template.split("**")]
    return tuple(
        _VALUE.split("".join(f"<strong>{one}</strong>" if at % 2 else one for at, one in enumerate(parts)))
    )


def isolated(text: str, language: str | None = None) -> Markup:
    """Wrap a name from outside so that its direction and language stay its own (J10).

    Lao letters are written for Lao alone, so they tell their language where nobody else does.
    """
    text = visible(text)
    if language is None and _LAO.search(text):
        language = "lo"
    start = ('<bdi lang="', escape(language), '">') if language else ("<bdi>",)
    return _as_markup((*start, escape(text), "</bdi>"))


def enclosed(start: str, text: str, end: str) -> Markup:
    """Put a text between tags of ours; `Markup.format` would read the whole as a template."""
    return _as_markup((start, escape(text), end))


def visible(text: str) -> str:
    """Write characters that cannot be seen as their code, `[U+202E]`, so that no name reads as another."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _as_markup(pieces: Iterable[str]) -> Markup:
    """Join what is escaped already; `Markup.join` and `.format` would look at each piece several times."""
    return Markup("".join(pieces))  # noqa: S704
