"""Check a recognition statement: the rules of the mechanism first, then its JSON Schema for what they leave.

The ids of findings are R-2 to R-9 for the rules of `docs/recognition.md`, R-10 for how long a statement
holds, R-11 for its form and words, R-12 for its ratings.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema_rs

from microcredential.findings import Finding, Severity, block
from microcredential.publication import recognition_checking_schema
from microcredential.recognition.credits import HoursPerCredit
from microcredential.recognition.documents import is_statement, kind_of
from microcredential.recognition.rules import RULES, StatementMatter
from microcredential.shapes import mapping

_MAX_FAULTS = 20


def check_statement(
    document: Any,
    *,
    badge: Mapping[str, Any] | None = None,
    achievement: Mapping[str, Any] | None = None,
    hours_per_credit: Mapping[str, HoursPerCredit] | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """Check a statement, signed or not.

    `badge` is the credential that an individual decision is about, `achievement` the course of a statement
    about one (the badge's, where a badge is given); `hours_per_credit` are the answers of institutions, by
    system. What is not given is not judged. Gives findings, the blocking ones first; never raises for a bad
    document.
    """
    whole = mapping(document)
    if not is_statement(whole):
        return [_no_statement()]
    kind = kind_of(whole)
    held = mapping(dict(badge)) if badge is not None else None
    subject = mapping(mapping(held).get("credentialSubject"))
    course = dict(achievement) if achievement is not None else mapping(subject.get("achievement")) or None
    matter = StatementMatter(
        document=whole,
        kind=kind,
        badge=held,
        achievement=course,
        hours_per_credit=hours_per_credit or {},
        now=now,
    )
    found = [replace(finding, id=number) for number, rule in RULES for finding in rule(matter)]
    known = {finding.path for finding in found}
    faults = [fault for fault in _schema_faults(document) if fault.path not in known]
    order = list(Severity)
    return sorted([*found, *faults], key=lambda finding: order.index(finding.severity))


def blocking(findings: list[Finding]) -> list[Finding]:
    """Give those that stop a statement from being signed or listed."""
    return [finding for finding in findings if finding.severity is Severity.BLOCK]


def _no_statement() -> Finding:
    made = block(
        "credentialSubject.type",
        "no_statement",
        "This is not a recognition statement.",
        "It is an EndorsementCredential whose subject has the type RecognitionDecision.",
    )
    return replace(made, id="R-11")


@cache
def _validator() -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(recognition_checking_schema())


def _schema_faults(document: Any) -> Iterator[Finding]:
    try:
        errors = list(itertools.islice(_validator().iter_errors(document), _MAX_FAULTS))
    except (ValueError, TypeError, RecursionError):
        yield _fault("", "The document is not JSON.", "not_json")
        return
    for error in errors:
        path = list(error.instance_path)
        missing = getattr(error.kind, "property", None)
        if isinstance(missing, str):
            path.append(missing)
        yield _fault(_written(path), error.message[:300], "schema")


def _fault(path: str, message: str, code: str) -> Finding:
    fix = "Follow the JSON Schema of recognition statements."
    return replace(block(path, code, message, fix), id="R-11")


def _written(path: list[str | int]) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return written.removeprefix(".")
