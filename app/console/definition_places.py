"""Places in a definition document: finding and changing one value without touching anything beside it.

A place is a tuple of keys and numbers (`("achievement", "learningOutcome", 0, "title")`). Definitions have
short forms: a text where an object may stand, one object where a list may stand. They are read as what they
mean and written out only when something in them is changed.
"""

import itertools
from collections.abc import Sequence
from typing import Any, Final

Place = tuple[str | int, ...]


class _Absent:
    """The value of a place where nothing stands."""

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()

# Where a text may stand for an object, and which member of the object it is (microcredential.expansion).
_SHORT_FORMS = {"criteria": "narrative", "learningOutcome": "title", "awardingBody": "id"}
_TOP = 1  # "definition" and "achievement" themselves are never taken away


def name_of(place: Place) -> str:
    """Write a place as the name of a form field: `achievement.learningOutcome.0.title`."""
    return ".".join(str(part) for part in place)


def place_of(name: str) -> Place:
    """Read a name back."""
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 5 else part for part in name.split(".")
    )


def rows_at(document: Any, place: Place) -> list[Any]:
    """Give the list at a place; a single value counts as a list of one, and nothing as an empty one."""
    value = value_at(document, place)
    if value is ABSENT or value is None:
        return []
    return value if isinstance(value, list) else [value]


def value_at(document: Any, place: Place) -> Any:
    """Give what stands at a place, ABSENT where nothing does."""
    here, name = document, ""
    for part in place:
        if isinstance(part, int):
            rows = here if isinstance(here, list) else [here]
            here = rows[part] if part < len(rows) else ABSENT
        elif isinstance(here, dict):
            here, name = here.get(part, ABSENT), part
        elif not (isinstance(here, str) and _SHORT_FORMS.get(name) == part):
            return ABSENT
    return here


def can_hold(document: Any, place: Place) -> bool:
    """Tell whether a value can be put at a place without destroying something of another shape above it."""
    for end in range(1, len(place)):
        above, part = value_at(document, place[:end]), place[end]
        if above is ABSENT or above is None or isinstance(part, int):
            continue
        name = next(word for word in reversed(place[:end]) if isinstance(word, str))
        if not isinstance(above, dict) and not (isinstance(above, str) and _SHORT_FORMS.get(name) == part):
            return isinstance(above, str) and name in _SHORT_FORMS
    return True


def put(document: dict[str, Any], place: Place, value: Any) -> None:
    """Put a value at a place, in the document itself; ABSENT takes away what stands there.

    Objects on the way are made, and objects that are left without a member are taken away with it.
    """
    trail: list[tuple[Any, Any]] = []
    here: Any = document
    for part, following in itertools.pairwise(place):
        _make_way(here, part, following, _last_word(trail, part))
        trail.append((here, part))
        here = here[part]
    if value is not ABSENT:
        here[place[-1]] = value
    elif isinstance(here, dict):
        here.pop(place[-1], None)
        _take_away_empty(trail)


def _last_word(trail: Sequence[tuple[Any, Any]], part: Any) -> str:
    if isinstance(part, str):
        return part
    return next((word for _, word in reversed(trail) if isinstance(word, str)), "")


def _make_way(here: Any, part: Any, following: str | int, name: str) -> None:
    below = here.get(part) if isinstance(here, dict) else here[part]
    if isinstance(following, int):
        if not isinstance(below, list):
            here[part] = [] if below is None else [below]
    elif not isinstance(below, dict):
        short = isinstance(below, str) and name in _SHORT_FORMS
        here[part] = {_SHORT_FORMS[name]: below} if short else {}


def _take_away_empty(trail: list[tuple[Any, Any]]) -> None:
    for depth in range(len(trail) - 1, _TOP - 1, -1):
        holder, part = trail[depth]
        if isinstance(part, int) or holder[part] != {}:
            return
        del holder[part]
