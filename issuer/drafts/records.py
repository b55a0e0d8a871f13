"""What the drafts hand out: plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from issuer.errors import Conflict


class DraftState(StrEnum):
    """How far a draft has come."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Draft:
    """A definition that is being written.

    `revision` counts its saves; `written_by`, `saved_by` and `sent_by` are public ids of people, with their
    names in `names`; `follows` and `published_as` are public ids of versions; `badge` is the digest of an
    uploaded picture with its ending (`0f….png`), None where the badge is drawn.
    """

    public_id: str
    code: str
    version: str
    title: str
    document: Mapping[str, Any]
    state: DraftState
    revision: int
    faculty_id: int | None
    follows: str | None
    published_as: str | None
    badge: str | None
    written_by: str
    saved_by: str
    sent_by: str | None
    note: str | None
    created: datetime
    saved: datetime
    names: Mapping[str, str]

    def name(self, ref: str | None) -> str:
        """Give the name of somebody who worked on it, empty where nobody knows it any more."""
        return self.names.get(ref or "", "")


class DraftChanged(Conflict):
    """Say that somebody saved the draft meanwhile; `theirs` is what is stored now, and nothing was lost."""

    def __init__(self, theirs: Draft) -> None:
        who = theirs.name(theirs.saved_by) or "Somebody else"
        super().__init__(
            "draft_changed",
            f"{who} has saved this draft meanwhile. Nothing was overwritten: below stands what you sent. "
            "Compare it with what is stored now, then save again.",
        )
        self.theirs = theirs
