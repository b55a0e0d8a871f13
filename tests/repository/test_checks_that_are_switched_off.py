"""The tool behind `make mutation` finds the checks of the verifier and switches exactly one off."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "mutation"))

from checks import checks_in  # noqa: E402  (a script's folder, not a package)

FILES = sorted(path for name in ("verifier", "ob3", "keys") for path in (ROOT / name).rglob("*.py"))
ALL = [(path, check) for path in FILES for check in checks_in(path, ROOT)]

SOURCE = '''"""An example: ü."""

def judge(value):
    if value is None:
        raise ValueError("ü")
    if value > 3:
        return failed("dates", "expired")
    elif value > 2:
        other()
    else:
        return unknown("dates", "open")
    if value == 1:
        other()
    return failed("a", "b") if value < 0 else passed("a", "c")
'''


@pytest.fixture
def example(tmp_path) -> Path:
    path = tmp_path / "example.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_each_way_of_refusing_is_found(example):
    found = checks_in(example, example.parent)
    assert [one.condition for one in found] == ["value is None", "value > 3", "value > 2", "value < 0"]


def test_a_check_that_is_switched_off_never_refuses(example):
    off = [one.switched_off(SOURCE) for one in checks_in(example, example.parent)]
    assert "if False:\n        raise" in off[0]
    assert 'if False:\n        return failed("dates"' in off[1]
    assert "elif True:\n        other()" in off[2]
    assert 'return (passed("a", "c"))' in off[3]
    for text in off:
        assert ast.unparse(ast.parse(text)) != ast.unparse(ast.parse(SOURCE))


def test_every_check_of_the_verifier_can_be_switched_off_and_has_a_name_of_its_own():
    assert len(ALL) > 400
    assert len({check.name for _, check in ALL}) == len(ALL)
    for path, check in ALL:
        ast.parse(check.switched_off(path.read_text(encoding="utf-8")))


def test_what_is_spared_exists_and_has_a_reason():
    spared = tomllib.loads((ROOT / "tests/mutation/spared.toml").read_text(encoding="utf-8"))["spared"]
    assert set(spared) <= {check.name for _, check in ALL}
    assert all(len(reason) > 20 for reason in spared.values())
