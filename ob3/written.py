"""A JSON value as one text, in which it is seen at once that something stands nowhere in it.

A text within the value may look like what is sought. So this only ever tells that nothing is there; what is
there, and where, slower looks find.
"""

from __future__ import annotations

from typing import Any

import orjson


def written(value: Any) -> bytes | None:
    """Give the compact text of a JSON value, each of its names in quotation marks; None for what is no JSON.

    It is looked through and never read: a number that is none is written as null.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        return None


def lacks(value: Any, *parts: bytes) -> bool:
    """Tell whether none of these parts of a text stands in what is written of a JSON value."""
    text = written(value)
    return text is not None and not any(part in text for part in parts)


def is_printed(text: str) -> bool:
    """Tell, many times faster than a look at each, whether all characters are of ASCII, printed, and stand in
    JSON as they are: no quotation mark, no backslash."""
    return text.isascii() and "\x7f" not in text and len(orjson.dumps(text)) == len(text) + len('""')
