"""Recognition: four signed statements by those who have the power to make them, and what leads to them.

T a consortium or agency stands for an institution, Q somebody has looked at a course, R1 a faculty recognises
a course for every holder, R2 an office decides about one credential. See `docs/recognition.md`.
"""

from microcredential.recognition.checking import blocking, check_statement
from microcredential.recognition.credits import Conversion, HoursPerCredit, converted
from microcredential.recognition.documents import (
    individual_decision,
    is_statement,
    kind_of,
    quality_statement,
    standing_recognition,
    subject_id,
    trust_statement,
)
from microcredential.recognition.facts import Halt, HolderMatch, Rating, ReportFacts, Signature, Standing
from microcredential.recognition.guidance import Advice, guidance
from microcredential.recognition.ratings import ratings
from microcredential.recognition.refusals import Difference, Refusal, refusal_letter
from microcredential.recognition.statements import (
    PUBLIC_KINDS,
    Credits,
    Frame,
    IndicatorRating,
    IndividualDecision,
    Kind,
    Programme,
    QualityStatement,
    StandingRecognition,
    TrustStatement,
)
from microcredential.recognition.words import Basis, Indicator, Outcome, Purpose, Strength

__all__ = [
    "PUBLIC_KINDS",
    "Advice",
    "Basis",
    "Conversion",
    "Credits",
    "Difference",
    "Frame",
    "Halt",
    "HolderMatch",
    "HoursPerCredit",
    "Indicator",
    "IndicatorRating",
    "IndividualDecision",
    "Kind",
    "Outcome",
    "Programme",
    "Purpose",
    "QualityStatement",
    "Rating",
    "Refusal",
    "ReportFacts",
    "Signature",
    "Standing",
    "StandingRecognition",
    "Strength",
    "TrustStatement",
    "blocking",
    "check_statement",
    "converted",
    "guidance",
    "individual_decision",
    "is_statement",
    "kind_of",
    "quality_statement",
    "ratings",
    "refusal_letter",
    "standing_recognition",
    "subject_id",
    "trust_statement",
]
