"""Read assessments and accreditations of the European Learning Model as parts of a definition."""

from __future__ import annotations

import re

from microcredential.elm.assessments import WEIGHT, WEIGHT_LABEL
from microcredential.elm.concepts import ConceptReader
from microcredential.elm.losses import Part
from microcredential.elm.scales import heard
from microcredential.elm.writer import Node, present
from microcredential.vocabulary import Vocabulary

_WEIGHT = re.compile(r"Counts (\d{1,3}) % of the final grade\.", re.ASCII)
_DATES = ("dateIssued", "reviewDate", "expiryDate")


def drafted_assessment(taken: Part | None, described: Part, concepts: ConceptReader, own_id: str) -> Node:
    """Read an assessment from its description, and from what a learner took, where there is that."""
    concepts.take_form(described, "LearningAssessmentSpecification")
    kinds = concepts.every(described, "dcType", Vocabulary.ASSESSMENT_TYPE)
    supervision = None
    if taken is not None:
        concepts.take_form(taken, "LearningAssessment")
        taken["title"].same_as(described["title"].value)
        kinds += concepts.every(taken, "dcType", Vocabulary.ASSESSMENT_TYPE)
        supervision = concepts.one(taken["idVerification"], Vocabulary.SUPERVISION)
    titles = described["title"]
    name = titles["en"].words() or next((one.words() for one in titles.members()), "")
    return present(
        {
            "id": concepts.key(described["id"], own_id),
            "name": name,
            **_scale(described["gradingScheme"], concepts),
            "assessmentType": kinds,
            "assessmentMode": concepts.every(described, "mode", Vocabulary.MODE),
            "supervision": supervision,
            "weightPercent": _weight(described, concepts),
        }
    )


def drafted_quality(one: Part, concepts: ConceptReader) -> Node:
    """Read an accreditation as quality assurance."""
    concepts.take_form(one, "Accreditation")
    agent, report, decision = one["accreditingAgent"], one["report"], one["decision"]
    for part, kind in ((agent, "Organisation"), (report, "WebResource"), (decision, "Concept")):
        concepts.take_form(part, kind)
    page = agent["homepage"]
    concepts.take_form(page, "WebResource")
    return present(
        {
            "id": one["id"].words() if str(one["id"].value).startswith("https://") else "",
            "title": one["title"].language_map(),
            "qaType": concepts.one(one["dcType"], Vocabulary.QUALITY_ASSURANCE),
            "accreditingAgent": present(
                {
                    "id": agent["id"].words(),
                    "name": _one_language(agent["legalName"]),
                    "url": page["contentURL"].words(),
                }
            ),
            "decision": _one_language(decision["prefLabel"]),
            "report": report["contentURL"].words(),
            **{term: one[term].words() for term in _DATES},
        }
    )


def _scale(scheme: Part, concepts: ConceptReader) -> Node:
    """Read a scale that our own export said in words; any other title is a loss."""
    scale = heard(str(scheme["title"]["en"].value or ""))
    concepts.take_form(scheme, "GradingScheme")
    if scale is None:
        return {}
    scheme["title"]["en"].words()
    return {
        "resultType": scale.kind,
        "valueMin": scale.least,
        "valueMax": scale.most,
        "requiredValue": scale.required,
        "allowedValue": list(scale.allowed),
    }


def _weight(described: Part, concepts: ConceptReader) -> int | None:
    for note in described.each("additionalNote"):
        found = _WEIGHT.fullmatch(str(note["noteLiteral"]["en"].value))
        if found and note["subject"]["id"].value == WEIGHT:
            concepts.take_form(note, "Note")
            concepts.take_subject(note, WEIGHT_LABEL)
            note["noteLiteral"]["en"].words()
            return int(found[1])
    return None


def _one_language(words: Part) -> str:
    return words["en"].words() or next((one.words() for one in words.members()), "")
