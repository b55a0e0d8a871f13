"""Learn which test reaches which line, so that a check switched off is held against those tests alone."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import coverage
import pytest

PACKAGES = ("verifier", "ob3", "keys")
TESTS = ("tests/verifier", "tests/ob3", "tests/keys", "tests/hostile")
_DATA = ".coverage-of-checks"
_SECONDS = "seconds.json"
Reach = Mapping[str, Mapping[int, frozenset[str]]]


class TellTests:
    """Name the test that runs to the coverage that is being measured, and time it."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        self._measured.switch_context(_function(item.nodeid))
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = _function(report.nodeid)
        self.seconds[name] = self.seconds.get(name, 0) + report.duration


def _function(test: str) -> str:
    """Name the function of a test: its cases, which may have any text in their names, are run together."""
    return test.partition("[")[0]


def measure(tree: Path) -> None:
    """Run the tests of the checks once in a tree and keep what each one reached; raises where one fails."""
    subprocess.run([sys.executable, "-B", __file__, *TESTS], cwd=tree, check=True)


def reach(tree: Path) -> tuple[Reach, dict[str, float]]:
    """Give the tests that reach each line of each file, and how long each test took, in seconds."""
    data = coverage.CoverageData(basename=str(tree / _DATA))
    data.read()
    lines = {
        str(Path(file).relative_to(tree)): {
            line: frozenset(contexts) - {""} for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    return lines, json.loads((tree / _SECONDS).read_text())


def _main(tests: Iterable[str]) -> int:
    measured = coverage.Coverage(data_file=_DATA, source=list(PACKAGES), branch=False, config_file=False)
    plugin = TellTests(measured)
    measured.start()
    status = pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[plugin])
    measured.stop()
    measured.save()
    Path(_SECONDS).write_text(json.dumps(plugin.seconds))
    return int(status)


if __name__ == "__main__":
    sys.path.insert(0, "")  # the tree that is measured, not the one that is installed
    sys.exit(_main(sys.argv[1:]))
