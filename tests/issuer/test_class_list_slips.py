"""Slips that keep no row from being issued, and what the reading of every line says."""

from datetime import date
from decimal import Decimal

import pytest
from class_lists import ACHIEVEMENT, GOOD, HEADER, TODAY, read
from workbooks import workbook
from yardsticks import yardsticks

from issuer.class_list import Severity, read_class_list
from issuer.scales import scales
from issuer.sheets import read_table


def warned(header, *rows):
    listed = read("\n".join([header, *rows]) + "\n")
    assert listed.findings == ()
    return [(each.line, each.key, each.code) for each in listed.warnings]


def learner(number, *, name=None, email=None, awarded="2026-06-30"):
    letters = "abcdefghijklmnopqrstuvwxyz"
    name = name or f"Anh {letters[number % 26].upper()}{letters[number // 26 % 26]}n"
    return f"{name},U-{number},{email or f'l{number}@student.example'},{awarded}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("phan thị mai", "lower_case"),
        ("PHAN THỊ MAI", "capitals"),
        ("Phan  Thị Mai", "spaces"),
        ("Phan\u00a0Thị Mai", "spaces"),
        ("Phan Thị Mai 2", "digits"),
        ("jean dupont", "lower_case"),
    ],
)
def test_a_name_that_may_be_a_slip_is_told(name, code):
    assert warned(HEADER, learner(1, name=name)) == [(2, "name", code)]


@pytest.mark.parametrize(
    "name",
    ["Phan Thị Mai", "DUPONT Jean", "ສົມພອນ ວົງສະຫວັນ", "J. R.", "D'Angelo", "van der Berg", "O"],
)
def test_a_usual_name_is_not(name):
    assert warned(HEADER, learner(1, name=name)) == []


def test_the_words_are_those_of_the_preview():
    (found,) = read(f"{HEADER}\n{learner(1, name='phan thị mai')}\n").warnings
    assert (found.line, found.column, found.severity) == (2, "name", Severity.WARNING)
    assert f"{found.reason} {found.fix}" == "It is written without capitals. It is printed as it stands here."


def test_the_same_name_under_two_numbers_is_told_on_the_second():
    rows = [learner(1), learner(2), learner(3, name="anh bAn".title())]
    assert warned(HEADER, *rows) == [(4, "name", "same_name")]


def test_an_address_unlike_those_of_the_great_majority_is_told():
    rows = [learner(number) for number in range(10)]
    other = learner(11, email="jiri@seznam.example")
    listed = read("\n".join([HEADER, *rows, other]))
    (found,) = listed.warnings
    assert (found.line, found.key, found.code) == (12, "email", "other_domain")
    assert found.reason == "It does not end in @student.example, as the others do."
    (near,) = read("\n".join([HEADER, *rows, learner(11, email="jiri@studnet.example")])).warnings
    assert near.fix == "Was jiri@student.example meant?"


def test_few_rows_or_no_majority_have_no_usual_address():
    few = [learner(number) for number in range(8)]
    assert warned(HEADER, *few, learner(9, email="x@other.example")) == []
    mixed = [learner(n, email=f"l{n}@{'a' if n % 3 else 'b'}.example") for n in range(12)]
    assert warned(HEADER, *mixed) == []
    many = [learner(number) for number in range(10)]
    assert warned(HEADER, *many, learner(11, email="x@cs.student.example")) == []


def test_names_in_the_wrong_columns_are_told_only_where_the_others_make_it_sure():
    header = "given_name,family_name,student_number,email,awarded_date"
    letters = "ABCDEFGHIJKL"
    rows = [f"Minh {letters[n]}nh,Nguyễn,U-{n},l{n}@student.example,2026-06-30" for n in range(10)]
    swapped = "Trần,Bảo Hân,U-99,han@student.example,2026-06-30"
    assert warned(header, *rows, swapped) == [(12, "given_name", "swapped")]
    assert warned(header, swapped) == []


def test_a_grade_with_many_decimals_is_told():
    assert warned(f"{HEADER},grade", f"{learner(1)},8.26666666666667") == [(2, "grade", "decimals")]
    assert warned(f"{HEADER},exam", f"{learner(1)},8.26666666666667") == [(2, "result:exam", "decimals")]
    assert warned(f"{HEADER},grade", f"{learner(1)},8.267") == []


def test_an_award_of_long_ago_is_told():
    assert warned(HEADER, learner(1, awarded="2025-06-30")) == [(2, "awarded_date", "long_ago")]
    assert warned(HEADER, learner(1, awarded="2025-07-03")) == []


def test_a_date_of_two_readings_is_told_in_its_cell():
    header = f"{HEADER},start_date"
    rows = [f"{learner(1, awarded='13/06/2026')},2026-02-01", f"{learner(2, awarded='02/07/2026')},"]
    listed = read("\n".join([header, *rows]))
    (found,) = listed.warnings
    assert (found.line, found.column, found.code) == (3, "awarded_date", "date_order")
    assert "2 July 2026, day first, as on the other rows" in found.reason
    assert listed.rows[1].awarded == date(2026, 7, 2)


def test_a_doubt_about_nearly_every_row_is_told_once_and_hides_no_other():
    header = f"{HEADER},start_date"
    rows = [f"{learner(n)},{'01/02/2026' if n % 2 else '03/02/2026'}" for n in range(12)]
    rows += [f"{learner(12, name='phan thị mai')},"]
    listed = read("\n".join([header, *rows]))
    assert [(each.line, each.code) for each in listed.warnings] == [
        (2, "date_order"),
        (3, "date_order"),
        (14, "lower_case"),
    ]
    assert listed.warnings[0].reason.endswith("it might also be 2 March 2026. So on 6 rows.")


def test_a_doubt_about_some_rows_is_told_on_each():
    rows = [learner(n, name="PHAN THỊ MAI" + "I" * n if n % 2 else None) for n in range(12)]
    assert [line for line, _, _ in warned(HEADER, *rows)] == [3, 5, 7, 9, 11, 13]


def test_a_date_that_is_wrong_and_has_two_readings_says_both():
    (found,) = read(f"{HEADER}\n{learner(1, awarded='06/07/2026')}\n").findings
    assert (found.code, found.fix) == ("future", "Write the date that is meant with its year first.")
    assert "2026-07-06 is still to come" in found.reason
    assert "it might also be 7 June 2026." in found.reason


def test_every_line_has_its_reading_in_order():
    rows = [GOOD, "Binh,,nobody,2026-06-30", learner(7, name="phan thị mai")]
    listed = read("\n".join([HEADER, *rows]))
    assert [(each.line, each.row is None, len(each.findings)) for each in listed.readings] == [
        (2, False, 0),
        (3, True, 2),
        (4, False, 1),
    ]
    assert [each.line for each in listed.rows] == [2, 4]
    assert [each.line for each in listed.rejected] == [3]
    assert {each.severity for each in listed.findings} == {Severity.ERROR}
    assert [each.key for each in listed.findings] == ["student_number", "email"]
    assert listed.readings[1].cells == ("Binh", "", "nobody", "2026-06-30")
    assert listed.places["email"] == 2


def test_a_mended_cell_is_checked_again():
    table = read_table(f"{HEADER}\nBinh,U-1,nobody,2026-06-30\n".encode())
    options = {"known_scales": (), "credits_available": None, "today": TODAY}
    assert read_class_list(table, **options).rows == ()
    mended = read_class_list(table.mended({(2, 2): "binh@example.edu"}), **options)
    assert [row.email for row in mended.rows] == ["binh@example.edu"]
    assert mended.digest == table.digest


@pytest.mark.parametrize(
    ("cell", "fix"),
    [
        ("83", "Was 8.3 meant?"),
        ("830", "Was 8.3 meant?"),
        ("75", "Was 7.5 meant?"),
        ("2026-03-08", "from 0 to 10."),
        ("11", "Was 1.1 meant?"),
    ],
)
def test_a_grade_beyond_the_scale_is_answered_with_what_may_have_been_meant(cell, fix):
    (found,) = read(f"{HEADER},grade\n{GOOD},{cell}\n").findings
    assert found.key == "grade"
    assert found.fix.endswith(fix)


def test_a_grade_that_a_spreadsheet_took_for_a_date_is_known():
    (found,) = read(f"{HEADER},grade\n{GOOD},2026-03-08\n").findings
    assert "took 8.3 for a date" in found.reason


def scale(maximum, **more):
    description = {"id": "urn:a#g", "name": "Points", "valueMin": "0", "valueMax": maximum, **more}
    return scales({"resultDescription": [description]})


@pytest.mark.parametrize(
    ("maximum", "cell", "value"),
    [("100", "85%", "85"), ("100", "85", "85"), ("1", "85%", "0.85"),
     ("10", "8,25", "8.25"), ("10", "8,250", "8.25")],
)  # fmt: skip
def test_percentages_and_decimal_commas_where_they_have_one_reading(maximum, cell, value):
    data = f"{HEADER};grade\n{GOOD};{cell}\n".replace(",", ";").replace(cell.replace(",", ";"), cell)
    (row,) = read(data, known_scales=scale(maximum)).rows
    assert Decimal(row.results["g"]) == Decimal(value)


@pytest.mark.parametrize(("maximum", "cell"), [("10", "85%"), ("2000", "1,250")])
def test_and_where_they_have_not(maximum, cell):
    data = f"{HEADER};grade\n{GOOD}".replace(",", ";") + f";{cell}\n"
    (found,) = read(data, known_scales=scale(maximum)).findings
    assert (found.key, found.code) == ("grade", "result")


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ngochan@@student.example", "2 @ signs"),
        ("nobody", "no @ sign"),
        ("a@example", "no dot"),
        ("a@x.example; b@x.example", "more than one"),
        ("Anh <a@x.example>", "more than the address"),
        ("a\u200b@x.example", "cannot be seen (U+200B)"),
        ("hân@x.example", "the character â"),
        ("#N/A", "error of the spreadsheet"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(email, words):
    (found,) = read(f"{HEADER}\nAnh Bình,U-1,{email},2026-06-30\n").findings
    assert (found.key, found.code) == ("email", "email")
    assert words in found.reason


@pytest.mark.parametrize(
    ("cell", "code"),
    [("2.02312E+11", "shortened_number"), ("2,02312E+11", "shortened_number"), ("#REF!", "cell_error"),
     ("########", "cell_error"), ("#N/A", "cell_error")],
)  # fmt: skip
def test_what_a_spreadsheet_made_of_a_number_is_known(cell, code):
    (found,) = read(f'{HEADER}\nAnh,"{cell}",a@example.edu,2026-06-30\n').findings
    assert (found.key, found.code) == ("student_number", code)


@pytest.mark.parametrize("number", ["U-1", "00042", "#12", "1E5", "5E12B", "20231234567", "K#7!"])
def test_its_twin_is_a_number(number):
    assert read(f"{HEADER}\nAnh,{number},a@example.edu,2026-06-30\n").rows[0].student_number == number


def test_a_fancy_letter_is_answered_with_the_ordinary_one():
    (found,) = read(f"{HEADER}\nNguyễn 𝒯hảo,U-1,a@example.edu,2026-06-30\n").findings
    assert found.fix == "In place of 𝒯 type the ordinary T."


def test_five_thousand_rows_are_read_and_checked_soon():
    header = [*HEADER.split(","), "grade", "exam", "project"]
    rows = [[*learner(n).split(",")[:3], date(2026, 6, 30), 8.3, 7.8, 8.6] for n in range(5_000)]
    data = workbook(header, *rows)
    options = {"known_scales": scales(ACHIEVEMENT), "credits_available": None, "today": TODAY}
    assert len(read_class_list(data, **options).rows) == 5_000
    assert yardsticks(lambda: read_class_list(data, **options)) < 20  # some 5 when nothing is slow


def test_rejected_rows_of_a_workbook_are_mended_and_handed_in_again():
    data = workbook(HEADER.split(","), GOOD.split(","), ["Bình", "0042", "nobody", date(2026, 6, 30)])
    listed = read(data)
    assert listed.delimiter == ""
    for rejects in (listed.rejects_xlsx(), listed.rejects_csv()):
        table = read_table(rejects)
        assert table.header == (*HEADER.split(","), "line", "column", "reason")
        again = read_class_list(table, known_scales=(), credits_available=None, today=TODAY)
        assert len(again.rejected) == 1
        assert read_table(again.rejects_csv()).header == table.header
        mended = table.mended({(table.lines[0].number, 2): "binh@example.edu"})
        rows = read_class_list(mended, known_scales=(), credits_available=None, today=TODAY).rows
        assert [row.student_number for row in rows] == ["0042"]
