"""CSV files as offices save them: encodings, separators, titles and two lines of header."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.errors import ClassListRefused
from issuer.sheets import Line, Table, read_table
from issuer.sheets.table import MAX_CELL

HEADER = "name,student_number,email,awarded_date"
GOOD = "Nguyễn Thị Minh Anh,U-1,anh@example.edu,2026-06-30"
TEXT = f"{HEADER}\r\n{GOOD}\r\n"


def refused(data, **more):
    with pytest.raises(ClassListRefused) as found:
        read_table(data if isinstance(data, bytes) else data.encode(), **more)
    return found.value


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.rstrip().encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "be with mark", "le without", "be without", "old Mac", "no last end"],
)
def test_the_same_list_in_every_encoding_that_can_be_told(data):
    table = read_table(data)
    assert table.header == tuple(HEADER.split(","))
    assert table.lines == (Line(2, tuple(GOOD.split(","))),)


def test_utf_16_is_told_in_a_note_and_utf_8_is_not():
    assert read_table(TEXT.encode("utf-16")).notes == ("The file is written in UTF-16, which was read.",)
    assert read_table(TEXT.encode()).notes == ()


@pytest.mark.parametrize("encoding", ["cp1258", "cp1250", "latin-1", "utf-32", "gb18030"])
def test_an_encoding_that_would_have_to_be_guessed_is_refused(encoding):
    error = refused(f"{HEADER}\nÉva Nagy,U-1,eva@example.edu,2026-06-30\n".encode(encoding))
    assert error.code == "encoding"
    assert "CSV UTF-8" in error.message


def test_the_byte_that_is_not_utf_8_is_named_with_its_line():
    error = refused(f"{HEADER}\nJos".encode() + b"\xe9,U-1,j@example.edu,2026-06-30\n")
    assert "Line 2 is not UTF-8 (byte 4 of the line is E9)" in error.message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_gives_a_header(delimiter):
    text = f"A title, with a comma, and another\n{TEXT}".replace(",", delimiter)
    table = read_table(text.replace("title" + delimiter, "title, ").encode())
    assert table.delimiter == delimiter
    assert table.lines[0].cells == tuple(GOOD.split(","))


def test_decimal_commas_do_not_make_a_separator():
    text = "name;student number;email;awarded;grade;credits\nAnh;1;a@example.edu;30.6.2026;8,3;2,5\n"
    assert read_table(text.encode()).lines[0].cells[4:] == ("8,3", "2,5")


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_first_line_may_name_the_separator(first):
    table = read_table(f"{first}\r\nname,x;student number;email\r\nAnh;U-1;a@example.edu\r\n".encode())
    assert table.header == ("name,x", "student number", "email")
    assert (table.header_line, table.lines[0].number) == (2, 3)
    assert table.notes == ("The first line says that cells are separated by a semicolon.",)


def test_quotes_hold_separators_quotes_and_line_ends_and_lines_are_counted():
    table = read_table(
        f'{HEADER}\n"Anh, ""Mia""\nNguyễn",U-1,a@example.edu,x\n\nB,U-2,b@example.edu,y\n'.encode()
    )
    assert [(line.number, line.cells[0]) for line in table.lines] == [(2, 'Anh, "Mia"\nNguyễn'), (5, "B")]


def test_rows_that_a_program_put_whole_into_quotes_are_taken_apart():
    wrapped = "".join(
        '"{}"\n'.format(line.replace('"', '""')) for line in (HEADER, '"Anh, Mia",U-1,a@x.edu,z')
    )
    table = read_table(wrapped.encode())
    assert (table.header, table.lines) == (
        tuple(HEADER.split(",")),
        (Line(2, ("Anh, Mia", "U-1", "a@x.edu", "z")),),
    )
    assert table.notes == ("Each row stood as a whole in quotation marks, which were taken off.",)


def test_titles_above_the_header_are_skipped_and_told():
    table = read_table(f"University of Examples,,,\n,,,\nClass list,spring,,\n{TEXT}".encode())
    assert (table.header_line, [line.number for line in table.lines]) == (4, [5])
    assert table.notes == ("Lines 1 to 3 stand above the header and were skipped.",)


def test_empty_lines_and_columns_at_the_end_are_cut():
    table = read_table(b"name,student number,email,,\nAnh,1,a@example.edu,,\n,,,,\n\n")
    assert table.header == ("name", "student number", "email")
    assert len(table.lines) == 1


def test_a_column_without_header_gets_the_letter_that_the_program_shows():
    table = read_table(b"name,,email,student number,\nAnh,x,a@example.edu,1,y\n")
    assert table.header == ("name", "(column B)", "email", "student number", "(column E)")
    assert table.notes == ("These columns have cells but no header: B, E.",)


def test_equal_headers_can_be_told_apart():
    table = read_table(b"name,date,date,email,student number\nAnh,1,2,a@example.edu,1\n")
    assert table.header == ("name", "date", "date (2)", "email", "student number")


def test_a_header_in_two_lines_is_joined():
    text = "No.,Full name,Student number,E-mail,Results,,Course,\n,,,,exam,project,start,end\n"
    table = read_table(f"{text}1,Anh,U-1,a@x.edu,7,8,,\n".encode(), result_keys=["exam", "project"])
    assert table.header[4:] == ("exam", "project", "Course start", "Course end")
    assert [line.number for line in table.lines] == [3]
    assert table.notes == ("The header in lines 1 and 2 was joined.",)


def test_cells_merged_over_both_header_lines_are_found_above_the_lower_one():
    text = ",Learner,,,Awarded\nNo.,Full name,Student number,E-mail,\n1,Anh,U-1,a@x.edu,2026-06-30\n"
    table = read_table(text.encode())
    assert table.header == ("No.", "Full name", "Student number", "E-mail", "Awarded")


@pytest.mark.parametrize(
    "second",
    ["Anh,,,", "Anh,U-1,a@example.edu,2026-06-30", ",,,2026-06-30", ",,,"],
)
def test_a_line_of_data_is_never_taken_for_a_header(second):
    table = read_table(f"{HEADER}\n{second}\n{GOOD}\n".encode())
    assert table.header == tuple(HEADER.split(","))
    assert len(table.lines) == 2 - (second == ",,,")


def test_a_header_in_a_language_that_is_not_known_is_found_by_its_shape():
    text = "ឈ្មោះ,,\nឈ្មោះ,លេខ,អ៊ីមែល\nសុខា,12,sokha@example.edu\n"
    assert read_table(text.encode()).header_line == 2


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (f'{HEADER}\n{GOOD}\n"Anh,U-2,b@example.edu,x\n', "broken_csv", "In line 3 a quotation mark opens"),
        (f'{HEADER}\n"Anh" x,U-2,b@example.edu,x\n', "broken_csv", "In line 2 a cell goes on after"),
        (f'{HEADER}\n"{"x" * 140_000}\n', "broken_csv", "line 2"),
        (f"{HEADER}\n{'x' * (MAX_CELL + 1)},,,\n", "cell_too_long", "line 2"),
        ("\n,,\n", "empty", "no rows"),
        ("<html><table><tr><td>name</td></tr></table>", "kind", "web page"),
        ("%PDF-1.7", "kind", "PDF"),
        ("\x89PNG\r\n\x1a\n", "encoding", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_line_and_remedy(text, code, words):
    data = text.encode("latin-1", "xmlcharrefreplace") if text.startswith("\x89") else text.encode()
    error = refused(data)
    assert error.code in (code, "kind")
    assert words in error.message


def test_a_name_that_promises_a_workbook_is_held_to_it():
    assert "Excel workbook" in refused(TEXT, file_name="class.XLSX").message
    assert read_table(TEXT.encode(), file_name="class.csv").kind == "csv"


def test_a_text_that_begins_like_an_archive_is_a_text():
    assert read_table(b"PKey;student number;email\nx;1;a@example.edu\n").kind == "csv"


def test_more_columns_and_rows_than_may_be():
    assert refused("name" + "," * 150 + "x").code == "too_many_columns"
    assert refused(f"{HEADER}\n" + "a,b,c,d\n" * 20_001).code == "too_many_rows"
    assert len(read_table((f"{HEADER}\n" + "a,b,c,d\n" * 20_000).encode()).lines) == 20_000


def test_mended_cells_take_the_place_of_the_old_ones():
    table = read_table(TEXT.encode()).mended({(2, 0): "Anh", (9, 1): "x", (2, 99): "y"})
    assert table.lines == (Line(2, ("Anh", "U-1", "anh@example.edu", "2026-06-30")),)
    short = Table("csv", ("a", "b", "c"), 1, (Line(2, ("x",)),)).mended({(2, 2): "z"})
    assert short.lines[0].cells == ("x", "", "z")


@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_any_damage_is_read_or_refused_in_our_own_words(noise, place, encoding):
    data = TEXT.encode(encoding)
    try:
        read_table(data[:place] + noise + data[place:])
    except ClassListRefused as error:
        said = error.message
    else:
        said = "It was read."
    assert said.endswith(".")


@given(
    st.lists(st.lists(st.sampled_from(["", "name", "email", "student number", "x", "a@b", "7"]), max_size=5))
)
def test_whatever_the_header_no_line_below_it_is_lost(rows):
    data = "\n".join(";".join(row) for row in [["name", "student number", "email"], *rows])
    table = read_table(data.encode())
    filled = [row for row in rows if any(row)]
    assert len(table.lines) >= len(filled) - 1
    assert len(set(table.header)) == len(table.header)
