"""What can be chosen in the form of a definition: the profile's vocabularies with their labels."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.words import lazy_gettext as _
from microcredential import frameworks, vocabulary
from microcredential.vocabulary import Vocabulary


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen; `group` is the heading that it stands under, empty for none."""

    value: str
    label: str
    group: str = ""


Source = Callable[[str], tuple[Option, ...]]  # from the language of the page to the options


def from_vocabulary(name: Vocabulary) -> Source:
    """Offer the concepts of a vocabulary in the order of its file."""

    @cache
    def options(language: str) -> tuple[Option, ...]:
        return tuple(
            Option(iri, _capital(vocabulary.label(iri, language))) for iri in vocabulary.concepts(name)
        )

    return options


@cache
def fields_of_study(language: str) -> tuple[Option, ...]:
    """Offer the detailed fields of ISCED-F, each under its broad one."""
    rows = vocabulary.concepts(Vocabulary.ISCED_F)
    broad = {
        row["code"]: vocabulary.label(iri, language) for iri, row in rows.items() if row["level"] == "broad"
    }
    return tuple(
        Option(iri, f"{row['code']} {vocabulary.label(iri, language)}", broad.get(row["code"][:2], ""))
        for iri, row in sorted(rows.items(), key=lambda one: str(one[1]["code"]))
        if row["level"] == "detailed"
    )


@cache
def levels(language: str) -> tuple[Option, ...]:
    """Offer the levels of every framework that the profile describes, those of countries first."""
    known = frameworks.known_levels()
    ordered = sorted(known, key=lambda level: level.country is None)
    return tuple(Option(level.iri, _level_name(level), level.framework_name) for level in ordered)


def _level_name(level: frameworks.Level) -> str:
    name = f" ({level.name})" if level.name else ""
    return f"{level.framework} {level.code}{name}"


def languages(language: str) -> tuple[Option, ...]:
    """Offer the languages of the consortium by their tags."""
    rows = vocabulary.concepts(Vocabulary.LANGUAGE).values()
    named = [
        (str(row["bcp47"]), _capital(row["labels"].get(language) or row["labels"]["en"])) for row in rows
    ]
    return tuple(Option(tag, name) for tag, name in sorted(named, key=lambda one: one[1]))


def language_name(tag: str, language: str) -> str:
    """Name a language for the reader; the tag itself where the list has no name."""
    known = {option.value: option.label for option in languages(language)}
    return known.get(tag) or known.get(tag.split("-")[0]) or tag


_RESULT_TYPES = {
    "RawScore": _("Points on a scale"),
    "Percent": _("Per cent"),
    "LetterGrade": _("Letter grade"),
    "GradePointAverage": _("Grade point average"),
    "Status": _("Passed or failed"),
    "Result": _("Overall grade"),
    "ScaledScore": _("Scaled score"),
    "PerformanceLevel": _("Level of performance"),
}


def result_types(language: str) -> tuple[Option, ...]:
    """Offer the ways of grading that Open Badges 3.0 knows and that universities use."""
    return tuple(Option(value, str(label)) for value, label in _RESULT_TYPES.items())


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
