"""`testamur demo` and `testamur serve` as processes: what they print, refuse, and leave behind."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from command_line import call, make_office
from demonstration import TESTAMUR, environment, folder_in, make_demonstration, run
from free_ports import free_port


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A demonstration that these tests may serve themselves."""
    return make_demonstration(tmp_path_factory.mktemp("own") / "data")


def demo_arguments(own, *more):
    return ["demo", "--dir", str(own.folder), "--port", str(own.port), *more]


@contextlib.contextmanager
def started(*arguments):
    with tempfile.TemporaryFile("w+") as complaints:  # a pipe that nobody reads would hold the process up
        process = subprocess.Popen(
            [*TESTAMUR, *map(str, arguments)],
            env=environment(folder_in(arguments)),
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            complaints.seek(0)
            print(complaints.read())  # shown with a test that fails


def children(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def descendants(pid):
    return [each for child in children(pid) for each in (child, *descendants(child))]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(reached, *, seconds=30):
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_json_is_one_object_with_absolute_paths(own):
    printed = own.printed
    assert list(printed) == ["base_url", "data_dir", "credentials"]
    assert printed["base_url"] == f"http://127.0.0.1:{own.port}"
    assert printed["data_dir"] == str(own.folder)
    assert len(printed["credentials"]) >= 30
    states = [each["state"] for each in printed["credentials"]]
    assert set(states) == {"issued", "revoked", "suspended", "expired"}
    assert [states.count(state) for state in ("revoked", "suspended", "expired")] == [1, 1, 1]
    for each in printed["credentials"]:
        assert list(each) == ["id", "state", "json", "png", "svg", "pdf", "url"]
        assert each["url"].startswith(printed["base_url"] + "/c/")
        for kind in ("json", "png", "svg", "pdf"):
            path = Path(each[kind])
            assert path.is_absolute()
            assert path.parent == own.folder / "issued"
            assert path.stat().st_size > 1000


def test_a_second_time_makes_nothing_new(own):
    before = {path: path.stat().st_mtime_ns for path in (own.folder / "issued").iterdir()}
    first = Path(own.printed["credentials"][0]["pdf"])
    first.unlink()  # one file is missing: it is drawn again
    again = run(*demo_arguments(own, "--no-serve", "--json"))
    assert json.loads(again.stdout) == own.printed
    assert again.stdout.count("\n") == 1
    after = {path: path.stat().st_mtime_ns for path in (own.folder / "issued").iterdir()}
    assert set(after) == set(before)
    assert {path for path in after if after[path] != before[path]} == {first}


def test_the_words_say_what_to_open_first(own):
    said = run(*demo_arguments(own, "--no-serve")).stdout
    assert len(said.splitlines()) <= 16
    assert f"open first   http://127.0.0.1:{own.port}/c/" in said
    assert f" serve --dir {own.folder}" in said
    assert "from start to end" in said


def test_another_address_and_a_taken_port_are_refused(own):
    refused = call("demo", "--dir", own.folder, "--port", free_port(), "--no-serve")
    assert (refused.status, "was made for" in refused.err) == (64, True)
    from_environment = call(*demo_arguments(own, "--no-serve"), TESTAMUR_BASE_URL="http://127.0.0.1:1")
    assert from_environment.status == 64  # TESTAMUR_BASE_URL beats --port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own.port))
        taken.listen()
        for command in ("demo", "serve"):
            refused = call(command, "--dir", own.folder, "--port", own.port)
            assert (refused.status, "Another program listens" in refused.err) == (64, True)


def test_a_folder_of_a_real_institution_is_refused(tmp_path):
    office = make_office(tmp_path / "data")
    refused = call("demo", "--dir", office, "--no-serve")
    assert (refused.status, "no demonstration" in refused.err) == (64, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_web_and_worker(own, number):
    with started(*demo_arguments(own, "--json")) as process:
        assert json.loads(process.stdout.readline()) == own.printed
        wait_until(lambda: answers(own.port))
        family = descendants(process.pid)
        assert len(family) >= 3  # web, its worker process, and the worker
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
        wait_until(lambda: not any(map(alive, family)), seconds=10)


def test_serve_ends_cleanly_and_replaces_a_process_that_dies(own):
    with started("serve", "--dir", own.folder) as process:
        wait_until(lambda: answers(own.port))  # at the address that the folder remembers
        (web,) = children(process.pid)
        os.kill(web, signal.SIGKILL)
        wait_until(lambda: web not in children(process.pid))
        wait_until(lambda: answers(own.port))
        began = time.monotonic()
        process.terminate()
        assert process.wait(timeout=20) == 0
        print(f"ended in {time.monotonic() - began:.1f} s")
