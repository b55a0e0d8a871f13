"""A registrar's hour at the command line: class lists with errors, issued, mended, issued again, revoked."""

import hashlib
import json
import os
import re
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from command_line import call, make_office
from demonstration import TESTAMUR, environment
from issuing_office import ACHIEVEMENT, CODE
from stored_rows import everything, rows

from app.worker import worker_alive

NEXT_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
HEADER = "name;student_number;email;awarded_date;language;result:exam"
GOOD = [
    "Nguyễn Thị Minh Anh;S-01;anh@example.edu;2026-06-30;vi;8",
    "ສຸກສະຫວັນ ແກ້ວມະນີ;S-02;souk@example.edu;30.06.2026;lo;7,5",
    "Žofie Černá;S-03;zofie@example.edu;2026-06-30;cs;9",
]
BAD = {
    "Ivana Horvat;S-04;;2026-06-30;hr;8": "email: It is empty.",
    "Ivo Horvat;S-05;not-an-address;2026-06-30;hr;8": "is not an e-mail address",
    "Anna Bianchi;S-06;anna@example.edu;2026-06-31;it;8": "There is no day 2026-06-31",
    "Luc Dubois;S-03;luc@example.edu;2026-06-30;fr;8": "It stands in line 4 already",
    "𓀀 Hiero;S-08;hiero@example.edu;2026-06-30;en;8": "fonts have no egyptian hieroglyph",
    "Jan Novák;S-09;jan@example.edu;2026-06-30;cs;11": "outside the scale",
    f"Eva Nová;S-10;eva@example.edu;{NEXT_MONTH};cs;8": "is still to come",
}


@pytest.fixture
def office(tmp_path):
    return make_office(tmp_path / "data")


@pytest.fixture
def definition(tmp_path):
    path = tmp_path / "definition.json"
    options = {"code": CODE, "version": "1", "language": "en", "suspension": True}
    path.write_text(json.dumps({"definition": options, "achievement": ACHIEVEMENT}), encoding="utf-8")
    return path


def write(path, rows, *, encoding="utf-8-sig"):
    path.write_text("\n".join([HEADER, *rows, ""]), encoding=encoding)
    return path


def issue(office, class_list, definition, *more, **settings):
    given = ("--institution", "uef", "--definition", definition, "--run", "spring")
    return call("issue", class_list, *given, "--dir", office, *more, **settings)


def contents(folder, office):
    """Give everything that is kept: every file, and of the database what it says."""
    files = sorted(each for each in folder.rglob("*") if each.is_file() and "testamur.db" not in each.name)
    return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}, everything(office)


def test_a_registrars_hour(office, definition, tmp_path):
    class_list = write(tmp_path / "class.csv", [*GOOD, *BAD])
    before = contents(tmp_path, office)
    dry = issue(office, class_list, definition, "--dry-run")
    assert (dry.status, contents(tmp_path, office)) == (1, before)
    assert f"{CODE}, version 1, run spring: 3 to issue, 0 issued before, 7 rejected." in dry.out
    for reason in BAD.values():
        assert reason in dry.out

    first = issue(office, class_list, definition)
    assert first.status == 1
    assert "3 issued, 0 issued before, 0 failed." in first.out
    rejects = tmp_path / "class.rejects.csv"
    assert f"Rejected rows are in {rejects}" in first.out
    assert "Issuing: 3 of 3" in first.err
    assert rejects.read_text("utf-8-sig").count("\n") == 1 + len(BAD)

    again = issue(office, class_list, f"{CODE}@1")
    assert "0 issued, 3 issued before, 0 failed." in again.out
    assert not (tmp_path / "class.rejects-2.csv").exists()  # it would say the same

    text = rejects.read_text("utf-8-sig")
    mended = (
        text.replace("S-04;;", "S-04;ivana@example.edu;")
        .replace("not-an-address", "ivo@example.edu")
        .replace("2026-06-31", "2026-06-30")
        .replace("Luc Dubois;S-03", "Luc Dubois;S-07")
        .replace("𓀀 Hiero", "Hiero")
        .replace("cs;11;", "cs;9;")
        .replace(NEXT_MONTH, "2026-06-30")
    )
    rejects.write_text(mended, encoding="utf-8")
    issue(office, class_list, CODE)
    assert rejects.read_text("utf-8") == mended  # a file that somebody mends is not overwritten
    last = issue(office, rejects, CODE)
    assert last.status == 0, last.said
    assert "7 issued, 0 issued before, 0 failed." in last.out
    assert rows(office, "SELECT count(*), count(DISTINCT learner_id) FROM credential") == [(10, 10)]
    assert rows(office, "SELECT count(*) FROM outbox_mail") == [(10,)]


def test_states_by_whatever_the_registrar_has_in_hand(office, definition, tmp_path):
    assert issue(office, write(tmp_path / "class.csv", GOOD), definition).status == 0
    found = rows(office, "SELECT urn, code, short_code FROM credential ORDER BY id")
    urn, link = found[0][0], f"http://127.0.0.1:8080/c/{found[1][1]}"
    short = f"{found[2][2][:4]}-{found[2][2][4:]}".lower()
    revoked = call("revoke", urn, "--reason", "error", "--by", "Registrar", "--dir", office)
    assert (revoked.status, revoked.out) == (0, f"{CODE}, Nguyễn Thị Minh Anh, S-01: revoked (error).\n")
    assert call("suspend", link, "--dir", office).status == 0
    assert call("--dir", office, "reinstate", link).status == 0  # the folder may stand before the command
    assert call("suspend", short, TESTAMUR_DIR=str(office)).status == 0
    states = rows(office, "SELECT status, status_by FROM credential ORDER BY id")
    assert [state for state, _ in states] == ["revoked", "good", "suspended"]
    assert states[0][1] == "Registrar"
    assert rows(office, "SELECT count(*) FROM status_list WHERE changes > signed_changes") == [(0,)]
    refused = call("reinstate", urn, "--dir", office)
    assert (refused.status, "final" in refused.err) == (1, True)
    assert call("revoke", "nothing", "--reason", "wish", "--dir", office).status == 1


@pytest.mark.parametrize("encoding", ["latin-1", "cp1250"])
def test_another_encoding_is_refused_in_words(office, definition, tmp_path, encoding):
    class_list = write(tmp_path / "class.csv", ["José;S-1;j@example.edu;2026-06-30;it;8"], encoding=encoding)
    refused = issue(office, class_list, definition)
    assert refused.status == 1
    assert "CSV UTF-8" in refused.err


def test_a_dry_run_refuses_what_publishing_would(office, definition, tmp_path):
    class_list = write(tmp_path / "class.csv", GOOD)
    document = json.loads(definition.read_text("utf-8"))
    del document["achievement"]["learningOutcome"]
    definition.write_text(json.dumps(document), encoding="utf-8")
    refusals = [issue(office, class_list, definition, *more) for more in (["--dry-run"], [])]
    assert [each.status for each in refusals] == [1, 1]
    assert refusals[0].err == refusals[1].err


def test_the_same_version_with_other_contents_is_refused_by_a_dry_run_too(office, definition, tmp_path):
    class_list = write(tmp_path / "class.csv", GOOD[:1])
    assert issue(office, class_list, definition).status == 0
    definition.write_text(definition.read_text("utf-8").replace("loan portfolio", "portfolio"), "utf-8")
    refusals = [issue(office, class_list, definition, *more) for more in (["--dry-run"], [])]
    assert ["published with other contents" in each.err for each in refusals] == [True, True]


def test_rejects_never_replace_the_class_list(office, definition, tmp_path):
    class_list = write(tmp_path / "class.csv", GOOD)
    assert issue(office, class_list, definition, "--rejects", class_list).status == 64


def test_a_list_without_a_good_row_issues_nothing(office, definition, tmp_path):
    refused = issue(office, write(tmp_path / "class.csv", list(BAD)[:1]), definition)
    assert (refused.status, "class.rejects.csv" in refused.out) == (1, True)


def start_worker(office):
    process = subprocess.Popen(
        [*TESTAMUR, "worker", "--dir", str(office)],
        env=environment(office),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "At work" in process.stderr.readline()
    until = time.monotonic() + 30
    while not worker_alive(office):
        assert time.monotonic() < until
        time.sleep(0.3)
    return process


def end(process):
    process.terminate()
    assert process.wait(timeout=20) == 0
    process.stderr.close()


def test_a_running_worker_issues_them(office, definition, tmp_path):
    worker = start_worker(office)
    issued = issue(office, write(tmp_path / "class.csv", GOOD), definition)
    end(worker)
    assert issued.status == 0, issued.said
    assert "A worker is at work" in issued.err
    assert "3 issued" in issued.out


def kill_when_waited_for(worker, office):
    until = time.monotonic() + 30
    while time.monotonic() < until and rows(office, "SELECT count(*) FROM batch") == [(0,)]:
        time.sleep(0.05)
    worker.kill()


def test_a_worker_that_dies_is_replaced(office, definition, tmp_path):
    worker = start_worker(office)
    os.kill(worker.pid, signal.SIGSTOP)  # it holds its place and does nothing
    dying = threading.Thread(target=kill_when_waited_for, args=(worker, office))
    dying.start()
    issued = issue(office, write(tmp_path / "class.csv", GOOD), definition)
    dying.join()
    worker.wait(timeout=10)
    worker.stderr.close()
    assert issued.status == 0, issued.said
    assert "The worker has stopped" in issued.err
    assert re.search(r"^3 issued", issued.out, re.MULTILINE)


def test_a_course_that_began_before_its_criteria_were_public_is_issued_only_with_a_word_on_it(
    office, definition, tmp_path
):
    begun = tmp_path / "begun.csv"
    head, row = f"{HEADER};start_date", GOOD[0]
    begun.write_text(f"{head}\n{row};2026-04-06\n", encoding="utf-8")
    public = ("--criteria-public", "Course page, since January")
    for more, status in (("--dry-run",), 1), ((), 1), (("--dry-run", *public), 0), (public, 0):
        answer = issue(office, begun, definition, *more)
        assert answer.status == status, answer.said
        assert ("QC-21, block: learning began on 2026-04-06" in answer.err) == bool(status)
    assert rows(office, "SELECT count(*) FROM credential") == [(1,)]
