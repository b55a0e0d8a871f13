"""Badges of VCDM 1.1: the rows of threats that hold for badges of today, each with its good twin."""

import copy
from datetime import timedelta

import pytest
from editions import (
    BETA_ADDRESS,
    BITSTRING_STATUS,
    DATA_INTEGRITY,
    DATA_INTEGRITY_1,
    ED25519_2020,
    OB_3_0_0,
    OB_3_0_1,
    OB_3_0_2,
    OB_3_0_3,
    older,
)
from hypothesis import given
from hypothesis import strategies as st
from simulator import EXTENSIONS, NOW, World, as_bytes, stamp

from ob3.contexts import VC1
from ob3.jws import credential_jwt
from verifier import Outcome, Verdict

BODIES = [OB_3_0_0, OB_3_0_1, OB_3_0_2, OB_3_0_3, BETA_ADDRESS]
WORLD = World()
ISSUER = WORLD.issuer("badges.keystone.example")


def good(**changes):
    return ISSUER.sign(older(ISSUER.credential(), **changes))


def verify(document, **options):
    return WORLD.verifier(**options).verify(as_bytes(document))


@pytest.mark.parametrize("ob", BODIES)
def test_a_badge_of_each_body_is_good_with_a_warning(ob):
    report = verify(ISSUER.sign(older(ISSUER.credential(), ob=ob)))
    assert report.verdict is Verdict.valid
    assert report.check("context").outcome is Outcome.warning
    assert report.check("status").code == "not_withdrawn"


@pytest.mark.parametrize(
    "beside",
    [
        [DATA_INTEGRITY_1, BITSTRING_STATUS],
        [DATA_INTEGRITY, BITSTRING_STATUS, ED25519_2020],
        [BITSTRING_STATUS, DATA_INTEGRITY, EXTENSIONS],
    ],
)
def test_the_contexts_of_proofs_and_status_may_stand_third(beside):
    assert verify(good(**{"@context": [VC1, OB_3_0_1, *beside]})).verdict is Verdict.valid


def test_without_the_context_of_its_proof_a_badge_does_not_hold():
    badge = good()
    badge["@context"] = [VC1, OB_3_0_1, BITSTRING_STATUS]
    assert verify(badge).verdict is Verdict.invalid


def test_a_token_of_the_older_edition_is_good():
    signer = ISSUER.key.signer(ISSUER.verification_method)
    token = credential_jwt(older(ISSUER.credential()), signer=signer)
    report = WORLD.verifier().verify(token.encode())
    assert report.verdict is Verdict.valid
    header, payload, signature = token.split(".")
    spoiled = f"{header}.{payload}.{signature[:-6]}AAAAAA"
    assert WORLD.verifier().verify(spoiled.encode()).verdict is Verdict.invalid


# J1, J2, J4: what no signature would cover


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("undefined",), "x"),
        (("name_",), "x"),
        (("credentialSubject", "achievement", "undefined"), "x"),
        (("credentialSubject", "type"), ["AchievementSubject", "Undefined"]),
        (("credentialSubject", "id"), "no iri"),
        (("credentialSubject", "achievement", "id"), "achievements/1"),
        (("credentialSubject", "achievement", "id"), "https://a.example/<1>"),
        (("issuer", "url"), None),
    ],
)
def test_what_has_no_meaning_is_refused(path, value):
    badge = copy.deepcopy(good())
    holder = badge
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    report = verify(badge)
    assert report.verdict is Verdict.invalid
    assert report.credential is None
    assert verify(good()).verdict is Verdict.valid


@pytest.mark.parametrize("keyword", ["@index", "@graph", "@included", "@id", "@type", "@reverse", "@nest"])
def test_no_keyword_may_stand_in_it(keyword):
    badge = good()
    badge["credentialSubject"] = {**badge["credentialSubject"], keyword: "x"}
    report = verify(badge)
    assert (report.verdict, report.check("context").code) == (Verdict.invalid, "keyword")


@pytest.mark.parametrize("term", ["validFrom", "relatedResource", "confidenceMethod", "digestSRI", "jti"])
def test_a_term_of_the_newer_edition_alone_has_no_meaning(term):
    badge = {**good(), term: "2026-02-02T00:00:00Z"}
    report = verify(badge)
    assert report.verdict is Verdict.invalid
    if term != "validFrom":  # that one 1.1 knows too, but no signature covers it here
        assert report.check("canonical").code == "no_meaning"


# When it is in force (J11)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.valid),
        ({"expirationDate": "2027-02-02T00:00:00Z"}, Verdict.valid),
        ({"expirationDate": "2026-06-02T00:00:00Z"}, Verdict.expired),
        ({"expirationDate": stamp(NOW)}, Verdict.valid),
        ({"expirationDate": stamp(NOW - timedelta(seconds=61))}, Verdict.expired),
        ({"issuanceDate": stamp(NOW + timedelta(seconds=61))}, Verdict.not_yet_valid),
        ({"issuanceDate": stamp(NOW + timedelta(seconds=60))}, Verdict.valid),
        ({"issuanceDate": "2026-02-02T00:00:00"}, Verdict.valid),
        ({"issuanceDate": "2026-02-02T24:00:00Z"}, Verdict.invalid),
        ({"issuanceDate": "2026-02-02"}, Verdict.invalid),
        ({"expirationDate": "2025-02-02T00:00:00Z"}, Verdict.invalid),
        ({"issuanceDate": None}, Verdict.invalid),
        ({"issuanceDate": None, "validFrom": "2026-02-02T00:00:00Z"}, Verdict.invalid),
        ({"validUntil": "2026-06-02T00:00:00Z"}, Verdict.expired),
        ({"validUntil": "2026-06-02T00:00:00Z", "expirationDate": "2030-06-02T00:00:00Z"}, Verdict.expired),
    ],
)
def test_its_own_dates_decide(changes, verdict):
    assert verify(good(**changes)).verdict is verdict


def test_a_missing_zone_warns():
    report = verify(good(issuanceDate="2026-02-02T00:00:00"))
    assert report.check("dates").code == "zone_missing"


def test_it_is_withdrawn_like_any_other():
    world = World()
    issuer = world.issuer("badges.other.example")
    badge = as_bytes(issuer.sign(older(issuer.credential())))
    assert world.verifier().verify(badge).verdict is Verdict.valid
    issuer.withdraw(412)
    assert world.verifier().verify(badge).verdict is Verdict.revoked


# P11: what is shown is what was verified


@given(
    st.sampled_from(["name", "issuanceDate", "expirationDate", "credentialSubject", "issuer", "type", "id"])
)
def test_what_is_given_back_is_what_was_signed_or_nothing(member):
    signed = good(expirationDate="2027-02-02T00:00:00Z")
    document = {name: value for name, value in signed.items() if name != "proof"}
    assert verify(signed).credential == document
    other = copy.deepcopy(signed)
    other[member] = {**other[member], "name": "x"} if isinstance(other[member], dict) else "urn:x:y"
    report = verify(other)
    assert report.credential is None
    assert report.verdict is Verdict.invalid
