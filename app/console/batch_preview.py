"""The lines of a class list as the preview shows them: findings beside their cells, cells to be mended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.console.batch_words import StateWords, column_name, line_state
from issuer.batching.lines import KeptLine, LineFinding
from issuer.batching.preview import PreviewPage
from issuer.batching.view import BatchView
from issuer.class_list import Severity

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
_CELL = re.compile(r"cell-(\d{1,6})-(\d{1,3})", re.ASCII)
_NAMES = frozenset({"name", "given_name", "family_name"})
_NUMBERS = frozenset({"grade", "credits_earned"})
_SORTS = {"name": "name", "student_number": "number"}


@dataclass(frozen=True)
class ShownColumn:
    """A column of the table; `sort` is the key that it sorts by, empty for none."""

    place: int
    label: str
    column: str
    numeric: bool
    sort: str


@dataclass(frozen=True)
class ShownNote:
    """A finding; `said` is what the file said in a cell that was mended."""

    id: str
    is_error: bool
    text: str


@dataclass(frozen=True)
class ShownCell:
    """A cell: as text, or as an input called `name`."""

    name: str
    label: str
    text: str
    language: str
    numeric: bool
    is_input: bool
    notes: tuple[ShownNote, ...]
    said: str | None

    @property
    def note_ids(self) -> str:
        """The ids of its findings, for aria-describedby."""
        return " ".join(note.id for note in self.notes)


@dataclass(frozen=True)
class ShownLine:
    """A line: its state, its cells, and what is wrong with it as a whole."""

    line: int
    state: StateWords
    cells: tuple[ShownCell, ...]
    notes: tuple[ShownNote, ...]


def shown_columns(view: BatchView, page: PreviewPage) -> list[ShownColumn]:
    """List the columns that have a meaning, in the order of the file."""
    ordered = sorted(page.places.items(), key=lambda pair: pair[1])
    return [
        ShownColumn(
            place=place,
            label=column_name(column),
            column=column,
            numeric=column in _NUMBERS or column.startswith("result:"),
            sort=_SORTS.get(column, ""),
        )
        for column, place in ordered
    ]


def shown_lines(
    lines: Sequence[KeptLine], columns: Sequence[ShownColumn], *, may_mend: bool, whole: bool = False
) -> list[ShownLine]:
    """Turn lines into what the table draws; with `whole` every cell can be typed over, not only errors."""
    return [_shown(line, columns, may_mend=may_mend, whole=whole) for line in lines]


def asked_changes(form: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """Read the cells of a form, `cell-LINE-PLACE`."""
    found = ((_CELL.fullmatch(name), text) for name, text in form.items())
    return {(int(match[1]), int(match[2])): text.strip() for match, text in found if match}


def _shown(line: KeptLine, columns: Sequence[ShownColumn], *, may_mend: bool, whole: bool) -> ShownLine:
    shown_places = {column.place for column in columns}
    language = _language(line, columns)
    elsewhere = [each for each in line.findings if each.place not in shown_places]
    return ShownLine(
        line=line.line,
        state=line_state(line.state),
        cells=tuple(_cell(line, column, language, may_mend=may_mend, whole=whole) for column in columns),
        notes=_notes(line.line, "row", elsewhere),
    )


def _cell(line: KeptLine, column: ShownColumn, language: str, *, may_mend: bool, whole: bool) -> ShownCell:
    place = column.place
    found = [each for each in line.findings if each.place == place]
    wrong = any(each.severity is Severity.ERROR for each in found)
    return ShownCell(
        name=f"cell-{line.line}-{place}",
        label=column.label,
        text=line.cells[place] if place < len(line.cells) else "",
        language=language if column.column in _NAMES else "",
        numeric=column.numeric,
        is_input=may_mend and (whole or wrong),
        notes=_notes(line.line, str(place), found),
        said=line.mended.get(place),
    )


def _notes(line: int, place: str, findings: Sequence[LineFinding]) -> tuple[ShownNote, ...]:
    return tuple(
        ShownNote(
            id=f"note-{line}-{place}-{number}",
            is_error=each.severity is Severity.ERROR,
            text=" ".join(filter(None, (_column(each, place), each.reason, each.fix))),
        )
        for number, each in enumerate(findings)
    )


def _column(finding: LineFinding, place: str) -> str:
    """Name the column of a finding that stands beside no cell of it."""
    return f"{finding.column}:" if place == "row" and finding.column else ""


def _language(line: KeptLine, columns: Sequence[ShownColumn]) -> str:
    place = next((column.place for column in columns if column.column == "language"), None)
    text = line.cells[place].strip().lower() if place is not None and place < len(line.cells) else ""
    return text if _LANGUAGE.fullmatch(text) else ""
