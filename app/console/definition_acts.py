"""Acts of the form beside saving: adding, removing and moving rows, and adding a language.

Each is a submit button (`name="act"`), so the form works without a script. An act that names nothing in the
document leaves the document as it is.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.console.definition_form import LANGUAGE, own_language
from app.console.definition_parts import Part, Rows
from app.console.definition_places import ABSENT, Place, name_of, place_of, put, rows_at, value_at
from app.console.definition_sections import SECTIONS

MOST_ROWS = 40
TITLE = ("achievement", "title")
ADD_LANGUAGE = "language"


def acted(document: Mapping[str, Any], act: str, *, language: str = "") -> tuple[dict[str, Any], str]:
    """Give the document after an act, and the name of the place to look at then, empty for none.

    Acts are `add:PLACE:WHICH`, `remove:PLACE`, `up:PLACE`, `down:PLACE`, and `language` with a tag.
    """
    changed = deepcopy(dict(document))
    verb, _, rest = act.partition(":")
    if verb == ADD_LANGUAGE:
        return changed, _add_language(changed, language)
    if verb == "add":
        name, _, which = rest.rpartition(":")
        return changed, _add(changed, place_of(name), which)
    if verb in ("remove", "up", "down"):
        return changed, _move(changed, place_of(rest), verb)
    return changed, ""


def _add_language(document: dict[str, Any], tag: str) -> str:
    """Give the title an empty wording in the language: every other text then has an input for it too."""
    if not LANGUAGE.fullmatch(tag):
        return ""
    title = value_at(document, TITLE)
    if isinstance(title, str):
        title = {own_language(document): title}
    if title is ABSENT or title is None:
        put(document, TITLE, {tag: ""})
    elif isinstance(title, dict):
        put(document, TITLE, {**title, tag: title.get(tag, "")})
    return f"achievement.title.{tag}"


def _add(document: dict[str, Any], place: Place, which: str) -> str:
    part = _group_at(place)
    blank = next((blank for name, _label, blank in part.adds if name == which), None) if part else None
    rows = rows_at(document, place)
    if blank is None or len(rows) >= MOST_ROWS:
        return ""
    put(document, place, [*rows, deepcopy(blank)])
    return name_of((*place, len(rows)))


def _move(document: dict[str, Any], place: Place, verb: str) -> str:
    if not place or not isinstance(place[-1], int):
        return ""
    part, number = _group_at(place[:-1]), place[-1]
    rows = list(rows_at(document, place[:-1]))
    if part is None or number >= len(rows):
        return ""
    if verb == "remove":
        del rows[number]
        put(document, place[:-1], rows or ABSENT)
        return name_of(place[:-1])
    shown = [index for index, row in enumerate(rows) if part.shows(row)]
    beside = [index for index in shown if (index < number if verb == "up" else index > number)]
    if number not in shown or not beside:
        return name_of(place)
    other = beside[-1] if verb == "up" else beside[0]
    rows[number], rows[other] = rows[other], rows[number]
    put(document, place[:-1], rows)
    return name_of((*place[:-1], other))


def _group_at(place: Place) -> Rows | None:
    """Find the list that the form knows by that place, whatever row it is in."""
    words = tuple(part for part in place if isinstance(part, str))
    numbered = tuple(isinstance(part, int) for part in place)
    for section in SECTIONS:
        found = _below(section.parts, words)
        if found is not None:
            depth, part = found
            return part if sum(numbered) == depth else None
    return None


def _below(parts: tuple[Part, ...], words: tuple[str, ...], depth: int = 0) -> tuple[int, Rows] | None:
    for part in parts:
        if not isinstance(part, Rows) or words[: len(part.path)] != part.path:
            continue
        if len(words) == len(part.path):
            return depth, part
        return _below(part.parts, words[len(part.path) :], depth + 1)
    return None
