"""The four statements of recognition, as the bodies that have the power to make them say them.

T trust in an institution, Q quality of a course, R1 standing recognition, R2 an individual decision. Each is
a signed EndorsementCredential in the end; these are its contents, before anybody has signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from microcredential.recognition.words import Basis, Indicator, Outcome, Purpose, Strength


class Kind(StrEnum):
    """Name the four statements."""

    TRUST = "T"
    QUALITY = "Q"
    STANDING = "R1"
    INDIVIDUAL = "R2"


PUBLIC_KINDS = frozenset({Kind.TRUST, Kind.QUALITY, Kind.STANDING})


@dataclass(frozen=True)
class IndicatorRating:
    """Rate one criterion; `narrative` says why, in Markdown and without naming the learner."""

    indicator: Indicator
    strength: Strength
    narrative: str = ""


@dataclass(frozen=True)
class Credits:
    """Hold credits of one system; `system` is its IRI."""

    system: str
    points: Decimal


@dataclass(frozen=True)
class Programme:
    """Name what is recognised towards: a programme or a part of one, of the receiving university."""

    title: Mapping[str, str]
    id: str | None = None
    qualification_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Hold what a statement carries beside its contents.

    `decided` is the day of the decision, `valid_from` the moment of signing, `status_entry` the place in the
    status list by which it can be withdrawn, `base_url` the deployment that signs.
    """

    credential_id: str
    issuer_profile: dict[str, Any]
    decided: date | datetime
    valid_from: datetime
    status_entry: Mapping[str, Any]
    base_url: str
    valid_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TrustStatement:
    """T: a consortium or agency stands for an institution; `mandate` says member since when, for what."""

    title: str
    institution_id: str
    mandate: str
    bases: Sequence[Basis]
    quality: IndicatorRating | None = None
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class QualityStatement:
    """Q: an agency or a panel of peers has looked at one version of a course."""

    title: str
    achievement_id: str
    ratings: Sequence[IndicatorRating]
    comment: str = ""
    bases: Sequence[Basis] = ()
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class StandingRecognition:
    """R1: a faculty recognises one version of a course for every holder; `conditions` are Markdown."""

    title: str
    achievement_id: str
    purpose: Purpose
    bases: Sequence[Basis]
    credits: Sequence[Credits] = ()
    towards: Sequence[Programme] = ()
    conditions: str = ""
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class IndividualDecision:
    """R2: a recognition office decides about one credential.

    It names the credential and nobody. `appeal` is the address that says how to appeal.
    """

    title: str
    credential_id: str
    outcome: Outcome
    purpose: Purpose
    bases: Sequence[Basis]
    ratings: Sequence[IndicatorRating]
    reference: str
    appeal: str
    comment: str = ""
    description: str = ""
    credits: Sequence[Credits] = ()
    towards: Sequence[Programme] = field(default_factory=tuple)
