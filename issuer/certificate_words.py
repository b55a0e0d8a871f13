"""The words that a certificate prints by itself, by language, with its dates and numbers.

One JSON file a language under templates/certificate/words. The Vietnamese and Lao wording awaits native
readers.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.numbers import format_decimal

from issuer.errors import IssuerError

WORDS = Path(__file__).parents[1] / "templates" / "certificate" / "words"
FALLBACK = "en"


def certificate_language(*preferred: str | None) -> str:
    """Choose the first language tag whose words we have, by its first subtag; English if there is none."""
    tags = (tag.partition("-")[0].lower() for tag in preferred if tag)
    return next((tag for tag in tags if tag in languages()), FALLBACK)


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a file of words."""
    return frozenset(path.stem for path in WORDS.glob("*.json"))


@cache
def words(language: str) -> dict[str, Any]:
    """Return the words of `language`, a tag that `certificate_language` gave."""
    table: dict[str, Any] = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    return table


def date_in_words(day: date, language: str) -> str:
    """Write a date as the language does: 30 June 2026, 21 tháng 11 năm 2026, 14 ກັນຍາ 2026."""
    return str(words(language)["date"]).format(**_date_parts(day, language))


def period_in_words(start: date, end: date, language: str) -> str:
    """Write the days from `start` to `end`, naming the year once if it is the same."""
    if start == end:
        return date_in_words(start, language)
    pattern = words(language)["range_same_year" if start.year == end.year else "range"]
    last = {f"end_{part}": text for part, text in _date_parts(end, language).items()}
    return str(pattern).format(**_date_parts(start, language), **last)


def counted(noun: str, number: str, language: str) -> str:
    """Write a number with its noun, "credits" or "hours", in the form that the language wants for it.

    Raises IssuerError if `number` is not a decimal number such as "3" or "1.5".
    """
    try:
        amount = Decimal(number)
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation as error:
        raise IssuerError("number_unreadable", f"“{number}” is not a number of {noun}.") from error
    forms: dict[str, str] = words(language)[noun]
    shown = format_decimal(amount.normalize(), locale=language)
    plural = Locale.parse(language).plural_form(amount.normalize())
    return forms.get(plural, forms["other"]).format(n=shown)


def workload_in_words(ects: str | None, hours: str | None, language: str) -> str:
    """Write credits and hours as far as they are known: "3 ECTS credits · 90 hours"."""
    amounts = (("credits", ects), ("hours", hours))
    return " · ".join(counted(noun, amount, language) for noun, amount in amounts if amount)


def in_order(texts: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """Order texts by language: that of the page, English, the others; leave out what repeats the first.

    Each is {"lang", "text"}. Raises IssuerError if there is none.
    """
    if not texts:
        raise IssuerError("text_missing", "A certificate needs a title and the name of the institution.")
    order = sorted(texts, key=lambda tag: (tag.partition("-")[0] != language, tag != FALLBACK))
    first, *others = ({"lang": tag, "text": texts[tag]} for tag in order)
    return [first, *(entry for entry in others if entry["text"] != first["text"])]


def _date_parts(day: date, language: str) -> dict[str, str]:
    table = words(language)
    shown = table["first_day"] if day.day == 1 else str(day.day)
    return {"day": shown, "month": table["months"][day.month - 1], "year": str(day.year)}
