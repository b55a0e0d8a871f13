"""Evidence: what was found in a version and who decided, as it stood when the version was published."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcredential import check_achievement
from microcredential.indicators import Standing, standing
from microcredential.rules import Scope

# What the office itself knows to be so: the entry is made from the very document that certificates repeat.
_KNOWN_HERE = ("QC-34",)


@dataclass(frozen=True)
class Review:
    """Who brought a version from draft to publication; public ids of people, never names."""

    written_by: str
    sent_by: str
    approved_by: str
    approved: datetime
    published_by: str
    draft: str


def evidence_of(
    achievement: Mapping[str, Any],
    *,
    text: str,
    profile: Mapping[str, Any],
    now: datetime,
    review: Review | None,
) -> dict[str, Any]:
    """Gather what is kept beside a version: its digest, every finding, how the indicators stand, the review.

    `text` is the document as served, `profile` the issuer's Profile. Without a review it says so: nobody
    but the operator has published it.
    """
    found = check_achievement(dict(achievement), issuer=dict(profile), now=now)
    stands = standing(found, scope=Scope.ACHIEVEMENT, achievement=dict(achievement))
    met = [*stands.met, *(one for one in _KNOWN_HERE if one not in stands.met)]
    return {
        "document": hashlib.sha256(text.encode()).hexdigest(),
        "judged": now.isoformat(),
        "findings": [
            {"id": one.id, "severity": one.severity.value, "path": one.path, "code": one.code}
            for one in found
        ],
        "met": met,
        "unmet": list(stands.unmet),
        "reviewed": review is not None,
        "review": _told(review) if review else None,
    }


def standing_of(evidence: Mapping[str, Any]) -> Standing:
    """Give how the indicators stood when the evidence was kept."""
    return Standing(met=tuple(evidence["met"]), unmet=tuple(evidence["unmet"]), not_judged=())


def digest_of(evidence: str) -> str:
    """Give the digest by which the audit holds evidence as it was."""
    return hashlib.sha256(evidence.encode()).hexdigest()


def as_text(evidence: Mapping[str, Any]) -> str:
    """Write evidence as it is stored."""
    return json.dumps(evidence, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _told(review: Review) -> dict[str, str]:
    return {
        "written_by": review.written_by,
        "sent_by": review.sent_by,
        "approved_by": review.approved_by,
        "approved": review.approved.isoformat(),
        "published_by": review.published_by,
        "draft": review.draft,
    }
