"""The catalogue as people search it and as programs read it, and retiring a version in the console."""

import hashlib
import re
from dataclasses import replace

import pytest
from console_office import ConsoleOffice
from issuing_office import CODE, definition


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("catalogue") / "var")
    made.issuer.publish_definition("uef", definition(version="2027-1", tag=["credit"]))
    yield made
    made.close()


def page(office, query=""):
    return office.get(office.browser(), f"/catalogue{query}")


def listed(office, query=""):
    return office.get(office.browser(), f"/catalogue.json{query}")


def test_the_page_shows_what_is_offered_now_with_level_and_basis(office):
    shown = page(office).text
    assert "1 version fits." in shown
    assert f"{CODE}, version 2027-1" in shown
    assert "3 ECTS credits, 90 hours of study in all" in shown
    assert "Level 7" in shown or "EQF level" in shown
    assert "Replaced by a later version" not in shown
    assert "<script" not in shown


def test_all_versions_are_marked(office):
    shown = page(office, "?show=all").text
    assert "2 versions fit." in shown
    assert "Replaced by a later version" in shown


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?q=risk", 1),
        ("?q=astronomy", 0),
        ("?least=3&most=3,0", 1),
        ("?least=3.5", 0),
        ("?institution=uef", 1),
        ("?institution=other", 0),
        ("?field=%27%20or%201%3D1", 0),
        ("?level=%00", 1),
        ("?page=999999999&q=risk", 1),
        ("?page=-1", 1),
    ],
)
def test_a_search_narrows(office, query, number):
    shown = page(office, query)
    assert shown.status_code == 200
    assert re.search(r"(\d+) versions? fits?\.", shown.text)[1] == str(number)


def test_a_page_past_the_end_is_the_last_one(office):
    shown = page(office, "?page=999999999&q=risk").text
    assert shown.count('class="entry"') == 1
    assert 'rel="prev"' not in shown


def test_a_number_that_cannot_be_read_is_told_at_its_field_and_nothing_is_searched(office):
    shown = page(office, "?least=three")
    assert shown.status_code == 422
    assert 'aria-invalid="true" aria-describedby="least-note"' in shown.text
    assert 'value="three"' in shown.text
    assert 'class="entry"' not in shown.text
    refused = listed(office, "?most=1e9")
    assert (refused.status_code, refused.json["code"]) == (422, "bad_value")


def test_what_was_typed_is_only_text(office):
    shown = page(office, "?q=%22%3E%3Cb%3Ex&least=%3Cb%3E").text
    assert "<b>x" not in shown
    assert "&#34;&gt;&lt;b&gt;x" in shown


def test_the_form_offers_what_there_is_and_each_of_it_finds_something(office):
    shown = page(office).text
    for name in ("field", "level", "language"):
        form = re.search(rf'<select id="{name}".*?</select>', shown, re.DOTALL)[0]
        values = [value for value in re.findall(r'value="([^"]*)"', form) if value]
        assert values, name
        for value in values:
            assert "1 version fits." in page(office, f"?{name}={value}").text


def test_programs_get_every_version_with_state_evidence_and_the_one_before(office):
    answer = listed(office)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (answer.json["total"], answer.json["totalIsAtLeast"], answer.json["next"]) == (2, False, None)
    second, first = answer.json["versions"]
    assert (first["state"], second["state"]) == ("replaced", "published")
    assert second["previous"] == first["id"]
    assert first["previous"] is None
    assert second["evidence"]["reviewed"] is False
    assert "QC-34" in second["evidence"]["met"]
    assert "review" not in second["evidence"]
    place = second["id"].removeprefix(office.base_url)
    wording = office.browser().get(place, base_url=office.base_url, headers={"Accept": "application/ld+json"})
    assert second["digest"] == second["evidence"]["document"] == hashlib.sha256(wording.data).hexdigest()


def test_programs_read_page_by_page(office):
    first = listed(office, "?limit=1")
    following = first.json["next"]
    assert following.startswith(f"{office.base_url}/catalogue.json?")
    second = listed(office, following.partition("/catalogue.json")[2])
    assert [each["state"] for each in second.json["versions"]] == ["replaced"]
    assert listed(office, "?limit=1000000").status_code == 200
    assert len(listed(office, "?show=current").json["versions"]) == 1


def test_what_is_asked_again_unchanged_is_not_sent_again(office):
    tag = listed(office).headers["ETag"]
    again = office.browser().get("/catalogue.json", base_url=office.base_url, headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_a_version_is_retired_by_a_reviewer_with_a_reason_that_everybody_reads(office):
    written = definition(version="1")
    renamed = replace(written, code="MC-OLD", achievement={**written.achievement, "humanCode": "MC-OLD"})
    version = office.issuer.publish_definition("uef", renamed)
    place = f"/console/uef/definitions/versions/{version.public_id}"
    anna = office.client(office.person("Anna", "author"))
    assert "Retire it" not in office.get(anna, place).text
    assert office.post(anna, f"{place}/retire", {"reason": "No."}).status_code == 403
    rita = office.client(office.person("Rita", "reviewer"))
    empty = office.post(rita, f"{place}/retire", {"reason": " "})
    assert empty.status_code == 422
    assert 'aria-invalid="true"' in empty.text
    assert office.post(rita, f"{place}/retire", {"reason": "The course <b>ended</b>."}).status_code == 303
    assert "Retire it" not in office.get(rita, place).text
    assert office.post(rita, f"{place}/retire", {"reason": "Again."}).status_code == 409
    public = office.get(office.browser(), f"/achievements/{version.public_id}").text
    assert "Retired: no longer awarded" in public
    assert "The course &lt;b&gt;ended&lt;/b&gt;." in public
    assert "MC-OLD" not in page(office).text
    assert "Retired: no longer awarded" in page(office, "?show=all&q=MC-OLD").text
    told = listed(office, "?q=MC-OLD").json["versions"][0]
    assert (told["state"], told["retiredReason"]) == ("retired", "The course <b>ended</b>.")
    assert "MC-OLD" not in office.get(office.browser(), "/").text
    assert "MC-OLD" in office.get(rita, "/console/uef/definitions?state=retired").text


def test_a_programme_is_marked_until_it_is_confirmed(office):
    named = [{"title": {"en": "Bachelor of <b>Banking</b>"}, "qualificationCode": "7340201"}]
    version = office.issuer.publish_definition("uef", definition(version="2028-1", isPartOf=named))
    public = f"/achievements/{version.public_id}"
    assert "Not confirmed yet</span> by whoever offers" in office.get(office.browser(), public).text
    place = f"/console/uef/definitions/versions/{version.public_id}"
    rita = office.client(office.person("Rita", "reviewer"))
    shown = office.get(rita, place).text
    assert "Record 1 confirmation" in shown
    assert "QC-28" in shown
    assert "<b>Banking" not in shown
    empty = office.post(rita, f"{place}/programme", {"place": "0", "reference": " "})
    assert empty.status_code == 422
    assert 'aria-describedby="reference-0-hint reference-0-fault" aria-invalid="true"' in empty.text
    assert office.post(rita, f"{place}/programme", {"place": "7", "reference": "x"}).status_code == 404
    sent = office.post(rita, f"{place}/programme", {"place": "0", "reference": "Board, 3 May"})
    assert sent.status_code == 303
    assert "Record 1 confirmation" not in office.get(rita, place).text
    assert "QC-28" not in office.get(rita, place).text
    shown = office.get(office.browser(), public).text
    assert "Confirmed</span> by Example University of Economics and Finance" in shown
    assert "&lt;b&gt;Banking" in shown
    author = office.client(office.person("Anna", "author"))
    assert office.post(author, f"{place}/programme", {"reference": "x"}).status_code == 403
