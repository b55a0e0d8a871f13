"""The pages of batches, from a file to certificates, as a person without a script takes every step."""

import io
import re

import app_fakes
import pytest
from console_office import ConsoleOffice
from issuing_office import CODE, HEADER, class_list
from openpyxl import load_workbook
from sqlmodel import select
from werkzeug.datastructures import FileStorage

from issuer.office_tables import BatchLineRow
from issuer.tables import Institution
from issuer.transactions import reading, writing

BASE = "/console/uef/batches"
VERSION = f"{CODE}@2026-1"
BAD = b"Anh,UEF-9,nobody@@x.example,2026-06-30,vi,83\n"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def nam(office):
    return office.client(office.person("Lê Hoàng Nam", "issuer"))


@pytest.fixture
def trang(office):
    return office.client(office.person("Bùi Thu Trang", "issuer"))


def need_approval(office):
    with writing(office.office.engine) as session:
        session.exec(select(Institution).where(Institution.slug == "uef")).one().needs_approval = True


def take_in(office, client, data=None, *, name="list.csv", **fields):
    """Hand in a file and give the path of its batch."""
    form = {"definition": VERSION, "run": "Spring 2026", **fields}
    form["file"] = (io.BytesIO(class_list(3) if data is None else data), name)
    answer = office.post(client, f"{BASE}/new", form)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def page(office, client, path):
    answer = office.get(client, path)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    return answer.text


def hidden(text):
    """Read the hidden fields of the bar that ends a preview."""
    bar = re.search(r'<form class="action row".*?</form>', text, re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="(revision|certificates)" value="(\d+)">', bar))


def approve(office, client, path):
    return office.post(client, f"{path}/approve", hidden(page(office, client, path)))


def sentence(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_file_is_taken_in_looked_at_mended_and_issued(office, nam):
    path = take_in(office, nam, class_list(3) + BAD)
    text = page(office, nam, f"{path}?done=uploaded")
    said = sentence(text)
    assert "Of the 4 rows in list.csv: 3 will be issued, 0 issued already and skipped, 1 with errors" in said
    assert "Nothing has been signed or mailed yet." in said
    assert "Nothing has been signed or mailed yet. Issue 3 certificates" in said
    assert "Approve" not in said
    assert "an address has one" in said
    assert "Was 8.3 meant?" in said
    assert 'value="nobody@@x.example" aria-label="E-mail, line 5" aria-invalid="true"' in text
    names = re.findall(r'name="(cell-5-\d+)" value="([^"]*)"', text)
    mended = {name: {"83": "8.3"}.get(value, "nobody@x.example") for name, value in names}
    answer = office.post(nam, f"{path}/lines?show=errors", mended)
    assert (answer.status_code, "done=mended" in answer.headers["Location"]) == (303, True)
    said = sentence(page(office, nam, path))
    assert "Issue 4 certificates" in said
    assert "The file says: nobody@@x.example" in said
    assert approve(office, nam, path).headers["Location"].endswith("/report?done=approved")
    said = sentence(page(office, nam, f"{path}/report"))
    assert "No worker is running." in said
    assert "0 of 4 signed." in said
    office.issuer.resume()
    report = page(office, nam, f"{path}/report")
    assert "4 of 4 signed." in sentence(report)
    assert len(re.findall(r'href="/console/uef/credentials/[0-9A-Za-z]{22}"', report)) == 4


def test_a_second_person_approves_where_the_institution_says_so(office, nam, trang):
    need_approval(office)
    path = take_in(office, nam)
    text = page(office, nam, path)
    assert "Send 3 certificates for approval" in sentence(text)
    own = office.post(nam, f"{path}/approve", {"revision": "2", "certificates": "3"})
    assert own.status_code == 409
    assert office.post(nam, f"{path}/send", hidden(text)).status_code == 303
    own = office.post(nam, f"{path}/approve", {"revision": "2", "certificates": "3"})
    assert own.status_code == 403
    assert "You had this list in hand yourself" in own.text
    said = sentence(page(office, trang, path))
    assert "You did not prepare this file, so you may approve it. Approve and issue 3 certificates" in said
    back = office.post(trang, f"{path}/send-back", {"note": "Line 2: the name lacks capitals."})
    assert back.status_code == 303
    text = page(office, nam, path)
    assert "Sent back: Line 2: the name lacks capitals." in sentence(text)
    assert office.post(nam, f"{path}/send", hidden(text)).status_code == 303
    assert approve(office, trang, path).status_code == 303
    again = office.post(trang, f"{path}/approve", {"revision": "2", "certificates": "3"})
    assert again.status_code == 303
    office.issuer.resume()
    assert "Approved by Bùi Thu Trang" in sentence(page(office, nam, f"{path}/report"))


def test_a_row_skipped_for_a_revocation_says_so_in_the_preview(office, nam):
    _standing, revoked = office.office.issue(2).credentials
    office.issuer.revoke(revoked, reason="error", by="registrar")
    text = page(office, nam, take_in(office, nam))
    rows = {
        line: sentence(re.search(rf'<tr id="r{line}">.*?</tr>', text, re.DOTALL)[0]) for line in (2, 3, 4)
    }
    assert "Skipped" in rows[2]
    assert "Awarded before" not in rows[2]
    assert "Check: Awarded before from this run, and revoked on " in rows[3]
    assert "(“it was issued in error”). A list of the same run does not award it again." in rows[3]
    assert "Ready" in rows[4]


def test_a_note_is_asked_for_and_what_was_typed_is_kept(office, nam, trang):
    need_approval(office)
    path = take_in(office, nam)
    office.post(nam, f"{path}/send", {"revision": "2"})
    empty = office.post(trang, f"{path}/send-back", {"note": " "})
    assert (empty.status_code, "Say in the note what is to be changed." in empty.text) == (422, True)
    changes = {"cell-2-0": "Nguyễn Thị Sửa"}
    refused = office.post(nam, f"{path}/lines", changes)
    assert refused.status_code == 409
    assert "Nguyễn Thị Sửa" in refused.text
    assert "The list waits for approval." in refused.text


def test_what_cannot_be_read_is_refused_in_words_and_nothing_typed_is_lost(office, nam):
    for data in (b"", b"\x00\x01\x02" * 200, b"%PDF-1.7 nonsense", b"PK\x03\x04broken", b"a" * 5000):
        form = {"definition": VERSION, "run": "Autumn <2026>", "file": (io.BytesIO(data), "x.csv")}
        answer = office.post(nam, f"{BASE}/new", form)
        if answer.status_code == 303:
            assert office.get(nam, answer.headers["Location"]).headers["Location"].endswith("/columns")
            continue
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert 'value="Autumn &lt;2026&gt;"' in answer.text
    nothing = office.post(nam, f"{BASE}/new", {"definition": VERSION, "run": "x"})
    assert "Choose a file" in nothing.text
    day = {"awarded": "30/06", "definition": VERSION, "run": "x", "file": (io.BytesIO(b"a"), "a.csv")}
    assert "is not a day" in office.post(nam, f"{BASE}/new", day).text
    file = FileStorage(io.BytesIO(b"a" * (7 << 20)), "a.csv")
    huge = app_fakes.multipart(csrf_token=office.csrf(nam), file=file)
    assert nam.post(f"{BASE}/new", base_url=office.base_url, **huge).status_code == 413


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (b"Name,Student number,E-mail,Date,Credits", ("name", "student_number", "email", "credits_earned")),
        (b"Name,Student number,E-mail,Student number,Date", ("name", "student_number", "email")),
    ],
)
def test_a_fault_of_one_column_keeps_what_the_others_were_recognised_as(office, nam, header, kept):
    path = take_in(office, nam, header + b"\nAnh,UEF-0001,anh@x.example,2026-06-30,5\n")
    text = page(office, nam, f"{path}/columns")
    assert re.findall(r'<option value="(\w+)" selected>', text) == list(kept)


def test_a_date_that_is_not_understood_is_all_there_is_to_say(office, nam):
    path = take_in(office, nam, b"Name,Student number,E-mail,Date\nAnh,UEF-1,anh@x.example,2026-06-30\n")
    said = page(office, nam, f"{path}/columns")
    assert "not found: Awarded (awarded_date)." in said
    shown = {
        f"column-{place}": (re.findall(r'<option value="(\w+)" selected>', select) or [""])[0]
        for place, select in enumerate(re.findall(r"<select name=.column-.*?</select>", said, re.DOTALL))
    }
    assert office.post(nam, f"{path}/columns", shown).status_code == 422
    assert office.post(nam, f"{path}/columns", shown | {"column-3": "awarded_date"}).status_code == 303


def test_a_day_that_is_none_is_told_beside_the_day(office, nam):
    path = take_in(office, nam, class_list(1).replace(b"awarded_date", b"Wann"))
    told = ("name", "student_number", "email", "", "language", "grade")
    named = {f"column-{place}": column for place, column in enumerate(told)}
    refused = office.post(nam, f"{path}/columns", named | {"awarded": "30.6.2026"})
    assert refused.status_code == 422
    assert re.search(r'id="awarded"[^>]*aria-describedby="awarded-fault" aria-invalid="true"', refused.text)
    assert "is not a day" in refused.text.partition('id="awarded-fault"')[2]
    taken = office.post(nam, f"{path}/columns", named | {"awarded": "2026-06-30"})
    assert taken.status_code == 303


def test_columns_are_named_once_and_remembered(office, nam):
    odd = class_list(2).replace(HEADER.encode(), b"Wer,Kennung,Post,awarded_date,Zunge,grade")
    path = take_in(office, nam, odd)
    assert office.get(nam, path).headers["Location"].endswith("/columns")
    text = page(office, nam, f"{path}/columns")
    assert "These columns are needed and were not found" in text
    assert "UEF-0001" in text  # the first values
    too_few = office.post(nam, f"{path}/columns", {"column-0": "name", "column-3": "awarded_date"})
    assert too_few.status_code == 422
    assert '<option value="name" selected>' in too_few.text
    told = ("name", "student_number", "email", "awarded_date", "language", "grade")
    named = {f"column-{place}": column for place, column in enumerate(told)}
    assert office.post(nam, f"{path}/columns", named).status_code == 303
    assert "Of the 2 rows in list.csv: 2 will be issued" in sentence(page(office, nam, path))
    second = take_in(office, nam, odd, run="Autumn 2026")
    assert "2 will be issued" in sentence(page(office, nam, second))


def test_the_sample_is_drawn_for_a_line_and_names_no_code(office, nam):
    path = take_in(office, nam)
    address = re.search(r'<img src="([^"]+sample\.png[^"]+)"', page(office, nam, f"{path}?sample=longest"))[1]
    picture = office.get(nam, address.replace("&amp;", "&"))
    assert picture.data.startswith(b"\x89PNG")
    assert office.get(nam, f"{path}/sample.png?line=99").status_code == 404
    assert office.get(nam, f"{path}/sample.png").status_code == 404


def test_what_is_left_out_and_the_report_are_taken_away_without_formulas(office, nam):
    path = take_in(office, nam, class_list(2) + b'"=1+1",UEF-9,bad,2026-06-30,vi,8\n')
    left = office.get(nam, f"{path}/left-out")
    assert "'=1+1" in left.data.decode("utf-8-sig")
    assert left.headers["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(office.get(nam, f"{path}/left-out?format=xlsx").data)).active
    assert sheet.cell(2, 1).data_type == "s"
    approve(office, nam, path)
    office.issuer.resume()
    lines = office.get(nam, f"{path}/report?format=csv").data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("line,name,student_number,state")
    assert [line.split(",")[3] for line in lines[1:]] == ["signed", "signed"]
    book = load_workbook(io.BytesIO(office.get(nam, f"{path}/report?format=xlsx").data)).active
    assert book.cell(2, 4).value == "signed"
    assert "run" in office.get(nam, f"{BASE}?format=csv").text


def test_progress_is_asked_for_again_until_there_is_nothing_to_watch(office, nam):
    path = take_in(office, nam)
    approve(office, nam, path)
    report = page(office, nam, f"{path}/report")
    assert f'hx-get="{path}/progress" hx-trigger="every 2s"' in report
    assert '<noscript><meta http-equiv="refresh"' in report
    part = office.get(nam, f"{path}/progress")
    assert (part.status_code, "HX-Refresh" in part.headers) == (200, False)
    assert '<progress max="3" value="0"' in part.text
    office.issuer.resume()
    part = office.get(nam, f"{path}/progress")
    assert part.headers["HX-Refresh"] == "true"
    assert "hx-get" not in part.text
    assert "http-equiv" not in page(office, nam, f"{path}/report")


def test_undoing_says_what_the_public_will_read_and_revokes(office, nam):
    path = take_in(office, nam)
    approve(office, nam, path)
    office.issuer.resume()
    said = sentence(page(office, nam, f"{path}/undo"))
    assert "Revoke the 3 certificates of this batch?" in said
    assert "because it was issued in error" in said
    assert "Undo the batch and revoke 3 certificates" in said
    assert office.post(nam, f"{path}/undo").status_code == 303
    said = sentence(page(office, nam, f"{path}/report"))
    assert "This batch was undone by Lê Hoàng Nam" in said
    assert "Revoked (3)" in said
    again = take_in(office, nam)
    assert "3 will be issued, 0 issued already" in sentence(page(office, nam, again))


def test_a_batch_is_not_undone_after_its_window(office, nam):
    path = take_in(office, nam)
    approve(office, nam, path)
    office.issuer.resume()
    office.clock.forward(minutes=30)
    assert "Undo this batch" in page(office, nam, f"{path}/report")
    office.clock.forward(hours=24)
    nam = office.client(office.person("Later", "issuer"))
    assert "Undo this batch" not in page(office, nam, f"{path}/report")
    assert office.post(nam, f"{path}/undo").status_code == 409


def test_a_discarded_list_is_forgotten(office, nam):
    path = take_in(office, nam)
    assert "Discard 3 rows" in page(office, nam, f"{path}/discard")
    assert office.post(nam, f"{path}/discard").status_code == 303
    assert "its rows were forgotten" in page(office, nam, path)
    with reading(office.office.engine) as session:
        assert session.exec(select(BatchLineRow)).all() == []


def test_another_file_takes_the_place_of_the_first(office, nam):
    path = take_in(office, nam)
    bad = office.post(nam, f"{path}/file", {"file": (io.BytesIO(b""), "empty.csv")})
    assert bad.status_code == 422
    assert "3 will be issued" in sentence(page(office, nam, path))
    good = office.post(nam, f"{path}/file", {"file": (io.BytesIO(class_list(5)), "second.csv")})
    assert good.status_code == 303
    assert "Of the 5 rows in second.csv: 5 will be issued" in sentence(page(office, nam, path))


def test_a_template_is_downloaded(office, nam):
    answer = office.get(nam, f"{BASE}/template?definition={VERSION}&kind=csv")
    assert answer.headers["Content-Disposition"].endswith(f"{CODE}-2026-1.csv")
    assert "student_number" in answer.text
    assert office.get(nam, f"{BASE}/template?definition={VERSION}&kind=xlsx").data.startswith(b"PK")
    assert office.get(nam, f"{BASE}/template?definition=NONE&kind=csv").status_code == 422


def test_lines_are_searched_sorted_filtered_and_paged(office, nam):
    path = take_in(office, nam, class_list(60) + BAD)
    first = page(office, nam, path)
    assert first.index('id="r62"') < first.index('id="r2"')  # what is wrong comes first
    assert "1 to 50 of 61" in first
    assert len(re.findall(r'<tr id="r\d+">', page(office, nam, f"{path}?page=2"))) == 11
    assert re.findall(r'<tr id="r(\d+)">', page(office, nam, f"{path}?show=errors")) == ["62"]
    assert re.findall(r'<tr id="r(\d+)">', page(office, nam, f"{path}?q=uef-0007")) == ["8"]
    assert re.findall(r'<tr id="r(\d+)">', page(office, nam, f"{path}?sort=-line"))[0] == "62"
    single = page(office, nam, f"{path}?line=3")
    assert len(re.findall(r'name="cell-3-\d"', single)) == 6


def test_a_list_that_changed_meanwhile_is_looked_at_again(office, nam, trang):
    path = take_in(office, nam)
    seen = hidden(page(office, nam, path))
    other = take_in(office, trang, class_list(1))
    approve(office, trang, other)
    office.issuer.resume()
    refused = office.post(nam, f"{path}/approve", seen)
    assert (refused.status_code, "Look at it again" in refused.text) == (409, True)
    assert "2 will be issued, 1 issued already" in sentence(page(office, nam, path))
    assert approve(office, nam, path).status_code == 303


@pytest.mark.parametrize(
    "act", ["lines", "columns", "file", "send", "send-back", "approve", "discard", "undo"]
)
def test_no_act_is_done_for_another_site(office, nam, act):
    path = take_in(office, nam)
    told = {"revision": "2", "certificates": "3", "note": "n"}
    forged = nam.post(f"{path}/{act}", base_url=office.base_url, data=told)
    assert forged.status_code == 400
    crossing = office.post(nam, f"{path}/{act}", told, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossing.status_code == 400
    assert "3 will be issued" in sentence(page(office, nam, path))


def test_auditors_read_and_do_not_act(office, nam):
    path = take_in(office, nam)
    auditor = office.client(office.person("Auditor", "auditor"))
    text = page(office, auditor, path)
    assert "Issue 3 certificates" not in sentence(text)
    assert "Approve and issue" not in text
    assert '<input type="text"' not in text
    for act in ("lines", "send", "approve", "discard", "undo"):
        assert office.post(auditor, f"{path}/{act}", {}).status_code == 403
    assert office.get(auditor, f"{BASE}/new").status_code == 403


def test_batches_of_another_institution_do_not_exist(office, nam):
    path = take_in(office, nam)
    stranger = office.client(office.person("Stranger", "issuer", slug="other"))
    theirs = path.replace("/uef/", "/other/")
    for page_path in ("", "/columns", "/report", "/undo", "/left-out", "/sample.png?line=2", "/progress"):
        assert office.get(stranger, path + page_path).status_code == 404
        assert office.get(stranger, theirs + page_path).status_code == 404
    for act in ("lines", "send", "approve", "discard", "undo", "send-back", "columns"):
        answer = office.post(stranger, f"{theirs}/{act}", {"revision": "2", "certificates": "3", "note": "n"})
        assert answer.status_code == 404
    assert "Spring 2026" not in page(office, stranger, "/console/other/batches")


def test_where_learning_began_before_the_version_was_published_somebody_answers_for_it(office, nam):
    head, *rows = class_list(2).decode().splitlines()
    dated = "\n".join([f"{head},start_date", *(f"{row},2026-04-06" for row in rows), ""]).encode()
    path = take_in(office, nam, dated)
    text = page(office, nam, path)
    assert "Learning began on 6 April 2026, before this version was published" in text
    assert "(QC-21)" in text
    refused = office.post(nam, f"{path}/approve", hidden(text))
    assert (refused.status_code, "QC-21 asks" in refused.text) == (422, True)
    answered = {**hidden(text), "criteria": "https://www.example.edu/course"}
    assert office.post(nam, f"{path}/approve", answered).status_code == 303
    assert "(QC-21)" not in page(office, nam, take_in(office, nam, run="Without days"))
