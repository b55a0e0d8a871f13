"""What is known of a badge beside its text: what the verifier found, and what somebody looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from microcredential.recognition.credits import HoursPerCredit
from microcredential.recognition.words import Indicator, Strength


class Signature(StrEnum):
    """How the signature was found. An invalid one is no weak rating: it stops everything."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"


class Standing(StrEnum):
    """What the issuer's status list says."""

    GOOD = "good"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class HolderMatch(StrEnum):
    """How the applicant was found to be the holder."""

    BOUND = "bound"
    BY_DOCUMENT = "by_document"
    NOT_MATCHED = "not_matched"


class Halt(StrEnum):
    """Why no decision may be made at all."""

    SIGNATURE_INVALID = "signature_invalid"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """Hold what the badge itself cannot say.

    `known_agents` are the ids of those quality agencies that were found in DEQAR or a national register, None
    where nobody has looked; `public_reports` the addresses of reports that answered, likewise.
    `internal_names_micro_credentials`: somebody has read that the internal procedure names them; None where
    nobody has. `hours_per_credit` are the answers of institutions, by system.
    """

    signature: Signature = Signature.NOT_CHECKED
    issuer_in_registry: bool = False
    standing: Standing = Standing.UNKNOWN
    holder: HolderMatch = HolderMatch.NOT_MATCHED
    page_answered: bool = False
    known_agents: frozenset[str] | None = None
    public_reports: frozenset[str] | None = None
    internal_names_micro_credentials: bool | None = None
    hours_per_credit: Mapping[str, HoursPerCredit] = field(default_factory=dict)


@dataclass(frozen=True)
class Rating:
    """What the machine says of one criterion.

    `proposed` is None where a person decides, or where something must be looked up first: `reason` says
    which. `facts` are what to look at, by a short name. `may_be_left_out`: the course was on site.
    """

    criterion: Indicator
    proposed: Strength | None
    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)
    may_be_left_out: bool = False
    halt: Halt | None = None
