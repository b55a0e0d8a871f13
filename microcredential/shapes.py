"""Read parts of a document whose shape nobody has checked yet: a wrong shape reads as empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_LONGEST_KNOWN = 32  # characters
_LONGEST_MOMENT = 35  # characters
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,9})?", re.ASCII)


def mapping(value: object) -> dict[str, Any]:
    """Give the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Give the list; a single value counts as a list of one, as in JSON-LD."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: object) -> list[tuple[int, dict[str, Any]]]:
    """Give the objects of a list with their places in it."""
    return [(place, one) for place, one in enumerate(items(value)) if isinstance(one, dict)]


def text(value: object) -> str:
    """Give the text without surrounding white space, or an empty one."""
    return value.strip() if isinstance(value, str) else ""


def language_map(value: object) -> dict[str, str]:
    """Give the texts by language that are not empty."""
    return {tag: word for tag, word in mapping(value).items() if isinstance(word, str) and word.strip()}


def has_type(value: object, name: str) -> bool:
    """Tell whether the object has this type among its types."""
    return name in items(mapping(value).get("type"))


def concept_id(value: object) -> str:
    """Give the IRI of an embedded concept or of a bare one."""
    return text(value) or text(mapping(value).get("id"))


def decimal(value: object) -> Decimal | None:
    """Give the number in a JSON number or a plain decimal text, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    is_long = isinstance(value, str) and len(value) > _LONGEST_KNOWN
    return (_decimal if is_long else _known_decimal)(value)


def _decimal(value: float | str) -> Decimal | None:
    try:
        written = str(value).strip()  # Python writes no number of more than 4300 digits
        return Decimal(written) if _NUMBER.fullmatch(written) else None
    except (ValueError, InvalidOperation):
        return None


_known_decimal = lru_cache(maxsize=512, typed=True)(_decimal)  # points and weights, the same in all rows


def moment(value: object) -> datetime | None:
    """Give the RFC 3339 time with its offset, or None."""
    is_text = isinstance(value, str) and len(value) <= _LONGEST_MOMENT
    return _known_moment(value) if is_text else None


@lru_cache(maxsize=256)  # the days of a class are the same in all its credentials
def _known_moment(text: str) -> datetime | None:
    if not _RFC3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Go through every text of a document with its place, without recursion."""
    waiting: list[tuple[str, object]] = [(path, value)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, str):
            yield place, part
        elif isinstance(part, dict):
            waiting.extend((f"{place}.{key}" if place else str(key), one) for key, one in part.items())
        elif isinstance(part, list):
            waiting.extend((f"{place}[{number}]", one) for number, one in enumerate(part))
