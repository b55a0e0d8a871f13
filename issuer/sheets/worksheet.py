"""The parts of a workbook as values: its sheets, texts and number formats, and the lines of one sheet."""

import re
from dataclasses import dataclass, field
from datetime import date

from issuer.csv_text import as_meant
from issuer.errors import ClassListRefused
from issuer.sheets.archive import Archive, parse, resolved
from issuer.sheets.headers import TITLE_ROWS
from issuer.sheets.number_formats import DAY_ZERO_1900, DAY_ZERO_1904, format_code, number_text
from issuer.sheets.table import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Line

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376, 22.9.2.19
_PLACE = re.compile(r"([A-Za-z]{1,3})[0-9]{1,7}")


@dataclass(frozen=True)
class Sheet:
    """A worksheet by name, the part that holds it, and whether people see it."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share; `formats` are the format codes by the style of a cell."""

    archive: Archive
    sheets: tuple[Sheet, ...]
    texts: tuple[str, ...]
    formats: tuple[str, ...]
    day_zero: date


@dataclass
class Page:
    """The lines of one sheet that are not empty, and what a reader of it should know."""

    lines: list[Line] = field(default_factory=list)
    hidden_rows: int = 0
    uncalculated: int = 0
    merged: list[tuple[int, int]] = field(default_factory=list)  # first and last line of each merged cell


def open_book(data: bytes) -> Book:
    """Read the parts that all sheets share; raises ClassListRefused."""
    archive = Archive(data)
    start = next((part for kind, part in _relations(archive, "").values() if kind == "officeDocument"), "")
    main = start or "xl/workbook.xml"
    listing = _Listing()
    parse(archive.part(main), listing)
    related = _relations(archive, main)
    parts = {number: part for number, (kind, part) in related.items() if kind == "worksheet"}
    shared = {kind: part for kind, part in related.values() if archive.has(part)}
    texts, styles = _Texts(), _Styles()
    if "sharedStrings" in shared:
        parse(archive.part(shared["sharedStrings"]), texts)
    if "styles" in shared:
        parse(archive.part(shared["styles"]), styles)
    sheets = [Sheet(name, parts[at], visible) for name, at, visible in listing.sheets if at in parts]
    formats = tuple(format_code(number, styles.own) for number in styles.used)
    return Book(archive, tuple(sheets), tuple(texts.texts), formats, listing.day_zero)


def read_page(book: Book, sheet: Sheet) -> Page:
    """Read the lines of a sheet; raises ClassListRefused for a damaged one or beyond 20,000 rows."""
    cells = _Cells(book)
    parse(book.archive.part(sheet.part), cells)
    return cells.page


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    folder, _, name = part.rpartition("/")
    place = f"{folder}/_rels/{name}.rels".lstrip("/")
    relations = _Relations(part)
    if archive.has(place):
        parse(archive.part(place), relations)
    return relations.found


class _Handler:
    """Take nothing; what a part holds besides is passed over."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def text(self, characters: str) -> None:
        pass


class _Relations(_Handler):
    def __init__(self, part: str) -> None:
        self._part = part
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = resolved(self._part, attributes.get("Target", ""))
            self.found[attributes.get("Id", "")] = (kind, target)


class _Listing(_Handler):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.day_zero = DAY_ZERO_1900

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            number = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            shown = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes.get("name", "")[:100], number, shown))
        elif name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true", "on"):
            self.day_zero = DAY_ZERO_1904


class _Styles(_Handler):
    def __init__(self) -> None:
        self.own: dict[int, str] = {}
        self.used: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.used.append(int(attributes.get("numFmtId", "0")))
        elif name == "numFmt":
            self.own[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")[:255]

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


class _Words(_Handler):
    """Collect the text of runs, without the readings that East Asian texts carry beside them."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._taking = False
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._reading = True
        elif name == "t":
            self._taking = not self._reading

    def end(self, name: str) -> None:
        if name == "rPh":
            self._reading = False
        elif name == "t":
            self._taking = False

    def text(self, characters: str) -> None:
        if self._taking:
            self._pieces.append(characters)

    def _taken(self) -> str:
        if not self._pieces:
            return ""
        text = "".join(self._pieces)[: MAX_CELL + 1]
        self._pieces = []
        return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


class _Texts(_Words):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.texts.append(self._taken())


class _Cells(_Words):
    def __init__(self, book: Book) -> None:
        super().__init__()
        self.page = Page()
        self._book = book
        self._seen: dict[tuple[str, str], str] = {}
        self._row: dict[int, str] = {}
        self._line = 0
        self._place = -1
        self._kind = self._style = ""
        self._formula = self._hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._place = _place(attributes.get("r", "")) if "r" in attributes else self._place + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula = False
            self._pieces = []
        elif name == "v":
            self._taking = True
        elif name == "row":
            self._line = max(self._line + 1, min(int(attributes.get("r", "0")), 10**7))
            self._row, self._place = {}, -1
            self._hidden = attributes.get("hidden") in ("1", "true")
        elif name == "f":
            self._formula = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._taking = False
        elif name == "c":
            self._cell()
        elif name == "row":
            self._end_row()
        else:
            super().end(name)

    def _cell(self) -> None:
        raw = self._taken()
        text = self._read(raw) if raw else ""
        if self._formula and not raw and self._kind != "str":
            self.page.uncalculated += 1
        if text.strip():
            self._row[min(self._place, MAX_COLUMNS)] = as_meant(text)

    def _read(self, raw: str) -> str:
        if self._kind == "s":
            at = int(raw)
            return self._book.texts[at] if 0 <= at < len(self._book.texts) else ""
        if self._kind == "n":
            found = self._seen.get((raw, self._style))
            if found is None:
                found = number_text(raw.strip(), self._code(), day_zero=self._book.day_zero)
                self._seen[raw, self._style] = found
            return found
        if self._kind == "b":
            return "TRUE" if raw.strip() in ("1", "true") else "FALSE"
        return raw.removesuffix("T00:00:00") if self._kind == "d" else raw

    def _code(self) -> str:
        at = int(self._style) if self._style else 0
        return self._book.formats[at] if 0 <= at < len(self._book.formats) else "General"

    def _end_row(self) -> None:
        if not self._row:
            return
        width = max(self._row) + 1
        self.page.lines.append(Line(self._line, tuple(self._row.get(place, "") for place in range(width))))
        self.page.hidden_rows += self._hidden
        self._row = {}
        if len(self.page.lines) > MAX_ROWS + TITLE_ROWS + 2:
            raise ClassListRefused("too_many_rows", f"The sheet has more than {MAX_ROWS} rows. Split it.")

    def _merge(self, reference: str) -> None:
        if len(self.page.merged) == MAX_ROWS:
            return
        rows = re.findall(r"\d{1,7}", reference)
        if len(rows) == 2:
            self.page.merged.append((int(rows[0]), int(rows[1])))


def _place(reference: str) -> int:
    found = _PLACE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    place = 0
    for letter in found.group(1).upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def _unescaped(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return "" if 0xD800 <= number <= 0xDFFF else chr(number)
