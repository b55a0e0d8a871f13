"""What stands inside a file costs no more than one document: poison is paid for once, and nothing raises."""

import json
import time

import pytest
from foreign_badge import Stranger
from hypothesis import given
from hypothesis import strategies as st
from simulator import World, as_bytes
from wrappers import enveloped, learner_record, presentation

from ob3.jws import credential_jwt
from verifier import Policy, Verdict

ISOLATED = Policy()
STRANGER = Stranger()
ALIKE = [{"type": ["Evidence"], "name": "x"}] * 900


def poison():
    """A badge whose canonical form takes more work than we allow."""
    return {**STRANGER.sign(STRANGER.badge()), "evidence": ALIKE}


def poison_token():
    unsigned = {**STRANGER.badge(), "evidence": ALIKE}
    return credential_jwt(unsigned, signer=STRANGER.key.signer())


def timed(document, **options):
    world = World()
    before = time.monotonic()
    report = world.verifier(policy=ISOLATED, **options).verify(as_bytes(document))
    return report, time.monotonic() - before


@pytest.mark.parametrize("entry", [poison, poison_token, lambda: enveloped(poison_token())])
def test_twenty_poisoned_badges_cost_no_more_than_one(entry):
    one, good = entry(), STRANGER.sign(STRANGER.badge())
    report, seconds = timed(presentation([one] * 20))
    assert report.verdict is Verdict.refused
    assert seconds < 8
    report, seconds = timed(presentation([good, one, good]))
    assert (report.verdict, report.check("within").code) == (Verdict.refused, "limit_work")
    assert timed(presentation([good] * 20))[0].verdict is Verdict.valid


def test_a_poisoned_record_is_not_unfolded():
    issuer = World().issuer("records.example")
    record = {**issuer.sign(learner_record(issuer, [STRANGER.sign(STRANGER.badge())])), "evidence": ALIKE}
    report, _ = timed(record)
    assert (report.verdict, report.within) == (Verdict.refused, ())


def test_after_a_poisoned_endorsement_no_other_is_read():
    world = World()
    issuer = world.issuer("badges.keystone.example")
    about = issuer.credential()["credentialSubject"]["achievement"]["id"]
    bad = {**STRANGER.endorsement(), "evidence": ALIKE}
    bad.pop("proof")
    token = credential_jwt(bad, signer=STRANGER.key.signer())
    good = {name: value for name, value in STRANGER.endorsement().items() if name != "proof"}
    good["credentialSubject"] = {**good["credentialSubject"], "id": about}
    fine = credential_jwt(good, signer=STRANGER.key.signer())

    def judged(*tokens):
        badge = issuer.credential()
        badge["credentialSubject"]["achievement"]["endorsementJwt"] = list(tokens)
        signed = issuer.sign(badge)
        before = time.monotonic()
        report = world.verifier(policy=ISOLATED).verify(as_bytes(signed))
        return report, time.monotonic() - before

    assert judged(*[fine] * 8)[0].verdict is Verdict.valid
    report, seconds = judged(*[token] * 8)
    assert (report.verdict, report.check("endorsements").code) == (Verdict.refused, "limit_work")
    assert len(report.endorsements) == 1
    assert seconds < 8


def test_endorsements_are_counted_over_all_that_is_inside():
    world = World()
    issuer = world.issuer("badges.keystone.example")
    achievement = issuer.credential()["credentialSubject"]["achievement"]
    praise = issuer.endorsement(achievement["id"])
    badge = issuer.credential()
    badge["credentialSubject"]["achievement"]["endorsement"] = [praise] * 8
    signed = issuer.sign(badge)
    few, many = presentation([signed] * 3), presentation([signed] * 4)
    assert world.verifier().verify(as_bytes(few)).verdict is Verdict.valid
    report = world.verifier().verify(as_bytes(many))
    assert report.verdict is Verdict.refused
    assert report.within[-1].check("endorsements").code == "limit_count"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "id", "@context", "proof", "verifiableCredential", "credentialSubject", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(inside=JSON, context=JSON, proof=JSON, holder=JSON)
def test_no_envelope_raises_or_is_good_by_chance(inside, context, proof, holder):
    for contexts in (context, ["https://www.w3.org/ns/credentials/v2"]):
        made = {"@context": contexts, "type": ["VerifiablePresentation"], "verifiableCredential": inside}
        report = World().verifier().verify(json.dumps({**made, "proof": proof, "holder": holder}).encode())
        assert report.verdict is not Verdict.valid
        assert report.credential is None


@given(inside=JSON, association=JSON)
def test_no_record_raises_or_is_good_by_chance(inside, association):
    issuer = World().issuer("records.example")
    made = learner_record(issuer, [])
    made["credentialSubject"] |= {"verifiableCredential": inside, "association": association}
    made["proof"] = issuer.sign(issuer.credential())["proof"]
    report = World().verifier().verify(json.dumps(made).encode())
    assert report.verdict is not Verdict.valid
    assert report.credential is None
