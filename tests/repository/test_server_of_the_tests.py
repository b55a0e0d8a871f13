"""The PostgreSQL of the tests ends with whoever asked for it, however that one ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgresql
TESTS = Path(__file__).parents[1]
ASKING = """
import sys
sys.path.insert(0, sys.argv[1])
from postgres import running_server
with running_server() as folder:
    print(folder, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("ending", ["by itself", signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(ending):
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKING, str(TESTS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    folder = Path(asking.stdout.readline().strip())
    server = Path("/proc", (folder / "data" / "postmaster.pid").read_text().split()[0])
    assert folder.is_dir()
    if isinstance(ending, signal.Signals):
        asking.send_signal(ending)
    asking.communicate("over\n" if ending == "by itself" else None, timeout=60)
    until = time.monotonic() + 60
    while folder.exists() or server.exists():
        assert time.monotonic() < until, "the server was left behind"
        time.sleep(0.1)
