"""Credentials as tokens: the two forms, the claims beside them, and the envelope."""

import copy

import pytest
from tokens import KINDS, credential, older, parts_of, secret_key, token

from keys.jwk import to_jwk
from ob3 import Ob3Error
from ob3.jws import (
    ClaimFault,
    JwsInvalid,
    check_claims,
    check_jws_signature,
    credential_jwt,
    credential_of,
    document_of,
    enveloped_token,
    lone_expiry,
    read_jws,
)

KEY = secret_key()
SIGNER = KEY.signer("did:web:badges.keystone.example#key-1")
HEADER = {"alg": "ES256", "kid": SIGNER.id}
BADGE = credential()
CLAIMS = {
    "iss": BADGE["issuer"]["id"],
    "sub": BADGE["credentialSubject"]["id"],
    "jti": BADGE["id"],
    "nbf": 1783044000,
    "exp": 1909274400,
}


def payload(**changes):
    """Give the payload of the good badge; None takes a member away."""
    return {name: value for name, value in {**BADGE, **CLAIMS, **changes}.items() if value is not None}


def payload_of_older(**changes):
    return {name: value for name, value in {**CLAIMS, "vc": older(), **changes}.items() if value is not None}


def jws_of(value):
    return read_jws(token(HEADER, value))


def findings(value):
    return [(one.claim, one.fault) for one in check_claims(jws_of(value))]


def code(action, *arguments, **options):
    with pytest.raises(Ob3Error) as refusal:
        action(*arguments, **options)
    return refusal.value.code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [credential, older], ids=["2.0", "1.1"])
def test_what_is_signed_is_read_again(make, kind):
    key = secret_key(kind)
    jws = read_jws(credential_jwt(make(), signer=key.signer("https://keystone.example/keys/1")))
    check_jws_signature(jws, key.public_key)
    assert credential_of(jws) == make()
    assert check_claims(jws) == ()
    assert list(jws.header.items())[1:] == [("typ", "JWT"), ("kid", "https://keystone.example/keys/1")]


def test_the_claims_that_repeat_a_credential_are_always_written():
    _, whole = parts_of(credential_jwt(BADGE, signer=SIGNER))
    assert whole == {**BADGE, **CLAIMS}
    _, within = parts_of(credential_jwt(older(), signer=SIGNER))
    assert within == {**CLAIMS, "vc": older()}


def test_a_credential_without_end_has_no_exp():
    endless = credential()
    del endless["validUntil"]
    assert "exp" not in parts_of(credential_jwt(endless, signer=SIGNER))[1]


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("2026-07-03T02:00:00Z", 1783044000),
        ("2026-07-03T02:00:00.999999999Z", 1783044000),
        ("2026-07-03T02:00:00", 1783044000),
        ("2026-07-03T09:00:00+07:00", 1783044000),
        ("2026-07-02T22:30:00-03:30", 1783044000),
        ("1969-12-31T23:59:59.5Z", -1),
    ],
)
def test_dates_become_whole_seconds(stamp, seconds):
    assert parts_of(credential_jwt(credential(validFrom=stamp), signer=SIGNER))[1]["nbf"] == seconds
    assert check_claims(jws_of(payload(validFrom=stamp, nbf=seconds))) == ()
    assert check_claims(jws_of(payload(validFrom=stamp, nbf=seconds + 0.75))) == ()
    assert findings(payload(validFrom=stamp, nbf=seconds + 1)) == [("nbf", ClaimFault.differs)]


def test_the_key_can_be_shown_in_the_header():
    shown, _ = parts_of(credential_jwt(BADGE, signer=SIGNER, jwk=KEY.public_key))
    assert shown == {"alg": "ES256", "typ": "JWT", "jwk": to_jwk(KEY.public_key)}
    both, _ = parts_of(credential_jwt(BADGE, signer=SIGNER, jwk=KEY.public_key, kid="k", typ="vc+jwt"))
    assert both == {"alg": "ES256", "typ": "vc+jwt", "kid": "k", "jwk": to_jwk(KEY.public_key)}


def test_signing_twice_gives_the_same_bytes_and_leaves_the_credential_alone():
    before = copy.deepcopy(BADGE)
    assert credential_jwt(BADGE, signer=SIGNER) == credential_jwt(BADGE, signer=SIGNER)
    assert before == BADGE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"proof": {"type": "DataIntegrityProof"}}, "already_secured"),
        ({"proof": []}, "already_secured"),
        ({"id": None}, "claims_missing"),
        ({"validFrom": None}, "claims_missing"),
        ({"validFrom": "yesterday"}, "claims_missing"),
        ({"validFrom": "2026-07-03T24:00:00Z"}, "claims_missing"),
        ({"validFrom": "2026-02-30T00:00:00Z"}, "claims_missing"),
        ({"issuer": {"type": ["Profile"]}}, "claims_missing"),
        ({"credentialSubject": {"type": ["AchievementSubject"]}}, "claims_missing"),
        ({"credentialSubject": "did:example:x"}, "claims_missing"),
        ({"iss": "did:example:x"}, "claim_taken"),
        ({"vc": {}}, "claim_taken"),
        ({"jti": BADGE["id"]}, "claim_taken"),
        ({"@context": ["https://evil.example/context"]}, "unknown_edition"),
        ({"@context": None}, "unknown_edition"),
        ({"name": "a\x07b"}, "control_character"),
        ({"name": 2**60}, "integer_out_of_range"),
    ],
)
def test_what_cannot_be_signed_as_a_token_is_refused(changes, expected):
    document = {name: value for name, value in {**BADGE, **changes}.items() if value is not None}
    assert code(credential_jwt, document, signer=SIGNER) == expected
    assert credential_jwt(BADGE, signer=SIGNER)


def test_a_header_that_nobody_would_read_is_not_written():
    assert code(credential_jwt, BADGE, signer=SIGNER, typ="at+jwt") == "token_type"
    assert code(credential_jwt, BADGE, signer=SIGNER, kid="") == "malformed_kid"


def test_a_key_of_an_unknown_kind_signs_no_token():
    class Other:
        id, algorithm = SIGNER.id, "secp256k1"

        def sign(self, data):
            raise AssertionError(data)

    assert code(credential_jwt, BADGE, signer=Other()) == "algorithm_unknown"


def test_claims_without_ground_may_be_left_out_where_no_badge_is_meant():
    bare = {"@context": BADGE["@context"][:1], "type": ["VerifiableCredential"], "issuer": "did:example:x"}
    signed = credential_jwt(bare, signer=SIGNER, all_claims=False)
    assert parts_of(signed)[1] == {**bare, "iss": "did:example:x"}
    assert check_claims(read_jws(signed)) == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (payload(vc=older()), "two_forms"),
        (payload(vc=BADGE), "two_forms"),
        (payload(vc={}), "two_forms"),
        (payload_of_older(credentialSubject={"id": "did:example:mallory"}), "two_forms"),
        (payload_of_older(**{"@context": older()["@context"]}), "two_forms"),
        (payload_of_older(type=["VerifiableCredential"]), "two_forms"),
        (payload_of_older(issuer="did:example:mallory"), "two_forms"),
        (payload_of_older(proof={}), "two_forms"),
        (payload_of_older(vp={}), "two_forms"),
        (payload_of_older(vc=BADGE), "edition_differs"),
        (payload_of_older(vc={}), "edition_differs"),
        (payload_of_older(vc={"vc": older()}), "edition_differs"),
        ({**CLAIMS, **older()}, "edition_differs"),
        (payload_of_older(vc=[older()]), "malformed_vc"),
        (payload_of_older(vc="text"), "malformed_vc"),
        ({**CLAIMS, "vc": None}, "malformed_vc"),
    ],
)
def test_a_payload_can_be_read_in_one_way_only(value, expected):
    assert code(credential_of, jws_of(value)) == expected
    assert credential_of(jws_of(payload())) == BADGE
    assert credential_of(jws_of(payload_of_older())) == older()


def test_the_first_context_may_stand_alone_where_the_data_model_allows_it():
    alone = {**older(), "@context": older()["@context"][0]}
    assert credential_of(jws_of({**CLAIMS, "vc": alone})) == alone


def test_other_claims_stand_where_no_credential_has_words():
    assert credential_of(jws_of(payload_of_older(nonce="x", iat=1, aud=["y"]))) == older()
    assert credential_of(jws_of(payload(nonce="x", iat=1))) == {**BADGE, "nonce": "x"}


@pytest.mark.parametrize("make", [payload, payload_of_older], ids=["2.0", "1.1"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_each_claim_alone_must_repeat_the_credential(make, claim):
    other = CLAIMS[claim] + 1 if claim in ("nbf", "exp") else CLAIMS[claim] + "x"
    assert findings(make(**{claim: other})) == [(claim, ClaimFault.differs)]
    assert findings(make(**{claim: None})) == [(claim, ClaimFault.absent)]
    assert findings(make()) == []


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", 1),
        ("iss", ["did:key:x"]),
        ("iss", {"id": BADGE["issuer"]["id"]}),
        ("sub", False),
        ("jti", {}),
        ("nbf", "1783044000"),
        ("nbf", True),
        ("nbf", 1e300),
        ("nbf", [1783044000]),
        ("exp", "2030-07-03T02:00:00Z"),
        ("exp", -1e20),
        ("exp", 253402300800),
        ("iat", "now"),
        ("iat", False),
        ("aud", 1),
        ("aud", {"id": "x"}),
        ("aud", ["x", 1]),
    ],
)
def test_a_claim_of_another_kind_is_malformed(claim, value):
    assert findings(payload(**{claim: value})) == [(claim, ClaimFault.malformed)]


def test_all_claims_at_fault_are_told():
    assert findings(payload(iss="x", sub=None, exp=1)) == [
        ("iss", ClaimFault.differs),
        ("sub", ClaimFault.absent),
        ("exp", ClaimFault.differs),
    ]


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("iss", {"issuer": {}}),
        ("sub", {"credentialSubject": {"type": ["AchievementSubject"]}}),
        ("sub", {"credentialSubject": [BADGE["credentialSubject"]]}),
        ("jti", {"id": ""}),
        ("nbf", {"validFrom": "2026-07-03"}),
        ("exp", {"validUntil": "soon"}),
        ("exp", {"validUntil": 1909274400}),
    ],
)
def test_a_claim_that_repeats_nothing_differs(claim, changes):
    assert findings(payload(**changes)) == [(claim, ClaimFault.differs)]


def test_the_issuer_may_be_text():
    assert findings(payload(issuer=CLAIMS["iss"])) == []
    assert findings(payload(issuer="did:example:mallory")) == [("iss", ClaimFault.differs)]


def test_exp_ends_a_credential_that_has_no_end_of_its_own():
    endless = payload(validUntil=None)
    assert findings(endless) == []
    assert lone_expiry(endless, credential_of(jws_of(endless))) == "2030-07-03T02:00:00Z"
    assert lone_expiry(payload(), BADGE) is None
    assert lone_expiry(payload(validUntil=None, exp=None), {}) is None
    assert lone_expiry({"exp": -62135596800}, {}) == "0001-01-01T00:00:00Z"


TOKEN = credential_jwt(BADGE, signer=SIGNER)
ENVELOPE = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "id": f"data:application/vc+jwt,{TOKEN}",
    "type": "EnvelopedVerifiableCredential",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"type": ["EnvelopedVerifiableCredential"]},
        {"id": f"DATA:Application/VC+JWT,{TOKEN}"},
    ],
)
def test_an_envelope_is_opened(changes):
    assert enveloped_token({**ENVELOPE, **changes}) == TOKEN


def test_inside_a_presentation_an_envelope_needs_no_context():
    assert enveloped_token({name: ENVELOPE[name] for name in ("id", "type")}) == TOKEN


@pytest.mark.parametrize("other", [BADGE, {}, [ENVELOPE], "text", None, {"type": "Envelope"}, {"type": 5}])
def test_what_is_no_envelope_is_left_alone(other):
    assert enveloped_token(other) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Doctor of Law"}, "malformed_envelope"),
        ({"credentialSubject": {}}, "malformed_envelope"),
        ({"proof": {}}, "malformed_envelope"),
        ({"@context": "https://evil.example/context"}, "malformed_envelope"),
        ({"@context": BADGE["@context"]}, "malformed_envelope"),
        ({"id": TOKEN}, "malformed_envelope"),
        ({"id": f"data:text/plain,{TOKEN}"}, "malformed_envelope"),
        ({"id": f"data:application/vc+jwt;base64,{TOKEN}"}, "malformed_envelope"),
        ({"id": f"data:application/vp+jwt,{TOKEN}"}, "malformed_envelope"),
        ({"id": "https://keystone.example/1"}, "malformed_envelope"),
        ({"id": [ENVELOPE["id"]]}, "malformed_envelope"),
        ({"id": None}, "malformed_envelope"),
        ({"type": "EnvelopedVerifiablePresentation"}, "malformed_envelope"),
        ({"id": f"data:application/vc+sd-jwt,{TOKEN}~"}, "unsupported_envelope"),
        ({"id": f"data:application/vp+sd-jwt,{TOKEN}~"}, "unsupported_envelope"),
        ({"id": "data:application/vc+cose;base64,0oRD"}, "unsupported_envelope"),
    ],
)
def test_an_envelope_has_one_form(changes, expected):
    assert code(enveloped_token, {**ENVELOPE, **changes}) == expected


HOLDER = "did:example:holder"
SHOWN = {"@context": BADGE["@context"][:1], "type": ["VerifiablePresentation"], "verifiableCredential": []}
OLDER_SHOWN = {**SHOWN, "@context": older()["@context"][:1]}


def typed(value, kind):
    return read_jws(token({**HEADER, "typ": kind}, value))


@pytest.mark.parametrize("kind", ["JWT", "vp+jwt"])
def test_a_presentation_is_told_from_a_credential(kind):
    claims = {"iss": HOLDER, "aud": "https://verifier.example", "nonce": "n"}
    assert document_of(typed({**SHOWN, **claims}, kind)) == SHOWN
    assert document_of(typed({**claims, "vp": OLDER_SHOWN}, kind)) == OLDER_SHOWN
    assert code(credential_of, typed({**SHOWN, **claims}, kind)) == "token_type"
    assert document_of(jws_of(payload())) == BADGE
    envelope = {"type": "EnvelopedVerifiablePresentation", "id": f"data:application/vp+jwt,{TOKEN}"}
    assert enveloped_token(envelope) == TOKEN


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (payload(), "vp+jwt", "token_type"),
        (payload_of_older(), "vp+jwt", "token_type"),
        (SHOWN, "vc+jwt", "token_type"),
        ({"vp": OLDER_SHOWN}, "vc+jwt", "token_type"),
        ({"vc": OLDER_SHOWN}, "JWT", "token_type"),
        ({"vp": older()}, "JWT", "token_type"),
        ({"vp": SHOWN}, "JWT", "edition_differs"),
        (OLDER_SHOWN, "JWT", "edition_differs"),
        ({"vp": OLDER_SHOWN, "vc": older()}, "JWT", "two_forms"),
        ({"vp": OLDER_SHOWN, "holder": HOLDER}, "JWT", "two_forms"),
        ({"vp": OLDER_SHOWN, "verifiableCredential": []}, "JWT", "two_forms"),
        ({"vp": [OLDER_SHOWN]}, "JWT", "malformed_vc"),
    ],
)
def test_a_presentation_and_a_credential_are_never_taken_for_the_other(value, kind, expected):
    assert code(document_of, typed(value, kind)) == expected


def test_a_credential_is_not_signed_as_a_presentation():
    assert code(credential_jwt, BADGE, signer=SIGNER, typ="vp+jwt") == "token_type"
    assert credential_jwt(BADGE, signer=SIGNER, typ="vc+jwt")


def test_an_envelope_with_a_line_end_holds_no_token():
    with pytest.raises(JwsInvalid):
        read_jws(enveloped_token({**ENVELOPE, "id": ENVELOPE["id"] + "\n"}))
