"""Several processes in one data folder: nothing is issued, placed, revoked or mailed twice, none is lost."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from demonstration import environment
from issuing_office import Office, definition
from sqlmodel import select
from stored_rows import rows

from issuer.tables import CredentialRow, OutboxMailRow, StatusChange, StatusEntry, StatusList
from issuer.transactions import reading
from ob3.status_list import BitstringStatusList
from ob3.strict_json import parse

PROCESSES = 4
ROWS = 12
ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("work_together.py")


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """Let four processes begin at once; give the office afterwards and what each of them says it revoked."""
    office = Office(tmp_path_factory.mktemp("together") / "var")
    office.ready()
    paths = f"{ROOT}:{ROOT / 'tests'}"
    processes = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), str(office.folder), str(number), str(ROWS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(PYTHONPATH=paths),
        )
        for number in range(1, PROCESSES + 1)
    ]
    try:
        for step in ("ready", "issued"):
            assert [process.stdout.readline() for process in processes] == [f"{step}\n"] * PROCESSES
            for process in processes:
                print("go", file=process.stdin, flush=True)
        said = [process.communicate(timeout=120)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert [process.returncode for process in processes] == [0] * PROCESSES
    yield office, [line.split()[1] for text in said for line in text.splitlines()]
    office.close()


def table(office, kind):
    with reading(office.engine) as session:
        return session.exec(select(kind)).all()


def test_each_award_is_there_once_and_whole(worked):
    office, _ = worked
    credentials = table(office, CredentialRow)
    assert Counter(row.run for row in credentials) == {
        "shared": ROWS,
        **{f"run {number}": ROWS for number in range(1, PROCESSES + 1)},
    }
    assert {row.state for row in credentials} == {"issued"}
    assert len({(row.run, row.learner_id) for row in credentials}) == len(credentials)
    mails = [mail.credential_id for mail in table(office, OutboxMailRow)]
    assert sorted(mails) == sorted(row.id for row in credentials)
    assert rows(office.folder, "select count(*) from batch where state = 'open'") == [(0,)]


def test_each_has_a_place_of_its_own_and_the_list_counts_them(worked):
    office, _ = worked
    places = [(entry.status_list_id, entry.list_index) for entry in table(office, StatusEntry)]
    assert len(places) == len(set(places)) == ROWS * (PROCESSES + 1)
    (status_list,) = table(office, StatusList)
    assert status_list.used == len(places)


def test_each_revocation_is_done_once_and_none_is_lost(worked):
    office, revoked = worked
    assert len(revoked) == len(set(revoked)) == len(table(office, StatusChange)) >= ROWS
    credentials = {row.urn: row for row in table(office, CredentialRow)}
    assert {urn for urn, row in credentials.items() if row.status == "revoked"} == set(revoked)
    (status_list,) = table(office, StatusList)
    assert status_list.changes == status_list.signed_changes == len(revoked)
    shown = BitstringStatusList.decode(parse(status_list.text)["credentialSubject"]["encodedList"])
    gone = {credentials[urn].id for urn in revoked}
    for entry in table(office, StatusEntry):
        assert shown.get(entry.list_index) == entry.is_set == (entry.credential_id in gone)


def test_threads_that_publish_the_same_version_get_the_same_one(tmp_path):
    office = Office(tmp_path / "var")
    office.ready()
    with ThreadPoolExecutor(4) as pool:
        publish = office.issuer.publish_definition
        published = list(pool.map(lambda _n: publish("uef", definition(version="2027-1")), range(8)))
    assert len({each.achievement_id for each in published}) == 1
    assert [each.version for each in office.issuer.definitions("uef")] == ["2026-1", "2027-1"]
    office.close()
