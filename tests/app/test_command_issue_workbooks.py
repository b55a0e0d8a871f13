"""Class lists as offices keep them, at the command line: a workbook in, what to look at out."""

import json
from datetime import date

import pytest
from command_line import call, make_office
from issuing_office import ACHIEVEMENT, CODE
from workbooks import workbook

HEADER = ["Họ và tên", "MSSV", "Email", "Ngày cấp", "exam"]
ROWS = [
    ["Nguyễn Thị Minh Anh", "0042", "anh@example.edu", date(2026, 6, 30), 8.5],
    ["phan thị mai", 43, "mai@example.edu", "30/06/2026", 7],
]


@pytest.fixture
def given(tmp_path):
    options = {"code": CODE, "version": "1", "language": "en", "suspension": True}
    path = tmp_path / "definition.json"
    path.write_text(json.dumps({"definition": options, "achievement": ACHIEVEMENT}), encoding="utf-8")
    office = make_office(tmp_path / "data")
    return ("--institution", "uef", "--definition", path, "--run", "spring", "--dir", office)


def kept(tmp_path, *rows):
    path = tmp_path / "class.xlsx"
    path.write_bytes(workbook(["Class list, spring"], [], *rows))
    return path


def test_a_workbook_is_issued_and_what_to_look_at_is_said(given, tmp_path):
    issued = call("issue", kept(tmp_path, HEADER, *ROWS), *given)
    assert issued.status == 0, issued.said
    assert "2 issued, 0 issued before, 0 failed." in issued.out
    assert "Line 1 stands above the header and was skipped." in issued.out
    assert "line 5, Họ và tên: It is written without capitals. It is printed as it stands here." in issued.out


def test_a_list_without_doubts_has_nothing_to_look_at(given, tmp_path):
    issued = call("issue", kept(tmp_path, HEADER, ROWS[0]), *given)
    assert (issued.status, "look at" in issued.out) == (0, False)


def test_rejected_rows_of_a_workbook_can_be_mended_and_issued(given, tmp_path):
    bad = [*ROWS[1][:2], "nobody", *ROWS[1][3:]]
    first = call("issue", kept(tmp_path, HEADER, ROWS[0], bad), *given)
    assert first.status == 1
    rejects = tmp_path / "class.rejects.csv"
    rejects.write_text(rejects.read_text("utf-8-sig").replace("nobody", "mai@example.edu"), "utf-8")
    again = call("issue", rejects, *given)
    assert (again.status, "1 issued" in again.out) == (0, True)
