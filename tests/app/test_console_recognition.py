"""The pages of the recognition officer: stating, deciding about a badge, withdrawing, in a browser."""

import io
import json
import re
from base64 import b64encode

import pytest
from console_office import ConsoleOffice

from issuer.errors import IssuerError
from issuer.recognition.standing import statements
from issuer.staff.actor import Grant
from issuer.staff.faculties import create_faculty
from issuer.staff.people import check_grants
from issuer.staff.roles import Role

PLACE = "/console/other/recognition"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("recognition") / "var")
    made.badge = made.office.one()
    yield made
    made.close()


@pytest.fixture(scope="module")
def officer(office):
    return office.person("Rita", Role.RECOGNITION_OFFICER, slug="other")


@pytest.fixture(scope="module")
def browser(office, officer):
    return office.client(officer)


def alert(page):
    found = re.search(r'role="alert">(.*?)</p>', page.text, re.DOTALL)
    return found[1] if found else ""


def course(office):
    return json.loads(office.badge.text)["credentialSubject"]["achievement"]["id"]


def standing(office, **changes):
    return {
        "kind": "R1",
        "title": "Elective in the MSc Finance",
        "about": course(office),
        "purpose": "creditTransfer",
        "credits": "3",
        "system": "http://data.europa.eu/snb/education-credit/6fcec5c5af",
        "towards": "MSc Finance",
        "basis-consortiumAgreement": "1",
        "comment": "For grades of 6 or better.",
        "until": "2029-01-01",
    } | changes


def test_a_course_is_recognised_signed_read_and_withdrawn(office, officer, browser):
    answer = office.post(browser, f"{PLACE}/new", standing(office))
    assert answer.status_code == 303, alert(answer)
    place = answer.headers["Location"]
    assert "within a minute" in browser.get(place, base_url=office.base_url).text
    office.issuer.sign_statements()
    page = browser.get(place, base_url=office.base_url).text
    assert "For grades of 6 or better." in page
    file = browser.get(f"{place}/statement.json", base_url=office.base_url)
    assert file.json["credentialSubject"]["creditRecognised"][0]["point"] == "3"
    assert "Elective in the MSc Finance" in browser.get(PLACE, base_url=office.base_url).text
    refused = office.post(browser, f"{place}/withdraw", {"reason": " "})
    assert (refused.status_code, "reason" in alert(refused)) == (422, True)
    assert office.post(browser, f"{place}/withdraw", {"reason": "It has ended."}).status_code == 303
    assert "It has ended." in browser.get(place, base_url=office.base_url).text
    assert statements(office.desk(officer, "other"))[0].withdrawn


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Title"),
        ({"about": ""}, "About"),
        ({"credits": "many"}, "not a number"),
        ({"purpose": "x"}, "Purpose"),
        ({"towards": ""}, "recognisedTowards"),
        ({"basis-consortiumAgreement": ""}, "recognitionBasis"),
        ({"until": "tomorrow"}, "not a day"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(office, browser, changes, words):
    answer = office.post(browser, f"{PLACE}/new", standing(office, **changes))
    assert answer.status_code == 422
    assert words in alert(answer)
    assert "For grades of 6 or better." in answer.text


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("T", {"about": "did:web:elsewhere.example"}),
        ("Q", {"rating-quality": "strong", "rating-assessment": "strong", "rating-level": "substantial"}),
    ],
)
def test_trust_and_quality_are_stated_too(office, browser, kind, more):
    assert browser.get(f"{PLACE}/new?kind={kind}", base_url=office.base_url).status_code == 200
    answer = office.post(browser, f"{PLACE}/new", standing(office, kind=kind, **more))
    assert answer.status_code == 303, alert(answer)


def hand_in(office, browser, data=None, **more):
    given = {"applicant": "Nguyễn Thị Minh B", "purpose": "creditTransfer"} | more
    file = (io.BytesIO(office.badge.text.encode() if data is None else data), "badge.json")
    return office.post(
        browser, f"{PLACE}/decide", {**given, "file": file}, content_type="multipart/form-data"
    )


def decided(office, **changes):
    ratings = {
        f"rating-{one}": "substantial"
        for one in (
            "quality",
            "verification",
            "level",
            "learningOutcomes",
            "workload",
            "assessment",
            "identification",
        )
    }
    return (
        standing(office)
        | ratings
        | {
            "badge": b64encode(office.badge.text.encode()).decode(),
            "title": "Recognition decision",
            "outcome": "full",
            "reference": "REC-1",
            "appeal": "https://www.example-uni.eu/appeal",
            "comment": "Recognised.",
        }
        | changes
    )


def test_a_badge_is_checked_the_ratings_are_proposed_and_a_decision_is_made(office, officer, browser):
    page = hand_in(office, browser)
    assert "recognition/refuse?country=VN" in page.text
    assert page.status_code == 200
    assert re.search(r'name="rating-workload".*?<option value="strong" selected', page.text, re.DOTALL)
    assert not re.search(r'name="rating-level">[^/]*<option value="[a-z]+" selected', page.text)
    assert 'name="credits" maxlength="8" value="3"' in page.text
    assert office.post(browser, f"{PLACE}/decide", decided(office)).status_code == 303
    office.issuer.sign_statements()
    made = statements(office.desk(officer, "other"))[0]
    assert (made.kind, made.about) == ("R2", office.badge.urn)
    assert "Nguyễn" not in made.text


def part(page, name):
    """Give the words of one section of a page, without markup."""
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_which_certificate_it_is_and_what_the_check_says_stands_first(office, browser):
    page = hand_in(office, browser)
    told = part(page, "the-certificate")
    badge = json.loads(office.badge.text)["credentialSubject"]
    for words in (
        badge["achievement"]["name"],
        "Awarded by Example University of Economics and Finance",
        "Awarded to Nguyễn Thị Minh B",
        "Awarded on 30 June 2026",
        "ECTS 3",
        "Result Final grade : 8.3 of 10",
        "This certificate is good :",
    ):
        assert words in told, told
    assert page.text.index("the-certificate") < page.text.index('aria-labelledby="ratings"')
    again = office.post(browser, f"{PLACE}/decide", decided(office, appeal=""))
    assert part(again, "the-certificate") == told


def test_the_facts_beside_the_criteria_are_sentences(office, browser):
    page = hand_in(office, browser, applicant="Somebody Else")
    told = part(page, "ratings")
    assert "Nothing shows that the applicant is its holder." in told
    assert "By the agreed table:" in told
    for code in ("issuer_in_registry", "not_matched", "by_table", ": ."):
        assert code not in told


WEAK = "Outcomes, assessment or identification is weak"
FULL = "full recognition asks that"


def test_what_was_agreed_on_follows_the_ratings(office, browser):
    first = hand_in(office, browser)
    assert "Nothing follows" in part(first, "advice") or "quality" in part(first, "advice")
    assert not [words for words in (WEAK, FULL) if words in part(first, "advice")]
    typed = decided(office, appeal="")
    assert FULL in part(office.post(browser, f"{PLACE}/decide", typed), "advice")
    weak = part(office.post(browser, f"{PLACE}/decide", typed | {"rating-assessment": "weak"}), "advice")
    assert (WEAK in weak, FULL in weak) == (True, False)
    bad = office.post(browser, f"{PLACE}/decide", typed | {"rating-assessment": "x"})
    assert (bad.status_code, bool(alert(bad))) == (422, True)


def test_what_holds_for_any_rating_is_called_so(office, browser):
    page = hand_in(office, browser)
    assert "Partial recognition needs" in part(page, "outcomes")
    assert "Partial recognition needs" not in part(page, "advice")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"comment": "Nguyễn Thị Minh B is recognised."}, "names a person"),
        ({"outcome": "conditional", "comment": ""}, "names no condition"),
        ({"outcome": "notRecognised"}, "letter"),
        ({"appeal": ""}, "How to appeal"),
        ({"credits": "4"}, "more than"),
        ({"rating-level": ""}, "Not rated"),
    ],
)
def test_a_decision_keeps_the_rules(office, browser, changes, words):
    answer = office.post(browser, f"{PLACE}/decide", decided(office, **changes))
    assert answer.status_code == 422
    assert words in alert(answer)


def test_nothing_is_decided_about_what_is_not_good(office, browser):
    changed = office.badge.text.replace('"point":"3"', '"point":"30"').encode()
    assert changed != office.badge.text.encode()
    page = hand_in(office, browser, changed)
    assert "suspected fraud" in alert(page)
    assert "This certificate is not valid" in part(page, "the-certificate")
    assert "Nguyễn" not in part(page, "the-certificate")
    answer = office.post(browser, f"{PLACE}/decide", decided(office, badge=b64encode(changed).decode()))
    assert "suspected fraud" in alert(answer)
    assert hand_in(office, browser, b"").status_code in (200, 422)
    for bad in ("no base64!", b64encode(b"nothing").decode()):
        assert office.post(browser, f"{PLACE}/decide", decided(office, badge=bad)).status_code in (200, 422)


def test_hours_are_kept_with_their_reference(office, browser):
    form = {"system": "https://w3id.org/testamur/ns/v1#credit-VN", "hours": "45", "rule": "Circular 08/2021"}
    assert office.post(browser, f"{PLACE}/hours", form).status_code == 303
    assert "Circular 08/2021" in browser.get(PLACE, base_url=office.base_url).text
    refused = office.post(browser, f"{PLACE}/hours", form | {"hours": "many"})
    assert (refused.status_code, bool(alert(refused))) == (422, True)


def test_words_that_were_typed_bring_no_markup(office, browser):
    answer = office.post(browser, f"{PLACE}/new", standing(office, title="", comment="</textarea><script>"))
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_nobody_else_opens_these_pages(office):
    for role in (Role.ISSUER, Role.INSTITUTION_ADMIN, Role.AUDITOR):
        other = office.client(office.person("Other", role, slug="other"))
        assert other.get(PLACE, base_url=office.base_url).status_code == 403
    stranger = office.client(office.person("Stranger", Role.RECOGNITION_OFFICER))
    assert stranger.get(PLACE, base_url=office.base_url).status_code == 404


def test_an_officer_of_one_faculty_is_told_whom_to_ask(office):
    admin = office.desk(office.person("Admin", Role.INSTITUTION_ADMIN, slug="other"), "other")
    faculty = create_faculty(admin, code="finance", name="Finance")
    officer = office.person("Confined", Role.RECOGNITION_OFFICER, slug="other", faculty=faculty.id)
    answer = office.get(office.client(officer), PLACE)
    assert answer.status_code == 403
    assert "Ask the administrator for the role in the whole institution." in answer.text
    given = [Grant(Role.RECOGNITION_OFFICER, faculty.id)]
    with pytest.raises(IssuerError, match="Recognition officers, auditors"):
        check_grants(admin, given)
    check_grants(admin, [Grant(Role.RECOGNITION_OFFICER), Grant(Role.ISSUER, faculty.id)])


REFUSAL = {
    "course": "Credit Risk Analysis",
    "purpose": "creditTransfer",
    "basis-institutionalRules": "1",
    "difference-learningOutcomes": "One of five outcomes is covered.",
    "effect-learningOutcomes": "Four must be studied.",
    "reference": "REC-7",
    "appeal": "https://www.example-uni.eu/appeal",
}


def test_a_refusal_is_a_letter_and_no_statement(office, officer, browser):
    before = len(statements(office.desk(officer, "other")))
    assert browser.get(f"{PLACE}/refuse", base_url=office.base_url).status_code == 200
    answer = office.post(browser, f"{PLACE}/refuse", REFUSAL)
    assert answer.mimetype == "text/plain"
    for words in ("Other University", "is not recognised", "One of five", "Four must", "REC-7", "appeal"):
        assert words in answer.text
    assert len(statements(office.desk(officer, "other"))) == before


def test_a_refusal_may_say_where_the_certificate_was_awarded(office, browser):
    form = office.get(browser, f"{PLACE}/refuse?country=VN").text
    assert '<option value="VN" selected>Viet Nam</option>' in form
    assert '<option value="VN">Viet Nam</option>' in office.get(browser, f"{PLACE}/refuse").text
    assert office.post(browser, f"{PLACE}/refuse", REFUSAL | {"country": "VN"}).status_code == 200
    refused = office.post(browser, f"{PLACE}/refuse", REFUSAL | {"country": "XX"})
    assert (refused.status_code, bool(alert(refused))) == (422, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"difference-learningOutcomes": ""},
        {"effect-learningOutcomes": ""},
        {"reference": ""},
        {"appeal": ""},
        {
            "difference-learningOutcomes": "",
            "difference-level": "Only indicative.",
            "effect-level": "?",
            "indicative": "1",
        },
    ],
    ids=["no-difference", "no-effect", "no-reference", "no-appeal", "level-alone"],
)
def test_a_refusal_without_what_it_owes_is_not_written(office, browser, changes):
    answer = office.post(browser, f"{PLACE}/refuse", REFUSAL | changes)
    assert (answer.status_code, bool(alert(answer))) == (422, True)
