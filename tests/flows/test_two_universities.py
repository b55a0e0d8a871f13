"""Two deployments recognise each other's courses: stated on one, listed on the other, gone when withdrawn."""

import io
import json

import app_fakes
import pytest
from recognition_world import TwoUniversities
from simulator import Failure
from werkzeug.datastructures import FileStorage

from issuer.recognition.published import statements_about
from issuer.recognition.standing import withdraw
from microcredential import CONTEXT_PATH, context


@pytest.fixture
def pair(tmp_path):
    both = TwoUniversities(tmp_path)
    yield both
    both.close()


def test_each_recognises_what_the_other_awards(pair):
    for maker, receiver in ((pair.first, pair.second), (pair.second, pair.first)):
        texts = [maker.state(kind, receiver)[1] for kind in ("R1", "Q", "T")]
        assert receiver.listed() == []
        for text in texts:
            answer = receiver.submit(text)
            assert answer.status_code == 201, answer.text
        assert receiver.listed() == [(kind, maker.did) for kind in ("T", "Q", "R1")]
        published = receiver.get(f"/achievements/{receiver.version.public_id}/endorsements")
        assert published.headers["Access-Control-Allow-Origin"] == "*"
        assert published.json["achievement"] == receiver.achievement_id
        assert [one["credential"] for one in published.json["endorsements"]] == [
            json.loads(text) for text in reversed(texts)
        ]


def test_what_is_withdrawn_there_is_not_listed_here(pair):
    urn, text = pair.second.state("R1", pair.first)
    assert pair.first.submit(text).status_code == 201
    withdraw(pair.second.officer(), urn, reason="The programme has ended.")
    pair.first.clock.forward(hours=1, minutes=1)
    pair.second.sign()
    pair.first.rounds.once()
    assert pair.first.listed() == []
    assert pair.first.submit(text).json["code"] == "not_valid"


def test_what_cannot_be_checked_any_more_waits_until_it_can(pair):
    _, text = pair.second.state("R1", pair.first)
    pair.first.submit(text)
    address = json.loads(text)["credentialStatus"]["statusListCredential"]
    pair.world.fail(address, Failure.down)
    pair.first.clock.forward(hours=1, minutes=1)
    pair.second.sign()
    pair.first.rounds.once()
    assert pair.first.listed() == []
    pair.world.mend(address)
    pair.first.clock.forward(hours=1, minutes=1)
    pair.second.sign()
    pair.first.rounds.once()
    assert pair.first.listed() == [("R1", pair.second.did)]


def test_the_worker_fetches_what_a_trusted_deployment_states(pair):
    urn, _ = pair.second.state("R1", pair.first)
    pair.second.state("T", pair.first)
    assert pair.first.rounds.once() == 2
    assert sorted(pair.first.listed()) == [("R1", pair.second.did), ("T", pair.second.did)]
    assert pair.first.rounds.once() == 0
    withdraw(pair.second.officer(), urn, reason="The programme has ended.")
    assert pair.second.feed() == ["T"]
    pair.first.clock.forward(hours=1, minutes=1)
    pair.second.sign()
    pair.first.rounds.once()
    assert pair.first.listed() == [("T", pair.second.did)]


@pytest.mark.parametrize("failure", [Failure.down, Failure.not_json, Failure.html, Failure.missing])
def test_a_feed_that_cannot_be_read_changes_nothing(pair, failure):
    pair.second.state("R1", pair.first)
    pair.world.fail("https://badges.alliance.example/recognition-statements.json", failure)
    assert pair.first.rounds.once() == 0
    pair.world.mend("https://badges.alliance.example/recognition-statements.json")
    assert pair.first.rounds.once() == 0  # asked once an hour
    pair.first.clock.forward(hours=1, minutes=1)
    pair.second.sign()
    assert pair.first.rounds.once() == 1


@pytest.mark.parametrize(
    "feed", [[], {}, {"endorsements": "x"}, {"endorsements": [1, {"credential": 2}, {"credential": {}}]}]
)
def test_a_feed_of_another_form_changes_nothing(pair, feed):
    pair.world.publish(
        "https://badges.alliance.example/recognition-statements.json", json.dumps(feed).encode()
    )
    assert pair.first.rounds.once() == 0


def test_a_decision_about_a_person_is_published_nowhere(pair):
    badge = json.loads(pair.first.office.one().text)
    _, text = pair.second.state("R2", pair.first, badge=badge)
    assert pair.second.feed() == []
    assert pair.first.submit(text).json["code"] == "individual"
    assert pair.first.listed() == []


def test_what_was_changed_on_the_way_is_refused(pair):
    _, text = pair.second.state("R1", pair.first)
    changed = json.loads(text)
    changed["credentialSubject"]["creditRecognised"][0]["point"] = "2"
    answer = pair.first.submit(json.dumps(changed))
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")
    assert pair.first.submit(text).status_code == 201


def test_a_statement_of_somebody_whom_nobody_trusts_is_refused(pair):
    stranger = pair.world.issuer("stranger.example")
    made = stranger.endorsement(pair.first.achievement_id)
    assert pair.first.submit(json.dumps(made)).json["code"] == "no_statement"
    _, text = pair.second.state("R1", pair.first)
    document = json.loads(text)
    del document["proof"]
    document["issuer"] = stranger.profile()
    document["credentialStatus"] = stranger.entry(7)
    contexts = {pair.second.base_url + CONTEXT_PATH: context()}
    pair.world.now = pair.first.clock.now
    stranger.publish_list("revocation")
    signed = stranger.sign(document, created=document["validFrom"], extra_contexts=contexts)
    answer = pair.first.submit(json.dumps(signed))
    assert (answer.status_code, answer.json["code"]) == (422, "issuer_unknown")


def test_a_statement_about_another_course_is_refused(pair):
    _, text = pair.first.state("R1", pair.second)
    own = pair.first.submit(text)
    assert own.json["code"] == "about_another"
    assert pair.second.submit(text).status_code == 201


def test_the_same_again_is_listed_once(pair):
    _, text = pair.second.state("R1", pair.first)
    assert [pair.first.submit(text).status_code for _ in range(2)] == [201, 201]
    assert len(pair.first.listed()) == 1


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"[" * 70_000, "application/json", 413),
        (b"{}", "text/plain", 415),
    ],
    ids=["half", "nothing", "no-text", "too-large", "not-json"],
)
def test_bad_input_is_refused_in_words(pair, data, content_type, status):
    answer = pair.first.submit(data, content_type=content_type)
    assert answer.status_code == status
    assert answer.json["detail"]


def test_an_unknown_course_has_nothing(pair):
    assert pair.first.get("/achievements/unknown/endorsements").status_code == 404
    assert pair.first.submit(b"{}", public_id="unknown").status_code == 404


def test_what_has_ended_is_in_no_feed(pair):
    pair.second.state("T", pair.first)
    assert pair.second.feed() == ["T"]
    pair.first.clock.forward(days=365 * 4)
    assert pair.second.feed() == []


def check_page(side, text):
    """Give what a visitor of one side reads of a file."""
    files = [FileStorage(io.BytesIO(text.encode()), filename="badge.json")]
    form = app_fakes.multipart(files=files)
    return side.web.post("/verify", base_url=side.base_url, **form).get_data(as_text=True)


def test_an_employer_reads_who_recognises_it_beside_whether_it_is_genuine(pair):
    record = pair.first.office.one()
    pair.first.sign()
    assert "What others state" not in check_page(pair.first, record.text)
    _, text = pair.second.state("R1", pair.first)
    pair.first.submit(text)
    paper = pair.first.get(f"/c/{record.code}").get_data(as_text=True)
    for page in (check_page(pair.first, record.text), paper, check_page(pair.second, record.text)):
        told = page.partition('id="recognised"')[2].partition("</section>")[0]
        assert "University zagreb" in told
        assert "3 ECTS" in told
        assert "MSc Finance" in told
        assert "does not depend" in told
    course = pair.first.web.get(
        f"/achievements/{pair.first.version.public_id}",
        base_url=pair.first.base_url,
        headers={"Accept": "text/html"},
    )
    assert "University zagreb" in course.get_data(as_text=True)


def test_a_badge_that_borrows_anothers_course_borrows_no_recognition(pair):
    record = pair.first.office.one()
    _, text = pair.second.state("R1", pair.first)
    pair.first.submit(text)
    desk = pair.first.office.issuer.deployment
    assert statements_about(desk, pair.first.achievement_id, pair.first.did)
    assert not statements_about(desk, pair.first.achievement_id, pair.second.did)
    there = pair.second.office.issuer.deployment
    assert statements_about(there, pair.first.achievement_id, pair.first.did)
    assert not statements_about(there, pair.first.achievement_id, "did:web:stranger.example")
    assert not statements_about(there, pair.first.achievement_id, "did:key:z6Mk")
    assert record.text


def test_words_of_others_bring_no_markup(pair):
    record = pair.first.office.one()
    pair.first.sign()
    _, text = pair.second.state("R1", pair.first, conditions="<script>alert(1)</script>\u202e**x**")
    pair.first.submit(text)
    page = check_page(pair.first, record.text)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "[U+202E]" in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("T", ["stands for an institution", "Member since 2025"]),
        ("Q", ["reviewed the quality", "Level: Substantial"]),
        ("R1", ["for every holder", "3 ECTS", "MSc Finance", "Credit transfer"]),
        ("R2", ["one certificate", "Full recognition", "REC-2026-0814", "3 ECTS"]),
    ],
)
def test_a_statement_that_is_checked_alone_says_what_it_states(pair, kind, words):
    badge = {"badge": json.loads(pair.first.office.one().text)} if kind == "R2" else {}
    _, text = pair.second.state(kind, pair.first, **badge)
    page = check_page(pair.first, text)
    told = page.partition('id="what-it-says"')[2].partition("</section>")[0]
    assert [word for word in words if word not in told] == []
    assert "Awarded to" not in told
    assert "This statement is <strong>good</strong>" in page


def test_the_holder_hands_in_both_in_one_presentation(pair):
    badge = json.loads(pair.first.office.one().text)
    pair.first.sign()
    _, text = pair.second.state("R2", pair.first, badge=badge)
    both = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [badge, json.loads(text)],
    }
    page = check_page(pair.first, json.dumps(both))
    assert "Full recognition" in page
    assert "all of them are good" in page.replace("<strong>", "").replace("</strong>", "")
