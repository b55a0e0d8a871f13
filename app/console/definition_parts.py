"""What the form of a definition is made of: fields, wordings and lists, before they meet a document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.console.definition_choices import Source
from app.console.definition_kinds import Kind
from microcredential.frameworks import LEVEL_TYPES, level_of

Label = object  # a lazily translated text


@dataclass(frozen=True)
class Entry:
    """One field at `path`; `instead` is where the value stands when it does not stand there."""

    path: tuple[str, ...]
    kind: Kind
    label: Label
    hint: Label = ""
    options: Source | None = None
    instead: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()  # members beside it that followed from the old value


@dataclass(frozen=True)
class Words:
    """One text in every language of the definition."""

    path: tuple[str, ...]
    label: Label
    hint: Label = ""
    widget: str = "line"


@dataclass(frozen=True)
class Rows:
    """A list of things that are described alike; `adds` are the buttons with what each adds."""

    path: tuple[str, ...]
    title: Label
    parts: "tuple[Part, ...]"
    adds: tuple[tuple[str, Label, Any], ...]
    hint: Label = ""
    shows: Callable[[Any], bool] = lambda row: True
    only: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)  # parts that not every row has


Part = Entry | Words | Rows


@dataclass(frozen=True)
class Section:
    """One step of the form."""

    id: str
    title: Label
    parts: tuple[Part, ...]


def is_level(row: Any) -> bool:
    """Tell whether an alignment claims a level, or is still empty: the others are repeated from elsewhere."""
    if not isinstance(row, dict):
        return False
    kinds = row.get("type")
    named = "LevelAlignment" in (kinds if isinstance(kinds, list) else [kinds])
    url, kind = row.get("targetUrl"), row.get("targetType")
    known = isinstance(url, str) and level_of(url) is not None
    if named or known or "referencingBasis" in row or (isinstance(kind, str) and kind in LEVEL_TYPES):
        return True
    return not url and not row.get("targetName")


def is_assessment(row: Any) -> bool:
    """Tell an assessment from the overall grade."""
    if not isinstance(row, dict):
        return False
    kinds = row.get("type")
    return "assessmentType" in row or "AssessmentDescription" in (
        kinds if isinstance(kinds, list) else [kinds]
    )
