"""What the pages say, show and keep back."""

import dataclasses
import re

import pytest
from app_fakes import CODE, SHARE, TOKEN, report, revoked

from issuer.records import Visibility
from verifier import IssuerTrust, Outcome, Verdict

BAD = "<script>alert(1)</script>"


def heading(page: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1])


def open_checks(page: str) -> list[str]:
    return re.findall(r"<details open><summary><b>(.*?)</b>", page)


# The page that the QR code opens


def test_a_good_certificate_is_said_in_one_sentence(world):
    page = world.get(f"/c/{CODE}").text
    assert heading(page) == (
        "This certificate is good: Example University of Economics and Finance awarded it to "
        "Nguyễn Thị Minh Anh on 30 June 2026."
    )
    assert "<title>Good: micro-credential of Nguyễn Thị Minh Anh</title>" in page
    assert 'class="verdict is-good"' in page
    assert "3 ECTS credits, 90 hours of study in all" in page
    assert 'lang="vi"><bdi>Phân tích rủi ro tín dụng' in page
    assert "from 6 April to 20 June 2026" in page
    assert f'<p class="url">https://<b>badges.example.edu</b>/c/{CODE}</p>' in page.replace("\n", "")
    assert open_checks(page) == []


@pytest.mark.parametrize("page_of", ["a certificate", "a course"])
def test_what_a_document_says_is_shown_in_the_readers_language_where_it_has_it(world, page_of):
    course = f"/achievements/{world.office.kept.definition.public_id}"
    path = f"/c/{CODE}" if page_of == "a certificate" else course
    english, vietnamese = "Interpret the financial statements", "Diễn giải báo cáo tài chính"
    for asked in ("vi", "vi-VN, en;q=0.5"):
        page = world.get(path, **{"Accept-Language": asked})
        assert vietnamese in page.text
        assert english not in page.text
        assert 'lang="vi"' in page.text
        assert '<html lang="en"' in page.text  # the page itself does not speak it
        assert "Accept-Language" in page.headers["Vary"]
    assert vietnamese in world.get(f"{path}?lang=vi").text
    for asked in ("en", "cs", "*", "../../etc", ""):
        page = world.get(path, **{"Accept-Language": asked}).text
        assert english in page
        assert vietnamese not in page


def test_the_page_verifies_the_stored_bytes(world):
    world.get(f"/c/{CODE}")
    assert world.own.asked == [(world.office.kept.text.encode(), None)]


def test_the_page_shows_the_report_and_not_the_record(world, credential):
    credential["credentialSubject"]["name"] = "Somebody Verified"
    world.own.answer = report(credential=credential)
    page = world.get(f"/c/{CODE}").text
    assert "Somebody Verified" in page
    assert "Nguyễn Thị Minh Anh" not in page


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Visibility(), set()),
        (Visibility(grade=True), {"8.3"}),
        (Visibility(parts=True), {"7.8", "8.6"}),
        (Visibility(evidence=True), {"Project report"}),
        (Visibility(grade=True, parts=True, evidence=True), {"8.3", "7.8", "8.6", "Project report"}),
    ],
)
def test_grades_and_evidence_are_shown_as_the_holder_chose(world, credential, choice, shown):
    credential["evidence"] = [
        {"id": "https://files.example/report.pdf", "type": ["Evidence"], "name": "Project report"}
    ]
    world.own.answer = report(credential=credential)
    world.office.kept = dataclasses.replace(world.office.kept, visibility=choice)
    page = world.get(f"/c/{CODE}").text
    assert {each for each in ("8.3", "7.8", "8.6", "Project report") if each in page} == shown


def test_the_student_number_and_the_file_stay_with_the_holder(world):
    for path in (f"/c/{CODE}", f"/s/{SHARE}"):
        page = world.get(path).text
        assert "UEF-2231-0457" not in page
        assert "credential.json" not in page


def test_a_revoked_certificate_says_when_and_why(world):
    world.office.kept = revoked(world.credential)
    world.own.answer = report(
        Verdict.revoked, credential=world.credential, status=(Outcome.failed, "revoked", {})
    )
    page = world.get(f"/c/{CODE}").text
    assert heading(page) == (
        "This certificate was revoked on 12 October 2026 by Example University of Economics and Finance, "
        "because a mistake was found in the name or the grade and a corrected certificate has replaced it."
    )
    assert open_checks(page) == ["It has not been withdrawn"]
    assert "mailto:office@example.edu" in page
    assert "What it said" in page


def test_a_list_that_does_not_answer_is_neither_yes_nor_no(world):
    world.own.answer = report(
        Verdict.undetermined,
        credential=world.credential,
        status=(Outcome.unknown, "status_unreachable", {"host": "badges.example.edu"}),
    )
    page = world.get(f"/c/{CODE}").text
    assert heading(page) == (
        "This certificate could not be checked to the end: the list that says whether "
        "Example University of Economics and Finance has withdrawn it did not answer."
    )
    assert "neither a yes nor a no" in page
    assert f'href="/c/{CODE}">Check again' in page
    assert "is-good" not in page.split("What was checked")[0]


def test_a_valid_file_of_an_unknown_issuer_is_not_green(world):
    world.outside.answer = report(
        trust=IssuerTrust.unknown, credential=world.credential, issuer="did:web:badges.keystone.example"
    )
    page = world.post("/verify", data={"text": "{}"}).text
    assert heading(page).startswith(
        "The issuer is not known to us: the file is unaltered and was signed by whoever"
    )
    assert "badges.keystone.example" in heading(page)
    assert 'class="verdict is-open unknown-issuer"' in page
    assert "<title>Issuer not known to us</title>" in page
    assert "as the file puts it" in page
    assert "Known to us" not in page
    assert "accent.css" not in page
    assert open_checks(page) == ["The issuer is known to us"]


def test_a_key_that_names_no_owner_is_said_to_be_one(world):
    world.outside.answer = report(
        trust=IssuerTrust.unknown, credential=world.credential, issuer="did:key:z6Mk"
    )
    assert "a key that names no owner" in heading(world.post("/verify", data={"text": "{}"}).text)


@pytest.mark.parametrize(
    ("check", "code", "fault"),
    [
        ("signature", "signature_misfit", "what it says does not fit its signature"),
        ("issuer_key", "key_absent", "the key that signed it is not one of Example University"),
        ("context", "context_unknown", "it uses words without an agreed meaning"),
        ("dates", "dates_inverted", "its parts contradict each other"),
        ("container", "no_credential", "no signed certificate was found in it"),
        ("parse", "json_malformed", "it cannot be read without error"),
        ("schema", "schema_malformed", "it lacks what a certificate must say"),
        ("signature", "no_proof", "no signed certificate was found in it"),
    ],
)
def test_an_invalid_file_names_its_fault_and_shows_nothing_of_itself(world, check, code, fault):
    detail = {"reason": "r", "from_day": "a", "until_day": "b", "member": "m"}
    world.outside.answer = report(
        Verdict.invalid, credential=world.credential, **{check: (Outcome.failed, code, detail)}
    )
    page = world.post("/verify", data={"text": "{}"}).text
    assert heading(page).startswith(f"This certificate is not valid: {fault}")
    assert "Nguyễn" not in page
    assert "Credit Risk" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("limit_address", "its web address is one that we may not open"),
        ("limit_work", "reading it takes more work than we allow"),
        ("limit_size", "it is larger than we read"),
        ("limit_depth", "its parts stand too deep inside each other"),
        ("limit_count", "it has more parts than we read"),
    ],
)
def test_a_refused_file_names_the_limit(world, code, words):
    changes = {"parse": (Outcome.failed, code, {"host": "h", "what": "w"})}
    world.outside.answer = report(Verdict.refused, IssuerTrust.unknown, issuer=None, **changes)
    page = world.post("/verify", data={"text": "{}"}).text
    assert heading(page).startswith(f"We refused to check this file: {words}")


def test_an_address_without_an_answer_blames_no_issuer(world):
    changes = {"kind": (Outcome.unknown, "address_no_answer", {"host": "gone.example"})}
    world.outside.answer = report(Verdict.undetermined, IssuerTrust.unknown, issuer=None, **changes)
    page = world.post("/verify", data={"text": "https://gone.example/x"}).text
    assert (
        heading(page) == "This certificate could not be checked to the end: the web address did not answer."
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unsupported_suite", "we do not know (xyz-2030)"),
        ("unsupported_kind", "we do not know (SD-JWT)"),
        ("unsupported_version", "an older edition of the standard"),
    ],
)
def test_an_unsupported_form_is_named(world, code, words):
    changes = {"signature": (Outcome.unknown, code, {"suite": "xyz-2030"})}
    world.outside.answer = report(Verdict.unsupported, IssuerTrust.unknown, issuer=None, **changes)
    assert words in heading(world.post("/verify", data={"text": "{}"}).text)


def test_the_recipient_check_never_changes_the_answer(world):
    world.outside.answer = report(
        credential=world.credential, recipient=(Outcome.failed, "recipient_differs", {})
    )
    page = world.post("/verify", data={"text": "{}", "recipient": " Anna "}).text
    assert world.outside.asked == [(b"{}", "Anna")]
    assert 'class="verdict is-good"' in page
    assert open_checks(page) == ["Is this the right person?"]
    assert "No, the name does not fit." in page


# Codes, and what is not there


def test_a_short_code_leads_to_the_page_in_any_spelling(world):
    for typed in ("7KQ2-M9TX", "7kq2m9tx", " 7kq2-m9tx "):
        answer = world.post("/c", data={"code": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/c/{CODE}")


def test_a_short_code_behind_the_address_leads_there_too(world):
    for path in ("/c/7KQ2-M9TX", "/c?code=7kq2m9tx"):
        assert world.get(path).headers["Location"] == f"/c/{CODE}"
    assert world.get("/c/7KQ2-M9TZ").status_code == 404
    assert world.get("/c?code=7KQ2-M9TZ").status_code == 404


def test_an_unknown_code_stays_beside_its_field(world):
    answer = world.post("/c", data={"code": f'0000"{BAD}'})
    assert answer.status_code == 404
    assert 'aria-invalid="true"' in answer.text
    assert 'role="alert"' in answer.text
    assert BAD not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/c/x",
        f"/c/{CODE[::-1]}",
        "/c/" + "a" * 3000,
        "/h/x",
        f"/h/{TOKEN[::-1]}",
        "/s/x",
        "/nope",
        "/%00",
        "/c/%ff%fe",
    ],
)
def test_what_is_not_there_is_the_same_page(world, path):
    answer = world.get(path)
    assert answer.status_code == 404
    assert "This does not mean that the certificate is false." in answer.text
    assert "noindex" in answer.text


def test_a_program_gets_a_problem_document(world):
    answer = world.get("/c/unknown", Accept="application/json")
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 404
    assert {"type", "title", "detail", "instance"} <= answer.json.keys()
    assert world.get("/status/unknown").content_type == "application/problem+json"
    assert world.get("/nope", Accept="*/*").content_type == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW"])
@pytest.mark.parametrize("path", ["/", "/verify", f"/c/{CODE}", f"/h/{TOKEN}", "/status/uef/revocation/1"])
def test_a_wrong_method_is_refused(world, method, path):
    answer = world.web.open(path, method=method, base_url="https://badges.example.edu")
    assert answer.status_code in (400, 405)  # 400: a changing method without a token


# Text from outside


def test_markup_in_names_and_titles_stays_text(world, credential):
    subject = credential["credentialSubject"]
    subject["name"] = BAD
    subject["achievement"]["title"] = {"en": BAD, "vi": f'"{BAD}'}
    subject["achievement"]["learningOutcome"][0]["title"] = {"en": f"<img src=x onerror=alert(1)>{BAD}"}
    subject["achievement"]["resultDescription"][2]["name"] = BAD
    credential["issuer"]["name"] = BAD
    credential["evidence"] = [{"id": "javascript:alert(1)", "type": ["Evidence"], "name": BAD}]
    world.office.kept = dataclasses.replace(
        world.office.kept, visibility=Visibility(True, True, True), learner_name=BAD
    )
    for trust in IssuerTrust:
        world.own.answer = world.outside.answer = report(trust=trust, credential=credential)
        pages = [world.get(path).text for path in (f"/c/{CODE}", f"/s/{SHARE}", f"/h/{TOKEN}")]
        pages.append(world.post("/verify", data={"text": "{}"}).text)
        for page in pages:
            assert "<script" not in page
            assert "<img src=x" not in page
            assert "javascript:" not in page.replace("javascript:alert(1)</", "")
            assert 'href="javascript' not in page


def test_characters_that_cannot_be_seen_are_shown(world, credential):
    credential["credentialSubject"]["name"] = "Anna\u202eavonaK\u200b"
    world.own.answer = report(credential=credential)
    for path in (f"/c/{CODE}", f"/s/{SHARE}", f"/h/{TOKEN}"):
        page = world.get(path).text
        assert "Anna[U+202E]avonaK[U+200B]" in page
        assert "\u202e" not in page


def test_a_host_of_look_alike_letters_is_written_in_ascii(world, credential):
    world.outside.answer = report(
        trust=IssuerTrust.unknown, credential=credential, issuer="https://b\u0430dges.example/issuer"
    )
    page = world.post("/verify", data={"text": "{}"}).text
    assert "xn--" in heading(page)


def test_links_of_a_document_tell_nothing_to_their_target(world):
    page = world.get(f"/c/{CODE}").text
    outside = re.findall(r'<a href="https?://(?!badges\.example\.edu)[^>]+>', page)
    assert outside
    assert all('rel="nofollow noopener noreferrer"' in each for each in outside)
    assert ">report</a> (leads to qa-agency.example.vn)" in page


def test_pictures_of_a_document_are_never_loaded(world, credential):
    credential["credentialSubject"]["achievement"]["image"] = {
        "id": "https://tracker.example/p.png",
        "type": "Image",
    }
    world.own.answer = world.outside.answer = report(credential=credential)
    for page in (world.get(f"/c/{CODE}"), world.post("/verify", data={"text": "{}"})):
        assert "tracker.example" not in page.text


def test_the_first_page_lists_who_awards_and_what(world):
    page = world.get("/").text
    assert "Trường Đại học Kinh tế" in page
    assert f"/achievements/{world.office.kept.definition.public_id}" in page
    assert "Viet Nam" in page
