"""Filters of the console: an unknown value finds nothing, and the page names the filter as its form does."""

import re

import pytest
from batch_desks import taken_in
from credential_office import CredentialOffice, text_of
from sqlmodel import select

from issuer.credentials.search import runs_of
from issuer.staff.roles import Role
from issuer.tables import Batch
from issuer.transactions import writing

LIST = "/console/uef/credentials"
PARTS = [
    ("people", "state", "State"),
    ("mail", "state", "State"),
    ("mail", "kind", "Kind"),
    ("batches", "state", "State"),
    ("audit", "act", "Act"),
    ("definitions", "state", "State"),
    ("tokens", "state", "State"),
    ("credentials", "definition", "Micro-credential"),
    ("credentials", "run", "Run"),
    ("credentials", "status", "State"),
    ("credentials", "mail", "Mail"),
    ("batches/{batch}/report", "state", "State"),
    ("batches/{draft}", "show", "Show"),
]


@pytest.fixture
def world(tmp_path):
    world = CredentialOffice(tmp_path / "var")
    world.records = world.issue(3)
    yield world
    world.close()


@pytest.mark.parametrize(
    "asked", ["run=Big+5000", "status=nonsense", "definition=X", "mail=x", "run=a%00b", "run=x&format=csv"]
)
def test_a_filter_of_an_unknown_value_finds_nothing_and_no_act_covers_the_rest(world, asked):
    issuer, number = world.client(), world.records[0].student_number
    assert number in issuer.get(LIST).text
    for path in (LIST, f"{LIST}/act"):
        answer = issuer.get(f"{path}?{asked}&act=revoke&all=1")
        assert answer.status_code == 422
        assert "Nothing fits this filter" in answer.text
        assert number not in answer.text
    twin = issuer.get(f"{LIST}/act?act=revoke&all=1&run=Spring+2026")
    assert twin.status_code == 200
    assert len(re.search(r'name="chosen" value="([^"]*)"', twin.text)[1].split()) == 3


@pytest.mark.parametrize(("part", "name", "label"), PARTS)
def test_no_list_of_the_console_widens_for_an_unknown_filter_and_the_page_says_which(
    world, part, name, label
):
    client = world.client(Role.INSTITUTION_ADMIN, Role.ISSUER, Role.AUTHOR, Role.AUDITOR)
    batch = world.rows(Batch)[0].id
    draft = taken_in(world.desk(), run="Autumn 2026") if "{draft}" in part else ""
    path = f"/console/uef/{part.format(batch=batch, draft=draft)}"
    answer = client.get(f"{path}?{name}=nonsense")
    assert (answer.status_code, "Nothing fits this filter" in answer.text) == (422, True)
    assert f"The list knows no “nonsense” for the filter “{label}”, so nothing fits" in text_of(answer)
    page = client.get(f"{path}?{name}=")
    assert page.status_code == 200
    form = re.search(rf'<label for="(?:f-)?{name}">([^<]*)</label>', page.text)
    assert (form[1] if form else label) == label
    assert label in page.text or part == "tokens"  # of which there are none, so no column has its head


def test_the_run_of_an_undone_batch_is_a_filter_beyond_the_limit_too(world):
    with writing(world.office.engine) as session:
        for batch in session.exec(select(Batch)):
            batch.state = "undone"
            session.add(batch)
    assert world.client().get(f"{LIST}?run=Spring+2026").text.count('<th scope="row">') == 3
    desk = world.desk()
    assert runs_of(desk, at_most=0, chosen="Spring 2026") == ["Spring 2026"]
    assert runs_of(desk, at_most=0, chosen="Spring 2025") == []
