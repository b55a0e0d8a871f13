"""Switch each check of the verifier off, one at a time, and see whether a test notices (`make mutation`).

In copies of the tree, one for each worker. A check is held against the tests that reach its lines, quickest
first. What no test notices must stand in `spared.toml` with its reason, and fewer than one in twenty may.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from checks import Check, checks_in
from reach import PACKAGES, TESTS, Reach, measure, reach

ROOT = Path(__file__).parents[2]
SPARED = Path(__file__).parent / "spared.toml"
_FIRST = 40  # tests tried at first; most checks are noticed by one of them
_SECONDS = 300  # a check without which a test does not end is noticed
_NOT_COPIED = shutil.ignore_patterns(
    ".venv", ".git", "node_modules", "var", "__pycache__", ".*_cache", "docs"
)


def main() -> int:
    """Print what happened to every check that nobody noticed, and the share that was noticed."""
    asked = _arguments()
    checks = [one for one in all_checks() if any(text in one.name for text in asked.only or [""])]
    spared: dict[str, str] = tomllib.loads(SPARED.read_text(encoding="utf-8"))["spared"]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trees = [_copied(Path(folder) / str(number)) for number in range(asked.workers)]
        measure(trees[0])
        reached, seconds = reach(trees[0])
        print(
            f"{len(checks)} checks, {len(seconds)} tests, after {time.monotonic() - started:.0f} s",
            flush=True,
        )
        unnoticed = []
        for one in _unnoticed(checks, trees, reached, seconds):
            unnoticed.append(one)
            print(f"{'spared' if one.name in spared else 'NOT NOTICED'}: {one.name}", flush=True)
    unexplained = [one for one in unnoticed if one.name not in spared]
    stale = set(spared) - {one.name for one in unnoticed} if not asked.only else set()
    for name in sorted(stale):
        print(f"SPARED BUT NOTICED, or gone: {name}")
    noticed = len(checks) - len(unnoticed)
    share = 100 * noticed / len(checks)
    print(f"{noticed} of {len(checks)} checks noticed ({share:.1f} %) in {time.monotonic() - started:.0f} s")
    return 1 if unexplained or stale or share < 95 else 0


def all_checks() -> list[Check]:
    """Give every check of the packages that verify, in the order of the files."""
    files = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return [check for path in files for check in checks_in(path, ROOT)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="only checks with this in their name; may come again")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    shutil.copytree(ROOT, folder, ignore=_NOT_COPIED, symlinks=True)
    return folder


def _unnoticed(
    checks: Sequence[Check], trees: Sequence[Path], reached: Reach, seconds: dict[str, float]
) -> Iterator[Check]:
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def noticed(check: Check) -> bool:
        tree = free.get()
        try:
            return any(_fails_without(check, tree, tests) for tests in _tests_of(check, reached, seconds))
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        for number, (check, was_noticed) in enumerate(zip(checks, pool.map(noticed, checks), strict=True), 1):
            if number % 50 == 0:
                print(f"{number} of {len(checks)} tried", flush=True)
            if not was_noticed:
                yield check


def _tests_of(check: Check, reached: Reach, seconds: dict[str, float]) -> Iterator[Sequence[str]]:
    """Give the tests to try, in turns: those that reach what the check guards, then those at its condition.

    What runs only in a child process is seen by no measurement: then all tests of the checks are tried.
    """
    lines = reached.get(check.path, {})
    guarded = set[str]().union(*(lines.get(line, frozenset()) for line in check.lines[1:]))
    at_all = set[str]().union(*(lines.get(line, frozenset()) for line in check.lines))
    first, second = (
        sorted(each, key=lambda one: seconds.get(one, 0)) for each in (guarded, at_all - guarded)
    )
    turns = (first[:_FIRST], first[_FIRST:], second)
    yield from (turn for turn in turns if turn)
    if not at_all:
        yield TESTS


def _fails_without(check: Check, tree: Path, tests: Sequence[str]) -> bool:
    path = tree / check.path
    source = path.read_text(encoding="utf-8")
    path.write_text(check.switched_off(source), encoding="utf-8")
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header"]
    try:
        ended = subprocess.run(
            [*command, *tests], cwd=tree, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(source, encoding="utf-8")
    # pytest calls it wrong usage if the module of a test that it was asked for falls while it is collected
    uncollected = ended.returncode == 4 and b"stopping after" in ended.stdout
    if ended.returncode not in (0, 1, 2) and not uncollected:  # passed, failed, ended by a failure
        raise RuntimeError(f"the tests of {check.name} did not run:\n{ended.stdout.decode()[-2000:]}")
    return ended.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
