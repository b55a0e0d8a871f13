"""What lists and pages show of issued credentials: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from issuer.records import RevocationReason, Status


class MailOutcome(StrEnum):
    """How far the mail about an award has come."""

    SENT = "sent"
    QUEUED = "queued"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    NONE = "none"


@dataclass(frozen=True)
class FoundCredential:
    """One line of a list of credentials; `version_id` tells which definition it is of."""

    urn: str
    short_code: str
    certificate_number: str | None
    name: str
    language: str
    student_number: str
    version_id: int
    run: str
    awarded: datetime
    issued_at: datetime
    status: Status
    reason: RevocationReason | None
    mail: MailOutcome
    opened: datetime | None
    downloaded: datetime | None

    @property
    def shown_code(self) -> str:
        """The short code as printed, `XXXX-XXXX`."""
        return f"{self.short_code[:4]}-{self.short_code[4:]}"
