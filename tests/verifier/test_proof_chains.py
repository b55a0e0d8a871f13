"""Proofs that depend on each other: a chain counts whole or not at all (P6, P7)."""

import pytest
from simulator import World, as_bytes

from keys import SecretKey
from ob3 import add_proof
from ob3.cryptosuite import CRYPTOSUITES
from ob3.suites.hashed import HashedSuite
from verifier import Outcome, Policy, Verdict

HOST = "badges.keystone.example"
WORLD = World()
ISSUER = WORLD.issuer(HOST)
DEAN = SecretKey.from_seed(b"\1" * 32)
DEAN_METHOD = ISSUER.publish_key("dean", DEAN)
NOTARY = WORLD.issuer("notary.example")
CLERK = SecretKey.from_seed(b"\2" * 32, "P-256")
CREATED = "2026-02-02T00:00:00Z"
ONE, TWO = "urn:uuid:0b3bd4a8-5d3c-4a5e-9f38-0e3a3f0a7b01", "urn:uuid:0b3bd4a8-5d3c-4a5e-9f38-0e3a3f0a7b02"


def add(document, signer, **options):
    return add_proof(document, signer=signer, created=CREATED, **{"beside_others": True, **options})


def registrar():
    return ISSUER.key.signer(ISSUER.verification_method)


def dean():
    return DEAN.signer(DEAN_METHOD)


def notary():
    return NOTARY.key.signer(NOTARY.verification_method)


def chain(first, second, **options):
    """Give a badge with a proof, and with a second that depends on the first."""
    document = add(ISSUER.credential(), first, id=ONE, **options)
    return add(document, second, id=TWO, previous_proof=ONE)


def only(document, *numbers):
    return {**document, "proof": [document["proof"][number] for number in numbers]}


def edited(document, number, **changes):
    proofs = [{**one, **changes} if at == number else one for at, one in enumerate(document["proof"])]
    return {**document, "proof": proofs}


def verify(document, world=WORLD, **options):
    report = world.verifier(**options).verify(as_bytes(document))
    return report, report.check("signature")


def test_a_chain_of_the_issuers_own_proofs_is_valid():
    for document in (chain(registrar(), dean()), only(chain(registrar(), dean()), 1, 0)):
        report, found = verify(document)
        assert (report.verdict, found.code) == (Verdict.valid, "signature_fits")
        assert "proof" not in report.credential


def test_the_issuer_may_sign_upon_what_somebody_else_signed():
    for first in (notary(), CLERK.signer()):
        suite = "ecdsa-rdfc-2019" if first.algorithm == "P-256" else "eddsa-jcs-2022"
        document = chain(first, registrar(), cryptosuite=suite)
        report, found = verify(document)
        assert (report.verdict, found.code) == (Verdict.valid, "signature_fits")
        assert found.detail["verification_method"] == ISSUER.verification_method


def test_somebody_else_may_sign_upon_what_the_issuer_signed():
    """It adds nothing and harms nothing: what counts is the issuer's own proof."""
    document = chain(registrar(), notary())
    assert verify(document)[0].verdict is Verdict.valid
    assert verify(only(document, 0))[0].verdict is Verdict.valid
    assert verify(only(document, 1))[0].verdict is Verdict.invalid


def test_a_missing_link_spoils_what_depends_on_it():
    document = chain(registrar(), dean())
    assert verify(document)[0].verdict is Verdict.valid
    report, found = verify(only(document, 1))
    assert (report.verdict, found.code) == (Verdict.invalid, "proof_chain")
    assert report.credential is None


def test_a_broken_link_spoils_what_depends_on_it():
    document = chain(notary(), registrar())
    assert verify(document)[0].verdict is Verdict.valid
    for spoiled in (
        edited(document, 0, created="2026-02-02T00:00:01Z"),
        edited(document, 0, proofPurpose="authentication"),
        edited(document, 0, proofValue="z" + "1" * 64),
        edited(document, 0, previousProof=TWO),
        edited(document, 0, previousProof=ONE),
        edited(document, 1, previousProof=["urn:uuid:other"]),
    ):
        report, found = verify(spoiled)
        assert (report.verdict, found.code) == (Verdict.invalid, "proof_chain")


def test_a_dependence_that_is_taken_away_or_changed_is_noticed():
    document = chain(registrar(), dean())
    bare = {name: value for name, value in document["proof"][1].items() if name != "previousProof"}
    report, found = verify({**document, "proof": [bare]})
    assert (report.verdict, found.code) == (Verdict.invalid, "signature_misfit")
    other = add(ISSUER.credential(), registrar(), id=ONE, expires="2030-01-01T00:00:00Z")["proof"]
    report, found = verify({**document, "proof": [document["proof"][1], {**other}]})
    assert found.code == "another_proof_fails", (
        "the other proof is good, and what depended on the first is not"
    )


def test_a_chain_with_a_broken_link_beside_a_good_proof_is_shown():
    document = chain(notary(), dean())
    good = add(ISSUER.credential(), registrar())["proof"]
    report, found = verify({**document, "proof": [document["proof"][1], good]})
    assert (report.verdict, found.outcome, found.code) == (
        Verdict.valid,
        Outcome.warning,
        "another_proof_fails",
    )


def test_a_cycle_is_refused():
    document = chain(registrar(), dean())
    cycle = edited(document, 0, previousProof=TWO)
    report, found = verify(cycle)
    assert (report.verdict, found.code) == (Verdict.invalid, "proof_chain")


def test_two_proofs_with_one_id_are_none():
    document = chain(registrar(), dean())
    for twin in (edited(document, 1, id=ONE), only(document, 0, 0, 1), only(document, 0, 0)):
        report, found = verify(twin)
        assert (report.verdict, found.code) == (Verdict.invalid, "proof_chain")


def test_a_link_whose_key_cannot_be_learned_leaves_the_question_open():
    world = World()
    issuer, away = world.issuer(HOST), world.issuer("away.example")
    first = away.key.signer(away.verification_method)
    document = add(issuer.credential(), first, id=ONE)
    document = add(document, issuer.key.signer(issuer.verification_method), previous_proof=ONE)
    assert verify(document, world)[0].verdict is Verdict.valid
    del world.pages[away.did_url]
    report, found = verify(document, world)
    assert (report.verdict, found.outcome, found.code) == (
        Verdict.undetermined,
        Outcome.unknown,
        "proof_chain_key",
    )
    assert report.credential is None


def test_a_link_whose_key_is_not_the_one_it_names_spoils_the_chain():
    method = f"{CLERK.public_key.did_key}#somebody"
    document = chain(CLERK.signer(method), registrar(), cryptosuite="ecdsa-rdfc-2019")
    report, found = verify(document)
    assert (report.verdict, found.outcome, found.code) == (Verdict.invalid, Outcome.failed, "proof_chain_key")


def test_a_link_in_an_unknown_suite_is_neither_yes_nor_no():
    document = edited(chain(notary(), registrar()), 0, cryptosuite="bbs-2023")
    report, found = verify(document)
    assert (report.verdict, found.code) == (Verdict.unsupported, "unsupported_chain")
    malformed = edited(chain(notary(), registrar()), 0, type="Ed25519Signature2020")
    assert verify(malformed)[1].code == "proof_chain"


def test_a_link_in_an_older_suite_is_read():
    document = ISSUER.credential()
    older = {**add(document, dean(), id=ONE)["proof"], "cryptosuite": "eddsa-2022"}
    del older["proofValue"]
    older["proofValue"] = CRYPTOSUITES["eddsa-2022"].sign(document, older, dean())
    good = add({**document, "proof": older}, registrar(), previous_proof=ONE)
    assert verify(good)[0].verdict is Verdict.valid
    assert verify(only(edited(good, 0, cryptosuite="eddsa-rdfc-2022"), 1, 0))[1].code == "proof_chain"


@pytest.mark.parametrize("number", [8, 9])
def test_a_long_chain_is_read_up_to_eight_proofs(number):
    document = ISSUER.credential()
    for at in range(number):
        signer = dean() if at % 2 else registrar()
        before = f"urn:x:{at - 1}" if at else None
        document = add(document, signer, id=f"urn:x:{at}", previous_proof=before)
    report, found = verify(document)
    assert (report.verdict, found.code) == (
        (Verdict.valid, "signature_fits") if number == 8 else (Verdict.refused, "limit_count")
    )
    assert verify(document, policy=Policy(isolate=False, max_proofs=2))[0].verdict is Verdict.refused


def test_a_document_of_many_values_may_carry_fewer_proofs():
    """Each proof may need a canonical form of its own, so the work grows with both (N5)."""
    tags = [f"t{number}" for number in range(10_000)]
    credential = ISSUER.credential()
    credential["credentialSubject"]["achievement"]["tag"] = tags
    document = credential
    for number in range(3):
        before = f"urn:x:{number - 1}" if number else None
        document = add(document, registrar(), id=f"urn:x:{number}", previous_proof=before)
    assert verify(document)[0].verdict is Verdict.valid
    report, found = verify({**document, "proof": [*document["proof"], *document["proof"][:1]]})
    assert (report.verdict, found.code) == (Verdict.refused, "limit_count")


def test_no_proof_of_a_chain_is_computed_twice(monkeypatch):
    computed = []
    check = HashedSuite.check

    def counted(self, document, proof, key, **options):
        computed.append(proof.get("id", ""))
        check(self, document, proof, key, **options)

    document = ISSUER.credential()
    for number in range(8):
        before = [f"urn:x:{at}" for at in range(number)] or None
        document = add(document, registrar(), id=f"urn:x:{number}", previous_proof=before)
    monkeypatch.setattr(HashedSuite, "check", counted)
    assert verify(document)[0].verdict is Verdict.valid
    of_the_badge = [one for one in computed if one.startswith("urn:x:")]
    assert sorted(of_the_badge) == [f"urn:x:{number}" for number in range(8)]
