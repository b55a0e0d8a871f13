"""The rules of the mechanism: each is a small function from a statement to findings.

The numbers are those of `docs/recognition.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from microcredential.findings import Finding, block, warn
from microcredential.recognition.assessing import is_on_site
from microcredential.recognition.credits import (
    HoursPerCredit,
    allowed_hours,
    credits_of,
    rounded_down,
    same_system,
    stated_credits,
    stated_hours,
)
from microcredential.recognition.naming import names_somebody
from microcredential.recognition.ratings import level as level_facts
from microcredential.recognition.statements import Kind
from microcredential.recognition.words import (
    CREDIT_PURPOSES,
    NS,
    Indicator,
    Outcome,
    Strength,
    not_asked_on_site,
)
from microcredential.rules.levels import claims
from microcredential.shapes import concept_id, items, mapping, moment, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary, label

_SUBJECT = "credentialSubject"


@dataclass(frozen=True)
class StatementMatter:
    """Hold a statement and what it is judged beside; None where that is not known."""

    document: dict[str, Any]
    kind: Kind | None
    badge: dict[str, Any] | None = None
    achievement: dict[str, Any] | None = None
    hours_per_credit: Mapping[str, HoursPerCredit] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def subject(self) -> dict[str, Any]:
        """Give what the statement says."""
        return mapping(self.document.get(_SUBJECT))

    @property
    def ratings(self) -> dict[Indicator, Strength]:
        """Give the ratings in it, those that are of the vocabulary."""
        found = {}
        for _, one in objects(self.subject.get("indicatorResult")):
            indicator = text(one.get("indicator")).removeprefix(f"{NS}indicator-")
            strength = concept_id(one.get("rating")).removeprefix(NS)
            if indicator in set(Indicator) and strength in set(Strength):
                found[Indicator(indicator)] = Strength(strength)
        return found


Rule = Callable[[StatementMatter], Iterator[Finding]]


def is_of_somebody_else(matter: StatementMatter) -> Iterator[Finding]:
    """Ask that whoever states it is not who awards (2): equivalence belongs to the receiver."""
    issuer = concept_id(matter.document.get("issuer"))
    own = {text(matter.subject.get("id")), concept_id(mapping(matter.achievement).get("creator"))}
    own.add(concept_id(mapping(matter.badge).get("issuer")))
    if issuer and issuer in own:
        yield block(
            "issuer",
            "own_achievement",
            "An institution makes no statement about what it awards itself.",
            "The receiving institution, an agency or the consortium makes it.",
        )


def names_the_credential(matter: StatementMatter) -> Iterator[Finding]:
    """Ask an individual decision to name the credential and nobody (3)."""
    if matter.kind is not Kind.INDIVIDUAL:
        return
    about = text(matter.subject.get("id"))
    if matter.badge is not None and about != text(matter.badge.get("id")):
        yield block(
            f"{_SUBJECT}.id",
            "other_credential",
            "The decision is about another credential, or names a person.",
            "Write the id of the badge.",
        )
    for path in names_somebody(matter.document, matter.badge):
        yield block(
            path, "names_learner", "The text names a person or an address.", "Write “the holder” instead."
        )


def is_no_refusal(matter: StatementMatter) -> Iterator[Finding]:
    """Refuse a refusal in the form of a credential (3)."""
    if concept_id(matter.subject.get("recognitionOutcome")) == Outcome.NOT_RECOGNISED.iri:
        yield block(
            f"{_SUBJECT}.recognitionOutcome",
            "refusal_is_a_letter",
            "A refusal is a letter with reasons and the way to appeal, and never a credential.",
            "Write the letter.",
        )


def credits_within(matter: StatementMatter) -> Iterator[Finding]:
    """Ask for no more credits than the badge has, in its system or by its hours (4)."""
    seen: set[str] = set()
    for place, given in enumerate(credits_of(matter.document)):
        path = f"{_SUBJECT}.creditRecognised[{place}]"
        if not in_vocabulary(Vocabulary.CREDIT_SYSTEM, given.system):
            yield block(f"{path}.framework", "unknown_credits", "This credit system is not in the list.", "")
            continue
        if same_system(given.system) in seen:
            yield block(path, "credits_twice", "Credits of one system stand here twice.", "Write one sum.")
        seen.add(same_system(given.system))
        if given.points <= 0:
            yield block(path, "no_credits", "No credit is recognised here.", "Leave it out.")
        elif matter.achievement is not None:
            yield from _too_many(matter, given.system, given.points, f"{path}.point")


def _too_many(matter: StatementMatter, system: str, points: Decimal, path: str) -> Iterator[Finding]:
    achievement = matter.achievement or {}
    most = stated_credits(achievement).get(same_system(system))
    by_hours = most is None
    if most is None:
        hours, each = stated_hours(achievement), _hours_each(matter, system)
        if hours is None or each is None:
            yield warn(
                path,
                "credits_not_comparable",
                f"Whether the certificate's hours come to {points} {label(system)} cannot be worked out.",
                "Say how many hours one credit has, with the rule where it is written.",
            )
            return
        most = rounded_down(hours / each)
    if points > most:
        yield block(
            path,
            "too_many_credits",
            f"{points} are more than the {most} that the certificate comes to in {label(system)}.",
            "Recognise at most as many.",
        )
    elif by_hours and points != rounded_down(points):
        yield block(
            path, "credit_step", "Converted credits are written in halves.", f"Write {rounded_down(points)}."
        )


def _hours_each(matter: StatementMatter, system: str) -> Decimal | None:
    """Give the hours of a credit: the receiver's answer, or the fewest that the system itself allows."""
    answers = {same_system(key): one.hours for key, one in matter.hours_per_credit.items()}
    known = allowed_hours(system)
    return answers.get(same_system(system)) or (known[0] if known else None)


def level_is_backed(matter: StatementMatter) -> Iterator[Finding]:
    """Ask the rating of the level not to stand above what the badge's claim rests on (5)."""
    rated = matter.ratings.get(Indicator.LEVEL)
    if rated is None or matter.achievement is None:
        return
    by_claim = Strength(level_facts(matter.achievement).facts["by_table"])
    by_table = Strength(level_facts(_backed(matter.achievement)).facts["by_table"])
    if by_table.at_least(rated):
        return
    path = f"{_SUBJECT}.indicatorResult"
    if by_claim.at_least(rated):
        yield block(
            path,
            "level_not_referenced",
            f"The level is rated {rated.value} for a “referenced” that no adopted report bears out.",
            f"Rate it {by_table.value}.",
        )
    else:
        yield warn(
            path,
            "level_above_table",
            f"The level is rated {rated.value}; by the table its basis gives {by_table.value}.",
            "Say in the narrative why.",
        )


def _backed(achievement: Mapping[str, Any]) -> dict[str, Any]:
    """Give the achievement without levels that say “referenced” where no adopted report is known."""
    unbacked = {
        id(claim.alignment)
        for claim in claims(dict(achievement))
        if claim.basis == f"{NS}referenced" and (claim.level is None or claim.level.eqf is None)
    }
    kept = [one for one in items(achievement.get("alignment")) if id(one) not in unbacked]
    return {**achievement, "alignment": kept}


def conditions_are_told(matter: StatementMatter) -> Iterator[Finding]:
    """Ask a conditional decision to name its measure (6)."""
    conditional = concept_id(matter.subject.get("recognitionOutcome")) == Outcome.CONDITIONAL.iri
    if conditional and not text(matter.subject.get("endorsementComment")):
        yield block(
            f"{_SUBJECT}.endorsementComment",
            "no_condition",
            "The decision is conditional and names no condition.",
            "Write what the holder has to do.",
        )


def proof_is_an_array(matter: StatementMatter) -> Iterator[Finding]:
    """Ask for one proof, in an array (7): one of the published schemas accepts no other form."""
    proof = matter.document.get("proof")
    if proof is not None and not (isinstance(proof, list) and len(proof) == 1):
        yield block("proof", "proof_form", "The proof does not stand alone in an array.", "Write [{...}].")


def appeal_is_told(matter: StatementMatter) -> Iterator[Finding]:
    """Ask an individual decision for its reference and the way to appeal (8)."""
    if matter.kind is not Kind.INDIVIDUAL:
        return
    for term, code, message in (
        ("decisionReference", "no_reference", "The decision has no reference."),
        ("appealInformation", "no_appeal", "The decision does not say how to appeal."),
    ):
        if not text(matter.subject.get(term)):
            yield block(f"{_SUBJECT}.{term}", code, message, "Add it.")


def can_be_withdrawn(matter: StatementMatter) -> Iterator[Finding]:
    """Ask for a place in a status list (9), by which alone a statement is taken back."""
    entries = objects(matter.document.get("credentialStatus"))
    if not any(one.get("statusPurpose") == "revocation" for _, one in entries):
        yield block(
            "credentialStatus",
            "no_status",
            "The statement cannot be withdrawn: it names no place in a status list.",
            "Sign it with a status entry of the purpose revocation.",
        )


def ends_as_it_must(matter: StatementMatter) -> Iterator[Finding]:
    """Ask T and Q for an end, and warn of an R1 without one or an R2 with one."""
    start, end = moment(matter.document.get("validFrom")), moment(matter.document.get("validUntil"))
    decided = moment(matter.document.get("awardedDate"))
    if end is None and matter.kind in (Kind.TRUST, Kind.QUALITY):
        yield block("validUntil", "no_end", "It does not say how long it holds.", "Name the next review.")
    if end is None and matter.kind is Kind.STANDING:
        yield warn("validUntil", "no_end", "It holds until it is withdrawn.", "Name a day to look again.")
    if end is not None and matter.kind is Kind.INDIVIDUAL:
        yield warn("validUntil", "decision_lapses", "A decision does not lapse.", "Leave the end out.")
    if start is not None and end is not None and end <= start:
        yield block("validUntil", "ends_before_start", "It ends before it begins.", "Correct the end.")
    if decided is not None and start is not None and decided > start:
        yield block("awardedDate", "dates_out_of_order", "It was signed before it was decided.", "")
    if matter.now is not None and decided is not None and decided > matter.now:
        yield block("awardedDate", "date_in_future", "The decision lies in the future.", "Correct the day.")


def words_are_known(matter: StatementMatter) -> Iterator[Finding]:
    """Ask for outcome, purpose, basis, indicators and ratings from the vocabularies."""
    subject = matter.subject
    results = [one for _, one in objects(subject.get("indicatorResult"))]
    for term, name, values in (
        ("recognitionOutcome", Vocabulary.RECOGNITION_OUTCOME, items(subject.get("recognitionOutcome"))),
        ("recognitionPurpose", Vocabulary.RECOGNITION_PURPOSE, items(subject.get("recognitionPurpose"))),
        ("recognitionBasis", Vocabulary.RECOGNITION_BASIS, items(subject.get("recognitionBasis"))),
        ("indicatorResult", Vocabulary.RECOGNITION_INDICATOR, [one.get("indicator") for one in results]),
        ("indicatorResult", Vocabulary.RECOGNITION_RATING, [one.get("rating") for one in results]),
    ):
        strange = [value for value in values if not in_vocabulary(name, concept_id(value))]
        if strange:
            yield block(
                f"{_SUBJECT}.{term}",
                "unknown_concept",
                f"“{concept_id(strange[0])[:100]}” is not in the list of {name.value}.",
                "Choose one from the list.",
            )


def says_what_its_kind_must(matter: StatementMatter) -> Iterator[Finding]:
    """Ask each of the four for what makes it one."""
    if matter.kind is None:
        yield block(
            _SUBJECT, "no_kind", "It is none of the four statements.", "Give a purpose, ratings or a basis."
        )
        return
    wanted = {
        Kind.TRUST: ("endorsementComment", "recognitionBasis"),
        Kind.QUALITY: ("indicatorResult",),
        Kind.STANDING: ("recognitionPurpose", "recognitionBasis"),
        Kind.INDIVIDUAL: (
            "recognitionOutcome",
            "recognitionPurpose",
            "recognitionBasis",
            "indicatorResult",
        ),
    }[matter.kind]
    purpose = concept_id(matter.subject.get("recognitionPurpose"))
    if matter.kind is Kind.STANDING and purpose in {one.iri for one in CREDIT_PURPOSES}:
        wanted += ("recognisedTowards",)
    for term in wanted:
        if not matter.subject.get(term):
            yield block(f"{_SUBJECT}.{term}", f"no_{term}", f"{matter.kind} has no {term}.", "Add it.")


def ratings_are_complete(matter: StatementMatter) -> Iterator[Finding]:
    """Ask Q for quality, assessment and level, R2 for every criterion, and each once."""
    given = [text(one.get("indicator")) for _, one in objects(matter.subject.get("indicatorResult"))]
    path = f"{_SUBJECT}.indicatorResult"
    if len(set(given)) != len(given):
        yield block(path, "rated_twice", "A criterion is rated twice.", "Keep one.")
    wanted: set[Indicator] = set()
    if matter.kind is Kind.QUALITY:
        wanted = {Indicator.QUALITY, Indicator.ASSESSMENT, Indicator.LEVEL}
    elif matter.kind is Kind.INDIVIDUAL:
        on_site = matter.achievement is None or is_on_site(matter.achievement)
        wanted = set(Indicator) - (not_asked_on_site() if on_site else frozenset())
    missing = [one for one in Indicator if one in wanted and one.iri not in given]
    if missing:
        names = ", ".join(label(one.iri) for one in missing)
        yield block(path, "not_rated", f"Not rated: {names}.", "Rate each.")
    if matter.kind is Kind.INDIVIDUAL and matter.ratings.get(Indicator.VERIFICATION) is Strength.NONE:
        yield block(path, "nothing_verified", "Nothing was verified.", "Ask for a copy that can be.")


RULES: tuple[tuple[str, Rule], ...] = (
    ("R-2", is_of_somebody_else),
    ("R-3", names_the_credential),
    ("R-3", is_no_refusal),
    ("R-4", credits_within),
    ("R-5", level_is_backed),
    ("R-6", conditions_are_told),
    ("R-7", proof_is_an_array),
    ("R-8", appeal_is_told),
    ("R-9", can_be_withdrawn),
    ("R-10", ends_as_it_must),
    ("R-11", words_are_known),
    ("R-11", says_what_its_kind_must),
    ("R-12", ratings_are_complete),
)
