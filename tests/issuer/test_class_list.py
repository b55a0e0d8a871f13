"""Class lists: what is read, what is refused as a whole, and what is found in single cells."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from class_lists import GOOD, HEADER, read
from hypothesis import given
from hypothesis import strategies as st

from issuer.class_list_columns import PLAIN
from issuer.errors import ClassListRefused
from issuer.sheets import neutralised, read_table, write_csv
from issuer.sheets.table import MAX_CELL, MAX_ROWS

ROOT = Path(__file__).parents[2]


def one_finding(header, row):
    found = read(f"{header}\n{row}\n").findings
    assert len(found) == 1, found
    return found[0].line, found[0].column, found[0].code


def test_a_row_is_read():
    (row,) = read(f"{HEADER}\n{GOOD}\n").rows
    assert (row.line, row.name, row.student_number, row.email) == (
        2,
        "Nguyễn Thị Minh Anh",
        "U-1",
        "anh@example.edu",
    )
    assert row.awarded == date(2026, 6, 30)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiter_and_byte_order_mark_are_found(delimiter, mark):
    text = f"{mark}{HEADER}\r\n{GOOD}\r\n".replace(",", delimiter)
    assert len(read(text).rows) == 1


def test_headers_have_other_names_and_any_order():
    text = "E-Mail;Surname;First name;Student ID;Awarded\nanh@example.edu;Nguyễn;Minh Anh;U-1;30.06.2026\n"
    (row,) = read(text).rows
    assert (row.name, row.given_name, row.family_name) == ("Minh Anh Nguyễn", "Minh Anh", "Nguyễn")
    assert row.awarded == date(2026, 6, 30)


def test_a_name_in_two_columns_is_put_together_as_its_language_does():
    text = "given_name,family_name,language,student_number,email,awarded_date\n"
    rows = "Minh Anh,Nguyễn,vi,1,a@example.edu,2026-06-30\nJana,Nováková,cs,2,b@example.edu,2026-06-30\n"
    assert [row.name for row in read(text + rows).rows] == ["Nguyễn Minh Anh", "Jana Nováková"]


def test_a_quoted_cell_may_hold_the_delimiter_and_a_line_break_and_lines_are_counted_right():
    listed = read(f'{HEADER},evidence_name\n{GOOD},"one,\ntwo"\nB,,x,2026-06-30,\n')
    assert [row.line for row in listed.rejected] == [
        2,
        4,
    ]  # a line break within a name is a control character


def test_names_are_composed():
    (row,) = read(f"{HEADER}\nNguyê\u0303n,U-1,anh@example.edu,2026-06-30\n").rows
    assert row.name == "Nguyễn"


def test_results_and_credits_are_read_with_point_or_comma():
    text = f"{HEADER};result:exam;result:project;grade;credits".replace(",", ";")
    (row,) = read(f"{text}\n{GOOD.replace(',', ';')};7,8;8.6;8,3;3\n").rows
    assert row.results == {"exam": "7.8", "project": "8.6", "final": "8.3"}
    assert row.credits_earned == Decimal(3)


@pytest.mark.parametrize(
    ("header", "row", "column", "code"),
    [
        ("", " ,U-1,a@example.edu,2026-06-30", "name", "missing"),
        ("", "12,U-1,a@example.edu,2026-06-30", "name", "no_name"),
        ("", "A\x0bb,U-1,a@example.edu,2026-06-30", "name", "control_character"),
        ("", "\U00012000 Anh,U-1,a@example.edu,2026-06-30", "name", "unprintable"),
        ("", f"{'A' * 201},U-1,a@example.edu,2026-06-30", "name", "too_long"),
        ("", "Anh,,a@example.edu,2026-06-30", "student_number", "missing"),
        ("", "Anh,U-1,,2026-06-30", "email", "missing"),
        ("", "Anh,U-1,a@b@example.edu,2026-06-30", "email", "email"),
        ("", "Anh,U-1,a@example,2026-06-30", "email", "email"),
        ("", "Anh,U-1,a@example.edu\r\nBcc: x,2026-06-30".replace("\r\n", " "), "email", "email"),
        ("", "Anh,U-1,a@example.edu,", "awarded_date", "missing"),
        ("", "Anh,U-1,a@example.edu,06/07/26", "awarded_date", "date"),
        ("", "Anh,U-1,a@example.edu,2026-02-30", "awarded_date", "date"),
        ("", "Anh,U-1,a@example.edu,2026-07-04", "awarded_date", "future"),
        (",language", "Anh,U-1,a@example.edu,2026-06-30,Vietnamese", "language", "language"),
        (",end_date", "Anh,U-1,a@example.edu,2026-06-30,2026-07-01", "awarded_date", "order"),
        (",start_date,end_date", "Anh,U,a@example.edu,2026-06-30,2026-06-02,2026-06-01", "end_date", "order"),
        (",credits_earned", "Anh,U-1,a@example.edu,2026-06-30,3.5", "credits_earned", "credits"),
        (",credits_earned", "Anh,U-1,a@example.edu,2026-06-30,three", "credits_earned", "number"),
        (",grade", "Anh,U-1,a@example.edu,2026-06-30,11", "grade", "scale"),
        (",grade", "Anh,U-1,a@example.edu,2026-06-30,4.9", "grade", "not_passed"),
        (",grade", "Anh,U-1,a@example.edu,2026-06-30,NaN", "grade", "result"),
        (",result:exam,result:project,grade", "Anh,U-1,a@example.edu,2026-06-30,7,7,8", "grade", "mean"),
        (",evidence_url", "Anh,U-1,a@example.edu,2026-06-30,http://example.edu/", "evidence_url", "url"),
        ("", "Anh,U-1,a@example.edu,2026-06-30,more", "", "extra_cells"),
    ],
)  # fmt: skip
def test_a_cell_that_may_not_stand_is_found_in_its_place(header, row, column, code):
    assert one_finding(HEADER + header, row) == (2, column, code)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("", "Ж. d'Ornéa-Šimić Ñ,U/1-x,o'brien+x@mail.example.edu,2026-07-03"),
        ("", "ສົມພອນ ວົງສະຫວັນ,U-1,a@example.edu,3.7.2026"),
        (",language", "Anh,U-1,a@example.edu,2026-06-30,VI"),
        (",end_date", "Anh,U-1,a@example.edu,2026-06-30,2026-06-30"),
        (",credits_earned", "Anh,U-1,a@example.edu,2026-06-30,3"),
        (",grade", "Anh,U-1,a@example.edu,2026-06-30,10"),
        (",grade", "Anh,U-1,a@example.edu,2026-06-30,5"),
        (",result:exam,result:project,grade", "Anh,U-1,a@example.edu,2026-06-30,7.8,8.6,8.3"),
        (",evidence_url", "Anh,U-1,a@example.edu,2026-06-30,https://example.edu/work"),
        ("", "Anh,U-1,a@example.edu,2026-06-30,,"),
    ],
)
def test_its_twin_is_accepted(header, row):
    listed = read(f"{HEADER}{header}\n{row}\n")
    assert listed.findings == ()
    assert len(listed.rows) == 1


def test_the_second_of_two_equal_numbers_or_addresses_is_refused():
    rows = [GOOD, GOOD.replace("anh@", "b@"), GOOD.replace("U-1", "U-2")]
    listed = read("\n".join([HEADER, *rows]))
    assert [row.line for row in listed.rows] == [2]
    assert [(f.line, f.column, f.code) for f in listed.findings] == [
        (3, "student_number", "twice"),
        (4, "email", "twice"),
    ]


def test_awarded_may_be_given_for_the_whole_file():
    (row,) = read("name,student_number,email\nAnh,U-1,a@example.edu\n", awarded=date(2026, 6, 1)).rows
    assert row.awarded == date(2026, 6, 1)


def test_unknown_columns_are_told():
    assert read(f"{HEADER},shoe size\n{GOOD},38\n").unknown_columns == ("shoe size",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16")[:-1], "encoding"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-32"), "encoding"),
        (f"{HEADER}\nJos\xe9,U-1,a@example.edu,2026-06-30\n".encode("latin-1"), "encoding"),
        (f"{HEADER}\n\0{GOOD}\n".encode(), "encoding"),
        (f'{HEADER}\n"{GOOD}\n'.encode(), "broken_csv"),
        (f"{HEADER}\n{'A' * (MAX_CELL + 1)},U-1,a@example.edu,2026-06-30\n".encode(), "cell_too_long"),
        ((HEADER + "\n" + "a\n" * (MAX_ROWS + 1)).encode(), "too_many_rows"),
        (b"x" * (8 * 1024 * 1024 + 1), "too_large"),
        (b"," * 200 + b"name", "too_many_columns"),
        (b"name,email,awarded_date\n", "missing_column"),
        (b"name,full name,student_number,email,awarded_date\n", "duplicate_column"),
        (b"name,student_number,email,awarded_date,result:oral\n", "unknown_result"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data, code):
    with pytest.raises(ClassListRefused) as refused:
        read(data)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_rejects_keep_the_cells_and_say_line_column_and_reason():
    listed = read(f"{HEADER}\n{GOOD}\n=1+1,,nobody,2026-06-30\n")
    rows = list(csv.reader(io.StringIO(listed.rejects_csv().decode("utf-8-sig"))))
    assert rows[0] == ["name", "student_number", "email", "awarded_date", "line", "column", "reason"]
    assert rows[1][:6] == ["'=1+1", "", "nobody", "2026-06-30", "3", "name; student_number; email"]
    assert "not an e-mail address" in rows[1][6]


def test_no_rejects_no_file():
    assert read(f"{HEADER}\n{GOOD}\n").rejects_csv() == b""


def test_mended_rejects_can_be_handed_in_again():
    rejects = read(f"{HEADER}\nAnh,U-9,nobody,2026-06-30\n").rejects_csv()
    mended = read(rejects.replace(b",nobody,", b",anh@example.edu,", 1))
    assert [row.student_number for row in mended.rows] == ["U-9"]
    assert mended.unknown_columns == ()


def test_the_page_for_registrars_names_every_column_and_doubt():
    page = (ROOT / "docs" / "class-lists.md").read_text("utf-8")
    columns, doubts = page.split("## Columns")
    assert re.findall(r"^\| `(\w+)` \|", columns, re.MULTILINE) == PLAIN
    told = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", doubts, re.MULTILINE)))
    sources = [(ROOT / "issuer" / name).read_text() for name in ("class_list_slips.py", "date_cells.py")]
    assert sorted(told) == sorted(re.findall(r'CellDoubt\(\s*"(\w+)"', "".join(sources)))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=9), min_size=1))
def test_what_is_exported_is_read_again_as_it_was(cells):
    cells = ("first", *(cell for cell in cells if not cell.startswith("'")))
    header = (*HEADER.split(","), *(f"column {place}" for place in range(len(cells))))
    assert read_table(write_csv([header, cells])).lines[0].cells == cells


@given(st.text(max_size=20))
def test_an_exported_cell_never_starts_a_formula(cell):
    assert not neutralised(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert neutralised(cell).removeprefix("'") == cell.removeprefix("'")


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=6), max_size=6), st.sampled_from(",;\t"))
def test_any_rows_are_read_or_refused_in_our_own_words(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER.split(","), *rows])
    try:
        listed = read(out.getvalue().encode("utf-8", "surrogatepass"))
    except ClassListRefused:
        return
    assert len(listed.rows) + len(listed.rejected) <= len(rows)
    listed.rejects_csv()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_our_own_words(data):
    try:
        read_table(data)
    except ClassListRefused:
        return


def test_a_number_belongs_to_its_line_even_if_that_is_refused_for_another_reason():
    refused = "Lê Văn Bình,U-1,binh@example.edu,2030-01-01"
    taken = read(f"{HEADER}\n{refused}\n{GOOD}\n")
    assert taken.rows == ()
    assert [(each.line, each.column, each.code) for each in taken.findings][1:] == [
        (3, "student_number", "twice")
    ]
    free = read(f"{HEADER}\n{refused.replace('U-1', 'U-2')}\n{GOOD}\n")
    assert [row.student_number for row in free.rows] == ["U-1"]
