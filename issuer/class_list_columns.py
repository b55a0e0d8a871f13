"""The columns of a class list: their names, the other names they go by, and which must be there."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from issuer.class_list_aliases import NAMES, WHOLE_NAME_TOO
from issuer.errors import ClassListRefused

N_ = str  # marks words for translation
_ABOUT: Mapping[str, str] = {
    "name": "The name as the certificate shows it.",
    "given_name": "Given name; with the family name, in place of the name or beside it.",
    "family_name": "Family name; stands first for Vietnamese, Chinese, Japanese, Korean and Hungarian.",
    "student_number": "The institution's own number, one row for each.",
    "email": "Where the private link goes.",
    "language": "The learner's language for the mail: en, vi, lo, cs, fr, it, hr.",
    "awarded_date": "When the award was decided, like 2026-06-30.",
    "start_date": "First day of learning.",
    "end_date": "Last day of learning.",
    "credits_earned": "A number, at most what the micro-credential offers.",
    "certificate_number": "The institution's own number for the certificate.",
    "grade": "The overall grade, on the scale of the micro-credential.",
    "evidence_url": "An https address of the learner's work.",
    "evidence_name": "What is found there.",
}
CALLED: Mapping[str, str] = {
    "name": N_("Name as printed"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "student_number": N_("Student number"),
    "email": N_("E-mail"),
    "language": N_("Language"),
    "awarded_date": N_("Awarded"),
    "start_date": N_("First day"),
    "end_date": N_("Last day"),
    "credits_earned": N_("Credits"),
    "certificate_number": N_("Certificate number"),
    "grade": N_("Final grade"),
    "evidence_url": N_("Address of the work"),
    "evidence_name": N_("Name of the work"),
}  # what a person calls each; the console says it in the language of its page
PLAIN = list(_ABOUT)
_REQUIRED = ("student_number", "email", "awarded_date")
_OUR_NOTES = frozenset({"line", "column", "reason"})  # a rejects file, mended and handed in again
_MOST_NAMED = 6


@dataclass(frozen=True)
class Choice:
    """A column that a header may be said to mean; `required` is True where no list can do without it."""

    column: str
    required: bool
    about: str


@dataclass(frozen=True)
class Columns:
    """Where each known column stands, and the headers that mean nothing to us."""

    places: Mapping[str, int]
    written: tuple[str, ...]
    unknown: tuple[str, ...]

    def header(self, column: str) -> str:
        """Give the header as the file writes it, for messages."""
        place = self.places.get(column)
        return column if place is None else self.written[place]


def choices(result_keys: Collection[str]) -> tuple[Choice, ...]:
    """List what a header may be said to mean, for a definition with these assessments.

    `name` is required unless given and family name are there, `awarded_date` unless one is given for all.
    """
    plain = [Choice(key, key in ("name", *_REQUIRED), about) for key, about in _ABOUT.items()]
    results = [Choice(f"result:{key}", False, f"The result of “{key}”.") for key in result_keys]
    return (*plain, *results)


def suggest_mapping(header: Sequence[str], *, result_keys: Collection[str]) -> Mapping[int, str]:
    """Say which column each header means, by position, each column once; what is not understood is left out.

    A column's own name goes before another name for it, the first of two equal ones before the second.
    `result_keys` may be a mapping to the names of the assessments, which are understood then as well.
    """
    known = _known(result_keys)
    meanings = {place: _meaning(cell, known) for place, cell in enumerate(header)}
    found: dict[int, str] = {}
    for exact in (True, False):
        for place, column in meanings.items():
            own = _folded(header[place]) == column or header[place].strip() == column
            if column and place not in found and own is exact and column not in found.values():
                found[place] = column
    _whole_name(found, header)
    return dict(sorted(found.items()))


def recognised(
    header: Sequence[str], *, result_keys: Collection[str], mapping: Mapping[str, str] | None = None
) -> Mapping[int, str]:
    """Say what cells mean if they are a header: by `mapping` where it names them, by suggestion elsewhere."""
    told = _told(header, mapping)
    suggested = suggest_mapping(header, result_keys=result_keys)
    given = set(told.values())
    rest = {place: column for place, column in suggested.items() if place not in told and column not in given}
    return {place: column for place, column in (told | rest).items() if column}


def find_columns(
    header: Sequence[str],
    *,
    result_keys: Collection[str],
    awarded_given: bool,
    mapping: Mapping[str, str] | None = None,
) -> Columns:
    """Tell which column is which.

    `mapping` says of headers, as the file writes them, which column they mean, or "" to leave them out; the
    others are understood by their names. Raises ClassListRefused for two headers that mean the same, a
    required column that is missing, or a result of an assessment that the definition does not have.
    """
    written = tuple(cell.strip() for cell in header)
    told = _told(written, mapping)
    _check_told(told, written, result_keys)
    meant = recognised(written, result_keys=result_keys, mapping=mapping)
    unknown: list[str] = []
    for place, cell in enumerate(written):
        if place in meant or place in told or not cell or _folded(cell) in _OUR_NOTES:
            continue
        _refuse_second(cell, meant, written, result_keys, told)
        unknown.append(cell)
    places = {column: place for place, column in meant.items()}
    columns = Columns(places, written, tuple(unknown))
    if absent := missing(places, awarded_given=awarded_given):
        raise ClassListRefused("missing_column", _missing_words(absent, columns))
    return columns


def missing(columns: Collection[str], *, awarded_given: bool) -> tuple[str, ...]:
    """List the required columns that are not among `columns`, as a person would name them."""
    absent = [_called(column) for column in ("student_number", "email") if column not in columns]
    if "name" not in columns and not {"given_name", "family_name"} <= set(columns):
        absent.insert(0, f"{_called('name')} or {_called('given_name')} and {_called('family_name')}")
    if "awarded_date" not in columns and not awarded_given:
        absent.append(_called("awarded_date"))
    return tuple(absent)


def _called(column: str) -> str:
    """Name a column in the words of the console and, for files, in our own."""
    return f"{CALLED[column]} ({column})" if column in CALLED else column


def _told(header: Sequence[str], mapping: Mapping[str, str] | None) -> dict[int, str]:
    """Find what a person said of these headers, whatever their spaces and capitals."""
    if not mapping:
        return {}
    exact = {text.strip(): column for text, column in mapping.items()}
    alike = {_alike(text): column for text, column in mapping.items()}
    told: dict[int, str] = {}
    for place, cell in enumerate(header):
        column = exact.get(cell.strip(), alike.get(_alike(cell)) if cell.strip() else None)
        if column is not None:
            told[place] = column
    return told


def _alike(header: str) -> str:
    return " ".join(header.casefold().split())


def _check_told(told: Mapping[int, str], written: Sequence[str], result_keys: Collection[str]) -> None:
    known = {*PLAIN, *(f"result:{key}" for key in result_keys)}
    first: dict[str, int] = {}
    for place, column in told.items():
        if not column:
            continue
        if column not in known:
            raise ClassListRefused(
                "unknown_column", f"The column “{written[place]}” cannot be read as “{column[:100]}”."
            )
        if first.setdefault(column, place) != place:
            raise _same(written[first[column]], written[place], column)


def _refuse_second(
    cell: str,
    meant: Mapping[int, str],
    written: Sequence[str],
    result_keys: Collection[str],
    told: Mapping[int, str],
) -> None:
    """Refuse a header left over that means a column already taken, or a result that there is not."""
    if cell.casefold().startswith("result:"):
        _refuse_result(cell, result_keys)
    column = _meaning(cell, _known(result_keys))
    taken = {each: place for place, each in meant.items()}
    if column in taken and taken[column] not in told:
        raise _same(written[taken[column]], cell, column)


def _refuse_result(cell: str, result_keys: Collection[str]) -> None:
    if cell.partition(":")[2].strip() in result_keys:
        return
    known = ", ".join(f"result:{each}" for each in result_keys) or "none"
    raise ClassListRefused(
        "unknown_result", f"The column “{cell}” names no assessment of this definition; there are: {known}."
    )


def _same(first: str, second: str, column: str) -> ClassListRefused:
    return ClassListRefused(
        "duplicate_column",
        f"The columns “{first}” and “{second}” mean the same, {_called(column)}. Leave out one of them.",
    )


def _missing_words(absent: Sequence[str], columns: Columns) -> str:
    words = f"These columns are needed and were not found: {', '.join(absent)}."
    if len(columns.written) == 1:
        return f"{words} The whole first row is in one cell: separate the cells, with commas for example."
    if not columns.unknown:
        return f"{words} Name them in the first row."
    shown = ", ".join(f"“{cell[:60]}”" for cell in columns.unknown[:_MOST_NAMED])
    more = " and others" if len(columns.unknown) > _MOST_NAMED else ""
    return f"{words} It may be one of the columns that were not understood: {shown}{more}."


def _whole_name(found: dict[int, str], header: Sequence[str]) -> None:
    """Take “Nom” or “Jméno” for the whole name where no other column has a part of it."""
    parts = [place for place, column in found.items() if column in ("name", "given_name", "family_name")]
    if len(parts) == 1 and _folded(header[parts[0]]) in _WHOLE:
        found[parts[0]] = "name"


def _known(result_keys: Collection[str]) -> tuple[tuple[str, str], ...]:
    """List the keys of assessments with what else a header may call each."""
    names = result_keys if isinstance(result_keys, Mapping) else {}
    return tuple((key, names.get(key) or key) for key in result_keys)


@lru_cache(maxsize=4096)
def _meaning(cell: str, known: tuple[tuple[str, str], ...]) -> str:
    text = cell.strip()
    if text.casefold().startswith("result:"):
        wanted = text.partition(":")[2].strip()
        return next((f"result:{key}" for key, _ in known if key == wanted), "")
    folded = _folded(text)
    column = folded if folded in _ABOUT else _ALIASES.get(folded, "")
    if column or not folded:
        return column
    return next((f"result:{key}" for key, name in known if folded in (_folded(key), _folded(name))), "")


@lru_cache(maxsize=4096)
def _folded(cell: str) -> str:
    """Fold capitals, accents, separators, and what stands in brackets or marks a field as needed."""
    text = re.sub(r"\([^()]{0,60}\)", " ", cell[:200].casefold())
    text = unicodedata.normalize("NFKD", text.replace("đ", "d"))
    text = re.sub(r"[\u0300-\u036f]", "", text)
    return re.sub(r"[\s\-./_*:’'`]+", "_", text).strip("_")


_ALIASES = {_folded(name): column for column, names in NAMES.items() for name in names}
_WHOLE = frozenset(map(_folded, WHOLE_NAME_TOO))
