"""Switch each check of the verifier off, one at a time, and see whether a test notices (`make mutation`).

In copies of the tree, one for each worker. `noticed.json` keeps which test noticed the absence of each check:
that test is tried first, after all of them passed with nothing switched off, then those that notice other
checks of the file. Where none notices, the check is held against all tests that reach its lines, quickest
first. What no test notices must stand in `spared.toml` with its reason, and fewer than one in twenty may.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from checks import Check, checks_in
from failing import failing_test, functions, pass_as_they_are
from reach import PACKAGES, TESTS, Reach, measure, reach

ROOT = Path(__file__).parents[2]
SPARED = Path(__file__).parent / "spared.toml"
NOTICED = Path(__file__).parent / "noticed.json"
_FIRST = 40  # tests tried at first; most checks are noticed by one of them
_NOT_COPIED = shutil.ignore_patterns(
    ".venv", ".git", "node_modules", "var", "__pycache__", ".*_cache", "docs"
)


def main() -> int:
    """Print what happened to every check that nobody noticed, and the share that was noticed."""
    asked = _arguments()
    every = all_checks()
    checks = [one for one in every if any(text in one.name for text in asked.only or [""])]
    if not checks:
        sys.exit("No check has such a name.")
    spared: dict[str, str] = tomllib.loads(SPARED.read_text(encoding="utf-8"))["spared"]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trees = [_copied(Path(folder) / str(number)) for number in range(asked.workers)]
        record = Record(NOTICED, {one.name for one in every}, functions(trees[0], TESTS))
        known = {record.noticed[one.name] for one in checks if one.name in record.noticed}
        pass_as_they_are(trees[0], sorted(known), asked.workers)
        print(
            f"{len(checks)} checks; {len(known)} tests that noticed before pass with nothing switched off, "
            f"after {time.monotonic() - started:.0f} s",
            flush=True,
        )
        unnoticed = []
        for one in _unnoticed(checks, trees, record):
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


class Record:
    """Which test noticed each check, kept in a file that is written as the run goes on."""

    def __init__(self, path: Path, names: set[str], tests: set[str]) -> None:
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.noticed = {name: test for name, test in kept.items() if name in names and test in tests}
        self._path = path
        self._writing = Lock()

    def likely(self, check: Check) -> Iterator[Sequence[str]]:
        """Give the test that noticed a check before, then those that noticed its neighbours in the file."""
        with self._writing:
            known = self.noticed.get(check.name)
            beside = {test for name, test in self.noticed.items() if name.startswith(f"{check.path}::")}
        if known:
            yield [known]
        if others := sorted(beside - {known}):
            yield others

    def learn(self, check: Check, test: str | None) -> None:
        """Keep the test that noticed a check, or that none did."""
        with self._writing:
            if test is None:
                self.noticed.pop(check.name, None)
            else:
                self.noticed[check.name] = test
            text = json.dumps(self.noticed, indent=0, sort_keys=True, ensure_ascii=False)
            self._path.write_text(text + "\n", encoding="utf-8")


@dataclass
class _Reached:
    """Which tests reach what, measured once and only where it is asked for."""

    tree: Path
    known: tuple[Reach, dict[str, float]] | None = None

    def __post_init__(self) -> None:
        self._measuring = Lock()

    def tests_of(self, check: Check) -> Iterator[Sequence[str]]:
        """Give the tests to try, in turns: those that reach what is guarded, then those at its condition.

        What runs only in a child process is seen by no measurement: then all tests of the checks are tried.
        """
        with self._measuring:
            if self.known is None:
                measure(self.tree)
                self.known = reach(self.tree)
        reached, seconds = self.known
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


def _named_after(check: Check) -> Iterator[Sequence[str]]:
    """Give the files of tests that have the name of the check's: some of them act through child processes."""
    package, *_, module = Path(check.path).with_suffix("").parts
    files = (ROOT / "tests" / package).glob(f"test_{module}*.py")
    if named := sorted(str(each.relative_to(ROOT)) for each in files):
        yield named


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="only checks with this in their name; may come again")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    shutil.copytree(ROOT, folder, ignore=_NOT_COPIED, symlinks=True)
    return folder


def _unnoticed(checks: Sequence[Check], trees: Sequence[Path], record: Record) -> Iterator[Check]:
    """Give the checks whose absence no test notices, in order, and tell how far the run is."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)
    with tempfile.TemporaryDirectory() as folder:
        reached = _Reached(_copied(Path(folder) / "measured"))

        def noticing(check: Check) -> str | None:
            tree = free.get()
            try:
                turns = chain(record.likely(check), _named_after(check), reached.tests_of(check))
                test = next(filter(None, (failing_test(check, tree, each) for each in turns)), None)
            finally:
                free.put(tree)
            record.learn(check, test)
            return test

        with ThreadPoolExecutor(len(trees)) as pool:
            for number, (check, test) in enumerate(zip(checks, pool.map(noticing, checks), strict=True), 1):
                if number % 50 == 0:
                    print(f"{number} of {len(checks)} tried", flush=True)
                if test is None:
                    yield check


if __name__ == "__main__":
    sys.exit(main())
