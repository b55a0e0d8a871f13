"""The empty class list to fill in: understood when it comes back, and never issued as it stands."""

import io
from datetime import date

import openpyxl
import pytest
from class_lists import ACHIEVEMENT, GOOD, TODAY, read
from workbooks import saved

from issuer.class_list_columns import PLAIN, find_columns
from issuer.class_list_template import class_list_template
from issuer.errors import IssuerError
from issuer.scales import scales
from issuer.sheets import read_table

KNOWN = scales(ACHIEVEMENT)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "vi", "lo", "cs", "fr", "it", "hr", "de"])
def test_a_template_holds_every_column_and_no_learner(kind, language):
    data = class_list_template(kind, scales=KNOWN, language=language)
    table = read_table(data)
    columns = find_columns(table.header, result_keys=["exam", "project", "final"], awarded_given=False)
    assert set(columns.places) == {*PLAIN, "result:exam", "result:project"}
    assert columns.unknown == ()
    assert (table.lines, table.notes) == ((), ())
    assert read(data).readings == ()


def test_a_definition_without_an_overall_grade_asks_for_none():
    parts_alone = [scale for scale in KNOWN if scale.is_part]
    assert "grade" not in read_table(class_list_template("csv", scales=parts_alone)).header
    assert "grade" not in read_table(class_list_template("csv", scales=())).header
    assert "grade" in read_table(class_list_template("csv", scales=KNOWN)).header


def test_a_template_filled_in_by_another_program_is_read():
    book = openpyxl.load_workbook(io.BytesIO(class_list_template("xlsx", scales=KNOWN, language="vi")))
    page = book["Class list"]
    places = {cell.value: cell.column for cell in page[1]}
    filled = {"Họ và tên": GOOD.split(",")[0], "Mã sinh viên": "0042", "Địa chỉ email": "anh@example.edu"}
    for heading, value in (filled | {"Ngày cấp": date(2026, 6, 30), "Điểm tổng kết": 8.3}).items():
        page.cell(2, places[heading], value)
    listed = read(saved(book), today=TODAY)
    assert [(row.student_number, row.awarded, row.results) for row in listed.rows] == [
        ("0042", date(2026, 6, 30), {"final": "8.3"})
    ]


def test_the_second_sheet_explains_every_column_and_is_not_read():
    book = openpyxl.load_workbook(io.BytesIO(class_list_template("xlsx", scales=KNOWN)))
    assert book.sheetnames == ["Class list", "Read me"]
    told = {row[0]: row for row in book["Read me"].iter_rows(min_row=6, values_only=True)}
    assert set(told) == {cell.value for cell in book["Class list"][1]}
    assert told["grade"][2] == "Final grade (a number from 0 to 10; at least 5 passes)"
    assert [name for name, row in told.items() if row[1] == "yes"] == [
        "name",
        "student_number",
        "email",
        "awarded_date",
    ]


def test_numbers_keep_their_zeros_and_dates_their_form():
    book = openpyxl.load_workbook(io.BytesIO(class_list_template("xlsx", scales=KNOWN)))
    page = book["Class list"]
    letters = {cell.value: cell.column_letter for cell in page[1]}
    formats = {name: page.column_dimensions[letter].number_format for name, letter in letters.items()}
    assert formats["student_number"] == formats["certificate_number"] == "@"
    assert formats["awarded_date"] == "yyyy-mm-dd"
    rules = {str(rule.sqref).split("2")[0]: rule for rule in page.data_validations.dataValidation}
    grade = rules[letters["grade"]]
    assert (float(grade.formula1), float(grade.formula2)) == (5, 10)


def test_a_csv_opens_in_columns_where_the_comma_is_the_decimal_sign():
    assert read_table(class_list_template("csv", scales=KNOWN, language="cs")).delimiter == ";"
    assert read_table(class_list_template("csv", scales=KNOWN, language="en")).delimiter == ","


def test_another_kind_is_refused():
    with pytest.raises(IssuerError):
        class_list_template("ods", scales=KNOWN)
