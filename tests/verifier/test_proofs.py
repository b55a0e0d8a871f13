"""Proofs: what counts, sets of them, and what is refused unread (P2 to P9)."""

import copy

import pytest
from simulator import NOW, World, as_bytes

from verifier import Outcome, Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.proofs import check_proofs
from verifier.sources import Sources
from verifier.trust import trust_list

HOST = "badges.keystone.example"
WORLD = World()
ISSUER = WORLD.issuer(HOST)
STRANGER = WORLD.issuer("stranger.example")
GOOD = ISSUER.sign(ISSUER.credential())


def verify(badge):
    report = WORLD.verifier().verify(as_bytes(badge))
    return report, report.check("signature")


def with_proof(**members):
    badge = copy.deepcopy(GOOD)
    proof = badge["proof"][0]
    proof.update(members)
    badge["proof"] = [{name: value for name, value in proof.items() if value is not None}]
    return badge


def set_of(*proofs):
    return {**GOOD, "proof": list(proofs)}


PROOF = GOOD["proof"][0]
STRANGERS = STRANGER.sign(ISSUER.credential())["proof"][0]
MISFIT = {**PROOF, "created": "2026-02-03T00:00:00Z"}


def test_one_proof_as_object_or_list_passes():
    assert verify(GOOD)[0].verdict is Verdict.valid
    assert verify({**GOOD, "proof": PROOF})[0].verdict is Verdict.valid


@pytest.mark.parametrize(
    "members",
    [
        {"proofPurpose": "authentication"},
        {"created": "2026-02-02T00:00:01Z"},
        {"created": "yesterday"},
        {"proofValue": PROOF["proofValue"][:-1]},
        {"proofValue": PROOF["proofValue"] + "1"},
        {"proofValue": "u" + PROOF["proofValue"][1:]},
        {"proofValue": "z" * 2000},
        {"proofValue": ""},
        {"proofValue": None},
        {"proofPurpose": None},
        {"verificationMethod": None},
        {"verificationMethod": {"id": PROOF["verificationMethod"]}},
        {"type": None},
        {"type": ["DataIntegrityProof"]},
        {"cryptosuite": None},
        {"cryptosuite": ["eddsa-rdfc-2022"]},
        {"previousProof": "urn:uuid:1"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"cryptosuite": "ecdsa-rdfc-2019"},
        {"type": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2020", "cryptosuite": None},
        {"nonce": {"type": ["Profile"]}},
        {"unheardOf": "x"},
        {"@context": ["https://evil.example/context.json"]},
    ],
)
def test_a_proof_with_any_member_changed_is_invalid(members):
    report, found = verify(with_proof(**members))
    assert report.verdict is Verdict.invalid
    assert found.outcome in (Outcome.failed, Outcome.skipped)
    assert report.credential is None


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"proofPurpose": "authentication"}, "proof_purpose"),
        ({"previousProof": "urn:uuid:1"}, "proof_chain"),
        ({"domain": [["badges.example"]]}, "proof_malformed"),
        ({"unheardOf": "x"}, "proof_malformed"),
        ({"cryptosuite": None}, "proof_malformed"),
        ({"type": "Ed25519Signature2020"}, "proof_malformed"),
        ({"proofValue": None}, "proof_malformed"),
    ],
)
def test_a_proof_is_refused_unread_for_its_own_reason(members, code):
    document = with_proof(**members)
    keys = IssuerKeys(
        sources=Sources(fetcher=None, local=None, max_fetches=0),
        trust=trust_list(()),
        memory=None,
        given=lambda *_: ISSUER.key.public_key,
        now=NOW,
    )
    found = check_proofs(document, ISSUER.did, keys, extra_contexts={}, max_proofs=8)
    assert (found.document, found.signature.code) == (None, code)


@pytest.mark.parametrize(
    "members",
    [
        {"cryptosuite": "bbs-2023"},
        {"cryptosuite": "eddsa-rdf-2022"},
        {"cryptosuite": "EDDSA-RDFC-2022"},
        {"cryptosuite": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2018", "cryptosuite": None},
        {"type": "RsaSignature2018", "cryptosuite": None, "proofValue": None, "jws": "e30..c2ln"},
    ],
)
def test_a_suite_that_we_do_not_know_is_neither_yes_nor_no(members):
    report, found = verify(with_proof(**members))
    assert (report.verdict, found.code) == (Verdict.unsupported, "unsupported_suite")
    assert report.credential is None


def test_a_kind_of_proof_that_we_do_not_know_is_named_itself():
    _, found = verify(with_proof(type="DataIntegrityProofs"))
    assert (found.code, found.detail["suite"]) == ("unsupported_suite", "DataIntegrityProofs")


def test_a_strangers_proof_in_an_unknown_suite_is_still_a_strangers():
    badge = with_proof(cryptosuite="bbs-2023", verificationMethod=STRANGER.verification_method)
    report, _ = verify(badge)
    assert (report.verdict, report.check("issuer_key").code) == (Verdict.invalid, "key_of_another")


@pytest.mark.parametrize("proofs", [[], None, "x", 7, [None], [[PROOF]]])
def test_without_a_proof_there_is_nothing_signed(proofs):
    badge = {**GOOD, "proof": proofs}
    assert verify(badge)[0].verdict is Verdict.invalid
    del badge["proof"]
    report, found = verify(badge)
    assert (report.verdict, found.code) == (Verdict.invalid, "no_proof")


def test_a_strangers_proof_alone_is_nothing():
    report, _ = verify(set_of(STRANGERS))
    assert (report.verdict, report.check("issuer_key").code) == (Verdict.invalid, "key_of_another")


def test_a_strangers_proof_beside_the_issuers_does_no_harm():
    for proofs in ([STRANGERS, PROOF], [PROOF, STRANGERS]):
        report, found = verify(set_of(*proofs))
        assert (report.verdict, found.outcome) == (Verdict.valid, Outcome.passed)


def test_a_good_strangers_proof_does_not_save_a_misfit_of_the_issuer():
    report, found = verify(set_of(STRANGERS, MISFIT))
    assert (report.verdict, found.code) == (Verdict.invalid, "signature_misfit")


def test_one_fitting_proof_is_enough_and_the_failing_one_is_shown():
    for proofs in ([MISFIT, PROOF], [PROOF, MISFIT]):
        report, found = verify(set_of(*proofs))
        assert (report.verdict, found.outcome, found.code) == (
            Verdict.valid,
            Outcome.warning,
            "another_proof_fails",
        )


def test_a_proof_for_another_purpose_beside_a_good_one_does_no_harm():
    """A login of the issuer's says nothing of the badge, neither good nor bad (P2)."""
    login = ISSUER.sign(ISSUER.credential(), purpose="authentication")["proof"][0]
    for proofs in ([login, PROOF], [PROOF, login]):
        report, found = verify(set_of(*proofs))
        assert (report.verdict, found.outcome) == (Verdict.valid, Outcome.passed)
    report, found = verify(set_of(login))
    assert (report.verdict, found.code) == (Verdict.invalid, "proof_purpose")
    assert verify(set_of(login, MISFIT))[1].code == "signature_misfit"


def test_at_most_eight_proofs_are_read():
    assert verify(set_of(*[PROOF] * 8))[0].verdict is Verdict.valid
    report, found = verify(set_of(*[PROOF] * 9))
    assert (report.verdict, found.code) == (Verdict.refused, "limit_count")


def test_the_proof_of_another_badge_does_not_fit():
    other = ISSUER.sign(ISSUER.credential(name="Another title"))
    assert verify({**GOOD, "proof": other["proof"]})[0].verdict is Verdict.invalid


def test_the_page_gets_the_verified_document_without_its_proof():
    report, found = verify(GOOD)
    assert report.credential == {name: value for name, value in GOOD.items() if name != "proof"}
    assert found.detail["suite"] == "eddsa-rdfc-2022"
    assert found.detail["verification_method"] == ISSUER.verification_method


def test_an_early_created_saves_nothing():
    late = ISSUER.sign(ISSUER.credential(validUntil="2026-06-01T00:00:00Z"), created="2020-01-01T00:00:00Z")
    assert verify(late)[0].verdict is Verdict.expired
    assert NOW.year == 2026
