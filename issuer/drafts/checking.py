"""What the profile finds in a draft: the same rules as at publication, however little is written yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from issuer.definitions import printed_texts
from issuer.drafts.documents import readable
from issuer.fonts import UnprintableCharacter, check_printable
from microcredential import Finding, Severity, check_achievement
from microcredential.findings import in_order
from microcredential.reading import told_already
from microcredential.sorting import sorted_otherwise


def findings_of(
    document: Mapping[str, Any], *, profile: Mapping[str, Any] | None, now: datetime | None = None
) -> list[Finding]:
    """Check a draft's document; `profile` is the issuer's Profile, None where the institution has no key yet.

    `now` is an aware time; without it no day is compared with today. Gives findings, the blocking ones first,
    and never raises for a document that cannot be read.
    """
    reading = readable(document)
    found = list(reading.faults)
    definition = reading.definition
    if definition is not None:
        judged = check_achievement(definition.achievement, issuer=dict(profile or {}), now=now)
        found += [each for each in judged if not told_already(each, reading.faults)]
        found += _unprintable(definition.achievement, definition.language, definition.signatory or {})
        found += _sorted_otherwise(definition.achievement)
    return in_order(found)


def blocks(findings: list[Finding]) -> bool:
    """Tell whether something must be mended before the draft can go on."""
    return any(finding.severity is Severity.BLOCK for finding in findings)


def _unprintable(
    achievement: Mapping[str, Any], language: str, signatory: Mapping[str, str]
) -> list[Finding]:
    """Find letters that no font of the certificate has: it could not be set after everything is signed."""
    found: list[Finding] = []
    for text in printed_texts(achievement, language, signatory):
        try:
            check_printable(text)
        except UnprintableCharacter as error:
            found.append(Finding("M2", Severity.BLOCK, "", error.message, "", "unprintable_character"))
    return found[:5]


def _sorted_otherwise(achievement: Mapping[str, Any]) -> list[Finding]:
    """Find texts whose order makes some wallets call a good signature false."""
    return [
        Finding(
            "M2",
            Severity.WARN,
            path,
            f"Some wallets put “{one[:60]}” and “{other[:60]}” in another order than the standard, and will "
            "call the signature of these certificates false.",
            "Write the fullwidth letters or the emoji otherwise, or begin one text with another word.",
            "sorted_otherwise",
        )
        for path, one, other in list(sorted_otherwise(achievement))[:5]
    ]
