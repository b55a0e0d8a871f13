"""Kinds of form fields: how a value of a definition is shown, and how what was typed becomes a value again.

What cannot be read stays a text in the definition, so that it is shown again as it was typed, beside what is
wrong with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

from app.console.definition_places import ABSENT

Typed = tuple[str, ...]
_HOURS = re.compile(r"PT([0-9]{1,5})H", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})", re.ASCII)
_DURATION = re.compile(r"P(.*)([YMD])", re.DOTALL)
_MIDNIGHT = "T00:00:00Z"


class Kind(Protocol):
    """One way between a value and the texts of a form field."""

    @property
    def widget(self) -> str:
        """How a page draws it."""

    def shown(self, value: Any) -> Typed | None:
        """Give the texts for a value, ABSENT included; None for a value that this field cannot show."""

    def written(self, typed: Typed, old: Any) -> Any:
        """Give the value for what was typed in place of `old`; ABSENT to leave it out."""


def tidy(text: str) -> str:
    """Give a typed text in composed form (NFC), with plain line ends, no NUL and no white space around it."""
    return unicodedata.normalize("NFC", plain_lines(text).replace("\0", "")).strip()


def plain_lines(text: str) -> str:
    """Undo what a browser does to the line ends of a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Line:
    """One line, or several in an `area`; a plain number in the document is shown as it is written."""

    widget: str = "line"

    def shown(self, value: Any) -> Typed | None:
        """Show a text or a number."""
        if value is ABSENT or value is None:
            return ("",)
        if isinstance(value, str):
            return (value,)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return (str(value),) if number else None

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep the text."""
        return tidy(typed[0]) or ABSENT


@dataclass(frozen=True)
class Whole(Line):
    """A whole number."""

    widget: str = "number"

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep a number, or the text that is none."""
        text = tidy(typed[0])
        return int(text) if _WHOLE.fullmatch(text) else text or ABSENT


@dataclass(frozen=True)
class Hours(Line):
    """A number of hours, in the document a duration such as PT90H."""

    widget: str = "number"

    def shown(self, value: Any) -> Typed | None:
        """Show the number alone."""
        match = _HOURS.fullmatch(value) if isinstance(value, str) else None
        return (match[1],) if match else super().shown(value)

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep a duration, or the text that is none."""
        text = tidy(typed[0])
        return f"PT{text}H" if _WHOLE.fullmatch(text) else text or ABSENT


@dataclass(frozen=True)
class Day(Line):
    """A day, in the document perhaps with the midnight that a time needs."""

    widget: str = "day"

    def shown(self, value: Any) -> Typed | None:
        """Show the day alone."""
        if isinstance(value, str) and value.endswith(_MIDNIGHT):
            return (value.removesuffix(_MIDNIGHT),)
        return super().shown(value)


@dataclass(frozen=True)
class Duration:
    """A number and its unit: years, months or days."""

    widget: str = "duration"

    def shown(self, value: Any) -> Typed | None:
        """Show number and unit."""
        if value is ABSENT or value is None:
            return ("", "Y")
        if not isinstance(value, str):
            return None
        match = _DURATION.fullmatch(value)
        return (match[1], match[2]) if match else (value, "")

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep a duration, or what was typed for one."""
        number, unit = tidy(typed[0]), typed[1] if len(typed) > 1 and typed[1] in ("Y", "M", "D") else ""
        if not number:
            return ABSENT
        return f"P{number}{unit}" if unit else number


@dataclass(frozen=True)
class Flag:
    """Yes, or nothing said."""

    widget: str = "flag"

    def shown(self, value: Any) -> Typed | None:
        """Show a tick for true."""
        return ("yes",) if value is True else ()

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep true."""
        return True if "yes" in typed else ABSENT


@dataclass(frozen=True)
class Lines:
    """A list of short texts, one a line."""

    widget: str = "area"

    def shown(self, value: Any) -> Typed | None:
        """Show the texts one under another; not a list with anything else in it."""
        if value is ABSENT or value is None:
            return ("",)
        rows = value if isinstance(value, list) else [value]
        words = [str(row) for row in rows if isinstance(row, str | int | float) and not isinstance(row, bool)]
        whole = len(words) == len(rows) and all(word == tidy(word) and "\n" not in word for word in words)
        return ("\n".join(words),) if whole and all(words) else None

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep the lines that say something."""
        return [line for line in map(tidy, plain_lines(typed[0]).split("\n")) if line] or ABSENT


@dataclass(frozen=True)
class Choice:
    """One concept of a vocabulary or one word of a list, by its identifier."""

    widget: str = "select"

    def shown(self, value: Any) -> Typed | None:
        """Show the identifier."""
        if value is ABSENT or value is None:
            return ("",)
        identifier = _identifier(value)
        return (identifier,) if identifier is not None else None

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep the identifier: the definition is written out with the label of the vocabulary."""
        return tidy(typed[0]) or ABSENT


@dataclass(frozen=True)
class Choices:
    """Several concepts; with `kept`, an empty list stays where nothing is chosen."""

    widget: str = "checks"
    kept: bool = False

    def shown(self, value: Any) -> Typed | None:
        """Show the identifiers."""
        if value is ABSENT or value is None:
            return ()
        found = [_identifier(row) for row in (value if isinstance(value, list) else [value])]
        identifiers = tuple(each for each in found if each)
        return identifiers if len(identifiers) == len(found) == len(set(found)) else None

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep what was chosen: what stood there before first, with its own labels."""
        wanted = list(dict.fromkeys(filter(None, map(tidy, typed))))
        before = old if isinstance(old, list) else [] if old is ABSENT or old is None else [old]
        stay = [row for row in before if _identifier(row) in wanted]
        known = {_identifier(row) for row in stay}
        chosen = [*stay, *(each for each in wanted if each not in known)]
        return chosen if chosen or self.kept else ABSENT


@dataclass(frozen=True)
class Wording:
    """The words of one language: in a map by language, a note around one, or a text in the own language."""

    language: str
    own: str
    widget: str = "line"

    def shown(self, value: Any) -> Typed | None:
        """Show the words of this language."""
        if isinstance(value, dict) and "noteLiteral" in value:
            return self.shown(value["noteLiteral"])
        if value is ABSENT or value is None:
            return ("",)
        if isinstance(value, str):
            return (value if self.language == self.own else "",)
        words = value.get(self.language, "") if isinstance(value, dict) else None
        return (words,) if isinstance(words, str) else None

    def written(self, typed: Typed, old: Any) -> Any:
        """Keep the words beside those of the other languages."""
        text = tidy(typed[0])
        if isinstance(old, dict) and "noteLiteral" in old:
            inner = self.written(typed, old["noteLiteral"])
            return (
                ABSENT
                if inner is ABSENT and set(old) <= {"type", "noteLiteral"}
                else {
                    **old,
                    "noteLiteral": {} if inner is ABSENT else inner,
                }
            )
        if isinstance(old, str) and self.language == self.own:
            return text or ABSENT
        words = dict(old) if isinstance(old, dict) else {self.own: old} if isinstance(old, str) else {}
        if text:
            words[self.language] = text
        else:
            words.pop(self.language, None)
        return words or ABSENT


def _identifier(value: Any) -> str | None:
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None


def says_the_same(kind: Kind, typed: Typed, shown: Typed) -> bool:
    """Tell whether a form came back as it was sent, whatever a browser did to line ends and order."""
    if kind.widget in ("checks", "selects", "flag"):
        return sorted(filter(None, typed)) == sorted(filter(None, shown))
    if len(typed) != len(shown):
        return False
    return all(_as_sent(kind, one) == _as_sent(kind, other) for one, other in zip(typed, shown, strict=True))


def _as_sent(kind: Kind, text: str) -> str:
    """An input of one line cannot hold a line end: browsers leave it out."""
    text = plain_lines(text)
    return text if kind.widget == "area" else text.replace("\n", "")
