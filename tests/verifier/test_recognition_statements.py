"""Recognition statements are verified as endorsements are, alone and inside the badge that they are about."""

import pytest
from recognition_statements import CONTEXTS, statement
from simulator import Failure, World, as_bytes

from microcredential.recognition import Kind
from verifier import IssuerTrust, Outcome, Verdict

HOST = "badges.keystone.example"
RECEIVER = "badges.example-uni.eu"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def receiver(world):
    return world.issuer(RECEIVER, name="Example European University")


def signed(kind, receiver, about="urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b10", **changes):
    return receiver.sign(
        statement(kind, receiver, about) | changes, created="2026-09-15T08:00:00Z", extra_contexts=CONTEXTS
    )


@pytest.mark.parametrize("kind", Kind)
def test_each_is_valid_alone(world, receiver, kind):
    report = world.verifier(trust=[receiver.did]).verify(as_bytes(signed(kind, receiver)))
    assert (report.verdict, report.issuer_trust) == (Verdict.valid, IssuerTrust.trusted)
    assert [one.id for one in report.checks if one.outcome in (Outcome.failed, Outcome.warning)] == []
    assert report.credential["credentialSubject"]["type"] == ["EndorsementSubject", "RecognitionDecision"]


def test_a_withdrawn_one_is_revoked(world, receiver):
    document = as_bytes(signed(Kind.STANDING, receiver))
    assert world.verifier().verify(document).verdict is Verdict.valid
    receiver.withdraw(88)
    assert world.verifier().verify(document).verdict is Verdict.revoked


def test_one_whose_status_cannot_be_read_is_neither(world, receiver):
    world.fail(receiver.list_url("revocation"), Failure.down)
    assert world.verifier().verify(as_bytes(signed(Kind.STANDING, receiver))).verdict is Verdict.undetermined


def test_one_that_was_changed_is_invalid(world, receiver):
    document = signed(Kind.STANDING, receiver)
    document["credentialSubject"]["creditRecognised"][0]["point"] = "30"
    assert world.verifier().verify(as_bytes(document)).verdict is Verdict.invalid


def test_a_schema_of_another_deployment_is_a_remark(world, receiver):
    other = [{"id": "https://else.example/schemas/recognition-decision-v1.json", "type": "JsonSchema"}]
    report = world.verifier().verify(as_bytes(signed(Kind.TRUST, receiver, credentialSchema=other)))
    assert report.check("schema").code == "schema_unread"


def test_standing_recognition_inside_a_badge_is_verified_with_it(world, receiver):
    issuer = world.issuer(HOST)
    badge = issuer.credential()
    achievement = badge["credentialSubject"]["achievement"]
    achievement["endorsement"] = [signed(Kind.STANDING, receiver, achievement["id"])]
    report = world.verifier().verify(as_bytes(issuer.sign(badge, extra_contexts=CONTEXTS)))
    assert (report.verdict, report.check("endorsements").code) == (Verdict.valid, "endorsements_good")
    assert (
        report.endorsements[0]
        .credential["credentialSubject"]["recognitionPurpose"]["id"]
        .endswith("#creditTransfer")
    )
