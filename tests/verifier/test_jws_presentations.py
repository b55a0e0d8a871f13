"""Presentations that are signed tokens: the holder's claims, time, key and signature, and what is inside."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import IN_PROCESS, World, as_bytes
from tokens import token
from wrappers import Holder, enveloped, presentation

from keys import SecretKey
from keys.jwk import to_jwk
from ob3.jws import read_jws
from verifier import Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.jws_presentations import check_presentation_jws
from verifier.policy import Expected
from verifier.sources import Sources
from verifier.trust import trust_list

WORLD = World()
ISSUER = WORLD.issuer("shown.keystone.example")
BADGE = ISSUER.token()
HOLDER = Holder()
MALLORY = SecretKey.from_seed(b"m" * 32)
NOW = int(WORLD.now.timestamp())
SHOWN = presentation([enveloped(BADGE)], holder=HOLDER.did)
CLAIMS = {"iss": HOLDER.did, "aud": "https://check.example", "nonce": "c-1", "nbf": NOW - 60, "exp": NOW + 60}
VC1 = "https://www.w3.org/2018/credentials/v1"
ANY = dataclasses.replace(
    IN_PROCESS,
    any_credential=True,
    of_presentations=Expected(purpose="authentication", domain="https://check.example", challenge="c-1"),
)


def signed(payload=None, *, key=None, **header):
    whole = {"alg": "EdDSA", "typ": "vp+jwt", "kid": HOLDER.key.public_key.did_key_method, **header}
    present = {name: value for name, value in whole.items() if value is not None}
    return token(present, {**SHOWN, **CLAIMS} if payload is None else payload, key or HOLDER.key)


def payload(**changes):
    return {name: value for name, value in {**SHOWN, **CLAIMS, **changes}.items() if value is not None}


def verify(data, **options):
    return WORLD.verifier(**options).verify(data.encode() if isinstance(data, str) else data)


def answer(text, **options):
    report = verify(text, **options)
    return report.verdict, report.check("signature").code


GOOD = {
    "vp+jwt": signed(),
    "JWT": signed(typ="JWT"),
    "no typ": signed(typ=None),
    "no holder": signed(payload(holder=None)),
    "neither holder nor iss": signed(payload(holder=None, iss=None)),
    "no claims": signed(SHOWN),
    "the key in the header": signed(kid=None, jwk=to_jwk(HOLDER.key.public_key)),
    "the older edition": signed({**CLAIMS, "vp": presentation([BADGE], **{"@context": [VC1]})}, typ="JWT"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_holder_shows_as_a_token_is_judged_by_itself(name):
    report = verify(GOOD[name])
    assert report.verdict is Verdict.valid
    assert report.credential == ISSUER.credential()
    assert [one.verdict for one in report.within] == [Verdict.valid]


def test_an_enveloped_presentation_is_opened():
    envelope = {"type": "EnvelopedVerifiablePresentation", "id": f"data:application/vp+jwt,{signed()}"}
    report = verify(as_bytes({"@context": "https://www.w3.org/ns/credentials/v2", **envelope}))
    assert (report.verdict, report.credential) == (Verdict.valid, ISSUER.credential())


BAD = {
    "another key": (signed(key=MALLORY), "presentation_misfit"),
    "another key in the header": (
        signed(kid=None, jwk=to_jwk(MALLORY.public_key), key=MALLORY),
        "presentation_misfit",
    ),
    "another kid": (signed(kid=MALLORY.public_key.did_key_method, key=MALLORY), "presentation_misfit"),
    "another way to sign": (signed(alg="ES256"), "presentation_misfit"),
    "iss of another": (signed(payload(iss=MALLORY.public_key.did_key)), "presentation_misfit"),
    "holder of another": (signed(payload(holder=MALLORY.public_key.did_key)), "presentation_misfit"),
    "jti of another": (signed(payload(id="urn:uuid:1", jti="urn:uuid:2")), "presentation_misfit"),
    "an end in words": (signed(payload(exp="never")), "presentation_misfit"),
    "a number for whom": (signed(payload(aud=5)), "presentation_misfit"),
    "too late": (signed(payload(exp=NOW - 61)), "presentation_lapsed"),
    "too early": (signed(payload(nbf=NOW + 61)), "presentation_lapsed"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_signature_of_the_holder_that_does_not_hold_is_told(name):
    text, code = BAD[name]
    assert answer(text) == (Verdict.invalid, code)
    assert answer(signed(payload(exp=NOW - 60, nbf=NOW - 120)))[0] is Verdict.valid


def test_a_holder_whose_keys_cannot_be_learned_leaves_it_open():
    verdict, code = answer(
        signed(payload(holder="did:example:h", iss="did:example:h"), kid="did:example:h#1")
    )
    assert (verdict, code) == (Verdict.undetermined, "presentation_unconfirmed")


def test_a_credential_as_a_presentation_and_the_reverse_are_refused():
    header = {"alg": "EdDSA", "typ": "vp+jwt", "kid": ISSUER.verification_method}
    credential = token(header, {**ISSUER.credential(), "iss": ISSUER.did}, ISSUER.key)
    assert verify(credential).check("parse").code == "token_malformed"
    assert verify(signed(typ="vc+jwt")).check("parse").code == "token_malformed"


def test_what_is_judged_comes_out_of_the_token_and_not_from_beside_it():
    sources = Sources(fetcher=None, local=None, max_fetches=0)
    keys = IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=None, now=WORLD.now)
    jws, skew = read_jws(signed()), timedelta(seconds=60)
    other = {**SHOWN, "verifiableCredential": []}
    assert check_presentation_jws(jws, other, keys, skew=skew).signature.code == "token_malformed"
    assert check_presentation_jws(jws, SHOWN, keys, skew=skew).document == SHOWN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "signature_fits"),
        ({"aud": ["https://other.example", "https://check.example"]}, "signature_fits"),
        ({"aud": "https://other.example"}, "claims_differ"),
        ({"aud": None}, "claims_differ"),
        ({"nonce": "c-2"}, "claims_differ"),
        ({"nonce": None}, "claims_differ"),
    ],
)
def test_whom_it_is_for_and_which_question_it_answers_counts_where_one_asked(changes, expected):
    assert answer(signed(payload(**changes)), policy=ANY)[1] == expected
    assert answer(signed(payload(**changes)))[0] is Verdict.valid


VALUES = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("ab\0é", max_size=3) | st.just([{}])
)


@given(st.sampled_from([*SHOWN, *CLAIMS, "jti", "sub", "vp", "vc", "id"]), VALUES)
def test_nothing_in_it_makes_it_raise(name, value):
    assert verify(signed({**SHOWN, **CLAIMS, name: value})).verdict in set(Verdict)
    assert verify(signed({**CLAIMS, "vp": {**SHOWN, name: value}}, typ=None)).verdict is not Verdict.valid
