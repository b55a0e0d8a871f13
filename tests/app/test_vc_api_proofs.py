"""What the suites for eddsa, ecdsa, selective disclosure and JOSE assert of proofs, sent over HTTP."""

import base64
import json
import re
import sys

import pytest
from vc_api_desk import KEYS, V2, Desk, refused

from keys import SecretKey
from ob3 import add_proof
from ob3.jws import credential_jwt

SUITES = [name for name in KEYS if name != "jose"]
WHOLE = [name for name in SUITES if name != "ecdsa-sd-2023"]
LEFT_OUT = ["type", "verificationMethod", "proofPurpose", "proofValue", "cryptosuite"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("vc-api"))


def _signed_elsewhere(key, **changes):
    document = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": key.public_key.did_key,
        "credentialSubject": {"id": "did:example:subject"},
        **changes,
    }
    return document, {"signer": key.signer(), "created": "2026-01-01T00:00:00Z", "allow_keywords": True}


@pytest.mark.parametrize("issuer", SUITES)
def test_a_proof_has_the_members_that_each_proof_must_have(desk, issuer):
    proof = desk.issued(issuer)["proof"]
    assert proof["type"] == "DataIntegrityProof"
    assert proof["cryptosuite"] == re.sub("-p[0-9]+$", "", issuer).replace("status", "eddsa-rdfc-2022")
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"].startswith(desk.did(issuer) + "#z")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", proof["created"])
    assert proof["proofValue"][0] == ("u" if issuer == "ecdsa-sd-2023" else "z")


@pytest.mark.parametrize("issuer", WHOLE)
def test_what_was_issued_is_verified_and_any_change_is_not(desk, issuer):
    secured = desk.issued(issuer)
    answer = desk.verify(secured, checks=["proof"])
    assert (answer.status_code, answer.json["verified"], answer.json["errors"]) == (200, True, [])
    subject = {**secured["credentialSubject"], "degree": "PhD"}
    assert refused(desk.verify({**secured, "credentialSubject": subject}))
    assert refused(desk.verify({**secured, "name": "Added"}))
    assert refused(
        desk.verify({**secured, "issuer": desk.did("ecdsa-rdfc-2019-p384" if "p256" in issuer else "jose")})
    )


@pytest.mark.parametrize("issuer", WHOLE)
@pytest.mark.parametrize("member", LEFT_OUT)
def test_a_proof_without_a_member_is_not_verified(desk, issuer, member):
    secured = desk.issued(issuer)
    assert desk.verify(secured).status_code == 200
    assert refused(
        desk.verify({**secured, "proof": {k: v for k, v in secured["proof"].items() if k != member}})
    )


@pytest.mark.parametrize("issuer", WHOLE)
@pytest.mark.parametrize(
    "changes",
    [
        {"type": "UnknownProofType"},
        {"cryptosuite": "unknown-cryptosuite-2017"},
        {"cryptosuite": "eddsa-2022"},
        {"verificationMethod": "did:key:@invalidVm@"},
        {"proofPurpose": "invalidPurpose"},
        {"proofPurpose": "authentication"},
        {"proofValue": None},
        {"proofValue": ""},
        {"created": "invalidDate"},
        {"created": "2026-01-01T00:00:00"},
        {"expires": "2026-01-01T00:00:00"},
        {"domain": "domain.example"},
    ],
    ids=lambda changes: " ".join(f"{name} {value}" for name, value in changes.items()),
)
def test_a_changed_proof_is_not_verified(desk, issuer, changes):
    secured = desk.issued(issuer)
    assert refused(desk.verify({**secured, "proof": {**secured["proof"], **changes}}))


@pytest.mark.parametrize("proof", [None, "proof", 10, True, [], {}, [None], [{}]], ids=repr)
def test_what_is_no_proof_is_not_verified(desk, proof):
    assert refused(desk.verify({**desk.issued(), "proof": proof}))
    assert refused(desk.verify(desk.credential()))


@pytest.mark.parametrize("issuer", WHOLE)
def test_a_value_in_another_base_is_not_verified(desk, issuer):
    secured = desk.issued(issuer)
    value = secured["proof"]["proofValue"]
    for other in (value[1:], "u" + value[1:], value + "1"):
        assert refused(desk.verify({**secured, "proof": {**secured["proof"], "proofValue": other}}))


def test_the_purpose_that_is_expected_must_be_that_of_the_proof(desk):
    secured = desk.issued()
    assert desk.verify(secured, expectedProofPurpose="assertionMethod").status_code == 200
    assert refused(desk.verify(secured, expectedProofPurpose="authentication"))


def test_domain_and_challenge_must_be_those_of_the_proof_where_they_are_asked(desk):
    document, how = _signed_elsewhere(SecretKey.generate())
    secured = add_proof(document, **how, domain="domain.example", challenge="abc")
    assert desk.verify(secured).status_code == 200
    assert desk.verify(secured, domain="domain.example", challenge="abc").status_code == 200
    assert refused(desk.verify(secured, domain="other.example"))
    assert refused(desk.verify(secured, domain="domain.example", challenge="1235abcd6789"))
    assert refused(desk.verify(add_proof(document, **how), challenge="abc"))


def test_a_holder_shows_the_part_that_they_choose(desk):
    base = desk.issued("ecdsa-sd-2023", mandatoryPointers=["/issuer", "/credentialSubject/id"])
    assert refused(desk.verify(base))  # it would show all
    body = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject/degree"]}}
    derived = desk.post("/credentials/derive", body)
    assert derived.status_code == 201
    shown = derived.json
    assert shown["credentialSubject"] == {"id": "did:example:subject", "degree": "BSc"}
    assert desk.verify(shown).status_code == 200
    changed = {**shown["credentialSubject"], "degree": "PhD"}
    assert refused(desk.verify({**shown, "credentialSubject": changed}))


@pytest.mark.parametrize(
    "options",
    [
        {"selectivePointers": ["/nothing/there"]},
        {"selectivePointers": "all"},
        {"selectivePointers": ["x"] * 101},
        {},
    ],
    ids=["a place that is not there", "a text", "too many", "none, and nothing mandatory"],
)
def test_a_choice_that_is_none_is_refused(desk, options):
    body = {"verifiableCredential": desk.issued("ecdsa-sd-2023"), "options": options}
    assert refused(desk.post("/credentials/derive", body))
    assert refused(desk.post("/credentials/derive", {**body, "verifiableCredential": desk.issued()}))


def test_several_proofs_are_good_only_if_each_is(desk):
    first = desk.issued()
    both = desk.issued(credential=first)
    assert len(both["proof"]) == 2
    assert desk.verify(both).status_code == 200
    spoilt = {**both["proof"][1], "created": "2020-01-01T00:00:00Z"}
    assert refused(desk.verify({**both, "proof": [both["proof"][0], spoilt]}))


def test_a_chain_holds_only_with_the_proof_before(desk):
    first = desk.issued(proofId="urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544")
    name = first["proof"]["id"]
    chain = desk.issued(credential=first, previousProof=name)
    assert chain["proof"][1]["previousProof"] == name
    assert desk.verify(chain).status_code == 200
    assert refused(desk.verify({**chain, "proof": chain["proof"][1:]}))
    for wrong in ("urn:uuid:00000000-0000-0000-0000-000000000000", 5, [name, name]):
        proof = {**chain["proof"][1], "previousProof": wrong}
        assert refused(desk.verify({**chain, "proof": [chain["proof"][0], proof]}))
    assert refused(desk.issue(first, previousProof="urn:uuid:00000000-0000-0000-0000-000000000000"))


def test_a_proof_of_somebody_else_is_not_the_issuers(desk):
    mine, other = SecretKey.generate(), SecretKey.generate("P-256")
    document, how = _signed_elsewhere(mine)
    assert desk.verify(add_proof(document, **how)).status_code == 200
    forged, _how = _signed_elsewhere(other)
    assert refused(
        desk.verify(
            add_proof(
                {**forged, "issuer": mine.public_key.did_key},
                **{**how, "signer": other.signer()},
                cryptosuite="ecdsa-rdfc-2019",
            )
        )
    )


def test_a_token_is_issued_in_an_envelope_or_as_text(desk):
    enveloped = desk.issued("jose")
    assert enveloped["type"] == "EnvelopedVerifiableCredential"
    assert enveloped["id"].startswith("data:application/vc+jwt,")
    assert desk.verify(enveloped).status_code == 200
    token = desk.issued("jose", format="jwt")
    assert isinstance(token, str)
    header, payload, signature = token.split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["alg"] == "ES256"
    assert desk.verify(token).status_code == 200
    assert refused(desk.verify(f"{header}.{payload}.{signature[:-4]}AAAA"))
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert refused(desk.verify(f"{unsigned}.{payload}."))
    assert refused(desk.verify("no token at all"))
    assert refused(desk.verify({**enveloped, "name": "not covered"}))


def test_a_token_may_name_no_term_without_meaning(desk):
    key = SecretKey.generate("P-256")
    document, _how = _signed_elsewhere(key)
    good = credential_jwt(document, signer=key.signer(), all_claims=False)
    assert desk.verify(good).status_code == 200
    bad = credential_jwt({**document, "undefined": "x"}, signer=key.signer(), all_claims=False)
    assert refused(desk.verify(bad))


def test_the_option_names_a_suite_of_the_address(desk):
    credential = desk.credential("ecdsa-rdfc-2019-p256")
    chosen = desk.post(
        "/credentials/issue", {"credential": credential, "options": {"cryptosuite": "ecdsa-rdfc-2019"}}
    )
    assert chosen.json["proof"]["cryptosuite"] == "ecdsa-rdfc-2019"
    assert refused(desk.issue(desk.credential(), "eddsa-jcs-2022", cryptosuite="eddsa-rdfc-2022"))
    assert refused(
        desk.post("/credentials/issue", {"credential": desk.credential(), "options": {"cryptosuite": "none"}})
    )
    assert refused(desk.issue(desk.credential(), mandatoryPointers=["/issuer"]))


def test_python_itself_has_no_part_in_an_answer(desk):
    for answer in (desk.verify(desk.credential()), desk.issue({})):
        assert "Traceback" not in answer.text
        assert sys.prefix not in answer.text
