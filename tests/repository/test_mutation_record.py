"""The record of `make mutation` is of the checks that there are: whoever changes one has to run it."""

import json
import tomllib
from pathlib import Path

from mutation.checks import checks_in
from mutation.reach import PACKAGES

ROOT = Path(__file__).parents[2]
MUTATION = ROOT / "tests/mutation"
CHECKS = {
    check.name
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    for check in checks_in(path, ROOT)
}
NOTICED = json.loads((MUTATION / "noticed.json").read_text("utf-8"))
SPARED = tomllib.loads((MUTATION / "spared.toml").read_text("utf-8"))["spared"]


def test_every_check_is_noticed_by_a_test_or_spared_with_a_reason():
    assert NOTICED.keys() | SPARED.keys() == CHECKS
    assert not NOTICED.keys() & SPARED.keys()
    assert len(NOTICED) >= 0.95 * len(CHECKS)
    assert all(len(reason) > 20 for reason in SPARED.values())


def test_the_tests_that_notice_are_there():
    for path, names in by_file(NOTICED.values()).items():
        source = (ROOT / path).read_text("utf-8")
        assert [name for name in names if name and f"def {name}(" not in source] == [], path


def by_file(tests):
    found = {}
    for test in tests:
        path, _, name = test.partition("::")
        found.setdefault(path, set()).add(name)
    return found
