"""The worker: what is queued is done, what is left behind is found, one worker to a folder, a clean stop."""

import json
import signal
import subprocess
import sys
import threading
import time

import pytest
from demonstration import environment
from huey.registry import Message
from issuing_office import CODE, Office, class_list

from app.database import refresh_statistics
from app.queue_messages import JsonSerializer
from app.worker import make_queue, run_worker, work_off, worker_alive, worker_lock
from issuer import IssuerError
from issuer.outbox import MailNotTaken
from ob3 import BitstringStatusList


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "var")
    office.ready()
    yield office
    office.close()


def started(office, rows=3, run="r"):
    preview = office.issuer.import_class_list("uef", CODE, run, class_list(rows))
    return office.issuer.start_batch(preview, by="registrar")


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_what_the_web_enters_another_process_does(office):
    web = make_queue(office.folder)
    batch = started(office)
    web.issue_batch(batch)
    sent = []
    worker = make_queue(office.folder, issuer=office.another(), send=sent.append)
    assert work_off(worker) == 1
    assert office.issuer.batch_result(batch).issued == 3
    assert len(sent) == 3


def test_a_process_without_an_office_cannot_do_what_it_enters(office):
    web = make_queue(office.folder)
    batch = started(office)
    web.issue_batch(batch)
    work_off(web)
    assert office.issuer.batch_result(batch).issued == 0


def test_working_off_stops_when_it_is_enough(office):
    queue = make_queue(office.folder, issuer=office.issuer)
    first, second = started(office, run="a"), started(office, run="b")
    queue.issue_batch(first)
    queue.issue_batch(second)
    work_off(queue, until=lambda: office.issuer.batch_result(first).finished)
    assert [office.issuer.batch_result(each).issued for each in (first, second)] == [3, 0]


def test_every_minute_finds_what_was_left_behind(office):
    batch = started(office)
    sent = []
    queue = make_queue(office.folder, issuer=office.issuer, send=sent.append)
    minute = next(
        each for each in queue.huey._registry.periodic_tasks if type(each).__name__ == "every_minute"
    )
    minute.execute()
    assert office.issuer.batch_result(batch).issued == 3
    office.issuer.revoke(office.issuer.credentials("uef")[0].urn, reason="error", by="registrar")
    before = office.issuer.status_list("uef-revocation-1")
    minute.execute()
    assert office.issuer.status_list("uef-revocation-1").etag != before.etag
    assert [mail.kind for mail in sent] == ["award", "award", "award", "revoked"]


def test_mail_stays_where_nothing_is_configured(office):
    batch = started(office, rows=1)
    queue = make_queue(office.folder, issuer=office.issuer)
    queue.issue_batch(batch)
    queue.deliver_mail()
    work_off(queue)
    assert [mail.state for mail in office.issuer.outbox()] == ["queued"]


def test_a_worker_starts_works_and_stops(office):
    stop = threading.Event()
    queue = make_queue(office.folder)
    left_behind = started(office, run="left behind")
    thread = threading.Thread(
        target=lambda: run_worker(data_dir=office.folder, issuer=office.another(), send=hold, stop=stop)
    )
    thread.start()
    wait_for(lambda: office.issuer.batch_result(left_behind).finished)
    assert worker_alive(office.folder)
    with pytest.raises(IssuerError) as refused, worker_lock(office.folder):
        pass
    assert refused.value.code == "worker_running"
    batch = started(office, run="queued")
    queue.issue_batch(batch)
    wait_for(lambda: office.issuer.batch_result(batch).finished)
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert not worker_alive(office.folder)


def hold(mail):
    raise MailNotTaken("later", permanent=False)


def test_a_signal_ends_a_worker_cleanly(office):
    program = (
        "import sys; from pathlib import Path\n"
        "from issuing_office import Office; from app.worker import run_worker\n"
        "office = Office(Path(sys.argv[1])); print('up', flush=True)\n"
        "run_worker(data_dir=office.folder, issuer=office.issuer); print('down', flush=True)\n"
    )
    batch = started(office)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(office.folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PYTHONPATH=":".join(sys.path)),
    )
    assert process.stdout.readline() == "up\n"
    wait_for(lambda: office.issuer.batch_result(batch).finished)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (0, "down\n")


def test_a_dead_worker_leaves_no_lock(office):
    with worker_lock(office.folder):
        assert worker_alive(office.folder)
    assert not worker_alive(office.folder)


def test_the_queue_holds_json_and_never_pickle(office):
    queue = make_queue(office.folder)
    queue.issue_batch("b")
    data = queue.huey.storage.dequeue()
    assert json.loads(data)["args"] == ["b"]


@pytest.mark.parametrize("data", [b"", b"[]", b'{"evil": 1}', b"\x80\x05K\x01."])
def test_what_is_no_task_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        JsonSerializer().deserialize(data)


def test_a_task_survives_writing_and_reading():
    message = Message(id="1", name="t", args=["b"], kwargs={})
    assert JsonSerializer().deserialize(JsonSerializer().serialize(message)) == message
    with pytest.raises(TypeError):
        JsonSerializer().serialize({"not": "a task"})


def test_mails_go_out_and_lists_are_signed_while_a_long_batch_is_issued(office, monkeypatch):
    monkeypatch.setattr("issuer.issuing.CHUNK", 10)
    record = office.one(run="before")
    batch = started(office, rows=35)
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    seen = []

    def send(_mail):
        at_work = office.issuer.batch_result(batch)
        seen.append((at_work.finished, len(office.issuer.credentials("uef")), public_status(office, record)))

    worker = make_queue(office.folder, issuer=office.another(), send=send, pause=0.0)
    worker.issue_batch(batch)
    work_off(worker)
    finished, issued, status = seen[0]
    assert (finished, issued < 36, status) == (False, True, True)
    assert office.issuer.batch_result(batch).issued == 35


def public_status(office, record):
    """Say whether the list as signed has the bit of a credential."""
    entry = json.loads(record.text)["credentialStatus"]
    text = office.issuer.status_list(entry["statusListCredential"].rpartition("/")[2]).text
    bits = BitstringStatusList.decode(json.loads(text)["credentialSubject"]["encodedList"])
    return bits.get(int(entry["statusListIndex"]))


def test_statistics_are_kept_for_the_database(office):
    refresh_statistics(office.engine)
    refresh_statistics(office.engine)
    assert office.one().learner_name
