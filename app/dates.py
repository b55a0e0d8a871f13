"""Dates, times and countries as pages write them: 30 June 2026, times with their zone, Viet Nam."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time

from app.words import get_locale, page_language
from app.words import gettext as _
from microcredential.vocabulary import countries


def long_date(value: date | datetime) -> str:
    """Write a day in words, in the language of the page."""
    return _in_words(value.date() if isinstance(value, datetime) else value, page_language())


@lru_cache(maxsize=1_000)
def _in_words(day: date, language: str) -> str:
    pattern = "d MMMM y" if language.startswith("en") else "long"
    return format_date(day, format=pattern, locale=Locale.parse(language, sep="-"))


def short_day(value: date, until: date) -> str:
    """Write the first day of a range, without a year that the last day repeats."""
    if value.year != until.year or not page_language().startswith("en"):
        return long_date(value)
    return format_date(value, format="d MMMM", locale=get_locale())


def country_name(code: str) -> str:
    """Give a country's name in the language of the page, by its ISO 3166-1 code."""
    locale = get_locale()
    name = locale.territories.get(code)
    known = countries().get(code) if str(locale) == "en" else None
    return known.labels["en"] if known else name or code


def time_of_day(value: datetime, zone: tzinfo) -> str:
    """Write day, time and zone: 21 November 2026 at 21:04 (UTC+7)."""
    local = value.astimezone(zone)
    clock = format_time(local, format="HH:mm", locale=get_locale())
    return _("{day} at {time} ({zone})").format(day=long_date(local), time=clock, zone=_offset(local))


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
