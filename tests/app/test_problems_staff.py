"""Failures at addresses of the staff: what fits there, and no word meant for whoever checks a certificate."""

import io
import json

import app_fakes
import pytest
from console_office import ConsoleOffice
from werkzeug.datastructures import FileStorage

from app.problems import problem_response
from issuer.staff.roles import Role


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("problems") / "var")
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser(office):
    return office.client(office.person("Ivo Issuer", Role.ISSUER))


def too_large(**fields):
    file = FileStorage(io.BytesIO(b"x" * (6 * 2**20 + 1)), "list.csv")
    return app_fakes.multipart(file=file, **fields)


def test_a_class_list_that_is_too_large_leads_back_to_its_form(office, browser):
    path = "/console/uef/batches/new"
    sent = too_large(csrf_token=office.csrf(browser))
    answer = browser.post(path, base_url=office.base_url, **sent)
    assert answer.status_code == 413
    assert "a class list may have 6 MB. Split it, or save it as CSV." in answer.text
    assert f'<a href="{path}">Back to the form</a>' in answer.text
    assert "smaller files" not in answer.text


def test_where_no_form_can_be_opened_none_is_named(office, browser):
    answer = browser.post("/staff/account/password", base_url=office.base_url, **too_large())
    assert answer.status_code == 413
    assert "Back to the form" not in answer.text
    assert "Go to the console" in answer.text


def test_a_program_reads_it_too(office):
    with office.app.test_request_context("/api/v1/uef/batches", method="POST"):
        answer = problem_response(413)
    assert "a class list may have 6 MB" in json.loads(answer.data)["detail"]


def test_a_certificate_that_is_too_large_has_the_words_of_the_verifier(office):
    answer = office.browser().post("/verify", base_url=office.base_url, **too_large())
    assert answer.status_code == 413
    assert "A certificate is rarely larger" in answer.text
    assert "class list" not in answer.text


@pytest.mark.parametrize(
    "path", ["/console/nowhere/at/all", "/staff/nothing", "/consortium/nothing", "/console/no"]
)
def test_what_is_not_there_leads_to_the_console(office, browser, path):
    answer = office.get(browser, path)
    assert answer.status_code == 404
    assert '<a href="/console">Go to the console</a>' in answer.text
    assert "certificate on paper" not in answer.text
    assert 'name="code"' not in answer.text


@pytest.mark.parametrize("path", ["/nowhere", "/consoles", "/c/x"])
def test_what_is_not_there_for_the_public_asks_for_the_code(office, browser, path):
    answer = office.get(browser, path)
    assert answer.status_code == 404
    assert "certificate on paper" in answer.text
    assert "Go to the console" not in answer.text


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/console/uef/", "/console/uef"),
        ("/console/uef/batches/?state=draft&q=a%20b", "/console/uef/batches?state=draft&q=a%20b"),
        ("/console/", "/console"),
        ("/staff/sign-in/", "/staff/sign-in"),
    ],
)
def test_a_slash_at_the_end_is_forgiven(office, browser, asked, there):
    answer = office.get(browser, asked)
    assert (answer.status_code, answer.headers["Location"]) == (308, there)


@pytest.mark.parametrize("asked", ["/console/uef/nothing/here/", "/verify/", "/consoles/"])
def test_other_slashes_are_not(office, browser, asked):
    assert office.get(browser, asked).status_code == 404
    assert office.post(browser, "/console/uef/").status_code == 404


def test_no_slash_leads_to_another_site(office, browser):
    answer = office.get(browser, "/console//evil.example/")
    assert answer.headers.get("Location", "/console").removeprefix(office.base_url).startswith("/console")
