"""Texts that other programs put in another order than the standard, so that they call a good signature false.

The canonical form that is signed sorts by code points (RDFC-1.0). Programs in JavaScript sort by units of
UTF-16, where signs beyond U+FFFF, such as emoji, come before U+E000 to U+FFFF, such as fullwidth letters. It
matters only between values of one property: in a list of texts, or among the languages of one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_HIGH = re.compile("[\ue000-\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def sorted_otherwise(document: Any) -> Iterator[tuple[str, str, str]]:
    """Give the place and two texts of each property whose values JavaScript would sort in another order."""
    for path, values in _properties(document, ""):
        if any(map(_BEYOND.search, values)) and any(map(_HIGH.search, values)):
            pair = _differing(values)
            if pair is not None:
                yield path, *pair


def _differing(values: list[str]) -> tuple[str, str] | None:
    ours, theirs = sorted(values), sorted(values, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
    return next(((one, other) for one, other in zip(ours, theirs, strict=True) if one != other), None)


def _properties(value: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    """Give the texts of each property that has several."""
    if isinstance(value, list):
        texts = [text for one in value for text in _texts(one)]
        yield from [(path, texts)] if len(texts) > 1 else []
        for place, one in enumerate(value):
            if isinstance(one, dict) and not _is_language_map(one):
                yield from _properties(one, f"{path}[{place}]")
    elif _is_language_map(value):
        yield path, _texts(value)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _properties(one, f"{path}.{name}" if path else name)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return list(value.values()) if _is_language_map(value) else []


def _is_language_map(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 0
        and "id" not in value
        and all(isinstance(text, str) and _LANGUAGE.fullmatch(tag) for tag, text in value.items())
    )
