"""docs/profile.md lists every rule with id, severity, place and test: the table is compared with the code."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import profile_indicators  # noqa: F401  (registers its documents)
import profile_weaknesses  # noqa: F401  (registers its documents)
import pytest
from profile_faults import BREAKS, WARNS

from microcredential import Severity
from microcredential.indicators import OUTSIDE, indicators
from microcredential.rules.registry import registered

HERE = Path(__file__)
PAGE = HERE.parents[2] / "docs" / "profile.md"
ROW = re.compile(
    r"\| (\S+) \| ([^|]*) \| (block|warn|info) \| `([a-zA-Z_*]+)` \| ([^|]+) \| `([\w.]+)` \| `(\w+)` \|"
)
OUTSIDE_ROW = re.compile(r"\| (QC-\d\d) \| ([MXH]) \| ([^|]+) \| ([^|]+) \|")


def findings_of(module):
    """Give what each function of a module yields itself: severity and code, `*` for a part worked out."""
    tree = ast.parse(inspect.getsource(module))
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    made = {name: list(_made(function)) for name, function in functions.items()}
    for name, function in functions.items():
        called = {one.id for one in ast.walk(function) if isinstance(one, ast.Name)} - {name}
        made[name] += [one for other in called & made.keys() if other.startswith("_") for one in made[other]]
    return made


def _made(function):
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("block", "warn", "info"):
            yield call.func.id, _code(call.args[1])


def _code(argument):
    if isinstance(argument, ast.Constant):
        return argument.value
    return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in argument.values)


def rules_in_the_code():
    """Give a row for each fault that a rule can find."""
    rows = []
    for one in registered():
        module = importlib.import_module(one.function.__module__)
        place = f"{module.__name__.rpartition('.')[2]}.{one.function.__name__}"
        what = inspect.getdoc(one.function).splitlines()[0].rstrip(".")
        answers = ", ".join(each for each in one.indicators if each != one.element)
        for severity, code in dict.fromkeys(findings_of(module)[one.function.__name__]):
            rows.append((one.element, answers, severity, code, what, place))
    return sorted(rows, key=lambda row: (_rank(row[0]), row[5], row[3]))


def _rank(name):
    return ("MOQ".index(name[0]), int(re.search(r"\d+", name)[0]))


def rows_on_the_page():
    return [
        ROW.fullmatch(line).groups() for line in PAGE.read_text("utf-8").splitlines() if ROW.fullmatch(line)
    ]


def test_the_page_lists_every_rule_as_the_code_has_it():
    assert [tuple(cell.strip() for cell in row[:6]) for row in rows_on_the_page()] == rules_in_the_code()


def names_of_tests():
    files = HERE.parent.glob("test_*.py")
    return {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)}


@pytest.mark.parametrize("row", rows_on_the_page(), ids=lambda row: f"{row[0]} {row[3]}")
def test_each_rule_has_a_document_that_breaks_it(row):
    element, _, severity, code, _, _, test = row
    if test.startswith("test_"):
        assert test in names_of_tests()
        return
    _, broken, found = (BREAKS if severity == Severity.BLOCK else WARNS)[test]
    assert broken == element
    assert re.fullmatch(code.replace("*", r"\w+"), found)


def test_the_page_says_of_every_other_indicator_why_no_document_shows_it():
    said = {
        match[1]: (match[2], match[3].strip(), match[4].strip())
        for line in PAGE.read_text("utf-8").splitlines()
        if (match := OUTSIDE_ROW.fullmatch(line))
    }
    known = {one.id: one for one in indicators()}
    assert said == {one: (known[one].judge.value, known[one].label, why) for one, why in OUTSIDE.items()}
