"""Rules of Open Badges 3.0 that its published, lenient JSON Schema does not state.

The schema takes one value where a list may stand, and then no longer looks at which class the value names,
nor asks whom an AchievementSubject is about. The official validator looks (its probes 4, 7, 8 and 9).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ob3.schema_words import mismatch
from ob3.written import lacks

_Place = list[str | int]

_TYPES: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "AchievementCredential": (
        ((), "VerifiableCredential"),
        (("issuer",), "Profile"),
        (("issuer", "parentOrg"), "Profile"),
        (("issuer", "otherIdentifier"), "IdentifierEntry"),
        (("credentialSubject",), "AchievementSubject"),
        (("credentialSubject", "identifier"), "IdentityObject"),
        (("credentialSubject", "source"), "Profile"),
        (("credentialSubject", "result"), "Result"),
        (("credentialSubject", "achievement"), "Achievement"),
        (("credentialSubject", "achievement", "resultDescription"), "ResultDescription"),
        (("evidence",), "Evidence"),
    ),
    "EndorsementCredential": (
        ((), "VerifiableCredential"),
        ((), "EndorsementCredential"),
        (("issuer",), "Profile"),
        (("credentialSubject",), "EndorsementSubject"),
    ),
    "ClrCredential": (
        ((), "VerifiableCredential"),
        ((), "ClrCredential"),
        (("issuer",), "Profile"),
        (("credentialSubject",), "ClrSubject"),
        (("credentialSubject", "identifier"), "IdentityObject"),
        (("credentialSubject", "achievement"), "Achievement"),
        (("credentialSubject", "association"), "Association"),
    ),
    "Profile": (((), "Profile"), (("otherIdentifier",), "IdentifierEntry"), (("parentOrg",), "Profile")),
}
_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


def check_no_nothing(document: object) -> None:
    """Refuse null and empty arrays anywhere (Open Badges 3.0, section 8.1 on serialization).

    Raises SchemaMismatch `null_value` or `empty_array`.
    """
    if not lacks(document, b"null", b"[]") and _holds_nothing(document):
        _refuse_nothing(document)


def _holds_nothing(document: object) -> bool:
    """Tell whether there is any, without saying where: to keep every place takes five times as long."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend([one for one in value.values() if type(one) is not str])  # as most are
        elif isinstance(value, list):
            if not value:
                return True
            waiting.extend([one for one in value if type(one) is not str])
        elif value is None:
            return True
    return False


def _refuse_nothing(document: object) -> None:
    waiting: list[tuple[_Place, object]] = [([], document)]
    while waiting:
        place, value = waiting.pop()
        if value is None:
            raise mismatch(place, "holds null; leave the member out", code="null_value")
        if isinstance(value, list):
            if not value:
                raise mismatch(place, "holds an empty array; leave the member out", code="empty_array")
            waiting.extend(([*place, index], item) for index, item in enumerate(value))
        elif isinstance(value, dict):
            waiting.extend(([*place, name], item) for name, item in value.items())


def check_classes(document: dict[str, Any], kind: str) -> None:
    """Refuse a value whose `type` does not name the class that belongs at its place.

    Raises SchemaMismatch `wrong_type`, and for badges `no_recipient` or `no_criteria`.
    """
    for names, wanted in _TYPES.get(kind, ()):
        for place, value in _at(document, names):
            if wanted not in types_of(value):
                raise mismatch(place, f"must have the type {wanted}", code="wrong_type")
    if kind == "AchievementCredential":
        if not _BADGE_TYPES & set(types_of(document)):
            raise mismatch([], "must have the type OpenBadgeCredential", code="wrong_type")
        _check_recipient(document)
        _check_criteria(document)


def types_of(value: Mapping[str, Any]) -> list[str]:
    """Give the classes that a value names, whether its `type` is one text or a list."""
    types = value.get("type")
    listed = types if isinstance(types, list) else [types]
    return [name for name in listed if isinstance(name, str)]


def _check_recipient(document: dict[str, Any]) -> None:
    """Ask for id or identifier (specification, AchievementSubject; the validator's probe 7 forgets it)."""
    for place, subject in _at(document, ("credentialSubject",)):
        if not subject.get("id") and not subject.get("identifier"):
            raise mismatch(place, "names no recipient: it needs id or identifier", code="no_recipient")


def _check_criteria(document: dict[str, Any]) -> None:
    for place, criteria in _at(document, ("credentialSubject", "achievement", "criteria")):
        if not criteria.get("id") and not criteria.get("narrative"):
            raise mismatch(place, "must have an id or a narrative", code="no_criteria")


def _at(document: dict[str, Any], names: tuple[str, ...]) -> Iterator[tuple[_Place, dict[str, Any]]]:
    """Give each object at a place, with lists walked; a text there is a reference, which has no class."""
    found: list[tuple[_Place, Any]] = [([], document)]
    for name in names:
        holders = [(place, value) for place, value in found if isinstance(value, dict) and name in value]
        found = [item for place, value in holders for item in _items([*place, name], value[name])]
    for place, value in found:
        if isinstance(value, dict):
            yield place, value


def _items(place: _Place, value: object) -> list[tuple[_Place, Any]]:
    if isinstance(value, list):
        return [([*place, index], item) for index, item in enumerate(value)]
    return [(place, value)]
