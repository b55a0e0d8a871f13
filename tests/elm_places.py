"""Where each leaf of a badge goes in a document of the European Learning Model, found by changing it."""

import re

from elm_badges import another, full, leaves, with_leaf

from microcredential.elm import elm_document
from microcredential.elm.losses import written

SHORT = (
    ("credentialSubject.hasClaim.specifiedBy", "specification"),
    ("credentialSubject.hasClaim", "claim"),
    ("credentialSubject.achievement", "achievement"),
    ("credentialSubject", "subject"),
)


def pattern(place):
    """Write a place without numbers, with the short words of the documentation."""
    path = re.sub(r"\[\d+\]", "", written(place))
    for long, short in SHORT:
        if path == long or path.startswith(f"{long}."):
            return short + path[len(long) :]
    return path


def carried():
    """Give by the pattern of each leaf of a full badge the patterns of the leaves that follow it."""
    badge = full()
    before = dict(leaves(elm_document(badge, picture=b"\x89PNG\r\n\x1a\n").document))
    found = {}
    for place, value in leaves(badge):
        after = dict(
            leaves(
                elm_document(with_leaf(badge, place, another(value)), picture=b"\x89PNG\r\n\x1a\n").document
            )
        )
        moved = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
        if moved:
            found.setdefault(pattern(place), set()).update(pattern(one) for one in moved)
    return found
