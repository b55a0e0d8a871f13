"""The scripts beside the tests of interoperability, run under Node for what they print."""

import json
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "interop"
PATIENCE_SECONDS = 300


def run_script(name: str, *arguments: str | Path) -> list[dict[str, Any]]:
    """Run one of the scripts in `tests/interop` and give the JSON objects that it prints, one a line.

    Fails with the end of what it complained about, if it does not end well. A line ends at a line feed alone:
    JavaScript writes U+2028 into a text as it is.
    """
    done = subprocess.run(
        ["node", name, *map(str, arguments)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return [json.loads(line) for line in done.stdout.split("\n") if line.startswith("{")]
