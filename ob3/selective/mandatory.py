"""What an issuer should not let a holder hide: a credential without it says more, or to nobody's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ob3.selective.pointers import write_pointer

# Who says it and for how long, whether it was withdrawn, and what its words and rules are. Not where its
# newest version is: whoever may ask there is given the whole, hidden parts and all.
_OF_CREDENTIAL = (
    "issuer",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "termsOfUse",
)
# Without these it is no achievement any more (Open Badges 3.0, Achievement).
_OF_ACHIEVEMENT = ("name", "description", "criteria")


def mandatory_pointers_of(credential: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the pointers to everything in a badge that each selection from it should show.

    The `id` and `type` of each object on the way are shown with them.
    """
    found = [write_pointer([name]) for name in _OF_CREDENTIAL if name in credential]
    for place, subject in _objects(credential, "credentialSubject", ()):
        if "id" not in subject and "identifier" in subject:
            found.append(write_pointer([*place, "identifier"]))
        for inner, achievement in _objects(subject, "achievement", place):
            found += [write_pointer([*inner, name]) for name in _OF_ACHIEVEMENT if name in achievement]
    return tuple(found)


def _objects(
    holder: Mapping[str, Any], name: str, place: tuple[str | int, ...]
) -> list[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    value = holder.get(name)
    if isinstance(value, list):
        return [((*place, name, number), one) for number, one in enumerate(value) if isinstance(one, Mapping)]
    return [((*place, name), value)] if isinstance(value, Mapping) else []
