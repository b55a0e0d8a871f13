"""What the profile finds in a draft: the same rules as at publication, however little is written yet."""

from collections.abc import Mapping
from typing import Any

from issuer.definitions import printed_texts
from issuer.drafts.documents import readable
from issuer.fonts import UnprintableCharacter, check_printable
from microcredential import Finding, Severity, check_achievement


def findings_of(document: Mapping[str, Any], *, profile: Mapping[str, Any] | None) -> list[Finding]:
    """Check a draft's document; `profile` is the issuer's Profile, None where the institution has no key yet.

    Gives findings, the blocking ones first, and never raises for a document that cannot be read.
    """
    reading = readable(document)
    found = list(reading.faults)
    definition = reading.definition
    if definition is not None:
        judged = check_achievement(definition.achievement, issuer=dict(profile or {}))
        found += [each for each in judged if not _told_already(each, reading.faults)]
        found += _unprintable(definition.achievement, definition.language, definition.signatory or {})
    order = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}
    return sorted(found, key=lambda finding: order[finding.severity])


def blocks(findings: list[Finding]) -> bool:
    """Tell whether something must be mended before the draft can go on."""
    return any(finding.severity is Severity.BLOCK for finding in findings)


def _told_already(finding: Finding, faults: tuple[Finding, ...]) -> bool:
    """Tell whether a part that could not be read was left out, so that the rest of it is missed now."""
    for fault in faults:
        place = fault.path.removeprefix("achievement.")
        around = place.rpartition("[")[0] or place
        if finding.path == place or (finding.code == "schema" and finding.path.startswith(around)):
            return True
    return False


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
