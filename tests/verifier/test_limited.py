"""Work in the limited child: what comes back, what is stopped, and what it costs."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import limited_jobs
import pytest

from verifier import limited
from verifier.errors import ContainerRefused, LimitHit, VerifierError
from verifier.limited import MIB, run_limited, warm_up

TESTS = str(Path(limited_jobs.__file__).parent)


@pytest.fixture(scope="module", autouse=True)
def _warm():
    warm_up()


def stopped(function, *args, **limits):
    started = time.monotonic()
    with pytest.raises(LimitHit) as hit:
        run_limited(function, *args, **limits)
    assert hit.value.message.endswith(".")
    return hit.value.code, time.monotonic() - started


def test_a_value_comes_back():
    assert run_limited(limited_jobs.add, 2, 3) == 5
    assert run_limited(limited_jobs.add, {"a": [1.5, None, True]}.get("a"), [b"\x00"]) == [
        1.5,
        None,
        True,
        b"\x00",
    ]


def test_a_large_argument_arrives():
    assert run_limited(limited_jobs.length_of, b"x" * (5 * MIB)) == 5 * MIB


def test_our_errors_are_raised_as_they_were():
    with pytest.raises(ContainerRefused) as refused:
        run_limited(limited_jobs.refuse)
    assert (refused.value.code, refused.value.message, refused.value.limit) == (
        "no_credential",
        "There is none.",
        True,
    )


def test_built_in_errors_are_raised_too():
    assert run_limited(limited_jobs.divide, 2) == 0.5
    with pytest.raises(ZeroDivisionError):
        run_limited(limited_jobs.divide, 0)


def test_cpu_time_is_limited():
    code, seconds = stopped(limited_jobs.spin, cpu_seconds=0.3)
    assert code == "cpu_time"
    assert seconds < 5
    assert run_limited(limited_jobs.spin, 0.05, cpu_seconds=2) == "done"


def test_cpu_time_is_limited_inside_one_long_call():
    assert stopped(limited_jobs.spin_in_c, cpu_seconds=0.3)[0] == "cpu_time"


def test_wall_time_is_limited():
    code, seconds = stopped(limited_jobs.sleep, 30, wall_seconds=0.3)
    assert code == "wall_time"
    assert seconds < 3
    assert run_limited(limited_jobs.sleep, 0.1, wall_seconds=2) == "awake"


def test_memory_is_limited():
    assert stopped(limited_jobs.hold, 300 * MIB)[0] == "memory"
    assert run_limited(limited_jobs.hold, 100 * MIB) == 100 * MIB


def test_depth_is_limited():
    assert stopped(limited_jobs.nest)[0] == "depth"
    assert run_limited(limited_jobs.nest, 2) == [[[]]]


@pytest.mark.parametrize(
    "function", [limited_jobs.crash, limited_jobs.kill_itself, limited_jobs.raise_strange]
)
def test_a_child_that_dies_is_a_limit_hit_and_the_next_works(function):
    assert stopped(function)[0] == "crashed"
    assert run_limited(limited_jobs.add, 1, 1) == 2


def test_a_result_is_limited_in_size():
    assert stopped(limited_jobs.large_value, 17 * MIB)[0] == "result_size"
    assert len(run_limited(limited_jobs.large_value, 10 * MIB)) == 10 * MIB


def test_a_value_that_would_run_code_here_is_refused():
    assert stopped(limited_jobs.hostile_value)[0] == "crashed"
    assert not Path("/tmp/limited-job-was-here").exists()


def test_a_function_that_cannot_be_imported_is_wrong_use():
    with pytest.raises(VerifierError) as error:
        run_limited(lambda: 1)
    assert error.value.code == "not_importable"


def test_the_child_sees_no_settings_and_writes_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("TESTAMUR_SECRET", "canary")
    assert "canary" not in str(run_limited(limited_jobs.environment))
    with pytest.raises(OSError, match="File too large"):
        run_limited(limited_jobs.write_file, str(tmp_path / "x"))


def test_no_files_and_no_processes_are_left_behind():
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        run_limited(limited_jobs.add, 1, 1)
    stopped(limited_jobs.crash)
    stopped(limited_jobs.sleep, 30, wall_seconds=0.1)
    assert len(os.listdir("/proc/self/fd")) == before
    server = limited._STATE._process.pid
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    assert children == []
    assert run_limited(limited_jobs.open_files) == run_limited(limited_jobs.open_files) <= 8


def test_a_server_that_died_is_started_again():
    limited._STATE._process.kill()
    limited._STATE._process.wait()
    assert run_limited(limited_jobs.add, 1, 1) == 2


def test_a_server_that_does_not_answer_is_waited_for_so_long_and_no_longer(monkeypatch):
    monkeypatch.setattr(limited, "_START_SECONDS", 0.2)
    limited._STATE._process.send_signal(signal.SIGSTOP)
    try:
        code, seconds = stopped(limited_jobs.add, 1, 1)
    finally:
        limited._STATE._process.send_signal(signal.SIGCONT)
    assert code == "wall_time"
    assert seconds >= 0.2
    monkeypatch.undo()
    assert run_limited(limited_jobs.add, 1, 1) == 2


def test_a_server_that_dies_before_it_answers_is_said_to_be_unavailable():
    server = limited._STATE._process
    server.send_signal(signal.SIGSTOP)
    killer = threading.Timer(0.2, server.kill)
    killer.start()
    try:
        assert stopped(limited_jobs.add, 1, 1)[0] == "unavailable"
    finally:
        killer.join()
    assert run_limited(limited_jobs.add, 1, 1) == 2


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_starts_its_own_server():
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = run_limited(limited_jobs.add, 20, 22)
            limited._STATE.stop()
            os.write(write, bytes([answer]))
        finally:
            os._exit(0)
    os.close(write)
    assert os.read(read, 1) == bytes([42])
    os.close(read)
    os.waitpid(pid, 0)
    assert run_limited(limited_jobs.add, 1, 1) == 2


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import limited_jobs
from verifier.limited import run_limited
print("main runs")
print(run_limited(limited_jobs.add, 40, 2), run_limited(limited_jobs.main_module))
"""


@pytest.mark.parametrize("how", ["script", "-c"])
def test_a_script_without_main_guard_may_use_it(how, tmp_path):
    """The caller's main script is not run again, and nothing is reported at the end."""
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [str(tmp_path / "script.py")] if how == "script" else ["-c", SCRIPT]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", *command, TESTS],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("main runs\n42 None\n", "", 0)


def test_a_daemonic_worker_process_may_use_it():
    """Web servers start their workers with multiprocessing."""
    code = (
        "import multiprocessing, sys; sys.path.insert(0, sys.argv[1]); import limited_worker\n"
        "if __name__ == '__main__':\n"
        "    for method in ('spawn', 'fork'):\n"
        "        context = multiprocessing.get_context(method)\n"
        "        process = context.Process(target=limited_worker.work, daemon=True)\n"
        "        process.start(); process.join(); assert process.exitcode == 0, method\n"
    )
    done = subprocess.run([sys.executable, "-c", code, TESTS], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_call_is_cheap_once_warm():
    times = []
    for _ in range(40):
        started = time.perf_counter()
        run_limited(limited_jobs.add, 1, 1)
        times.append((time.perf_counter() - started) * 1000)
    median = statistics.median(times)
    print(f"a limited call: median {median:.1f} ms, p95 {sorted(times)[37]:.1f} ms")
    assert median < 60


def test_many_threads_at_once():
    results = []

    def work(number):
        results.append(run_limited(limited_jobs.add, number, 1))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(1, 25))


@pytest.mark.parametrize("last_words", [b"", b"R"], ids=["nothing", "half a message"])
def test_the_server_ends_in_order_when_its_caller_is_gone(last_words):
    ours, theirs = socket.socketpair()
    begin = f"from verifier.limited_server import serve; serve({theirs.fileno()})"
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-c", begin],
            cwd=Path(TESTS).parent,
            pass_fds=(theirs.fileno(),),
            stderr=subprocess.PIPE,
        )
    with ours:
        ours.send(last_words)
    _, said = server.communicate(timeout=60)
    assert (server.returncode, said) == (0, b"")


@pytest.mark.slow
def test_a_flood_of_poison_does_not_hold_up_good_work():
    """Promise V7: 50 poison uploads at once, and good ones within 3 s."""
    ends, good = [], []

    def poison():
        try:
            run_limited(limited_jobs.spin)
        except LimitHit as hit:
            ends.append(hit.code)

    threads = [threading.Thread(target=poison) for _ in range(50)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        started = time.monotonic()
        assert run_limited(limited_jobs.spin, 0.03) == "done"
        good.append(time.monotonic() - started)
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    print(
        f"50 poison at once: good work median {statistics.median(good):.2f} s, worst {max(good):.2f} s;",
        end=" ",
    )
    print({code: ends.count(code) for code in sorted(set(ends))})
    assert sorted(good)[18] <= 3.0
    assert set(ends) <= {"cpu_time", "wall_time", "unavailable"}
    assert len(ends) == 50
