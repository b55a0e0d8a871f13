"""A newer version in place of what was handed in: followed once, and only where it is proven to be one."""

from datetime import timedelta

import pytest
from simulator import EXTENSIONS, IN_PROCESS, NOW, OB3, VC2, Failure, World, as_bytes, stamp

from keys import SecretKey
from keys.did import KeyRecord
from ob3 import add_proof
from ob3.selective import derive
from ob3.selective.mandatory import mandatory_pointers_of
from verifier import Outcome, Policy, Verdict

HOST = "badges.keystone.example"
URL = f"https://{HOST}/refresh/c7b1"
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}
WITH_SERVICE = {"@context": [VC2, OB3, EXTENSIONS], "refreshService": SERVICE}
LATER = {"validFrom": "2026-06-01T00:00:00Z", "name": "Certified Lending Professional, renewed"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def verify(world, issuer, newer=None, *, policy=IN_PROCESS, **changes):
    if newer is not None:
        world.publish(URL, newer)
    report = world.verifier(policy=policy).verify(issuer.badge(**{**WITH_SERVICE, **changes}))
    return report, report.check("refresh")


def test_a_newer_version_is_judged_and_shown(world, issuer):
    report, found = verify(world, issuer, issuer.badge(**WITH_SERVICE, **LATER))
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, Outcome.passed, "refreshed")
    assert report.credential["name"] == LATER["name"]
    assert "1 June 2026" in found.message


def test_the_newer_version_is_judged_by_its_own_dates_and_status(world, issuer):
    def renewed(**changes):
        return issuer.badge(**{**WITH_SERVICE, **LATER, **changes})

    ended = {"validUntil": "2026-03-01T00:00:00Z"}
    assert verify(world, issuer, renewed(), **ended)[0].verdict is Verdict.valid
    issuer.withdraw(412)
    other_place = renewed(credentialStatus=issuer.entry(413))
    assert verify(world, issuer, other_place)[0].verdict is Verdict.valid
    issuer.withdraw(413)
    report, found = verify(world, issuer, other_place)
    assert (report.verdict, found.code) == (Verdict.revoked, "refreshed")
    gone = renewed(validUntil="2026-07-01T00:00:00Z", credentialStatus=None)
    assert verify(world, issuer, gone, credentialStatus=None)[0].verdict is Verdict.expired


def test_without_a_service_nothing_is_asked(world, issuer):
    world.publish(URL, issuer.badge(**WITH_SERVICE, **LATER))
    report = world.verifier().verify(issuer.badge())
    assert (report.verdict, report.check("refresh").code) == (Verdict.valid, "no_refresh")
    assert URL not in world.requests


def test_the_address_is_asked_once_however_long_the_way_is(world, issuer):
    further = {"id": f"{URL}/2", "type": "1EdTechCredentialRefresh"}
    world.publish(f"{URL}/2", issuer.badge(**WITH_SERVICE, validFrom="2026-07-01T00:00:00Z"))
    report, found = verify(
        world, issuer, issuer.badge(**{**WITH_SERVICE, **LATER, "refreshService": further})
    )
    assert (report.verdict, found.code) == (Verdict.valid, "refreshed")
    assert report.credential["validFrom"] == LATER["validFrom"]
    assert world.requests.count(URL) == 1
    assert f"{URL}/2" not in world.requests


OTHERS = {
    "the same": (lambda issuer: issuer.badge(**WITH_SERVICE), "refresh_same", Outcome.passed),
    "older": (
        lambda issuer: issuer.badge(**WITH_SERVICE, validFrom="2026-01-01T00:00:00Z"),
        "refresh_older",
        Outcome.warning,
    ),
    "not yet in force": (
        lambda issuer: issuer.badge(**WITH_SERVICE, validFrom=stamp(NOW + timedelta(days=1))),
        "refresh_later",
        Outcome.passed,
    ),
    "another id": (
        lambda issuer: issuer.badge(
            **WITH_SERVICE, **LATER, id="urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b11"
        ),
        "refresh_of_another",
        Outcome.warning,
    ),
    "no id": (
        lambda issuer: unsigned_then_signed(issuer, id=None),
        "refresh_not_proven",  # the published schema asks for an id
        Outcome.warning,
    ),
    "another issuer": (
        lambda issuer: issuer.world.issuer("stranger.example").badge(**WITH_SERVICE, **LATER),
        "refresh_of_another",
        Outcome.warning,
    ),
    "somebody else's signature": (
        lambda issuer: forged(issuer),
        "refresh_not_proven",
        Outcome.warning,
    ),
    "changed after it was signed": (
        lambda issuer: issuer.badge(**WITH_SERVICE, **LATER).replace(b"renewed", b"revised"),
        "refresh_not_proven",
        Outcome.warning,
    ),
    "unsigned": (
        lambda issuer: issuer.credential(**WITH_SERVICE, **LATER),
        "refresh_not_proven",
        Outcome.warning,
    ),
    "a list": (lambda issuer: issuer.status_list("revocation"), "refresh_not_proven", Outcome.warning),
    "a page": (lambda issuer: b"<!doctype html><p>Welcome", "refresh_unread", Outcome.unknown),
    "a picture": (lambda issuer: b"\x89PNG\r\n\x1a\n", "refresh_unread", Outcome.unknown),
    "nothing": (lambda issuer: b"", "refresh_unread", Outcome.unknown),
    "two readings": (lambda issuer: b'{"id": 1, "id": 2}', "refresh_unread", Outcome.unknown),
}


def unsigned_then_signed(issuer, **changes):
    return issuer.sign(issuer.credential(**{**WITH_SERVICE, **LATER, **changes}))


def forged(issuer):
    stranger = issuer.world.issuer("stranger.example")
    return stranger.sign(issuer.credential(**WITH_SERVICE, **LATER))


@pytest.mark.parametrize("other", OTHERS)
def test_anything_else_leaves_what_was_handed_in(world, issuer, other):
    make, code, outcome = OTHERS[other]
    report, found = verify(world, issuer, make(issuer))
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, outcome, code)
    assert report.credential["name"] == "Certified Lending Professional"
    assert report.credential["validFrom"] == "2026-02-02T00:00:00Z"


@pytest.mark.parametrize("failure", list(Failure))
def test_an_address_that_does_not_answer_changes_nothing(world, failure):
    issuer = world.issuer(HOST, method="key")
    elsewhere = "https://refresh.example/c7b1"
    service = {**SERVICE, "id": elsewhere}
    world.publish(elsewhere, issuer.badge(**{**WITH_SERVICE, **LATER}))
    world.fail(elsewhere, failure)
    report, found = verify(world, issuer, refreshService=service)
    assert (report.verdict, found.code) == (Verdict.valid, "refresh_unread")
    issuer.withdraw(412)
    assert verify(world, issuer, refreshService=service)[0].verdict is Verdict.revoked
    world.mend(elsewhere)
    assert verify(world, issuer, refreshService=service)[1].code == "refreshed"


def test_nobody_else_can_lead_us_to_an_address(world, issuer):
    """Before the proof is confirmed nothing is asked, or anyone could make us ask anybody."""
    changed = issuer.badge(**WITH_SERVICE).replace(b"Certified", b"Licensed")
    report = world.verifier().verify(changed)
    assert report.verdict is Verdict.invalid
    world.fail(issuer.did_url, Failure.down)
    report, found = verify(world, issuer, issuer.badge(**WITH_SERVICE, **LATER))
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.skipped)
    assert URL not in world.requests


def test_the_same_id_may_be_written_in_percent(world, issuer):
    plain = {"id": f"https://{HOST}/credentials/a~b"}
    newer = issuer.badge(**WITH_SERVICE, **LATER, id=f"https://{HOST}/credentials/a%7Eb")
    assert verify(world, issuer, newer, **plain)[1].code == "refreshed"
    other = issuer.badge(**WITH_SERVICE, **LATER, id=f"https://{HOST}/credentials/a%7Ec")
    assert verify(world, issuer, other, **plain)[1].code == "refresh_of_another"


def test_whoever_does_not_want_to_be_seen_checking_need_not_ask(world, issuer):
    policy = Policy(isolate=False, follow_refresh=False)
    report, found = verify(world, issuer, issuer.badge(**WITH_SERVICE, **LATER), policy=policy)
    assert (report.verdict, found.code) == (Verdict.valid, "refresh_not_followed")
    assert URL not in world.requests


def test_a_service_of_another_type_is_not_asked(world, issuer):
    service = {"id": URL, "type": "1EdTechRevocationList"}
    report, found = verify(world, issuer, issuer.badge(**WITH_SERVICE, **LATER), refreshService=service)
    assert (report.verdict, found.code) == (Verdict.valid, "refresh_not_followed")
    assert URL not in world.requests


def test_our_own_newer_version_comes_from_the_store(world, issuer):
    newer = issuer.badge(**WITH_SERVICE, **LATER)
    verifier = world.verifier(local=lambda url: newer if url == URL else None)
    report = verifier.verify(issuer.badge(**WITH_SERVICE))
    assert (report.check("refresh").code, report.credential["name"]) == ("refreshed", LATER["name"])
    assert URL not in world.requests


def test_a_selection_is_not_followed_to_the_whole(world):
    issuer = world.issuer(HOST)
    key = SecretKey.generate("P-256")
    method = f"{issuer.did}#key-2"
    record = KeyRecord(verification_method=method, public_key=key.public_key, created=NOW)
    world.publish(issuer.did_url, issuer.document(record))
    world.publish(URL, issuer.badge(**WITH_SERVICE, **LATER))
    whole = add_proof(
        issuer.credential(**WITH_SERVICE),
        signer=key.signer(method),
        created="2026-02-02T00:00:00Z",
        cryptosuite="ecdsa-sd-2023",
        mandatory_pointers=mandatory_pointers_of(issuer.credential(**WITH_SERVICE)),
    )
    shown = derive(whole, selective_pointers=["/refreshService", "/id"])
    report = world.verifier().verify(as_bytes({**shown, "proof": [shown["proof"]]}))
    assert (report.verdict, report.check("refresh").code) == (Verdict.valid, "refresh_not_followed")
    assert report.credential["refreshService"] == SERVICE
    assert URL not in world.requests
    hidden = derive(whole, selective_pointers=["/id"])
    assert "refreshService" not in hidden
