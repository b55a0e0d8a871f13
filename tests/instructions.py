"""Count the machine instructions of some work under callgrind: the same on an idle and on a busy machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "tests/instructions_work.py"
_COLLECTED = re.compile(r"Collected : (\d+)")
_TIMES = 8
_MOST_SECONDS = 300


def valgrind():
    """Give where valgrind is, or None."""
    return shutil.which("valgrind")


def instructions(works):
    """Give the instructions of one turn of each kind of work; what it takes to begin is not in them."""
    first, *_ = works
    begun = _collected(first, 0)
    return {work: (_collected(work, _TIMES) - begun) / _TIMES for work in works}


def _collected(work, times):
    ended = subprocess.run(
        [
            *(valgrind(), "--tool=callgrind", "--callgrind-out-file=/dev/null"),
            *(sys.executable, "-B", str(PROGRAM), work, str(times)),
        ],
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
        timeout=_MOST_SECONDS,
    )
    return int(_COLLECTED.search(ended.stderr)[1])
