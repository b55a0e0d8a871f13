"""What leaves the office of a statement: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from microcredential.recognition import Kind


class StatementState(StrEnum):
    """How far a statement of ours has come."""

    PLANNED = "planned"
    ISSUED = "issued"
    REFUSED = "refused"


@dataclass(frozen=True)
class StatementRecord:
    """One statement of an institution; `text` is the signed document, None before the worker was there."""

    urn: str
    kind: Kind
    about: str
    title: str
    state: StatementState
    text: str | None
    refusal: str | None
    decided: datetime
    made_by: str
    valid_until: datetime | None
    withdrawn: datetime | None = None
    withdrawn_reason: str | None = None


@dataclass(frozen=True)
class PublicStatement:
    """A statement that anybody may read, and who has signed it, by the name under which they are known here.

    `text` is the document byte for byte, `checked` when it was last found valid, None for one of our own.
    """

    kind: Kind
    who: str
    text: str
    checked: datetime | None = None
