"""Endorsements inside a badge: verified with all rules, and never passed over in silence (P10)."""

import copy
import json

import pytest
from simulator import OB3, VC2, Failure, World, as_bytes

from verifier import Outcome, Verdict
from verifier.endorsements import check_endorsements

HOST = "badges.keystone.example"
ACHIEVEMENT = f"https://{HOST}/achievements/lending"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


@pytest.fixture
def endorser(world):
    return world.issuer("quality.example", name="Quality Agency")


def endorsed(issuer, endorsement, place="achievement"):
    badge = issuer.credential()
    holder = {
        "achievement": badge["credentialSubject"]["achievement"],
        "issuer": badge["issuer"],
        "credential": badge,
    }[place]
    holder["endorsement"] = endorsement if isinstance(endorsement, list) else [endorsement]
    return as_bytes(issuer.sign(badge))


def verify(world, badge):
    report = world.verifier().verify(badge)
    return report, report.check("endorsements")


@pytest.mark.parametrize("place", ["achievement", "issuer", "credential"])
def test_a_good_endorsement_passes_wherever_it_stands(world, issuer, endorser, place):
    about = {"achievement": ACHIEVEMENT, "issuer": issuer.did, "credential": issuer.credential()["id"]}[place]
    report, found = verify(world, endorsed(issuer, endorser.endorsement(about), place))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")


def test_a_badge_without_any_is_not_asked(world, issuer):
    assert verify(world, issuer.badge())[1].outcome is Outcome.skipped


def forged(endorser, **members):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    endorsement["credentialSubject"] |= {"endorsementComment": "The best in the world."}
    return {**endorsement, **members}


FALSE = {
    "changed": forged,
    "unsigned": lambda endorser: {n: v for n, v in endorser.endorsement(ACHIEVEMENT).items() if n != "proof"},
    "somebody else's key": lambda endorser: {
        **endorser.endorsement(ACHIEVEMENT),
        "issuer": {"id": "did:web:ministry.example", "type": ["Profile"], "name": "Ministry"},
    },
}


@pytest.mark.parametrize("place", ["achievement", "issuer"])
@pytest.mark.parametrize("fault", FALSE)
def test_a_false_endorsement_makes_the_badge_invalid(world, issuer, endorser, fault, place):
    report, found = verify(world, endorsed(issuer, FALSE[fault](endorser), place))
    assert report.verdict is Verdict.invalid
    assert Outcome.failed in (found.outcome, report.check("schema").outcome, report.check("shape").outcome)
    assert report.credential is None


def test_one_false_endorsement_among_good_ones_is_enough(world, issuer, endorser):
    good = endorser.endorsement(ACHIEVEMENT)
    assert verify(world, endorsed(issuer, [good, forged(endorser)]))[0].verdict is Verdict.invalid


def test_a_badge_in_the_place_of_an_endorsement_is_false(world, issuer, endorser):
    report, _ = verify(world, endorsed(issuer, json.loads(endorser.badge())))
    assert report.verdict is Verdict.invalid


def test_only_an_endorsement_counts_as_one(issuer, endorser):
    def judged(one):
        return check_endorsements({"endorsement": [one]}, examine=lambda _: Verdict.valid, most=8)

    assert judged(json.loads(endorser.badge())).code == "endorsement_false"
    assert judged(endorser.endorsement(ACHIEVEMENT)).outcome is Outcome.warning


@pytest.mark.parametrize("failure", [Failure.down, Failure.missing, Failure.private_address])
def test_an_endorser_who_does_not_answer_leaves_it_open(world, issuer, endorser, failure):
    badge = endorsed(issuer, endorser.endorsement(ACHIEVEMENT))
    world.fail(endorser.did_url, failure)
    report, found = verify(world, badge)
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)


def test_an_endorsement_that_was_withdrawn_or_has_lapsed_warns(world, issuer, endorser):
    lapsed = endorser.endorsement(ACHIEVEMENT, validUntil="2026-06-01T00:00:00Z")
    withdrawn = endorser.endorsement(ACHIEVEMENT, credentialStatus=endorser.entry(7))
    assert verify(world, endorsed(issuer, withdrawn))[1].code == "endorsements_good"
    endorser.withdraw(7)
    for one in (lapsed, withdrawn):
        report, found = verify(world, endorsed(issuer, one))
        assert (report.verdict, found.code) == (Verdict.valid, "endorsement_lapsed")


def test_praise_of_something_else_warns(world, issuer, endorser):
    report, found = verify(world, endorsed(issuer, endorser.endorsement("https://elsewhere.example/1")))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_elsewhere")


def test_a_token_leaves_it_open(world, issuer):
    badge = issuer.credential()
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = ["eyJhbGciOiJSUzI1NiJ9.e30.c2ln"]
    report, found = verify(world, as_bytes(issuer.sign(badge)))
    assert report.verdict is Verdict.undetermined
    assert found.code == "endorsement_not_read"


def test_an_endorsement_of_an_endorser_is_not_followed(world, issuer, endorser):
    deeper = world.issuer("ministry.example").endorsement(endorser.did)
    profile = {**endorser.profile(), "endorsement": [deeper]}
    endorsement = endorser.endorsement(ACHIEVEMENT, issuer=profile)
    report, found = verify(world, endorsed(issuer, endorsement))
    assert (report.verdict, found.code) == (Verdict.undetermined, "endorsement_unclear")


def test_at_most_eight_are_read(world, issuer, endorser):
    one = endorser.endorsement(ACHIEVEMENT)
    assert verify(world, endorsed(issuer, [one] * 8))[0].verdict is Verdict.valid
    report, found = verify(world, endorsed(issuer, [one] * 9))
    assert (report.verdict, found.code) == (Verdict.refused, "limit_count")


def test_an_endorsement_repeats_its_context(world, issuer, endorser):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    assert endorsement.pop("@context") == [VC2, OB3]
    report, _ = verify(world, endorsed(issuer, endorsement))
    assert (report.verdict, report.check("schema").outcome) == (Verdict.invalid, Outcome.failed)


def test_an_endorsement_handed_in_alone_is_verified(world, endorser):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    assert world.verifier().verify(as_bytes(endorsement)).verdict is Verdict.valid
    changed = copy.deepcopy(endorsement)
    changed["credentialSubject"]["endorsementComment"] = "No."
    assert world.verifier().verify(as_bytes(changed)).verdict is Verdict.invalid
