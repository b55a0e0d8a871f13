"""What the issuing office hands out: plain frozen values, never rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from issuer.proof_forms import DEFAULT_FORM, ProofForm
from issuer.shown_text import document_in


class Status(StrEnum):
    """What the issuer says of an issued credential today."""

    GOOD = "good"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class RevocationReason(StrEnum):
    """Why a credential was revoked; the public page has a sentence for each."""

    REPLACED = "replaced"
    ERROR = "error"
    BOARD = "board"
    WISH = "wish"
    KEY = "key"


class PageVisibility(StrEnum):
    """Who may open the page that the holder shares."""

    LINK = "link"
    PUBLIC = "public"
    OFF = "off"


class MailState(StrEnum):
    """How far a mail has come."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Visibility:
    """What the holder lets others see beyond name, title, institution, dates, level, workload and status."""

    grade: bool = False
    parts: bool = False
    evidence: bool = False
    page: PageVisibility = PageVisibility.LINK


@dataclass(frozen=True)
class InstitutionRecord:
    """A university that awards."""

    slug: str
    did: str | None
    name: str
    names: Mapping[str, str]
    country: str
    url: str
    email: str | None
    official: str | None
    locality: str | None
    initials: str
    accent: str
    logo_svg: str | None
    signatory: Mapping[str, str] | None
    created: datetime


@dataclass(frozen=True)
class KeyRecordView:
    """A public key of an institution and the time it was in use."""

    verification_method: str
    public_multikey: str
    created: datetime
    retired: datetime | None
    algorithm: str = "Ed25519"
    revoked: datetime | None = None


@dataclass(frozen=True)
class DefinitionVersion:
    """One published wording of a micro-credential; `text` is the Achievement as served and embedded."""

    public_id: str
    achievement_id: str
    code: str
    version: str
    language: str
    suspension: bool
    valid_for: str | None
    signatory: Mapping[str, str] | None
    text: str
    achievement: Mapping[str, Any]
    institution: InstitutionRecord
    created: datetime
    refresh: bool = False


@dataclass(frozen=True)
class CredentialRecord:
    """One issued credential: its text as others are given it, and what the issuer knows beside it.

    The text is what is stored, JSON or a token. Where the holder may show parts it is a selection that shows
    everything, and `own_copy` is what is stored: for the holder alone.
    """

    urn: str
    text: str
    institution: InstitutionRecord
    definition: DefinitionVersion
    learner_name: str
    student_number: str
    language: str
    run: str
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None
    issued_at: datetime
    verification_method: str
    code: str
    short_code: str
    share_id: str
    url: str
    share_url: str
    status: Status
    status_since: datetime | None
    status_reason: RevocationReason | None
    visibility: Visibility
    proof_form: ProofForm = DEFAULT_FORM
    own_copy: str | None = field(default=None, repr=False)
    was_checked: bool = False  # by a visitor of its page, before this reading

    @property
    def document(self) -> dict[str, Any]:
        """The credential that stands in the text; raises Ob3Error for a text that is damaged."""
        return document_in(self.text)

    @property
    def shown_code(self) -> str:
        """The short code as printed, `XXXX-XXXX`."""
        return f"{self.short_code[:4]}-{self.short_code[4:]}"


@dataclass(frozen=True)
class StatusChangeRecord:
    """One act in the history of a credential."""

    act: str
    reason: RevocationReason | None
    by: str
    at: datetime


@dataclass(frozen=True)
class StoredStatusList:
    """A signed status list as stored; `etag` is without quotes, `max_age` in seconds."""

    text: str
    etag: str
    valid_from: datetime
    valid_until: datetime
    max_age: int


@dataclass(frozen=True)
class RefusedRow:
    """A line that could not be issued although it could be read."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """Where a batch stands, in numbers of lines."""

    batch_id: str
    finished: bool
    total: int
    issued: int
    already: int
    waiting: int
    failed: tuple[RefusedRow, ...] = ()
    credentials: tuple[str, ...] = field(default=(), repr=False)  # their ids, in the order of the list


@dataclass(frozen=True)
class OutboxMail:
    """A mail that is owed or was sent, with its words.

    `institution` (a short name) and `credential` are empty where the mail is about neither; `sender_name` and
    `reply_to` are the institution's, empty for a mail of the service itself.
    """

    id: int
    institution: str
    credential: str
    message_id: str
    recipient: str
    state: MailState
    attempts: int
    next_attempt: datetime
    error: str | None
    created: datetime
    sent: datetime | None
    subject: str
    text: str
    html: str
    kind: str = "award"
    sender_name: str = ""
    reply_to: str = ""
