"""Check a definition or a credential: the rules first, then the JSON Schema for what they leave."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema_rs

from microcredential.binding import ISSUER
from microcredential.findings import Finding, Severity, in_order
from microcredential.publication import achievement_schema, checking_schema
from microcredential.rules import Matter, Scope, judge
from microcredential.shapes import mapping

_MAX_FAULTS = 50
_ELEMENTS = {
    "M1": ("identifier", "name", "familyName", "givenName"),
    "M3": ("address",),
    "M4": ("issuer", "awardingBody", "creator"),
    "M5": ("awardedDate", "validFrom", "validUntil"),
    "M2": ("title", "inLanguage"),
    "M6": ("learningOutcome",),
    "M7": ("volumeOfLearning", "creditPoint", "creditsAvailable", "creditsEarned"),
    "M8": ("alignment",),
    "M9": ("resultDescription",),
    "M10": ("mode",),
    "M11": ("qualityAssurance",),
    "O1": ("entryRequirement",),
    "O3": ("result",),
    "O4": ("stackability", "isPartOf"),
    "QC-17": ("thematicArea",),
    "QC-32": ("credentialStatus",),
}
# An element asked for "if applicable" and the language of instruction: their rules warn.
_WARNED = (["alignment"], ["inLanguage"])
# What a fault in the form of an element leaves unmet.
_INDICATORS = {
    "M6": ("QC-11",),
    "M7": ("QC-13",),
    "M8": ("QC-15",),
    "M9": ("QC-22",),
    "M10": ("QC-19",),
    "O1": ("QC-16",),
    "O3": ("QC-26",),
    "QC-17": ("QC-17",),
    "QC-32": ("QC-32",),
}
_ELEMENT_OF = {term: element for element, terms in _ELEMENTS.items() for term in terms}


def check_achievement(
    achievement: dict[str, Any],
    *,
    issuer: dict[str, Any] | None = None,
    institution_country: str | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """Check the description of a micro-credential, bound or not.

    `issuer` is the profile that will issue it, `institution_country` (ISO 3166-1 alpha-2) the registry's
    entry for it, `now` an aware time; what is not given is not judged. Gives findings, the blocking ones
    first; none means complete. Never raises for a bad document.
    """
    matter = Matter(
        mapping(achievement),
        issuer=mapping(issuer),
        has_issuer=issuer is not None,
        institution_country=institution_country,
        now=now,
    )
    return _ordered(
        judge(matter, Scope.ACHIEVEMENT),
        _schema_faults(_achievement_validator(), _with_issuer(achievement), "M2"),
    )


def check_credential(
    credential: dict[str, Any], *, institution_country: str | None = None, now: datetime | None = None
) -> list[Finding]:
    """Check a whole credential, signed or not.

    `institution_country` (ISO 3166-1 alpha-2) is the registry's entry for its issuer, `now` an aware
    time; what is not given is not judged. Gives findings, the blocking ones first. Never raises for a bad
    document.
    """
    whole = mapping(credential)
    matter = Matter(
        achievement=mapping(mapping(whole.get("credentialSubject")).get("achievement")),
        issuer=mapping(whole.get("issuer")),
        credential=whole,
        institution_country=institution_country,
        now=now,
    )
    return _ordered(
        judge(matter, Scope.CREDENTIAL), _schema_faults(_credential_validator(), credential, "M1")
    )


def _with_issuer(achievement: Any) -> Any:
    """Fill in what the word “issuer” stands for in a definition: a profile that the author cannot know."""
    bodies = mapping(achievement).get("awardingBody")
    if not isinstance(bodies, list):
        return achievement
    filled = [{"name": ISSUER, **one} if mapping(one).get("id") == ISSUER else one for one in bodies]
    return {**achievement, "awardingBody": filled}


@cache
def _achievement_validator() -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(achievement_schema())


@cache
def _credential_validator() -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(checking_schema())


def _schema_faults(
    validator: jsonschema_rs.Draft201909Validator, document: Any, default: str
) -> Iterator[Finding]:
    try:
        if validator.is_valid(document):  # which is sooner told than what is wrong
            return
        errors = list(itertools.islice(validator.iter_errors(document), _MAX_FAULTS))
    except (ValueError, TypeError, RecursionError, OverflowError):
        errors = []
        yield Finding(
            default, Severity.BLOCK, "", "The document is not JSON.", "Use JSON values only.", "not_json"
        )
    for error in errors:
        path = list(error.instance_path)
        missing = getattr(error.kind, "property", None)
        if isinstance(missing, str):
            path.append(missing)
        if path[-1:] in _WARNED and error.kind.name in ("required", "minItems"):
            continue
        yield Finding(
            _element(path, default),
            Severity.BLOCK,
            _written(path),
            _shortened(error.message),
            "Follow the JSON Schema of the profile.",
            "schema",
            _INDICATORS.get(_element(path, default), ()),
        )


def _element(path: list[str | int], default: str) -> str:
    """Give the element that a place belongs to, by the innermost field that has one below the achievement."""
    words = [part for part in path if isinstance(part, str)]
    if "achievement" in words:
        words = words[words.index("achievement") + 1 :]
        return next(
            (_ELEMENT_OF[word] for word in words[:1] if word in _ELEMENT_OF), "M2" if not words else "O5"
        )
    if words[:2] == ["issuer", "address"]:
        return "M3"
    if words == ["name"]:
        return "M2"
    known = next((_ELEMENT_OF[word] for word in words if word in _ELEMENT_OF), None)
    return known or (default if not words or words[0] == "credentialSubject" else "O5")


def _written(path: list[str | int]) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return written.removeprefix(".")


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:140]} … {message[-140:]}"


def _ordered(findings: list[Finding], schema_faults: Iterator[Finding]) -> list[Finding]:
    """Add schema faults for what no rule has blocked already, and sort the blocking ones to the front."""
    told = [finding for finding in findings if finding.severity is Severity.BLOCK]
    named = {finding.id for finding in told} | {one for finding in told for one in finding.indicators}
    once = {fault.path: fault for fault in reversed(list(schema_faults))}
    extra = [fault for fault in reversed(once.values()) if fault.id not in named]
    return in_order([*findings, *extra])
