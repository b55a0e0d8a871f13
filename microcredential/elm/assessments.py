"""Write the assessments of a badge with their grades: `provenBy` of the achievement or of its description."""

from __future__ import annotations

from microcredential.elm.losses import Part
from microcredential.elm.scales import Scale
from microcredential.elm.writer import NS, Node, Writer, present, single

WEIGHT, WEIGHT_LABEL = f"{NS}weightPercent", "weight in the final grade"
_IN_WORDS = "Its scale and weight stand in words, in the grading scheme and a note: the model has neither."
_BOUNDS = ("resultType", "valueMin", "valueMax", "requiredValue")


def write_assessments(subject: Part, awarded_by: Node, writer: Writer) -> tuple[list[Node], list[Node]]:
    """Give the assessments with a result, and the descriptions of those without one.

    The model asks for a grade of every assessment of a learner: what has none is told of the micro-credential
    alone.
    """
    proven: list[Node] = []
    described: list[Node] = []
    results = {str(one["resultDescription"].value): one for one in reversed(subject.each("result"))}
    for one in subject["achievement"].each("resultDescription"):
        specification = _specification(one, writer)
        result = results.pop(str(one["id"].value), None)
        grade = _grade(result, one, writer) if result else None
        if result is None or grade is None:
            described.append(specification)
        else:
            proven.append(
                _assessment(one, result, writer)
                | {"awardedBy": awarded_by, "grade": grade}
                | {"specifiedBy": specification}
            )
    return proven, described


def _assessment(one: Part, result: Part, writer: Writer) -> Node:
    """Write the assessment itself, with every type but the first, which its description has."""
    result["resultDescription"].words()
    result.types("Result")
    status = result["status"].words()
    further = [writer.concept(kind) for kind in one.each("assessmentType")[1:]]
    return present(
        {
            "id": writer.new_id("learningAssessment"),
            "type": "LearningAssessment",
            "title": writer.spoken(name) if (name := one["name"].words()) else None,
            "dcType": single([kind for kind in further if kind]),
            "gradeStatus": writer.own_concept(status) if status else None,
            "idVerification": writer.concept(one["supervision"]),
        }
    )


def _specification(one: Part, writer: Writer) -> Node:
    one.types("ResultDescription", "AssessmentDescription")
    name = one["name"].words()
    if any(one[term] for term in (*_BOUNDS, "allowedValue", "weightPercent")):
        one.change(_IN_WORDS)
    return present(
        {
            "id": one["id"].words() or writer.new_id("learningAssessmentSpec"),
            "type": "LearningAssessmentSpecification",
            "title": writer.spoken(name) if name else None,
            "dcType": next((writer.concept(kind) for kind in one.each("assessmentType")[:1]), None),
            "mode": single(writer.concepts(one, "assessmentMode")),
            "gradingScheme": _scheme(one, writer),
            "additionalNote": _weight(one["weightPercent"], writer),
        }
    )


def _weight(weight: Part, writer: Writer) -> Node | None:
    percent = weight.number()
    if not percent:
        return None
    subject = {"id": WEIGHT, "type": "Concept", "prefLabel": {"en": WEIGHT_LABEL}}
    return writer.note({"en": f"Counts {percent} % of the final grade."}, subject=subject)


def _scheme(one: Part, writer: Writer) -> Node | None:
    kind, least, most, required = (one[term].words() or one[term].number() for term in _BOUNDS)
    allowed = [word for value in one.each("allowedValue") if (word := value.words() or value.number())]
    sentence = Scale(kind, least, most, required, tuple(allowed)).said()
    if not sentence:
        return None
    return {"id": writer.new_id("gradingScheme"), "type": "GradingScheme", "title": {"en": sentence}}


def _grade(result: Part, description: Part, writer: Writer) -> Node | None:
    value = (
        result["value"].words()
        or result["value"].number()
        or _rubric_name(result, description)
        or result["status"].words()
    )
    return writer.note(writer.spoken(value)) if value else None


def _rubric_name(result: Part, description: Part) -> str:
    level = result["achievedLevel"]
    for one in description.each("rubricCriterionLevel"):
        if level and one["id"].value == level.value and (name := one["name"].words()):
            level.words()
            one["id"].words()
            one.types("RubricCriterionLevel")
            return name
    return ""
