"""Tokens before the verifier: claims, key and signature, each fault beside a token that is accepted."""

import json

import pytest
from simulator import IN_PROCESS, World, as_bytes
from tokens import JOSE, KINDS, b64, parts_of, secret_key, token

from keys import SecretKey
from keys.jwk import to_jwk
from ob3.jws import credential_jwt, credential_of, read_jws
from verifier import Outcome, TrustEntry, Verdict
from verifier.examination import Examination
from verifier.issuer_keys import IssuerKeys
from verifier.jws_proofs import check_jws, check_secured_text
from verifier.policy import DEFAULT, Policy
from verifier.sources import Sources
from verifier.trust import trust_list

WORLD = World()
ISSUER = WORLD.issuer("tokens.keystone.example")
METHODS = {kind: ISSUER.publish_key(kind.lower(), secret_key(kind)) for kind in KINDS}
TOKEN = ISSUER.token()
STRICT = Policy(isolate=False, strict_claims=True)
MALLORY = SecretKey.from_seed(b"m" * 32, "P-256")


def verify(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return WORLD.verifier(**options).verify(data)


def found(report):
    """Give the verdict and the first check that did not pass."""
    for one in report.checks:
        if one.outcome not in (Outcome.passed, Outcome.skipped) and one.id != "trust":
            return report.verdict, one.id, one.code
    return report.verdict, None, None


def signed(payload=None, *, key=None, kind="P-256", **header):
    """Sign a payload as the issuer, with any header."""
    whole = {"alg": JOSE[kind], "kid": METHODS[kind], **header}
    value = parts_of(TOKEN)[1] if payload is None else payload
    present = {name: one for name, one in whole.items() if one is not None}
    return token(present, value, key or secret_key(kind))


def payload(**changes):
    whole = {**parts_of(TOKEN)[1], **changes}
    return {name: value for name, value in whole.items() if value is not None}


def older():
    """Give the badge as an older edition of the data model has it."""
    badge = ISSUER.credential(credentialStatus=None)
    badge["@context"] = ["https://www.w3.org/2018/credentials/v1", badge["@context"][1]]
    badge["issuanceDate"] = badge.pop("validFrom")
    return badge


def keys(**options):
    given = {"memory": None, "given": None, "now": WORLD.now, **options}
    sources = Sources(fetcher=WORLD.fetcher(), local=None, max_fetches=12)
    return IssuerKeys(sources=sources, trust=trust_list(()), **given)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_of_every_algorithm_is_valid_and_shows_what_was_signed(kind):
    report = verify(credential_jwt(ISSUER.credential(), signer=secret_key(kind).signer(METHODS[kind])))
    assert found(report) == (Verdict.valid, None, None)
    assert (report.kind, report.credential) == ("jwt", ISSUER.credential())
    signature = report.check("signature")
    assert (signature.code, signature.detail["suite"]) == ("signature_fits", f"JWT {JOSE[kind]}")


def test_a_token_of_the_older_edition_is_valid():
    report = verify(credential_jwt(older(), signer=secret_key("RSA").signer(METHODS["RSA"])))
    assert found(report) == (Verdict.valid, "context", "older_context")
    assert report.credential == older()


def test_its_withdrawal_and_its_dates_count_as_anywhere():
    other = World()
    issuer = other.issuer("tokens.keystone.example")
    issuer.withdraw(412)
    assert other.verifier().verify(issuer.token().encode()).verdict is Verdict.revoked
    assert verify(ISSUER.token(validUntil="2026-03-02T00:00:00Z")).verdict is Verdict.expired
    assert verify(ISSUER.token(validFrom="2027-03-02T00:00:00Z")).verdict is Verdict.not_yet_valid
    assert verify(ISSUER.token(validUntil="2027-03-02T00:00:00Z")).verdict is Verdict.valid


def test_exp_ends_a_certificate_without_an_end():
    assert found(verify(signed(payload(exp=1774000000)))) == (Verdict.expired, "dates", "expired")
    assert verify(signed(payload(exp=1900000000))).verdict is Verdict.valid


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:elsewhere.example"),
        ("sub", "did:example:mallory"),
        ("jti", "urn:uuid:00000000-0000-4000-8000-000000000000"),
        ("nbf", 1769990401),
        ("nbf", "1769990400"),
        ("exp", "2027-01-01T00:00:00Z"),
        ("iat", "2027-01-01T00:00:00Z"),
        ("aud", 5),
    ],
)
def test_each_claim_alone_makes_a_token_false(claim, value):
    report = verify(signed(payload(**{claim: value})))
    assert found(report) == (Verdict.invalid, "signature", "claims_differ")
    assert report.check("signature").detail["claims"] == claim
    assert (report.credential, report.check("issuer_key").outcome) == (None, Outcome.skipped)
    assert verify(signed(payload())).verdict is Verdict.valid


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf"])
def test_a_claim_left_out_is_told_and_refused_by_a_strict_policy(claim):
    text = signed(payload(**{claim: None}))
    report = verify(text)
    assert found(report) == (Verdict.valid, "signature", "claims_missing")
    assert report.check("signature").detail["claims"] == claim
    assert report.credential == ISSUER.credential()
    judged = check_jws(read_jws(text), ISSUER.credential(), ISSUER.did, keys(), strict_claims=True)
    assert (judged.signature.code, judged.document) == ("claims_required", None)
    assert check_jws(read_jws(TOKEN), ISSUER.credential(), ISSUER.did, keys(), strict_claims=True).confirmed


def test_a_strict_policy_reaches_the_examination():
    assert found(verify(signed(payload(sub=None)), policy=STRICT)) == (
        Verdict.invalid,
        "signature",
        "claims_required",
    )
    assert verify(signed(), policy=STRICT).verdict is Verdict.valid
    assert not DEFAULT.strict_claims


def test_the_word_changed_after_signing_shows():
    head, _, signature = TOKEN.split(".")
    changed = ISSUER.credential(name="Doctor of Law")
    report = verify(f"{head}.{b64({**parts_of(TOKEN)[1], **changed})}.{signature}")
    assert found(report) == (Verdict.invalid, "signature", "signature_misfit")
    assert report.credential is None


@pytest.mark.parametrize("signer", [kind for kind in KINDS if kind != "P-256"])
def test_a_key_that_signs_otherwise_than_the_header_says_is_refused(signer):
    text = signed(kid=METHODS[signer])  # ES256 by P-256, but the name of another key of the issuer
    assert found(verify(text)) == (Verdict.invalid, "signature", "token_algorithm")
    assert verify(signed()).verdict is Verdict.valid


def test_the_jwk_of_the_issuer_counts_and_the_one_of_another_does_not():
    shown = to_jwk(secret_key("P-256").public_key)
    assert verify(signed(kid=None, jwk=shown)).verdict is Verdict.valid
    assert verify(signed(jwk=shown)).verdict is Verdict.valid
    forged = signed(key=MALLORY, kid=None, jwk=to_jwk(MALLORY.public_key))
    assert found(verify(forged)) == (Verdict.invalid, "issuer_key", "key_absent")
    beside = signed(key=MALLORY, jwk=to_jwk(MALLORY.public_key))
    assert found(verify(beside)) == (Verdict.invalid, "issuer_key", "keys_differ")


@pytest.mark.parametrize("name", ["did:key", "did:jwk"])
def test_issuers_named_by_their_own_key_sign_tokens(name):
    key = secret_key("P-256")
    did = key.public_key.did_key if name == "did:key" else f"did:jwk:{b64(to_jwk(key.public_key))}"
    method = key.public_key.did_key_method if name == "did:key" else f"{did}#0"
    badge = ISSUER.credential(issuer={**ISSUER.profile(), "id": did}, credentialStatus=None)
    assert verify(credential_jwt(badge, signer=key.signer(method))).verdict is Verdict.valid
    report = verify(credential_jwt(badge, signer=MALLORY.signer(method)))
    assert found(report) == (Verdict.invalid, "signature", "signature_misfit")
    other = verify(credential_jwt(badge, signer=MALLORY.signer(MALLORY.public_key.did_key_method)))
    assert found(other) == (Verdict.invalid, "issuer_key", "key_of_another")


def test_keys_that_cannot_be_learned_leave_it_open():
    quiet = WORLD.verifier(fetcher=None).verify(TOKEN.encode())
    assert found(quiet) == (Verdict.undetermined, "issuer_key", "keys_unreachable")
    assert quiet.check("signature").outcome is Outcome.unknown
    assert quiet.credential is None


def test_a_key_that_stands_only_in_the_header_confirms_nobody_but_a_trust_list_may():
    badge = ISSUER.credential(
        issuer={**ISSUER.profile(), "id": "https://gone.example/issuer"}, credentialStatus=None
    )
    text = credential_jwt(badge, signer=MALLORY.signer("unused"), jwk=MALLORY.public_key)
    report = verify(text)
    assert found(report) == (Verdict.undetermined, "issuer_key", "key_unconfirmed")
    assert (report.check("signature").code, report.credential) == ("signature_consistent", badge)
    entry = TrustEntry(
        issuer_id="https://gone.example/issuer", name="Gone", keys=(MALLORY.public_key.multikey,)
    )
    assert verify(text, trust=[entry]).verdict is Verdict.valid


def test_a_proof_inside_a_token_is_told_and_not_shown():
    inner = ISSUER.sign(ISSUER.credential())
    report = verify(signed({**payload(), **inner}))
    assert found(report) == (Verdict.valid, "signature", "inner_proof_unread")
    assert report.credential == ISSUER.credential()


def test_what_is_proven_comes_out_of_the_token_and_not_from_beside_it():
    jws = read_jws(TOKEN)
    other = ISSUER.credential(name="Doctor of Law")
    judged = check_jws(jws, other, ISSUER.did, keys())
    assert (judged.document, judged.signature.code) == (None, "token_malformed")
    good = check_jws(jws, credential_of(jws), ISSUER.did, keys())
    assert good.document == ISSUER.credential()
    assert good.document is not credential_of(jws)


def test_a_token_of_any_kind_of_credential_can_be_checked_by_its_text():
    listed = credential_jwt(
        {name: value for name, value in ISSUER.status_list("revocation").items() if name != "proof"},
        signer=ISSUER.key.signer(ISSUER.verification_method),
    )
    judged = check_secured_text(listed, ISSUER.did, keys())
    assert judged.confirmed
    assert judged.document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert not check_secured_text(listed, "did:web:elsewhere.example", keys()).confirmed
    assert check_secured_text(f"{listed}.", ISSUER.did, keys()).signature.code == "token_malformed"
    assert check_secured_text("", ISSUER.did, keys()).document is None


@pytest.mark.parametrize("embedded", [False, True])
def test_the_examination_takes_a_token_in_place_of_proofs(embedded):
    examination = Examination(keys=keys(), status=None, policy=IN_PROCESS, accepted_contexts={})
    document = ISSUER.credential(credentialStatus=None, name="Doctor of Law")
    stopped = examination.examine(document, jws=read_jws(TOKEN), embedded=embedded)
    assert stopped.proven.document is None


@pytest.mark.parametrize("changes", [{}, {"type": ["EnvelopedVerifiableCredential"]}])
def test_an_envelope_is_opened(changes):
    envelope = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{TOKEN}",
        "type": "EnvelopedVerifiableCredential",
        **changes,
    }
    report = verify(as_bytes(envelope))
    assert (report.verdict, report.credential) == (Verdict.valid, ISSUER.credential())
    spoiled = verify(as_bytes({**envelope, "name": "Doctor of Law"}))
    assert found(spoiled) == (Verdict.invalid, "parse", "token_malformed")
    other = verify(as_bytes({**envelope, "id": f"data:application/vc+sd-jwt,{TOKEN}~"}))
    assert found(other) == (Verdict.unsupported, "parse", "unsupported_token")
    assert other.check("parse").detail["suite"] == "SD-JWT/COSE"


@pytest.mark.parametrize(
    "served",
    ["text/plain", "application/jwt", "application/vc+jwt", "application/json", "text/html", "image/png"],
)
def test_an_address_may_serve_a_token_under_any_name(served):
    url = f"https://wallet.example/{served.replace('/', '-')}.jwt"
    WORLD.publish(url, TOKEN.encode() + b"\n", **{"content-type": served})
    assert WORLD.verifier().verify_url(url).verdict is Verdict.valid


def test_a_token_as_a_json_text_is_read_but_not_one_in_an_object_of_ones_own():
    assert verify(json.dumps(TOKEN)).verdict is Verdict.valid
    assert found(verify(json.dumps({"jwt": TOKEN})))[0] is Verdict.invalid
    assert found(verify(json.dumps([TOKEN])))[0] is Verdict.invalid
