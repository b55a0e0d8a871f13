"""The pages of people, faculties, programs, the institution and the consortium, as a browser uses them."""

import io
import json
import re

import pytest
from console_office import ConsoleOffice
from sqlmodel import select

from issuer.audit_tables import AuditEntryRow
from issuer.staff.roles import Role

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("people") / "var")
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser(office):
    return office.client(office.person("Ada Admin", Role.INSTITUTION_ADMIN))


@pytest.fixture(scope="module")
def consortium(office):
    return office.client(office.person("Kim", Role.CONSORTIUM_ADMIN, slug=None))


def alert(page):
    found = re.search(r'role="alert">(.*?)</p>', page.text, re.DOTALL)
    return found[1] if found else ""


def seen(page):
    return re.search(r'name="seen" value="([^"]*)"', page.text)[1]


def test_a_person_is_invited_changed_and_ended(office, browser):
    office.post(browser, "/console/uef/faculties", {"code": "econ", "name": "Economics"})
    form = {"name": "Ivo", "email": "ivo@staff.example", "role": ["issuer", "author@econ"]}
    made = office.post(browser, "/console/uef/people/invite", form)
    address = made.headers["Location"].split("?")[0]
    page = office.get(browser, address)
    assert "Invited" in page.text
    listed = office.get(browser, "/console/uef/people?q=ivo&state=invited&sort=-email")
    assert "author (Economics), issuer" in listed.text
    assert office.post(browser, f"{address}/invite-again").status_code == 303
    roles = {"seen": seen(page), "role": ["auditor"]}
    assert office.post(browser, f"{address}/roles", roles).status_code == 303
    late = office.post(browser, f"{address}/roles", roles)
    assert (late.status_code, "meanwhile" in alert(late)) == (409, True)
    assert "End the access of 1 person" in office.get(browser, f"{address}/end").text
    assert office.post(browser, f"{address}/end").status_code == 303
    assert office.get(browser, address).status_code == 404


def test_what_was_typed_stays_in_a_refused_invitation(office, browser):
    form = {"name": "Eva", "email": "no address", "role": ["auditor"]}
    refused = office.post(browser, "/console/uef/people/invite", form)
    assert refused.status_code == 422
    assert alert(refused)
    assert 'value="no address"' in refused.text
    assert re.search(r'value="auditor" checked', refused.text)
    nobody = office.post(browser, "/console/uef/people/invite", {**form, "email": "e@x.example", "role": []})
    assert "one role at least" in alert(nobody)
    forged = {**form, "email": "e@x.example", "role": ["consortium_admin"]}
    assert office.post(browser, "/console/uef/people/invite", forged).status_code == 422
    unknown = {**form, "email": "e@x.example", "role": ["author@nowhere"]}
    assert office.post(browser, "/console/uef/people/invite", unknown).status_code == 422


def test_people_export_holds_no_formula(office, browser):
    office.person("=cmd()", Role.AUTHOR)
    page = office.get(browser, "/console/uef/people?format=csv")
    assert page.content_type.startswith("text/csv")
    assert not re.search(r"^=", page.text, re.MULTILINE)


def test_a_faculty_is_renamed(office, browser):
    office.post(browser, "/console/uef/faculties", {"code": "law", "name": "Law"})
    again = office.post(browser, "/console/uef/faculties", {"code": "law", "name": "Law"})
    assert (again.status_code, "already" in alert(again)) == (422, True)
    assert office.post(browser, "/console/uef/faculties/law", {"name": ""}).status_code == 422
    assert office.post(browser, "/console/uef/faculties/law", {"name": "Law School"}).status_code == 303
    assert "Law School" in office.get(browser, "/console/uef/faculties").text


def test_a_token_is_shown_once_and_withdrawn(office, browser):
    form = {"name": "Register", "act": ["read_audit"], "expires": "2026-12-31"}
    made = office.post(browser, "/console/uef/tokens", form)
    text = re.search(r"tmr_[A-Za-z0-9_-]{49}", made.text)[0]
    assert made.headers["Cache-Control"] == "no-store"
    listed = office.get(browser, "/console/uef/tokens?q=regis&state=good")
    assert text[:12] in listed.text
    assert text not in listed.text
    address = re.search(r'href="(/console/uef/tokens/[^"]+/revoke)"', listed.text)[1]
    assert office.get(browser, address).status_code == 200
    assert office.post(browser, address).status_code == 303
    assert "Withdrawn" in office.get(browser, "/console/uef/tokens").text
    for change in ({"expires": "soon"}, {"expires": "2028-01-01"}, {"act": []}, {"name": ""}):
        refused = office.post(browser, "/console/uef/tokens", form | change)
        assert (refused.status_code, bool(alert(refused))) == (422, True)


def settings(office, browser, **changes):
    page = office.get(browser, "/console/uef/institution")
    form = {"seen": seen(page), "name": "University", "url": "https://www.example.edu.vn", "undo_hours": "24"}
    form |= {"accent": "#1f3f6b", "country": "VN", "names.vi": "Đại học"} | changes
    return office.post(browser, "/console/uef/institution", form)


def test_settings_are_saved_with_their_audit(office, browser):
    done = settings(office, browser, name="New Name", needs_approval="1", undo_hours="48")
    assert done.status_code == 303
    page = office.get(browser, "/console/uef/institution?done=saved")
    assert 'value="New Name"' in page.text
    with office.deployment.reading() as session:
        row = session.exec(
            select(AuditEntryRow)
            .where(AuditEntryRow.act == "institution.change")
            .order_by(AuditEntryRow.number.desc())
        ).first()
    assert json.loads(row.after)["undo_hours"] == 48
    assert json.loads(row.before)["undo_hours"] == 24
    assert json.loads(row.after)["needs_approval"] is True


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"accent": "#ffee00"}, "contrast of #ffee00"),
        ({"accent": "red"}, "#1f3f6b"),
        ({"undo_hours": "169"}, "168"),
        ({"undo_hours": "many"}, "168"),
        ({"url": "javascript:1"}, ""),
        ({"name": ""}, "name"),
        ({"country": "XX"}, "country"),
        ({"signatory_name": "Only a name"}, ""),
        ({"logo": (io.BytesIO(b"<html>"), "logo.svg")}, ""),
        ({"logo": (io.BytesIO(LOGO.replace(b"<rect", b"<script/><rect")), "logo.svg")}, "script"),
        ({"logo": (io.BytesIO(b"x" * 100_001), "logo.svg")}, "100 kB"),
    ],
)
def test_settings_that_may_not_stand(office, browser, changes, said):
    refused = settings(office, browser, **changes)
    assert refused.status_code == 422
    assert said in alert(refused)
    assert 'value="Đại học"' in refused.text  # what was typed is there


def test_a_logo_is_rebuilt_and_taken_away(office, browser):
    assert settings(office, browser, logo=(io.BytesIO(LOGO), "logo.svg")).status_code == 303
    assert "There is one now" in office.get(browser, "/console/uef/institution").text
    assert settings(office, browser, no_logo="1").status_code == 303
    assert "There is none now" in office.get(browser, "/console/uef/institution").text


def test_stale_settings_conflict(office, browser):
    refused = settings(office, browser, seen="0" * 64, name="Late")
    assert (refused.status_code, "meanwhile" in alert(refused)) == (409, True)
    assert 'value="Late"' in refused.text


def test_the_country_stays_once_something_was_issued(office, browser):
    assert settings(office, browser, country="LA").status_code == 303
    assert settings(office, browser, country="VN").status_code == 303
    office.office.one()
    assert settings(office, browser, country="LA").status_code == 422


def test_the_consortium_registers_an_institution(office, consortium):
    form = {"slug": "third", "name": "Third University", "country": "cz", "url": "https://third.example"}
    form |= {"accent": "#1f3f6b", "admin_name": "Xenia", "admin_email": "x@third.example"}
    refused = office.post(consortium, "/consortium/institutions/new", form | {"admin_email": "nobody"})
    assert refused.status_code == 422
    assert "third" not in {each.slug for each in office.issuer.institutions()}
    assert office.post(consortium, "/consortium/institutions/new", form).status_code == 303
    page = office.get(consortium, "/consortium?sort=-issued&q=third")
    assert "Is being made" in page.text
    assert office.issuer.create_missing_keys() == ["third"]
    assert office.issuer.create_missing_keys() == []
    assert "Is being made" not in office.get(consortium, "/consortium").text
    invited = {"name": "Yvo", "email": "y@third.example"}
    assert office.post(consortium, "/consortium/institutions/third/invite", invited).status_code == 303
    assert office.get(consortium, "/consortium/institutions/none/invite").status_code == 404
    assert ">2<" in office.get(consortium, "/consortium?q=third").text


def test_the_consortium_sees_no_learner(office, consortium):
    record = office.office.one(run="Winter")
    page = office.get(consortium, "/consortium")
    assert record.learner_name not in page.text
    for path in ("", "/people", "/credentials", "/batches", "/mail", "/institution"):
        assert office.get(consortium, f"/console/uef{path}").status_code == 404


def test_administrators_of_the_consortium(office, consortium):
    form = {"name": "Zoe", "email": "zoe@consortium.example"}
    assert office.post(consortium, "/consortium/administrators", form).status_code == 303
    assert "Zoe" in office.get(consortium, "/consortium/administrators").text
    refused = office.post(consortium, "/consortium/administrators", {"name": "", "email": "z@x.example"})
    assert refused.status_code == 422
