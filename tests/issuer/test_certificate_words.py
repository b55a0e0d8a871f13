"""Words, dates and numbers by language."""

from datetime import date

import pytest

from issuer.certificate_words import (
    certificate_language,
    counted,
    date_in_words,
    in_order,
    languages,
    period_in_words,
    words,
    workload_in_words,
)
from issuer.errors import IssuerError
from issuer.fonts import unprintable


def _shape(value):
    """Reduce a table to its names, without plural forms and days, which differ by language."""
    return {name: type(member) for name, member in value.items()}


def _texts(value):
    if isinstance(value, str):
        return [value]
    return [
        text for member in (value.values() if isinstance(value, dict) else value) for text in _texts(member)
    ]


def test_has_the_languages_of_the_pilot():
    assert languages() == {"en", "vi", "lo", "cs", "hr", "it", "fr"}


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_every_word_and_can_print_it(language):
    assert _shape(words(language)) == _shape(words("en"))
    assert words(language)["taught_in"].keys() == words("en")["taught_in"].keys()
    assert len(words(language)["months"]) == 12
    for text in _texts(words(language)):
        assert text.strip() == text
        assert text
        assert unprintable(text) == []


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_no_language_repeats_english(language):
    ours, english = words(language), words("en")
    same = [name for name in ours if isinstance(ours[name], str) and ours[name] == english[name]]
    assert set(same) <= {"first_day", "date"}


@pytest.mark.parametrize(
    ("language", "day", "expected"),
    [
        ("en", date(2026, 6, 30), "30 June 2026"),
        ("vi", date(2026, 11, 21), "21 tháng 11 năm 2026"),
        ("lo", date(2026, 9, 14), "14 ກັນຍາ 2026"),
        ("cs", date(2026, 6, 30), "30. června 2026"),
        ("hr", date(2026, 6, 30), "30. lipnja 2026."),
        ("it", date(2026, 5, 1), "1º maggio 2026"),
        ("fr", date(2026, 8, 1), "1er août 2026"),
        ("fr", date(2026, 8, 2), "2 août 2026"),
    ],
)
def test_dates(language, day, expected):
    assert date_in_words(day, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "6 April to 20 June 2026"),
        ("vi", "6 tháng 4 đến 20 tháng 6 năm 2026"),
        ("lo", "6 ເມສາ ຫາ 20 ມິຖຸນາ 2026"),
        ("cs", "6. dubna až 20. června 2026"),
        ("fr", "du 6 avril au 20 juin 2026"),
    ],
)
def test_periods_name_the_year_once(language, expected):
    assert period_in_words(date(2026, 4, 6), date(2026, 6, 20), language) == expected


def test_periods_over_new_year_name_both_years_and_one_day_is_a_date():
    over = period_in_words(date(2025, 12, 1), date(2026, 1, 31), "en")
    assert over == "1 December 2025 to 31 January 2026"
    assert period_in_words(date(2026, 4, 6), date(2026, 4, 6), "en") == "6 April 2026"


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", "1", "1 ECTS credit"),
        ("en", "3", "3 ECTS credits"),
        ("en", "1.5", "1.5 ECTS credits"),
        ("en", "10", "10 ECTS credits"),
        ("cs", "2", "2 kredity ECTS"),
        ("cs", "5", "5 kreditů ECTS"),
        ("cs", "1.5", "1,5 kreditu ECTS"),
        ("hr", "1", "1 ECTS bod"),
        ("hr", "3", "3 ECTS boda"),
        ("hr", "15", "15 ECTS bodova"),
        ("it", "1", "1 credito ECTS"),
        ("fr", "1.5", "1,5 crédit ECTS"),
        ("vi", "3", "3 tín chỉ ECTS"),
        ("lo", "2", "2 ECTS"),
    ],
)
def test_credits_take_the_form_of_their_number(language, number, expected):
    assert counted("credits", number, language) == expected


def test_workload_joins_what_is_known():
    assert workload_in_words("3", "90", "en") == "3 ECTS credits · 90 hours"
    assert workload_in_words(None, "90", "cs") == "90 hodin"
    assert workload_in_words(None, None, "en") == ""


@pytest.mark.parametrize("number", ["", "three", "NaN", "-Infinity", "3 ECTS"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(IssuerError) as refused:
        counted("hours", number, "en")
    assert refused.value.code == "number_unreadable"


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        (("vi-VN",), "vi"),
        (("LO",), "lo"),
        (("sr", "hr"), "hr"),
        (("sr",), "en"),
        ((None, ""), "en"),
        ((), "en"),
    ],
)
def test_language_is_the_first_with_words(preferred, expected):
    assert certificate_language(*preferred) == expected


def test_order_is_page_language_then_english_without_repeats():
    texts = {"cs": "Univerzita", "en": "University", "vi": "Đại học"}
    assert [entry["lang"] for entry in in_order(texts, "vi")] == ["vi", "en", "cs"]
    assert [entry["lang"] for entry in in_order(texts, "fr")] == ["en", "cs", "vi"]
    assert in_order({"en": "X", "cs": "X"}, "en") == [{"lang": "en", "text": "X"}]
