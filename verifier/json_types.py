"""Reading parsed JSON whose members may be of any type: a value or a list of values, an object or its id."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LEAVES = frozenset({str, int, float, bool, type(None)})  # most values: nothing stands inside them


def as_list(value: Any) -> list[Any]:
    """Give a list as it is, nothing as an empty list, and any other value as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_object(value: Any) -> dict[str, Any]:
    """Give an object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def id_of(value: Any) -> str | None:
    """Give the id of an object, or the text itself, or None."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def has_type(value: Any, name: str) -> bool:
    """Tell whether an object has this type."""
    if type(value) is not dict and not isinstance(value, Mapping):  # the first look is many times faster
        return False
    return name in as_list(value.get("type"))


def objects_within(value: Any) -> Iterator[Mapping[str, Any]]:
    """Give every object in a document, the document first; without recursion, whatever the depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is list:
            inside: Iterable[Any] = one
        elif kind is dict or isinstance(one, Mapping):
            yield one
            inside = one.values()
        else:
            continue
        waiting += [part for part in inside if type(part) not in LEAVES]
