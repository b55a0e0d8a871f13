"""Find the test that fails when a check is switched off in a copy of the tree."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from checks import Check

_SECONDS = 300  # a check without which a test does not end is noticed
_FALLEN = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+)", re.MULTILINE)
_BEGUN = re.compile(r"^(tests/[^\s\[]+)", re.MULTILINE)
_TO_THE_FIRST = ("-v", "-x", "--tb=no", "-rfE")
_PYTEST = (sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "--no-header")


def functions(tree: Path, folders: Sequence[str]) -> set[str]:
    """Give the test functions of some folders, and the files that they are in."""
    listed = subprocess.run(
        [*_PYTEST, "--collect-only", "-q", *folders], cwd=tree, capture_output=True, check=True, text=True
    )
    found = {line.partition("[")[0] for line in listed.stdout.splitlines() if "::" in line}
    return found | {one.partition("::")[0] for one in found}


def pass_as_they_are(tree: Path, tests: Sequence[str], workers: int) -> None:
    """Run tests in a tree with nothing switched off; raises where one fails: it would notice anything."""
    if tests:
        subprocess.run([*_PYTEST, "-q", "-n", str(workers), *tests], cwd=tree, check=True)


def failing_test(check: Check, tree: Path, tests: Sequence[str]) -> str | None:
    """Give the first of some tests that fails, falls while it is collected or does not end without a check.

    Gives nothing where all pass. Raises RuntimeError where they did not run.
    """
    path = tree / check.path
    source = path.read_text(encoding="utf-8")
    path.write_text(check.switched_off(source), encoding="utf-8")
    try:
        ended = subprocess.run(
            [*_PYTEST, *_TO_THE_FIRST, *tests], cwd=tree, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as endless:
        return _last(_BEGUN, endless.stdout or b"") or tests[0]
    finally:
        path.write_text(source, encoding="utf-8")
    if ended.returncode == 0:
        return None
    # pytest calls it wrong usage if the module of a test that it was asked for falls while it is collected
    uncollected = ended.returncode == 4 and b"stopping after" in ended.stdout
    if ended.returncode not in (1, 2) and not uncollected:  # failed, ended by a failure
        raise RuntimeError(f"the tests of {check.name} did not run:\n{ended.stdout.decode()[-2000:]}")
    return _last(_FALLEN, ended.stdout) or tests[0]


def _last(pattern: re.Pattern[str], output: bytes) -> str | None:
    found = pattern.findall(output.decode(errors="replace"))
    return found[-1] if found else None
