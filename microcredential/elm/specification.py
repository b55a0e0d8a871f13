"""Write the micro-credential itself, which every award of it shares: a Qualification of the model."""

from __future__ import annotations

from collections.abc import Mapping

from microcredential import vocabulary
from microcredential.elm.levels import write_levels
from microcredential.elm.losses import Part
from microcredential.elm.people import Organisations
from microcredential.elm.quality import write_quality
from microcredential.elm.writer import NS, Node, Writer, present, single
from microcredential.expansion import ECTS
from microcredential.shapes import concept_id, decimal, language_map, mapping, text

CODE, VERSION = "humanCode", "version"
CRITERIA, CRITERIA_LABEL = f"{NS}criteria", "criteria"
_STACKABLE = {f"{NS}standalone": False, f"{NS}stackable": True, f"{NS}standaloneAndStackable": True}
_CRITERIA = "The criteria stand in the summary of the learning outcomes: the model has no member for them."
_PARTIAL = (
    "The model only tells whether it is a part of a qualification, not whether it can also stand alone."
)


def write_specification(
    achievement: Part, described: list[Node], organisations: Organisations, writer: Writer
) -> Node:
    """Write the achievement as a Qualification; `described` are assessments that nobody took."""
    achievement.types("Achievement", "MicroCredentialAchievement")
    title = write_title(achievement, writer)
    summary = achievement["summary"].language_map()
    _take_repeated(achievement, summary)
    kind = achievement["achievementType"].words()
    levels, level_notes = write_levels(achievement, _carried(achievement), writer)
    accreditations, quality_notes = write_quality(achievement, organisations, writer)
    notes = [note for one in achievement.each("additionalNote") if (note := write_note(one, writer))]
    return present(
        {
            "id": achievement["id"].words() or writer.new_id("qualification"),
            "type": "Qualification",
            "identifier": single(_identifiers(achievement, writer)),
            "title": title,
            "altLabel": _other_name(achievement["name"], title, writer),
            "description": summary or _plain_description(achievement, writer),
            "category": {"en": kind} if kind else None,
            "dcType": writer.concept(achievement["learningOpportunityType"]),
            "homepage": _criteria_page(achievement["criteria"], writer),
            "language": _language(achievement["inLanguage"], writer),
            "volumeOfLearning": achievement["volumeOfLearning"].words(),
            "mode": single(writer.concepts(achievement, "mode")),
            "learningOutcomeSummary": _criteria(achievement["criteria"], writer),
            "thematicArea": single(writer.concepts(achievement, "thematicArea")),
            "educationSubject": _field(achievement, writer),
            "creditPoint": single(_credit_points(achievement, writer)),
            "learningSetting": writer.concept(achievement["learningSetting"]),
            "entryRequirement": write_note(achievement["entryRequirement"], writer),
            "learningOutcome": single(_outcomes(achievement, writer)),
            "provenBy": single(described),
            "isPartOf": single(_programmes(achievement, writer)),
            "isPartialQualification": _partial(achievement["stackability"]),
            **{member: single(found) for member, found in levels.items()},
            "accreditation": single(accreditations),
            "additionalNote": single([*notes, *quality_notes, *level_notes]),
        }
    )


def write_title(achievement: Part, writer: Writer) -> dict[str, str]:
    """Give the title by language; of a badge without one, its name."""
    name = text(achievement["name"].value)
    return achievement["title"].language_map() or (writer.spoken(name) if name else {})


def write_note(note: Part, writer: Writer) -> Node | None:
    """Write a note with its texts by language."""
    words = note["noteLiteral"].language_map()
    note.types("Note")
    return writer.note(words) if words else None


def _take_repeated(achievement: Part, summary: dict[str, str]) -> None:
    """Take what says again what stands elsewhere; nothing is written for it."""
    achievement["description"].repeats(*summary.values())
    credits = achievement["creditsAvailable"]
    given = decimal(credits.value)
    if given is not None and given == _ects(achievement):
        credits.number()


def _ects(achievement: Part) -> object:
    points = [one for one in achievement.each("creditPoint") if one["framework"].value == ECTS]
    return decimal(points[0]["point"].value) if points else None


def _identifiers(achievement: Part, writer: Writer) -> list[Node]:
    found = [(achievement[term].words(), term) for term in (CODE, VERSION)]
    nodes = [writer.identifier(word, term) for word, term in found if word]
    for one in achievement.each("otherIdentifier"):
        one.types("IdentifierEntry")
        kind = one["identifierType"].words()
        nodes.append(writer.identifier(one["identifier"].words(), kind))
    return nodes


def _other_name(name: Part, title: dict[str, str], writer: Writer) -> dict[str, str] | None:
    if name.repeats(*title.values()) or not (words := name.words()):
        return None
    return writer.spoken(words)


def _plain_description(achievement: Part, writer: Writer) -> dict[str, str] | None:
    words = achievement["description"].words()
    return writer.spoken(words) if words else None


def _language(tag: Part, writer: Writer) -> Node | None:
    node = writer.language_concept(text(tag.value)) if tag else None
    if node and "-" not in text(tag.value):
        tag.words()
    return node


def _criteria(criteria: Part, writer: Writer) -> Node | None:
    criteria.types("Criteria")
    words = criteria["narrative"].words()
    if not words:
        return None
    criteria["narrative"].change(_CRITERIA)
    subject = {"id": CRITERIA, "type": "Concept", "prefLabel": {"en": CRITERIA_LABEL}}
    return writer.note(writer.spoken(words), subject=subject)


def _criteria_page(criteria: Part, writer: Writer) -> Node | None:
    url = criteria["id"].words()
    return writer.web_resource(url) if url else None


def _field(achievement: Part, writer: Writer) -> Node | None:
    """Write a field of study in words, unless it names a thematic area with its code."""
    field = achievement["fieldOfStudy"]
    areas = [concept_id(one.value) for one in achievement.each("thematicArea")]
    if field.repeats(*(f"{iri.rsplit('/', 1)[-1]} {vocabulary.label(iri)}" for iri in areas)):
        return None
    words = field.words()
    return writer.own_concept(words) if words else None


def _credit_points(achievement: Part, writer: Writer) -> list[Node]:
    nodes = []
    for one in achievement.each("creditPoint"):
        one.types("CreditPoint")
        nodes.append(
            present(
                {
                    "id": writer.new_id("creditPoint"),
                    "type": "CreditPoint",
                    "framework": writer.concept(one["framework"]),
                    "point": one["point"].words() or one["point"].number(),
                }
            )
        )
    return nodes


def _outcomes(achievement: Part, writer: Writer) -> list[Node]:
    nodes = []
    for one in achievement.each("learningOutcome"):
        one.types("LearningOutcome")
        nodes.append(
            present(
                {
                    "id": one["id"].words() or writer.new_id("learningOutcome"),
                    "type": "LearningOutcome",
                    "title": one["title"].language_map(),
                    "dcType": writer.concept(one["skillType"]),
                    "reusabilityLevel": writer.concept(one["reusabilityLevel"]),
                    "relatedSkill": single(writer.concepts(one, "relatedSkill")),
                    "relatedESCOSkill": single(writer.concepts(one, "relatedESCOSkill")),
                }
            )
        )
    return nodes


def _programmes(achievement: Part, writer: Writer) -> list[Node]:
    nodes = []
    for one in achievement.each("isPartOf"):
        one.types("LearningSpecification")
        code = one["qualificationCode"].words()
        nodes.append(
            present(
                {
                    "id": one["id"].words() or writer.new_id("qualification"),
                    "type": "Qualification",
                    "title": one["title"].language_map(),
                    "qualificationCode": writer.own_concept(code, notation=code) if code else None,
                }
            )
        )
    return nodes


def _partial(stackability: Part) -> bool | None:
    iri = concept_id(stackability.value)
    if iri not in _STACKABLE:
        return None
    stackability.iri()
    stackability.types("Concept")
    for label in stackability["prefLabel"].members():
        label.repeats(vocabulary.labels(iri).get(str(label.place[-1])))
    stackability.change(_PARTIAL)
    return _STACKABLE[iri]


def _carried(achievement: Part) -> Mapping[str, Mapping[str, str]]:
    """Give the labels of fields and skills that the model has members for, by IRI."""
    concepts = list(achievement.each("thematicArea"))
    for outcome in achievement.each("learningOutcome"):
        concepts += [*outcome.each("relatedESCOSkill"), *outcome.each("relatedSkill")]
    return {
        concept_id(one.value): language_map(mapping(one.value).get("prefLabel"))
        for one in concepts
        if concept_id(one.value)
    }
