"""docs/elm.md says where each part of a badge goes, and what is lost: both are held against the code."""

import re
from pathlib import Path

import pytest
from elm_badges import full
from elm_places import SHORT, carried

from microcredential.elm import elm_document

PAGE = (Path(__file__).parents[2] / "docs" / "elm.md").read_text("utf-8")


def rows(heading):
    """Give the rows of the table under a heading: its first name, and the names in the second cell."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", section, re.M)
    return {name: re.findall(r"`([^`]+)`", cell) for name, cell in found}


@pytest.fixture(scope="module")
def table():
    return rows("What goes where")


@pytest.fixture(scope="module")
def places():
    return carried()


def under(path, names):
    """Give the longest of these names that the path is, or lies within."""
    fitting = [name for name in names if path == name or path.startswith(f"{name}.")]
    return max(fitting, key=len, default=None)


def test_every_leaf_that_is_carried_stands_in_the_table(table, places):
    assert [leaf for leaf in places if under(leaf, table) is None] == []


def test_each_leaf_goes_where_the_table_says(table, places):
    wrong = {}
    for leaf, reached in places.items():
        named = table[under(leaf, table)]
        if not any(under(one, named) for one in reached):
            wrong[leaf] = sorted(reached)[:5]
    assert wrong == {}


def test_the_table_names_no_place_to_which_nothing_goes(table, places):
    unreached = []
    for name, named in table.items():
        reached = {one for leaf, found in places.items() if under(leaf, table) == name for one in found}
        unreached += [
            (name, one) for one in named if "." in one and not any(under(at, [one]) for at in reached)
        ]
        assert reached, name
    assert unreached == []


def test_the_losses_of_a_full_badge_are_those_of_the_page():
    told = rows("What is lost")
    lost = set()
    for loss in elm_document(full()).losses:
        path = re.sub(r"\[\d+\]", "", loss.path)
        for long, short in SHORT:
            if path == long or path.startswith(f"{long}."):
                path = short + path[len(long) :]
                break
        lost.add(path)
    assert lost == set(told)
