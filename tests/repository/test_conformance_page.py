"""The page on conformance stays true: what it names exists, and what is not done stands in its list."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from ob3.cryptosuite import CRYPTOSUITES
from verifier.report import CHECK_IDS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "conformance.md"
ID = re.compile(r"[A-Z]{2}-[0-9]+")
STATE = re.compile(r"done|(?:partly|not done): .+")
LEVEL = re.compile(r"(?:MUST|SHOULD|MAY|guide|-)(?:, (?:MUST|SHOULD)| for (?:a Host|COSE))?")
COLUMNS = {"level", "where", "shown by", "state"}


def tables():
    """Give each table of the page: the names of its columns and its rows, cell by cell."""
    found, before = [], ""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split(" | ")]
        if line.startswith("|---"):
            names = [one.strip() for one in before.strip("|").split("|")]
            found.append((names, []))
        elif line.startswith("|") and before.startswith("|"):
            found[-1][1].append(cells)
        before = line
    return found


def rows():
    """Give the cells of each row about a requirement or a probe by its id, each cell by its column."""
    return {
        cells[0]: dict(zip(names, cells, strict=True))
        for names, lines in tables()
        for cells in lines
        if ID.fullmatch(cells[0])
    }


REQUIREMENTS = {name: row for name, row in rows().items() if "state" in row}


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


@cache
def functions(path):
    """Give the names of the tests in a file, without running it."""
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def listed():
    """Give the ids in the list of what is not done, as often as they stand there."""
    (lines,) = [lines for names, lines in tables() if names == ["what", "why", "rows"]]
    return [one for _, _, ids in lines for one in ID.findall(ids)]


def test_no_id_stands_twice_and_each_series_has_no_gap():
    ids = [cells[0] for _, lines in tables() for cells in lines if ID.fullmatch(cells[0])]
    for series in dict.fromkeys(one.partition("-")[0] for one in ids):
        own = [one for one in ids if one.startswith(f"{series}-")]
        assert own == [f"{series}-{number}" for number in range(1, len(own) + 1)]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_a_requirement_has_its_level_and_its_state_and_names_what_exists(name):
    row = REQUIREMENTS[name]
    assert set(row) >= COLUMNS
    assert LEVEL.fullmatch(row["level"]), row["level"]
    assert STATE.fullmatch(row["state"]), row["state"]
    for module in named(row["where"]):
        assert (ROOT / module).is_file() or (ROOT / f"{module}.py").is_file(), module
    if not row["state"].startswith("not done"):
        assert named(row["where"]), "done nowhere"
        assert named(row["shown by"]), "shown by nothing"


@pytest.mark.parametrize("name", rows())
def test_each_test_that_is_named_exists(name):
    for node in named(rows()[name]["shown by"]):
        file, _, function = node.partition("::")
        assert function.startswith("test_"), node
        assert (ROOT / "tests" / file).is_file(), node
        assert function in functions(ROOT / "tests" / file), node


def test_whatever_is_not_plainly_done_stands_once_in_the_list_and_nothing_else():
    wanted = [name for name, row in REQUIREMENTS.items() if row["state"] != "done"]
    assert sorted(listed()) == sorted(wanted)


def test_every_check_is_the_answer_to_a_probe():
    probes = [row for row in rows().values() if "our checks" in row]
    assert len(probes) == 16
    assert {one for row in probes for one in named(row["our checks"])} == set(CHECK_IDS)


def test_every_cryptosuite_is_named_with_what_is_done_with_it():
    (lines,) = [lines for names, lines in tables() if names[0] == "suite"]
    made = {named(name)[0]: made == "yes" for name, made, *_ in lines}
    assert made == {name: suite.may_issue for name, suite in CRYPTOSUITES.items()}
    assert {row for *_, row in lines} <= set(REQUIREMENTS)


def test_what_the_page_links_to_is_there():
    for target in re.findall(r"\]\(([a-z0-9/-]+\.md)\)", PAGE.read_text()):
        assert (PAGE.parent / target).is_file(), target


def test_a_test_that_does_not_exist_is_noticed():
    assert "test_a_test_that_does_not_exist_is_noticed" in functions(Path(__file__))
    assert "test_of_nothing" not in functions(Path(__file__))
