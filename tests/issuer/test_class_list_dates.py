"""Dates as people and programs write them: one reading is taken, two are told, none is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.cells import CellRefused
from issuer.date_cells import DateColumn, DateOrder, column_order, date_columns
from issuer.sheets.number_formats import DAY_ZERO_1900, DAY_ZERO_1904

JUNE, JULY = date(2026, 6, 7), date(2026, 7, 6)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-07-06", JULY),
        ("2026-7-6", JULY),
        ("2026/07/06", JULY),
        ("2026.07.06", JULY),
        ("20260706", JULY),
        ("2026-07-06 00:00:00", JULY),
        ("2026-07-06T14:05", JULY),
        ("06.07.2026", JULY),
        ("6. 7. 2026", JULY),
        ("30/06/2026", date(2026, 6, 30)),
        ("06/30/2026", date(2026, 6, 30)),
        ("30-6-2026", date(2026, 6, 30)),
        ("06/06/2026", date(2026, 6, 6)),
        ("29.2.2024", date(2024, 2, 29)),
        ("30/06/2026 08:30", date(2026, 6, 30)),
    ],
)
def test_a_date_of_one_reading_is_taken_without_a_word(text, meant):
    column = DateColumn(None)
    assert column.read(text) == meant
    assert column.doubt(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30/06/26", "two digits"),
        ("2026-02-30", "no day"),
        ("31/06/2026", "no day"),
        ("29.2.2025", "no day"),
        ("13/13/2026", "no day"),
        ("0/6/2026", "no day"),
        ("2026-06", "not a date"),
        ("30.06/2026", "not a date"),
        ("30 June", "not a date"),
        ("1850-01-01", "cannot be meant"),
        ("2569-06-30", "cannot be meant"),
        ("46203", "30 June 2026"),
        ("-1", "not a date"),
        ("٣٠/٠٦/٢٠٢٦", "not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_remedy(text, words):
    with pytest.raises(CellRefused) as refused:
        DateColumn(None).read(text)
    assert words in refused.value.reason
    assert refused.value.fix


def test_a_year_of_the_buddhist_era_is_answered_with_the_common_one():
    with pytest.raises(CellRefused) as refused:
        DateColumn(None).read("30/06/2569")
    assert refused.value.fix == "Was 2026 meant?"


@pytest.mark.parametrize(
    ("order", "meant", "words"),
    [
        (None, JULY, "was read as 6 July 2026, day first; it might also be 7 June 2026."),
        (DateOrder.DAY, JULY, "was read as 6 July 2026, day first, as on the other rows."),
        (DateOrder.MONTH, JUNE, "was read as 7 June 2026, month first, as on the other rows."),
    ],
)
@pytest.mark.parametrize("text", ["06/07/2026", "6-7-2026"])
def test_a_date_of_two_readings_follows_the_other_rows_and_is_told(order, meant, words, text):
    column = DateColumn(order)
    assert column.read(text) == meant
    doubt = column.doubt(text)
    assert (doubt.code, words in doubt.reason, str(meant) in doubt.fix) == ("date_order", True, True)


def test_a_column_that_shows_both_orders_settles_nothing():
    column = DateColumn(DateOrder.BOTH)
    with pytest.raises(CellRefused) as refused:
        column.read("06/07/2026")
    assert "two readings" in refused.value.reason
    assert column.read("30/06/2026") == column.read("06/30/2026")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["06/07/2026", "30/06/2026"], DateOrder.DAY),
        (["06/07/2026", "06-30-2026"], DateOrder.MONTH),
        (["30/06/2026", "06/30/2026"], DateOrder.BOTH),
        (["06/07/2026", "2026-06-30", "30.6.2026", "", "x", "45/45/2026"], None),
    ],
)
def test_one_value_above_twelve_settles_a_column(cells, order):
    assert column_order(cells) == order


def test_a_column_without_evidence_follows_the_others_of_its_file_if_they_agree():
    columns = date_columns({"a": ["06/07/2026"], "b": ["06/30/2026"], "c": ["x"]}, day_zero=None)
    assert columns["a"].read("06/07/2026") == JUNE
    torn = date_columns({"a": ["06/07/2026"], "b": ["06/30/2026"], "c": ["30/06/2026"]}, day_zero=None)
    assert torn["a"].read("06/07/2026") == JULY
    assert torn["b"].read("06/07/2026") == JUNE


@pytest.mark.parametrize(("zero", "number"), [(DAY_ZERO_1900, "46203"), (DAY_ZERO_1904, "44741")])
def test_a_bare_number_is_a_date_in_a_workbook_only_and_is_told(zero, number):
    column = DateColumn(None, day_zero=zero)
    assert column.read(number) == date(2026, 6, 30)
    assert column.doubt(number).code == "date_number"
    with pytest.raises(CellRefused):
        DateColumn(None).read(number)


@given(st.dates(date(1950, 1, 1), date(2200, 12, 31)), st.sampled_from(list(DateOrder)))
def test_every_day_written_in_one_reading_is_that_day(day, order):
    column = DateColumn(order)
    for text in (f"{day}", f"{day:%Y/%m/%d}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y%m%d}"):
        assert column.read(text) == day
    if order is not DateOrder.BOTH:
        written = f"{day:%d/%m/%Y}" if order is DateOrder.DAY else f"{day:%m/%d/%Y}"
        assert column.read(written) == day


@given(st.text("0123456789/-. T:", max_size=12))
def test_any_text_is_a_date_or_refused(text):
    try:
        found = DateColumn(None, day_zero=DAY_ZERO_1900).read(text)
    except CellRefused as refused:
        found = refused.code
    assert found == "date" or 1950 <= found.year <= 2200
