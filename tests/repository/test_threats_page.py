"""The page on threats stays true: rows are complete, tests and modules exist, each attack has its twin."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "threats.md"
REQUIRED = (
    [f"P{n}" for n in range(1, 12)]
    + [f"J{n}" for n in range(1, 13)]
    + [f"T{n}" for n in (1, 2, 3, 4, 5, 7)]
    + [f"N{n}" for n in (*range(1, 9), 10, 11)]
    + [f"S{n}" for n in range(1, 10)]
    + [f"U{n}" for n in range(1, 10)]
    + [f"W{n}" for n in range(1, 7)]
    + ["I1", "I2", "I4", "I5", "I6", "K1"]
)


def rows():
    """Give the cells of each row by its id."""
    cells = [
        line.strip("|").split(" | ")
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| [A-Z]\d", line)
    ]
    return {each[0].strip(): [cell.strip() for cell in each[1:]] for each in cells}


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def functions(path):
    """Give the names of the tests in a file, without running it."""
    tree = ast.parse(path.read_text())
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_required_row_is_there_once():
    lines = PAGE.read_text().splitlines()
    for row in REQUIRED:
        assert sum(line.startswith(f"| {row} |") for line in lines) == 1, row


@pytest.mark.parametrize("row", rows())
def test_a_row_names_what_must_hold_and_tests_that_exist(row):
    must, where, fails, passes = rows()[row]
    assert must.endswith(".")
    for module in named(where):
        assert (ROOT / module).exists() or (ROOT / f"{module}.py").exists(), module
    assert named(where)
    for column in (fails, passes):
        assert named(column), f"{row} has no test in a column"
        for node in named(column):
            file, _, name = node.partition("::")
            assert (ROOT / "tests" / file).is_file(), node
            assert name in functions(ROOT / "tests" / file), node


def test_an_attack_and_its_twin_are_two_tests():
    for row, (_must, _where, fails, passes) in rows().items():
        assert set(named(passes)) - set(named(fails)), row


def test_a_test_that_does_not_exist_is_noticed():
    assert "test_every_required_row_is_there_once" in functions(Path(__file__))
    assert "test_of_nothing" not in functions(Path(__file__))
