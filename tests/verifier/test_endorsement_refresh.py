"""Endorsements inside a badge in their newest version: followed once, and only where proven to be one."""

import copy
from datetime import timedelta

import pytest
from simulator import EXTENSIONS, NOW, OB3, VC2, Failure, World, as_bytes, stamp
from wrappers import presentation

from keys import SecretKey
from ob3 import add_proof
from verifier import Outcome, Policy, Verdict

HOST = "badges.keystone.example"
ACHIEVEMENT = f"https://{HOST}/achievements/lending"
URL = "https://quality.example/refresh/e1"
CONTEXTS = [VC2, OB3, EXTENSIONS]
WITH_SERVICE = {"@context": CONTEXTS, "refreshService": {"id": URL, "type": "1EdTechCredentialRefresh"}}
LATER = {"validFrom": "2026-06-01T00:00:00Z", "name": "Endorsement, renewed"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


@pytest.fixture
def endorser(world):
    return world.issuer("quality.example", name="Quality Agency")


def made(endorser, **changes):
    return endorser.endorsement(ACHIEVEMENT, **{**WITH_SERVICE, **changes})


def verify(world, issuer, *endorsements, newer=None, policy=None, **changes):
    if newer is not None:
        world.publish(URL, newer)
    badge = issuer.badge(**{"@context": CONTEXTS, "endorsement": list(endorsements) or None, **changes})
    report = (world.verifier(policy=policy) if policy else world.verifier()).verify(badge)
    return report, report.check("endorsements")


def test_a_newer_endorsement_is_judged_and_told(world, issuer, endorser):
    report, found = verify(world, issuer, made(endorser), newer=made(endorser, **LATER))
    assert (report.verdict, found.outcome, found.code) == (
        Verdict.valid,
        Outcome.passed,
        "endorsements_renewed",
    )
    [one] = report.endorsements
    assert (one.verdict, one.credential["name"]) == (Verdict.valid, LATER["name"])
    assert world.requests.count(URL) == 1


def test_one_that_is_the_newest_is_judged_as_it_is(world, issuer, endorser):
    own = made(endorser)
    report, found = verify(world, issuer, own, newer=own)
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")
    assert report.endorsements[0].credential["name"] == "Endorsement"


def test_the_newer_one_counts_by_its_own_dates_and_status(world, issuer, endorser):
    ended = {"validUntil": "2026-03-01T00:00:00Z"}
    assert verify(world, issuer, made(endorser, **ended))[1].code == "endorsement_lapsed"
    report, found = verify(world, issuer, made(endorser, **ended), newer=made(endorser, **LATER))
    assert (found.code, report.endorsements[0].verdict) == ("endorsements_renewed", Verdict.valid)
    endorser.withdraw(413)
    gone = made(endorser, **LATER, credentialStatus=endorser.entry(413))
    report, found = verify(world, issuer, made(endorser), newer=gone)
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_lapsed")
    assert report.endorsements[0].verdict is Verdict.revoked


def test_a_newer_one_about_something_else_is_told(world, issuer, endorser):
    other = endorser.endorsement("https://elsewhere.example/a", **WITH_SERVICE, **LATER)
    assert verify(world, issuer, made(endorser), newer=other)[1].code == "endorsement_elsewhere"


def forged(endorser):
    newer = copy.deepcopy(made(endorser, **LATER))
    newer["credentialSubject"]["endorsementComment"] = "The best in the world."
    return newer


ANSWERS = {
    "forged": forged,
    "of another issuer": lambda endorser: made(
        endorser.world.issuer("stranger.example"), id=made(endorser)["id"], **LATER
    ),
    "another endorsement": lambda endorser: made(
        endorser, **LATER, id="urn:uuid:0b3bd4a8-5d3c-4a5e-9f38-0e3a3f0a7b99"
    ),
    "an older one": lambda endorser: made(endorser, validFrom="2025-01-01T00:00:00Z"),
    "no endorsement": lambda endorser: endorser.badge(id=made(endorser)["id"], **LATER),
    "signed by an unlisted key": lambda endorser: add_proof(
        {name: value for name, value in made(endorser, **LATER).items() if name != "proof"},
        signer=SecretKey.from_seed(b"x" * 32).signer(f"{endorser.did}#key-9"),
        created="2026-06-01T00:00:00Z",
    ),
    "no text": lambda endorser: b"<html>",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_any_other_answer_leaves_the_one_in_the_file_and_is_told(world, issuer, endorser, answer):
    report, found = verify(world, issuer, made(endorser), newer=ANSWERS[answer](endorser))
    assert (report.verdict, found.outcome, found.code) == (
        Verdict.valid,
        Outcome.warning,
        "endorsement_not_renewed",
    )
    assert report.endorsements[0].credential["name"] == "Endorsement"


def test_a_place_that_does_not_answer_is_told_and_changes_nothing(world, issuer, endorser):
    world.fail(URL, Failure.down)
    report, found = verify(world, issuer, made(endorser))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_not_renewed")
    assert "could not be found out" in found.message


def test_a_false_endorsement_is_not_asked_for_and_stays_false(world, issuer, endorser):
    false = made(endorser)
    false["credentialSubject"]["endorsementComment"] = "The best in the world."
    report, _ = verify(world, issuer, false, newer=made(endorser, **LATER))
    assert report.verdict is Verdict.invalid
    assert URL not in world.requests


def test_nothing_is_asked_for_a_badge_that_nobody_confirmed(world, issuer, endorser):
    world.publish(URL, made(endorser, **LATER))
    badge = issuer.badge(endorsement=[made(endorser)], **{"@context": CONTEXTS})
    world.fail(issuer.did_url, Failure.down)
    assert world.verifier().verify(badge).verdict is Verdict.undetermined
    assert URL not in world.requests


def test_a_policy_may_ask_nobody(world, issuer, endorser):
    policy = Policy(isolate=False, follow_refresh=False)
    _, found = verify(world, issuer, made(endorser), newer=made(endorser, **LATER), policy=policy)
    assert found.code == "endorsements_good"
    assert URL not in world.requests


def test_the_badge_s_own_newest_version_comes_first_and_its_endorsements_are_those_renewed(
    world, issuer, endorser
):
    own = f"https://{HOST}/refresh/b1"
    service = {"refreshService": {"id": own, "type": "1EdTechCredentialRefresh"}, "@context": CONTEXTS}
    newer = issuer.badge(endorsement=[made(endorser)], validFrom="2026-06-01T00:00:00Z", **service)
    world.publish(own, newer)
    report, found = verify(world, issuer, newer=made(endorser, **LATER), **service)
    assert (report.check("refresh").code, found.code) == ("refreshed", "endorsements_renewed")
    assert world.requests.index(own) < world.requests.index(URL)


def test_what_the_badge_needs_is_asked_for_before_any_newer_endorsement(world, issuer):
    """Eight endorsers of one badge, each with a place for newer versions, beyond what may be asked."""
    endorsements = []
    for number in range(8):
        endorser = world.issuer(f"quality-{number}.example")
        place = {"id": f"https://quality-{number}.example/refresh", "type": "1EdTechCredentialRefresh"}
        world.publish(place["id"], endorser.endorsement(ACHIEVEMENT, **LATER, **{"@context": CONTEXTS}))
        endorsements.append(
            endorser.endorsement(ACHIEVEMENT, **{"@context": CONTEXTS, "refreshService": place})
        )
    report, found = verify(world, issuer, *endorsements)
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_not_renewed")
    assert len(world.requests) == 12
    assert report.check("status").code == "not_withdrawn"
    few, found = verify(world, issuer, *endorsements[:2])
    assert (few.verdict, found.code) == (Verdict.valid, "endorsements_renewed")


def test_inside_a_presentation_nothing_newer_is_asked_for(world, issuer, endorser):
    badge = issuer.sign(issuer.credential(endorsement=[made(endorser)], **{"@context": CONTEXTS}))
    world.publish(URL, made(endorser, **LATER))
    report = world.verifier().verify(as_bytes(presentation([badge])))
    assert report.verdict is Verdict.valid
    assert URL not in world.requests
    assert world.verifier().verify(as_bytes(badge)).check("endorsements").code == "endorsements_renewed"


def test_a_newer_one_that_is_not_in_force_yet_is_left(world, issuer, endorser):
    later = made(endorser, **{**LATER, "validFrom": stamp(NOW + timedelta(days=9))})
    report, found = verify(world, issuer, made(endorser), newer=later)
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")
    assert report.endorsements[0].credential["name"] == "Endorsement"
