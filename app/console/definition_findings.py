"""What a draft still lacks: findings, each beside its field, and the meter of the eleven elements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.console.definition_form import HOURS, TOTAL, Field, FormView, Group
from app.console.definition_kinds import Hours
from app.console.definition_places import ABSENT, name_of, rows_at, value_at
from app.words import gettext as _
from microcredential import Finding, Severity
from microcredential.expansion import ECTS
from microcredential.shapes import decimal, mapping

# What the profile calls a place, where the form has another field for it.
_ELSEWHERE = {
    "achievement.name": "achievement.title",
    "achievement.description": "achievement.summary",
    "achievement.creditsAvailable": "achievement.creditPoint",
    "achievement.humanCode": "definition.code",
    "achievement.version": "definition.version",
    "achievement.inLanguage": "definition.language",
    "achievement.fieldOfStudy": "achievement.thematicArea",
}
_BY_CODE = {"no_english_title": "achievement.title.en"}
# Where the fields stand that an indicator of quality speaks of, for those of which no element speaks.
_ELEMENT_OF = {
    "QC-02": "M11",
    "QC-03": "M11",
    "QC-05": "M11",
    "QC-07": "M11",
    "QC-12": "M6",
    "QC-20": "M9",
    "QC-23": "M9",
}
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Placed:
    """Findings by the name of the field, row or list that they stand beside, and those without a place."""

    beside: Mapping[str, tuple[Finding, ...]]
    others: tuple[Finding, ...]

    def at(self, name: str) -> tuple[Finding, ...]:
        """Give what stands beside one of them."""
        return self.beside.get(name, ())


@dataclass(frozen=True)
class Element:
    """One of the eleven mandatory elements: where it is described, and how it stands."""

    id: str
    label: str
    step: str
    state: str  # done, block or warn


@dataclass(frozen=True)
class Meter:
    """How complete a definition is."""

    elements: tuple[Element, ...] = field(default=())

    @property
    def done(self) -> int:
        """How many elements are there and hold."""
        return sum(element.state != "block" for element in self.elements)

    @property
    def to_mend(self) -> int:
        """How many must be mended."""
        return len(self.elements) - self.done

    @property
    def to_check(self) -> int:
        """How many should be looked at."""
        return sum(element.state == "warn" for element in self.elements)


def findings_by_field(findings: Iterable[Finding], form: FormView) -> Placed:
    """Put each finding beside the field that it speaks of, else beside the nearest row or list above it."""
    anchors = anchors_of(form)
    beside: dict[str, list[Finding]] = {}
    others: list[Finding] = []
    for finding in findings:
        name = _anchor(_BY_CODE.get(finding.code, finding.path), anchors)
        if name:
            beside.setdefault(name, []).append(finding)
        else:
            others.append(finding)
    return Placed({name: tuple(found) for name, found in beside.items()}, tuple(others))


def meter(findings: Sequence[Finding]) -> Meter:
    """Say how each of the eleven mandatory elements stands; what is not of an element is no part of it."""
    worst = {_element(finding): "warn" for finding in findings if finding.severity is Severity.WARN}
    worst |= {_element(finding): "block" for finding in findings if finding.severity is Severity.BLOCK}
    return Meter(tuple(Element(id, label, step, worst.get(id, "done")) for id, label, step in _elements()))


def _element(finding: Finding) -> str:
    return _ELEMENT_OF.get(finding.id, finding.id)


def _elements() -> tuple[tuple[str, str, str], ...]:
    return (
        ("M1", _("Learner"), ""),
        ("M2", _("Title"), "title"),
        ("M3", _("Country of the issuer"), ""),
        ("M4", _("Awarding body"), "options"),
        ("M5", _("Date of issuing"), ""),
        ("M6", _("Learning outcomes"), "outcomes"),
        ("M7", _("Workload"), "workload"),
        ("M8", _("Level"), "level"),
        ("M9", _("Assessment"), "assessment"),
        ("M10", _("Form of participation"), "workload"),
        ("M11", _("Quality assurance"), "quality"),
    )


def hints_of(document: Mapping[str, Any]) -> list[Finding]:
    """Say what the numbers of the workload make; hints only, and nothing that cannot be calculated."""
    return [*_hours_hint(document), *_ects_hint(document)]


def _hours_hint(document: Mapping[str, Any]) -> list[Finding]:
    known = [part for part in (value_at(document, place) for place in HOURS) if part is not ABSENT]
    if any(not isinstance(part, int) for part in known):
        odd = next(place for place in HOURS if not isinstance(value_at(document, place), int | type(ABSENT)))
        text = _("This is not a whole number of hours.")
        return [Finding("M7", Severity.WARN, name_of(odd), text, _("Write digits only."), "hours_unreadable")]
    total = _hours(document)
    if not known or total is None or sum(known) == total:
        return []
    text = _("The parts make {parts} hours, but {total} are stated.").format(parts=sum(known), total=total)
    return [Finding("M7", Severity.WARN, name_of(TOTAL), text, _("Correct one of them."), "hours_differ")]


def _ects_hint(document: Mapping[str, Any]) -> list[Finding]:
    total = _hours(document)
    rows = rows_at(document, ("achievement", "creditPoint"))
    ects = [number for number, row in enumerate(rows) if mapping(row).get("framework") == ECTS]
    if not total or not ects:
        return []
    least, most = (Decimal(total) / each // _HALF * _HALF for each in (30, 25))
    stated = decimal(mapping(rows[ects[0]]).get("point"))
    if stated == least:
        return []
    text = _("{hours} hours at 30 per credit make {least} ECTS, at 25 per credit {most}.").format(
        hours=total, least=f"{least:.1f}", most=f"{most:.1f}"
    )
    place = name_of(("achievement", "creditPoint", ects[0], "point"))
    return [
        Finding("M7", Severity.INFO, place, text, _("You may state less, never more."), "ects_calculated")
    ]


def _hours(document: Mapping[str, Any]) -> int | None:
    shown = Hours().shown(value_at(document, TOTAL))
    return int(shown[0]) if shown and shown[0].isascii() and shown[0].isdecimal() else None


def anchors_of(form: FormView) -> list[str]:
    """List everything that a finding can stand beside, in the order of the page."""
    found: list[str] = []

    def walk(parts: tuple[Field | Group, ...]) -> None:
        for part in parts:
            found.append(part.name)
            if isinstance(part, Group):
                for row in part.rows:
                    found.append(row.name)
                    walk(row.parts)

    for step in form.steps:
        walk(step.parts)
    return found


def _anchor(path: str, anchors: list[str]) -> str:
    name = _named(path)
    while "." in name:  # what speaks of the whole stands on top
        if name in anchors:
            return name
        below = next((anchor for anchor in anchors if anchor.startswith(f"{name}.")), None)
        if below:
            return below
        name = name.rpartition(".")[0]
    return ""


def _named(path: str) -> str:
    """Write the path of a finding as the name of a field."""
    dotted = path.replace("[", ".").replace("]", "").strip(".")
    if dotted and dotted.split(".")[0] not in ("definition", "achievement", "working", "issuer"):
        dotted = f"achievement.{dotted}"
    for inner, field_name in _ELSEWHERE.items():
        if dotted == inner or dotted.startswith(f"{inner}."):
            return field_name + dotted.removeprefix(inner)
    return dotted
