"""Find where a decision names the person that it is about: it must name a credential and nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from microcredential.shapes import mapping, objects, text, texts

_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}\.[^\s@<>().]{2,}")


def names_somebody(document: Mapping[str, Any], badge: Mapping[str, Any] | None) -> Iterator[str]:
    """Give the places of an individual decision where a learner is named or any e-mail address stands.

    Looked for are, besides addresses, the names and the student number of the badge's holder. What the office
    says of itself (`issuer`) is not about the learner.
    """
    words = [_folded(one) for one in _identifiers(badge or {})]
    said = {term: value for term, value in document.items() if term not in ("issuer", "proof", "@context")}
    for path, value in texts(said):
        if _EMAIL.search(value) or any(_stands_in(word, _folded(value)) for word in words):
            yield path


def _identifiers(badge: Mapping[str, Any]) -> Iterator[str]:
    """Give what identifies the holder: whole names in either order, and identifiers in clear."""
    subject = mapping(badge.get("credentialSubject"))
    family, given = text(subject.get("familyName")), text(subject.get("givenName"))
    parts = [text(subject.get("name")), text(subject.get("id"))]
    parts += [f"{family} {given}", f"{given} {family}"] if family and given else []
    for _, one in objects(subject.get("identifier")):
        if one.get("hashed") is not True:
            parts.append(text(one.get("identityHash")))
    yield from (part for part in parts if len(part) >= 4)


def _folded(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _stands_in(word: str, value: str) -> bool:
    place = value.find(word)
    while place >= 0:
        before, after = value[place - 1 : place], value[place + len(word) : place + len(word) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        place = value.find(word, place + 1)
    return False
