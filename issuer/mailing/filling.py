"""Set values into words that staff wrote: plain substitution in one pass, never a template (THREATS I4).

Exactly `{name}`, `{title}` and `{institution}` are replaced. A value is never looked through again, so a
learner who is called `{title}` stays so; everything else in braces, `%s` and `{{ 7*7 }}` included, stays.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PLACE = re.compile(r"\{(name|title|institution)\}")
_BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class MailText:
    """The words of a mail that may be an institution's own; paragraphs are parted by empty lines."""

    subject: str
    opening: str
    closing: str


def filled(text: str, values: Mapping[str, str]) -> str:
    """Replace the placeholders; values are brought into one line, so that none can begin a header."""
    return _PLACE.sub(lambda found: one_line(values.get(found[1], found[0])), text)


def one_line(text: str) -> str:
    """Give a text without line breaks and double spaces."""
    return " ".join(text.replace("\0", " ").split())


def paragraphs(text: str) -> tuple[str, ...]:
    """Part a text at its empty lines."""
    return tuple(part.strip() for part in _BREAK.split(text.strip()) if part.strip())
