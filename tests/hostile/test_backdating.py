"""A date that the signer writes is no proof of time: who has a stolen key writes any (THREATS P9)."""

from datetime import timedelta

import pytest
from simulator import NOW, World, as_bytes, stamp

from verifier import Verdict


@pytest.fixture
def world():
    return World(now=NOW)


@pytest.fixture
def issuer(world):
    return world.issuer("badges.keystone.example")


def ended(issuer, **moments):
    """Publish the issuer's document with the end of its key."""
    document = issuer.document()
    for method in document["verificationMethod"]:
        method |= {name: stamp(moment) for name, moment in moments.items()}
    issuer.world.publish(issuer.did_url, document)


def test_a_revoked_key_saves_no_badge_whatever_day_it_says_it_was_signed_on(world, issuer):
    ended(issuer, revoked=NOW - timedelta(days=1))
    for created in ("2026-02-02T00:00:00Z", stamp(NOW - timedelta(days=300)), stamp(NOW)):
        content = issuer.sign(issuer.credential(credentialStatus=None), created=created)
        report = world.verifier().verify(as_bytes(content))
        assert report.verdict is Verdict.invalid, created
    token = issuer.token(credentialStatus=None).encode()
    assert world.verifier().verify(token).verdict is Verdict.invalid


def test_a_key_that_was_only_retired_keeps_its_badges(world, issuer):
    ended(issuer, expires=NOW - timedelta(days=1))
    content = issuer.sign(issuer.credential(credentialStatus=None), created=stamp(NOW - timedelta(days=300)))
    assert world.verifier().verify(as_bytes(content)).verdict is Verdict.valid
