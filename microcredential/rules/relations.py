"""O4 stackability, O5 further information."""

from __future__ import annotations

import re
from collections.abc import Iterator

from microcredential.findings import Finding, block, warn
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import concept_id, language_map, mapping, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary

STANDALONE = "https://w3id.org/testamur/ns/v1#standalone"
# A demonstration runs on http loopback; everything else is https.
_SAFE_URL = re.compile(r"https://[^/\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/|#|$)", re.ASCII)


@rule("O4")
def stackable_into_something(matter: Matter) -> Iterator[Finding]:
    """Ask a stackable micro-credential which programme it counts towards."""
    if "stackability" not in matter.achievement:
        yield warn(
            "stackability",
            "no_stackability",
            "Nothing says whether it can be combined.",
            "Choose one of the three.",
        )
        return
    kind = concept_id(matter.achievement["stackability"])
    if not in_vocabulary(Vocabulary.STACKABILITY, kind):
        yield block(
            "stackability", "unknown_stackability", "This is not in the list.", "Choose one of the three."
        )
    elif kind != STANDALONE and not any(
        language_map(one.get("title")) for _, one in objects(matter.achievement.get("isPartOf"))
    ):
        yield block(
            "isPartOf",
            "stackable_into_nothing",
            "It is called stackable, but no programme is named.",
            "Name the programme with its title, or write standalone.",
        )


@rule("O5")
def is_described(matter: Matter) -> Iterator[Finding]:
    """Ask for a description and for criteria, as Open Badges does."""
    if not text(matter.achievement.get("description")):
        yield block(
            "description",
            "no_description",
            "The description is missing.",
            "Write two sentences under “summary:”.",
        )
    criteria = mapping(matter.achievement.get("criteria"))
    if not text(criteria.get("narrative")) and not text(criteria.get("id")):
        yield block(
            "criteria",
            "no_criteria",
            "Nothing says what must be done to earn it.",
            "Write it under “criteria:”.",
        )


@rule("O5")
def addresses_are_safe(matter: Matter) -> Iterator[Finding]:
    """Ask for https addresses of the course page and of reports."""
    addresses = [("criteria.id", mapping(matter.achievement.get("criteria")).get("id"))]
    addresses += [
        (f"qualityAssurance[{place}].report", one.get("report"))
        for place, one in objects(matter.achievement.get("qualityAssurance"))
    ]
    for path, address in addresses:
        if address is not None and not _SAFE_URL.match(text(address)):
            yield block(
                path, "not_https", "The address is not https.", "Give an address that begins with https://."
            )


@rule("O5", Scope.CREDENTIAL)
def evidence_is_safe(matter: Matter) -> Iterator[Finding]:
    """Ask for https addresses of evidence."""
    for place, one in objects(matter.credential.get("evidence")):
        if "id" in one and not _SAFE_URL.match(text(one["id"])):
            yield block(
                f"evidence[{place}].id",
                "not_https",
                "The address is not https.",
                "Give an address that begins with https://.",
            )
