"""Excel workbooks: values as the sheet shows them, sheets and headers as people arrange them, bad files."""

import io
import struct
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from workbooks import GOOD, HEADER, by_hand, inline, packed, parts, saved, workbook

from issuer.errors import ClassListRefused
from issuer.sheets import read_table, write_xlsx


def refused(data, **more):
    with pytest.raises(ClassListRefused) as found:
        read_table(data, **more)
    assert found.value.message.endswith(".")
    return found.value


def read_or_refused(data):
    try:
        read_table(data)
    except ClassListRefused as error:
        said = error.message
    else:
        said = "It was read."
    assert said.endswith(".")


def read_cell(value, number_format=None, *, change=None):
    def set_cell(book, page):
        page["E2"] = value
        if number_format:
            page["E2"].number_format = number_format
        if change:
            change(book, page)

    return read_table(workbook([*HEADER, "value"], GOOD, change=set_cell)).lines[0].cells[4:]


def test_a_workbook_is_read_like_the_same_csv():
    table = read_table(workbook(HEADER, GOOD))
    assert (table.kind, table.sheet, table.delimiter) == ("xlsx", "Class list", "")
    assert (table.header, table.header_line, table.notes) == (tuple(HEADER), 1, ())
    assert [(line.number, line.cells) for line in table.lines] == [(2, tuple(GOOD))]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (date(2026, 6, 30), None, "2026-06-30"),
        (date(2026, 6, 30), "dd/mm/yyyy", "2026-06-30"),
        (date(2026, 6, 30), "[$-42A]d mmmm yyyy;@", "2026-06-30"),
        (date(2026, 6, 30), "mmm-yy", "2026-06-30"),
        (datetime(2026, 6, 30, 14, 5), None, "2026-06-30 14:05"),  # noqa: DTZ001 (as openpyxl wants it)
        (datetime(2026, 6, 30), None, "2026-06-30"),  # noqa: DTZ001
        (clock_time(9, 30), None, "09:30"),
        (timedelta(hours=30), "[h]:mm", "30:00"),
        (46203, "General", "46203"),
        (46203, "[Red]0", "46203"),
        (8.3, None, "8.3"),
        (8.0, None, "8"),
        (0.1 + 0.2, None, "0.3"),
        (8.2666666, "0.0", "8.3"),
        (8.25, "0.0", "8.3"),
        (8.0, "0.0", "8"),
        (1234.5, "#,##0.00", "1234.5"),
        (0.85, "0%", "85%"),
        (0.8333, "0.0%", "83.33%"),
        (42, "00000", "00042"),
        (42, '"UEF-"0000', "UEF-0042"),
        (-1, "00000", "-1"),
        (20260000012345, None, "20260000012345"),
        (True, None, "TRUE"),
        ("00042", None, "00042"),
        ("=kept as text", "@", ""),
        ("#N/A", None, "#N/A"),
        ("  two words ", None, "  two words "),
        ("'=1+1", None, "=1+1"),
    ],
)
def test_a_cell_says_what_the_sheet_shows(value, number_format, text):
    found = read_cell(value, number_format)
    assert found == ((text,) if text else ())


@pytest.mark.parametrize("system", ["1900", "1904"])
@pytest.mark.parametrize("day", [date(1955, 3, 1), date(2000, 2, 29), date(2026, 6, 30), date(2099, 12, 31)])
def test_days_are_counted_as_the_workbook_says(system, day):
    def change(book, page):
        if system == "1904":
            book.epoch = CALENDAR_MAC_1904

    def fill(book, page):
        change(book, page)
        page["D2"] = day

    table = read_table(workbook(HEADER, GOOD, change=fill))
    assert table.lines[0].cells[3] == day.isoformat()
    assert table.day_zero == (date(1904, 1, 1) if system == "1904" else date(1899, 12, 30))


@pytest.mark.parametrize(
    ("number", "text"), [("1", "1900-01-01"), ("59", "1900-02-28"), ("61", "1900-03-01")]
)
def test_the_leap_day_of_1900_that_never_was_shifts_no_date(number, text):
    from issuer.sheets.number_formats import DAY_ZERO_1900, number_text

    assert number_text(number, "yyyy-mm-dd", day_zero=DAY_ZERO_1900) == text


@given(st.text(max_size=12), st.floats(allow_nan=True, allow_infinity=True))
def test_any_format_writes_any_number(code, number):
    from issuer.sheets.number_formats import DAY_ZERO_1904, number_text

    assert number_text(repr(number), code, day_zero=DAY_ZERO_1904)


def test_a_formula_gives_what_the_sheet_shows_and_one_never_calculated_is_told():
    row = (
        inline(*HEADER)
        + '<row><c t="str"><f>A1&amp;B1</f><v>Anh Nguyễn</v></c><c><f>1+1</f><v>2</v></c></row>'
    )
    assert read_table(by_hand(row)).lines[0].cells == ("Anh Nguyễn", "2")
    table = read_table(workbook(HEADER, [*GOOD[:3], "=TODAY()"]))
    assert table.lines[0].cells == tuple(GOOD[:3])
    assert "Formulas without a stored result: 1." in table.notes[0]


def test_errors_of_the_spreadsheet_stay_in_their_cells():
    row = inline(*HEADER) + '<row><c t="e"><v>#REF!</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    assert read_table(by_hand(row)).lines[0].cells == ("#REF!", "#DIV/0!")


def test_rich_texts_are_joined_readings_left_out_and_escapes_taken_back():
    texts = (
        "<si><r><t>Nguyễn </t></r><r><rPr/><t>Anh</t></r></si>"
        "<si><t>東京</t><rPh><t>とうきょう</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si><si><t/></si>"
    )
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    table = read_table(by_hand(inline(*HEADER) + f"<row>{cells}</row>", texts=texts))
    assert table.lines[0].cells == ("Nguyễn Anh", "東京", "a\rb_x0041_")


def test_a_prefixed_workbook_and_texts_out_of_order_are_read():
    made = parts(inline(*HEADER) + '<row r="7"><c r="C7"><v>3</v></c><c r="A7"><v>1</v></c></row>')
    sheet = made["xl/worksheets/sheet1.xml"]
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        sheet = sheet.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        sheet = sheet.replace(f"</{name}>", f"</x:{name}>")
    made["xl/worksheets/sheet1.xml"] = sheet.replace("xmlns=", "xmlns:x=")
    (line,) = read_table(packed(made)).lines
    assert (line.number, line.cells) == (7, ("1", "", "3"))


def test_titles_merged_cells_and_empty_rows_stand_above_and_between():
    def merge(book, page):
        page.merge_cells("A1:F1")
        page.merge_cells("A4:A5")
        page.merge_cells("B4:B5")
        page.merge_cells("C4:C5")
        page.merge_cells("D4:D5")
        page.merge_cells("E4:F4")
        page.column_dimensions["B"].width = 30
        page["A1"].font = openpyxl.styles.Font(bold=True)

    rows = [
        ["University of Examples: list of learners"], [], ["Spring 2026"],
        ["Họ và tên", "MSSV", "Email", "Ngày cấp", "Results", None],
        [None, None, None, None, "exam", "project"],
        [], [*GOOD[:3], date(2026, 6, 30), 7.5, 8], [], [None, None, None, None, None, None],
    ]  # fmt: skip
    table = read_table(workbook(*rows, change=merge), result_keys=["exam", "project"])
    assert table.header == ("Họ và tên", "MSSV", "Email", "Ngày cấp", "exam", "project")
    assert [(line.number, line.cells[3:]) for line in table.lines] == [(7, ("2026-06-30", "7.5", "8"))]
    assert table.notes == (
        "Lines 1 to 3 stand above the header and were skipped.",
        "The header in lines 4 and 5 was joined.",
    )


def test_cells_merged_over_rows_of_data_and_hidden_rows_are_told():
    def change(book, page):
        page.merge_cells("D2:D3")
        page.row_dimensions[3].hidden = True

    notes = read_table(workbook(HEADER, GOOD, ["Bình", "U-2", "b@example.edu"], change=change)).notes
    assert "Rows that the sheet hides (a filter may be on) were read as well: 1." in notes
    assert any(note.startswith("Cells merged over several rows: 1.") for note in notes)


def test_the_first_visible_sheet_with_a_header_is_read():
    def change(book, page):
        page.sheet_state = "hidden"
        book.create_sheet("Notes").append(["Nothing", "here"])
        for row in (HEADER, ["Bình", "U-2", "b@example.edu", "2026-06-30"]):
            book["Right"].append(row) if "Right" in book.sheetnames else book.create_sheet("Right").append(
                row
            )

    table = read_table(workbook(HEADER, GOOD, change=change))
    assert (table.sheet, table.lines[0].cells[0]) == ("Right", "Bình")
    assert table.notes == ("The sheet “Right” was read; left aside: “Class list”, “Notes”.",)


def test_a_charts_sheet_is_no_list():
    def change(book, page):
        book.create_chartsheet("Chart", 0)

    assert read_table(workbook(HEADER, GOOD, change=change)).sheet == "Class list"


def test_a_workbook_without_rows_is_refused():
    assert refused(workbook()).code == "empty"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def other_archive(*names):
    return packed(dict.fromkeys(names, "x"))


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (OLD + bytes(600), "kind", ".xls"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "password", "password"),
        (other_archive("mimetype", "content.xml"), "kind", ".ods"),
        (other_archive("word/document.xml"), "kind", "Word"),
        (other_archive("xl/workbook.bin"), "kind", ".xlsb"),
        (other_archive("Index/Document.iwa"), "kind", "Numbers"),
        (other_archive("list.csv"), "kind", "Unpack"),
        (b"PK\x03\x04" + bytes(100), "damaged", "save it again"),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_refused_with_a_way_to_save_it(data, code, words):
    error = refused(data)
    assert (error.code, words in error.message) == (code, True)


def test_a_part_locked_by_itself_is_refused():
    data = bytearray(workbook(HEADER, GOOD))
    place = data.index(b"PK\x01\x02")
    while place != -1:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    assert refused(bytes(data)).code == "password"


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("before", [BILLION, OUTSIDE, "<!DOCTYPE worksheet>"])
def test_a_document_type_is_refused_and_no_entity_expanded(before):
    assert refused(by_hand(inline(*HEADER) + inline("&a;"), before=before)).code == "damaged"
    assert read_table(by_hand(inline(*HEADER) + inline("&amp;"))).lines[0].cells == ("&",)


@pytest.mark.parametrize(
    "data",
    [
        by_hand(inline(*HEADER) + " " * 60_000_000),
        by_hand("<row/>" * 3_000_000),
        by_hand(inline(*HEADER), texts="<si><t>x</t></si>" * 1_000_000),
        packed({"xl/workbook.xml": "x"} | {f"xl/{number}": "" for number in range(2_100)}),
        by_hand(inline(*HEADER) + inline(*["x" * 1_900] * 90) * 100),
    ],
    ids=["spaces", "rows", "texts", "parts", "characters"],
)
def test_what_is_packed_small_and_large_inside_is_refused_early(data):
    started = time.process_time()
    assert refused(data).code == "too_large"
    assert time.process_time() - started < 5


def test_a_size_that_the_directory_understates_is_no_way_around():
    data = bytearray(by_hand(inline(*HEADER) + " " * 60_000_000))
    for entry in zipfile.ZipFile(io.BytesIO(bytes(data))).infolist():
        data = data.replace(struct.pack("<L", entry.file_size), struct.pack("<L", min(entry.file_size, 10)))
    assert refused(bytes(data)).code in ("damaged", "too_large")


def test_a_cell_in_the_last_corner_costs_nothing_and_is_beyond_the_columns():
    table = read_table(by_hand(inline(*HEADER) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    (line,) = table.lines
    assert (line.number, len(line.cells), line.cells[-1]) == (1_048_576, 101, "1")


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="x"><c><v>1</v></c></row>', '<row><c r="1A"><v>1</v></c></row>',
        "<row><c t='s'><v>z</v></c></row>", "<row", "</row>", "\0", '<row><c s="x"><v>1</v></c></row>',
    ],
)  # fmt: skip
def test_xml_that_no_program_writes_is_damage(sheet):
    assert refused(by_hand(inline(*HEADER) + sheet)).code == "damaged"


def test_a_missing_part_is_damage_and_odd_indexes_are_empty():
    made = parts(inline(*HEADER))
    del made["xl/worksheets/sheet1.xml"]
    assert refused(packed(made)).code == "damaged"
    odd = '<row><c t="s"><v>7</v></c><c t="s"><v>-1</v></c><c s="99"><v>3</v></c></row>'
    assert read_table(by_hand(inline(*HEADER) + odd)).lines[0].cells == ("", "", "3")


SAMPLE = workbook(HEADER, GOOD, ["Bình", 2, "b@example.edu", date(2026, 6, 30)])


@pytest.mark.parametrize("keep", [30, 100, 1_000, 3_000, -30])
def test_a_file_cut_short_is_damage(keep):
    assert refused(SAMPLE[:keep]).code == "damaged"


@settings(max_examples=200)
@given(st.data())
def test_any_changed_bytes_are_read_or_refused_in_our_own_words(data):
    changed = bytearray(SAMPLE)
    for place in data.draw(st.lists(st.integers(0, len(SAMPLE) - 1), min_size=1, max_size=6)):
        changed[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(changed))


@settings(max_examples=200)
@given(st.data())
def test_any_changed_part_is_read_or_refused_in_our_own_words(data):
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        made = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    part = made[data.draw(st.sampled_from(sorted(made)))]
    for place in data.draw(st.lists(st.integers(0, len(part) - 1), min_size=1, max_size=4)):
        noise = data.draw(
            st.sampled_from([b"<", b">", b'"', b"0", b"-9", b"\xff", b"&x;", b"</c>", b"99999999999"])
        )
        part[place : place + len(noise)] = noise
    read_or_refused(packed({name: bytes(value) for name, value in made.items()}))


CELLS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_text_and_is_read_again_as_it_was(rows):
    rows = [[cell.removeprefix("'") for cell in row] for row in rows]
    data = write_xlsx([HEADER, *rows], sheet="Rows")
    kept = [list(line.cells) for line in read_table(data).lines]
    wanted = [[cell if cell.strip() else "" for cell in row] for row in rows if any(map(str.strip, row))]
    assert kept == [row[: max(place + 1 for place, cell in enumerate(row) if cell)] for row in wanted]


def test_nothing_written_is_a_formula_or_a_link():
    row = ["=1+1", "+1", "@x", "-1", "https://example.edu", "{=1}", "\ud800"]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([row, row], sheet="[Rows]: a/b" + "x" * 40)))
    page = book.active
    assert {cell.data_type for cells in page.iter_rows() for cell in cells} == {"s"}
    assert [cell.value for cell in page[2]][:6] == row[:6]
    assert page["E2"].hyperlink is None
    assert len(page.title) <= 31


def test_the_same_rows_give_the_same_bytes():
    assert write_xlsx([HEADER, GOOD], sheet="x") == write_xlsx([HEADER, GOOD], sheet="x")


def test_five_thousand_rows_of_another_program_are_read():
    rows = [[f"Learner {n}", n, f"l{n}@example.edu", date(2026, 6, 30), n % 101 / 10] for n in range(5_000)]
    table = read_table(workbook([*HEADER, "grade"], *rows))
    assert [line.number for line in table.lines] == list(range(2, 5_002))
    assert table.lines[-1].cells[:4] == ("Learner 4999", "4999", "l4999@example.edu", "2026-06-30")


def test_a_workbook_saved_again_by_another_program_reads_the_same():
    again = saved(openpyxl.load_workbook(io.BytesIO(SAMPLE)))
    assert read_table(again).lines == read_table(SAMPLE).lines
