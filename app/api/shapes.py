"""What the calls give: JSON objects made of the office's records."""

import json
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import Response

from issuer.batching.lines import KeptLine
from issuer.batching.progress import IssuingProgress
from issuer.batching.report import Recipient
from issuer.batching.view import BatchView
from issuer.credentials.history import CredentialFile
from issuer.credentials.rows import FoundCredential
from issuer.drafts.catalogue import PublishedVersion


def answer(value: Any, status: int = 200) -> Response:
    """Write a JSON response; times are RFC 3339 in UTC."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return Response(text, status, content_type="application/json")


def definition(found: PublishedVersion) -> dict[str, Any]:
    """Describe a published version, without its document."""
    version = found.version
    return {
        "id": version.achievement_id,
        "public_id": version.public_id,
        "code": version.code,
        "version": version.version,
        "language": version.language,
        "title": version.achievement.get("name", version.code),
        "newest": found.newest,
        "published": version.created,
    }


def batch(view: BatchView) -> dict[str, Any]:
    """Describe a batch; `lines` counts those of a draft by state."""
    return {
        "id": view.id,
        "state": view.state.value,
        "definition": f"{view.code}@{view.version}",
        "run": view.run,
        "file_name": view.file_name,
        "columns": {header: view.mapping.get(header, "") for header in view.header},
        "columns_understood": view.mapped,
        "notes": list(view.notes),
        "lines": {state.value: count for state, count in view.counts.items()},
        "needs_approval": view.needs_approval,
        "created": view.created,
        "sent": view.sent,
        "approved": view.approved,
        "finished": view.finished,
        "undone": view.undone,
    }


def line(kept: KeptLine) -> dict[str, Any]:
    """Describe a line of a draft with what was found in it."""
    return {
        "line": kept.line,
        "state": kept.state.value,
        "cells": list(kept.cells),
        "findings": [
            {"column": each.column, "severity": each.severity.value, "reason": each.reason, "fix": each.fix}
            for each in kept.findings
        ],
    }


def progress(found: IssuingProgress) -> dict[str, Any]:
    """Count what was issued and mailed."""
    told = asdict(found)
    told.pop("failures")
    return told


def recipient(found: Recipient) -> dict[str, Any]:
    """Tell what became of a line."""
    return asdict(found)


def found_credential(found: FoundCredential) -> dict[str, Any]:
    """Describe a credential in a list."""
    return {
        "id": found.urn,
        "short_code": found.shown_code,
        "certificate_number": found.certificate_number,
        "name": found.name,
        "student_number": found.student_number,
        "run": found.run,
        "awarded": found.awarded,
        "issued": found.issued_at,
        "status": found.status.value,
        "reason": found.reason.value if found.reason else None,
    }


def credential(found: CredentialFile) -> dict[str, Any]:
    """Describe a credential with its document; `text` is that byte for byte, or the token that holds it.

    Of a credential of which parts can be shown it is the selection that shows everything.
    """
    record = found.record
    return {
        "id": record.urn,
        "short_code": record.shown_code,
        "certificate_number": found.certificate_number,
        "name": record.learner_name,
        "student_number": record.student_number,
        "run": record.run,
        "definition": record.definition.achievement_id,
        "awarded": record.awarded,
        "issued": record.issued_at,
        "status": record.status.value,
        "status_since": record.status_since,
        "reason": record.status_reason.value if record.status_reason else None,
        "url": record.url,
        "proof_form": record.proof_form.value,
        "credential": record.document,
        "text": record.text,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(type(value).__name__)
