"""Read a micro-credential of the European Learning Model as the draft of a definition, with what is lost.

A draft may be incomplete: what the model does not say, such as the basis of a level, is for its author to
add, and the check of definitions names it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from microcredential import vocabulary
from microcredential.elm.concepts import ConceptReader
from microcredential.elm.drafted import drafted_assessment, drafted_quality
from microcredential.elm.losses import Account, Loss, Part, written
from microcredential.elm.reading import Found, find_specification
from microcredential.elm.reasons import import_reason
from microcredential.elm.specification import CODE, CRITERIA, CRITERIA_LABEL, VERSION
from microcredential.elm.writer import NS, Node, present
from microcredential.frameworks import level_of
from microcredential.shapes import text
from microcredential.vocabulary import Vocabulary

_KINDS = ("Qualification", "LearningAchievementSpecification")
_LONGEST_CODE = 40
_FIRST_VERSION = "1"
_IN_WORDS = "It became a note: a definition has no summary of its outcomes."
_LEVEL = "The model does not say on what the level rests; give its basis."
_STACKABLE = "Whether it can also stand alone, the model does not say."


def elm_definition(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """Give the definition as `load_definition` takes it, and what of the document it does not carry.

    Takes a Qualification or LearningAchievementSpecification in the compact form of EDC, a learning
    opportunity or an award that has one; of an award nothing about the learner. The losses name too what had
    to be made up, a code or a version. Raises MicroCredentialError (`no_specification`, `too_deep`).
    """
    found = find_specification(document)
    account = Account(found.specification, base=found.place)
    accounts = [Account(one, base=place) for place, one in found.assessments]
    draft = _Draft(account.whole, [one.whole for one in accounts])
    definition = draft.definition()
    losses = [loss for one in (account, *accounts) for loss in one.losses(import_reason)]
    return definition, (*draft.made_up, *_beside(document, found), *losses)


def _beside(document: dict[str, Any], found: Found) -> list[Loss]:
    if not found.place:
        return []
    what = "the award of one learner" if found.is_award else "what stands around the description"
    return [Loss(written(found.place[:-1]), what, "Only the description of the micro-credential was taken.")]


class _Draft:
    """Read one description; `made_up` tells what was added so that the draft can be loaded."""

    def __init__(self, given: Part, assessments: list[Part]) -> None:
        self._given = given
        self._assessments = assessments
        self._concepts = ConceptReader()
        self._own_id = text(given["id"].value)
        self.made_up: list[Loss] = []

    def definition(self) -> dict[str, Any]:
        """Give the document with its options and its achievement."""
        given = self._given
        self._concepts.take_form(given, *_KINDS)
        title = given["title"].language_map()
        language = self._language(title)
        codes, others = self._identifiers()
        achievement = self._achievement(title, others)
        return {
            "definition": {
                "code": codes.get(CODE) or self._made_up("code", _code(title)),
                "version": codes.get(VERSION) or self._made_up("version", _FIRST_VERSION),
                "language": language,
            },
            "achievement": achievement,
        }

    def _achievement(self, title: dict[str, str], others: list[Node]) -> Node:
        given, concepts = self._given, self._concepts
        notes, quality = self._notes()
        return present(
            {
                "title": title,
                "summary": given["description"].language_map(),
                "otherIdentifier": others,
                "learningOpportunityType": concepts.one(given["dcType"], Vocabulary.LEARNING_OPPORTUNITY),
                "criteria": self._criteria(),
                "volumeOfLearning": given["volumeOfLearning"].words(),
                "creditPoint": [self._credit_point(one) for one in given.each("creditPoint")],
                "mode": concepts.every(given, "mode", Vocabulary.MODE),
                "learningSetting": concepts.one(given["learningSetting"], Vocabulary.LEARNING_SETTING),
                "thematicArea": concepts.every(given, "thematicArea", Vocabulary.ISCED_F),
                "fieldOfStudy": self._field(),
                "entryRequirement": self._note(given["entryRequirement"]),
                "learningOutcome": [
                    one for part in given.each("learningOutcome") if (one := self._outcome(part))
                ],
                "resultDescription": self._result_descriptions(),
                "alignment": self._levels(),
                "qualityAssurance": [
                    *(drafted_quality(one, concepts) for one in given.each("accreditation")),
                    *quality,
                ],
                **self._integration(),
                "additionalNote": notes,
            }
        )

    def _made_up(self, option: str, value: str) -> str:
        why = f"The document has no {option}: this one was made up; give your own."
        self.made_up.append(Loss(f"definition.{option}", value, why))
        return value

    def _language(self, title: dict[str, str]) -> str:
        tags = [tag for one in self._given.each("language") if (tag := self._concepts.language(one))]
        self._given["category"]["en"].repeats("MicroCredential")
        return tags[0] if tags else "en" if "en" in title or not title else next(iter(title))

    def _identifiers(self) -> tuple[dict[str, str], list[Node]]:
        codes: dict[str, str] = {}
        others: list[Node] = []
        for one in self._given.each("identifier"):
            self._concepts.take_form(one, "Identifier", "LegalIdentifier")
            scheme = one["schemeName"].words()
            notation = one["notation"].words() or one["notation"].number()
            if scheme in (CODE, VERSION) and len(notation) <= _LONGEST_CODE + 20:
                codes.setdefault(scheme, notation)
            elif notation:
                kind = scheme if scheme.startswith("ext:") else f"ext:{scheme or 'identifier'}"
                others.append({"type": "IdentifierEntry", "identifier": notation, "identifierType": kind})
        return codes, others

    def _criteria(self) -> Node:
        """Read the page of the course, and the criteria where a note is said to hold them."""
        page = self._given["homepage"]
        self._concepts.take_form(page, "WebResource")
        url = page["contentURL"].words()
        return present(
            {
                "id": "" if self._own_id and url.startswith(self._own_id) else url,
                "narrative": self._summary() if self._is_about_criteria() else "",
            }
        )

    def _is_about_criteria(self) -> bool:
        return bool(self._given["learningOutcomeSummary"]["subject"]["id"].value == CRITERIA)

    def _summary(self) -> str:
        note = self._given["learningOutcomeSummary"]
        self._concepts.take_form(note, "Note")
        self._concepts.take_subject(note, CRITERIA_LABEL)
        words = note["noteLiteral"]
        return words["en"].words() or next((one.words() for one in words.members()), "")

    def _notes(self) -> tuple[list[Node], list[Node]]:
        """Read the notes: those about quality assurance of the institution's own become that again."""
        notes: list[Node] = []
        quality: list[Node] = []
        for one in self._given.each("additionalNote"):
            subject = text(one["subject"]["id"].value)
            if vocabulary.in_vocabulary(Vocabulary.REFERENCING_BASIS, subject):
                continue  # a level in words is no level
            if vocabulary.in_vocabulary(Vocabulary.QUALITY_ASSURANCE, subject):
                one.change("The note became quality assurance of its kind, with the note as its title.")
                kind = self._concepts.one(one["subject"], Vocabulary.QUALITY_ASSURANCE)
                quality.append({"qaType": kind, "title": self._note(one)})
            elif words := self._note(one):
                notes.append({"noteLiteral": words})
        if not self._is_about_criteria() and (words := self._note(self._given["learningOutcomeSummary"])):
            self._given["learningOutcomeSummary"].change(_IN_WORDS)
            notes.append({"noteLiteral": words})
        return notes, quality

    def _note(self, note: Part) -> dict[str, str]:
        self._concepts.take_form(note, "Note")
        return note["noteLiteral"].language_map()

    def _credit_point(self, one: Part) -> Node:
        self._concepts.take_form(one, "CreditPoint")
        return present(
            {
                "framework": self._concepts.iri(one["framework"], Vocabulary.CREDIT_SYSTEM),
                "point": one["point"].words() or one["point"].number(),
            }
        )

    def _field(self) -> str:
        for one in self._given.each("educationSubject")[:1]:
            self._concepts.take_form(one, "Concept")
            labels = one["prefLabel"]
            return labels["en"].words() or next((label.words() for label in labels.members()), "")
        return ""

    def _outcome(self, one: Part) -> Node:
        concepts = self._concepts
        concepts.take_form(one, "LearningOutcome")
        return present(
            {
                "id": concepts.key(one["id"], self._own_id),
                "title": one["title"].language_map(),
                "relatedESCOSkill": concepts.skills(one, "relatedESCOSkill"),
                "relatedSkill": concepts.skills(one, "relatedSkill"),
                "skillType": concepts.one(one["dcType"], Vocabulary.SKILL_TYPE),
                "reusabilityLevel": concepts.one(one["reusabilityLevel"], Vocabulary.SKILL_REUSE_LEVEL),
            }
        )

    def _result_descriptions(self) -> list[Node]:
        taken = [
            drafted_assessment(one, one["specifiedBy"], self._concepts, self._own_id)
            for one in self._assessments
        ]
        described = [
            drafted_assessment(None, one, self._concepts, self._own_id)
            for one in self._given.each("provenBy")
        ]
        return [one for one in (*taken, *described) if one]

    def _levels(self) -> list[Node]:
        found = []
        for member in ("nqfLevel", "eqfLevel", "educationLevel"):
            for one in self._given.each(member):
                level = level_of(text(one["id"].value))
                if level is not None:
                    self._concepts.take_known(one)
                    self._concepts.take_labels(one, level.iri)
                    one["notation"].repeats(level.code)
                    one.change(_LEVEL)
                    found.append({"targetUrl": one["id"].words()})
        return found

    def _integration(self) -> Node:
        """Read whether it is a part of something, and of what."""
        programmes = [one for part in self._given.each("isPartOf") if (one := self._programme(part))]
        partial = self._given["isPartialQualification"]
        kind = ""
        if isinstance(partial.value, bool):
            kind = f"{NS}stackable" if partial.value else f"{NS}standalone"
            partial.repeats(True, False)
            partial.change(_STACKABLE)
        return {"stackability": kind, "isPartOf": programmes}

    def _programme(self, one: Part) -> Node:
        self._concepts.take_form(one, *_KINDS)
        iri = text(one["id"].value)
        own = self._own_id and iri.startswith(self._own_id)
        code = one["qualificationCode"]
        self._concepts.take_form(code, "Concept")
        notation = code["notation"].words()
        code["prefLabel"]["en"].repeats(notation)
        return present(
            {
                "id": one["id"].words() if iri.startswith("https://") and not own else "",
                "title": one["title"].language_map(),
                "qualificationCode": notation,
            }
        )


def _code(title: dict[str, str]) -> str:
    """Make a short code of the title: `ELM-CREDIT-RISK-ANALYSIS`."""
    words = title.get("en") or next(iter(title.values()), "")
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").upper()
    code = "-".join(["ELM", *re.findall("[A-Z0-9]+", plain)])
    return code[:_LONGEST_CODE].rstrip("-")
