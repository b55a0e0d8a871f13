"""The pages and files of the reports: for whom, in which words, and with nothing small in any of them."""

import csv
import io
import re
from dataclasses import replace

import pytest
from console_office import ConsoleOffice
from issuing_office import definition, institution

REPORTS = ("pilot", "completeness", "recognition")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("reports") / "var")
    made.office.issue(6)
    formula = replace(institution("third"), name="=HYPERLINK(1)", names={})
    made.issuer.register_institution(formula)
    made.issuer.create_key("third")
    made.issuer.publish_definition("third", definition())
    made.office.issue(3, slug="third")
    yield made
    made.close()


@pytest.fixture
def administrator(office):
    return office.client(office.person("Admin", "institution_admin"))


@pytest.fixture
def consortium(office):
    return office.client(office.person("Consortium", "consortium_admin", slug=None))


def cells(page):
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<t[dh][ >].*?</t[dh]>", page)]


def test_an_institution_reads_its_reports(office, administrator):
    page = office.get(administrator, "/console/uef/reports").text
    assert [re.sub("<[^>]+>", "", each) for each in re.findall("<h2.*?</h2>", page)] == [
        "Figures of the pilot",
        "Completeness",
        "Recognition by countries",
    ]
    assert "MC-CRS-2026" in page
    assert "Figures about people that are 1 to 4 are hidden" in page
    assert re.search(r"\d+ of \d+", page)
    assert "third" not in page
    assert '<a href="/console/uef/reports" aria-current="page">Reports</a>' in page


def test_the_consortium_reads_those_of_all_and_no_small_figure(office, consortium):
    shown = office.get(consortium, "/consortium/reports")
    told = cells(shown.text)
    assert "=HYPERLINK(1)" in told
    at = told.index("=HYPERLINK(1)")
    assert told[at : at + 6] == ["=HYPERLINK(1)", "Viet Nam", "1 to 4", "1 to 4", "0", "0"]
    assert "Sum of what is shown" in told
    assert "/consortium/reports" in office.get(consortium, "/consortium").text


def test_the_same_as_csv_in_which_nothing_is_a_formula(office, consortium):
    answer = office.get(consortium, "/consortium/reports/pilot.csv")
    assert answer.mimetype == "text/csv"
    assert 'filename="pilot-consortium.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    by_name = {row["institution"]: row for row in rows}
    assert by_name["'=HYPERLINK(1)"]["issued"] == "1 to 4"
    assert by_name["Example University of Economics and Finance"]["issued"] == "6"


def test_the_same_as_json(office, consortium):
    told = office.get(consortium, "/consortium/reports/pilot.json").json
    assert told["hidden"] == "null stands for 1 to 4"
    assert told["made"].endswith("+00:00")
    by_name = {row["institution"]: row for row in told["rows"]}
    assert by_name["=HYPERLINK(1)"] == {
        "institution": "=HYPERLINK(1)",
        "country": "VN",
        "learners": None,
        "issued": None,
        "claimed": 0,
        "checked": 0,
    }


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_each_report_is_a_file_too(office, administrator, consortium, report, kind):
    assert office.get(administrator, f"/console/uef/reports/{report}.{kind}").status_code == 200
    assert office.get(consortium, f"/consortium/reports/{report}.{kind}").status_code == 200


def test_what_is_no_report_is_not_found(office, administrator):
    assert office.get(administrator, "/console/uef/reports/learners.csv").status_code == 404
    assert office.get(administrator, "/console/uef/reports/pilot.xlsx").status_code == 404


@pytest.mark.parametrize("role", ["author", "reviewer", "issuer", "recognition_officer"])
def test_others_read_none(office, role):
    client = office.client(office.person(role, role))
    assert office.get(client, "/console/uef/reports").status_code == 403
    assert "/console/uef/reports" not in office.get(client, "/console/uef").text


def test_an_auditor_reads_them_and_another_institution_does_not(office, administrator, consortium):
    auditor = office.client(office.person("Auditor", "auditor"))
    assert office.get(auditor, "/console/uef/reports").status_code == 200
    assert office.get(administrator, "/console/third/reports").status_code == 404
    assert office.get(administrator, "/consortium/reports").status_code == 403
    assert office.get(consortium, "/console/uef/reports").status_code == 404


def test_a_check_by_a_person_is_counted_and_one_by_a_program_is_not(office):
    record = office.issuer.credentials("uef")[0]
    page = f"/c/{record.code}"
    assert checks(office) == 0
    office.get(office.browser(), page, headers={"User-Agent": "Slackbot 1.0"})
    assert checks(office) == 0
    reader = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}
    for _time in range(2):
        assert office.get(office.browser(), page, headers=reader).status_code == 200
    for record in office.issuer.credentials("uef")[1:5]:
        office.get(office.browser(), f"/s/{record.share_id}", headers=reader)
    assert checks(office) == 5


def checks(office):
    client = office.client(office.person("Reader", "auditor"))
    return office.get(client, "/console/uef/reports/pilot.json").json["rows"][0]["checked"]
