"""The form of a definition: a definition document as fields, and the fields as a document again.

The form carries the whole document with it, and a field changes the document only where it came back
otherwise than it was sent. So what the form does not know, cannot show or was not touched stays what it was.
"""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

from app.console.definition_choices import Source
from app.console.definition_kinds import Kind, Typed, Wording, says_the_same
from app.console.definition_parts import Entry, Part, Rows, Words
from app.console.definition_places import ABSENT, Place, can_hold, name_of, put, rows_at, value_at
from app.console.definition_sections import SECTIONS
from microcredential.shapes import mapping
from ob3.errors import JsonRefused
from ob3.strict_json import parse

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
CARRIED = "carried"
HOURS = (
    ("working", "hours", "contact"),
    ("working", "hours", "self_study"),
    ("working", "hours", "assessment"),
)
TOTAL = ("achievement", "volumeOfLearning")
_FALLBACK = "en"
_MOST_LANGUAGES = (
    30  # that are shown: each text has an input in each of them, so a file could ask for millions
)


class Form(Protocol):
    """What a browser sends: werkzeug's MultiDict."""

    def __contains__(self, name: object) -> bool: ...
    def getlist(self, name: str) -> list[str]: ...


class FormNotOurs(ValueError):  # noqa: N818  (named for the fault)
    """Say that a form came without the document that it was made of."""


@dataclass(frozen=True)
class Field:
    """One field as a page shows it; `language` is that of its words, None for what has none."""

    name: str
    place: Place
    kind: Kind
    label: str
    hint: str
    values: Typed
    language: str | None = None
    options: Source | None = None
    entry: Entry | None = None

    @property
    def id(self) -> str:
        """The id of its element."""
        return self.name.replace(".", "-")


@dataclass(frozen=True)
class Row:
    """One thing of a list; `first` and `last` of those that are shown."""

    name: str
    title: str
    parts: "tuple[Field | Group, ...]"
    first: bool
    last: bool

    @property
    def id(self) -> str:
        """The id of its element."""
        return self.name.replace(".", "-")


@dataclass(frozen=True)
class Group:
    """A list of things; `adds` are what its buttons send and say."""

    name: str
    title: str
    hint: str
    rows: tuple[Row, ...]
    adds: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The id of its element."""
        return self.name.replace(".", "-")


@dataclass(frozen=True)
class Step:
    """One section of the form."""

    id: str
    title: str
    parts: tuple[Field | Group, ...]


@dataclass(frozen=True)
class FormView:
    """The whole form; `carried` is the document that it was made of, as JSON in ASCII."""

    steps: tuple[Step, ...]
    carried: str
    languages: tuple[str, ...]

    def fields(self) -> Iterator[Field]:
        """Go through every field, in the order of the page."""
        for step in self.steps:
            yield from _flat(step.parts)

    def pairs(self) -> list[tuple[str, str]]:
        """Give what a browser would send if nobody touched anything."""
        sent = [(field.name, value) for field in self.fields() for value in (*field.values, *_marker(field))]
        return [(CARRIED, self.carried), *sent]


def fields_of(document: Mapping[str, Any]) -> FormView:
    """Make the form of a definition document (`definition`, `achievement`), whole or half-finished."""
    making = _Making(dict(document))
    steps = tuple(
        Step(section.id, str(section.title), tuple(making.parts(section.parts, ()))) for section in SECTIONS
    )
    return FormView(steps, json.dumps(document), making.languages)


def document_of(form: Form) -> dict[str, Any]:
    """Make the document that a form stands for; raises FormNotOurs without the one it was made of."""
    sent = form.getlist(CARRIED)
    try:
        before = parse(sent[0].encode("utf-8")) if sent else None
    except JsonRefused as error:
        raise FormNotOurs(error.message) from error
    if not isinstance(before, dict):
        raise FormNotOurs("the form came without its document")
    document = deepcopy(before)
    for field in fields_of(before).fields():
        if field.name in form:
            _take(document, field, tuple(form.getlist(field.name)))
    _sum_up(document, before)
    return document


def own_language(document: Mapping[str, Any]) -> str:
    """Give the language of instruction, English while none can be read."""
    for place in (("definition", "language"), ("achievement", "inLanguage")):
        found = value_at(document, place)
        if isinstance(found, str) and found:
            return found
    return _FALLBACK


def languages_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the languages of the texts: the own one, English, then the others as they come."""
    achievement = mapping(document.get("achievement"))
    maps = [achievement.get("title"), achievement.get("summary"), achievement.get("entryRequirement")]
    for term in ("learningOutcome", "qualityAssurance", "isPartOf"):
        maps += [mapping(row).get("title") for row in rows_at(achievement, (term,))]
    tags = [
        tag
        for one in maps
        for tag in mapping(mapping(one).get("noteLiteral") or one)
        if isinstance(tag, str) and LANGUAGE.fullmatch(tag)
    ]
    return tuple(dict.fromkeys([own_language(document), _FALLBACK, *tags]))[:_MOST_LANGUAGES]


def _flat(parts: tuple[Field | Group, ...]) -> Iterator[Field]:
    for part in parts:
        if isinstance(part, Field):
            yield part
        else:
            for row in part.rows:
                yield from _flat(row.parts)


def _marker(field: Field) -> tuple[str, ...]:
    """Boxes that are not ticked send nothing: an empty value says that they were there."""
    return ("",) if field.kind.widget in ("checks", "flag", "selects") else ()


class _Making:
    """Make the parts of the form for one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.own = own_language(document)
        self.languages = languages_of(document)

    def parts(self, parts: tuple[Part, ...], above: Place) -> Iterator[Field | Group]:
        for part in parts:
            place = (*above, *part.path)
            if isinstance(part, Rows):
                yield self._group(part, place)
            elif not can_hold(self.document, place):
                continue
            elif isinstance(part, Words):
                yield from self._words(part, place)
            else:
                yield from self._entry(part, place, above)

    def _entry(self, part: Entry, place: Place, above: Place) -> Iterator[Field]:
        value = value_at(self.document, place)
        if (value is ABSENT or value is None) and part.instead:
            value = value_at(self.document, (*above, *part.instead))
        shown = part.kind.shown(value)
        if shown is not None:
            yield Field(
                name_of(place),
                place,
                part.kind,
                str(part.label),
                str(part.hint),
                shown,
                None,
                part.options,
                part,
            )

    def _words(self, part: Words, place: Place) -> Iterator[Field]:
        value = value_at(self.document, place)
        for tag in self.languages:
            kind = Wording(tag, self.own, part.widget)
            shown = kind.shown(value)
            if shown is not None:
                hint = str(part.hint) if tag == self.languages[0] else ""  # once is enough
                yield Field(f"{name_of(place)}.{tag}", place, kind, str(part.label), hint, shown, tag)

    def _group(self, part: Rows, place: Place) -> Group:
        rows = rows_at(self.document, place)
        numbers = [number for number, row in enumerate(rows) if _readable(row) and part.shows(row)]
        made = [
            Row(
                name_of((*place, number)),
                f"{part.title} {count}",
                tuple(self.parts(_of_row(part, rows[number]), (*place, number))),
                first=count == 1,
                last=count == len(numbers),
            )
            for count, number in enumerate(numbers, 1)
        ]
        name = name_of(place)
        adds = tuple((f"add:{name}:{which}", str(label)) for which, label, _blank in part.adds)
        return Group(name, str(part.title), str(part.hint), tuple(made), adds)


def _readable(row: Any) -> bool:
    return isinstance(row, dict | str)


def _of_row(part: Rows, row: Any) -> tuple[Part, ...]:
    """Give the parts that this row has: those of an assessment alone, or ones that already say something."""
    return tuple(
        one
        for one in part.parts
        if one.path[0] not in part.only or part.only[one.path[0]](row) or one.path[0] in mapping(row)
    )


def _take(document: dict[str, Any], field: Field, typed: Typed) -> None:
    """Put what was typed into the document, if it is not what stood there."""
    if says_the_same(field.kind, typed, field.values) or not typed:
        return
    entry = field.entry
    put(document, field.place, field.kind.written(typed, value_at(document, field.place)))
    if entry is None:
        return
    above = field.place[: len(field.place) - len(entry.path)]
    if entry.instead:
        put(document, (*above, *entry.instead), ABSENT)
    for member in entry.stale:
        beside = (*field.place[:-1], member)
        if value_at(document, beside) is not ABSENT:
            put(document, beside, ABSENT)


def _sum_up(document: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Calculate the hours in all, where their parts were changed and can be added up."""
    parts = [value_at(document, place) for place in HOURS]
    if parts == [value_at(before, place) for place in HOURS]:
        return
    known = [part for part in parts if part is not ABSENT]
    if known and all(isinstance(part, int) and part >= 0 for part in known):
        put(document, TOTAL, f"PT{sum(known)}H")
