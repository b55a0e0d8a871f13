"""Sets and chains of proofs: the published ones, and each way in which a dependence can be broken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import badge

from keys import SecretKey
from keys.multibase import multibase_decode
from ob3 import add_proof, verify_proof
from ob3.errors import ProofInvalid
from ob3.proof_sets import ancestors_of, proofs_of

FIRST, SECOND, THIRD = (SecretKey.from_seed(bytes([number]) * 32) for number in (1, 2, 3))
CURVE = SecretKey.from_seed(b"\4" * 32, "P-256")
PUBLIC = {key.signer().id: key.public_key for key in (FIRST, SECOND, THIRD, CURVE)}
CREATED = "2026-07-03T02:00:00Z"
ONE, TWO, THREE = (f"urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b1{number}" for number in (1, 2, 3))


def add(document, key, **options):
    return add_proof(document, signer=key.signer(), created=CREATED, **{"beside_others": True, **options})


def check(document, number=-1, **options):
    proof = proofs_of(document)[number]
    key = PUBLIC[proof["verificationMethod"]]
    return verify_proof(document, verification_key=key, proof=proof, **{"keys": PUBLIC.get, **options})


def code_of(document, number=-1, **options):
    with pytest.raises(ProofInvalid) as refused:
        check(document, number, **options)
    return refused.value.code


def chain(suite="eddsa-rdfc-2022"):
    """Give a badge that the first signed, then the second on the first's proof, then the third on that."""
    signed = add(badge(), FIRST, id=ONE, cryptosuite=suite)
    signed = add(signed, SECOND, id=TWO, previous_proof=ONE, cryptosuite=suite)
    return add(signed, THIRD, previous_proof=[TWO], cryptosuite=suite)


def without(document, number):
    return {**document, "proof": [one for at, one in enumerate(document["proof"]) if at != number]}


def edited(document, number, **changes):
    proofs = [{**one, **changes} if at == number else one for at, one in enumerate(proofs_of(document))]
    return {**document, "proof": proofs}


# --- the vectors of W3C


@pytest.fixture
def vector(reference):
    def read(name):
        return json.loads((reference / "vectors/vc-di-eddsa/proof-set-chain" / f"{name}.json").read_bytes())

    return read


@pytest.fixture
def examples(reference):
    file = reference / "contexts/w3c/credentials-examples-v2.jsonld"
    return {"https://www.w3.org/ns/credentials/examples/v2": json.loads(file.read_bytes())}


@pytest.fixture
def signers(vector):
    pairs = vector("multiKeyPairs").values()
    return {
        one["publicKeyMultibase"]: SecretKey.from_seed(multibase_decode(one["privateKeyMultibase"])[2:])
        for one in pairs
    }


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("signedProofSet1", None),
        ("signedProofSet2", "signedProofSet1"),
        ("signedProofChain1", None),
        ("signedProofChain2", "signedProofChain1"),
    ],
)
def test_the_sets_and_chains_of_w3c_are_made_byte_for_byte_and_verify(
    vector, signers, examples, name, before
):
    expected = vector(name)
    document = vector(before) if before else vector("unsigned")
    done = len(proofs_of(document))
    for proof in proofs_of(expected)[done:]:
        key = signers[proof["verificationMethod"].split("#")[1]]
        document = add_proof(
            document,
            signer=key.signer(id=proof["verificationMethod"]),
            created=proof["created"],
            id=proof.get("id"),
            previous_proof=proof.get("previousProof"),
            beside_others=True,
            extra_contexts=examples,
        )
    assert document == expected

    def key_of(method):
        return signers[method.split("#")[1]].public_key

    for proof in proofs_of(expected):
        verified = verify_proof(
            expected,
            verification_key=key_of(proof["verificationMethod"]),
            proof=proof,
            keys=key_of,
            extra_contexts=examples,
        )
        assert verified.document == vector("unsigned")


def test_a_chain_of_w3c_is_broken_by_any_edit(vector, signers, examples):
    document = vector("signedProofChain2")
    last = document["proof"][-1]
    for number in range(len(document["proof"]) - 1):
        spoiled = edited(document, number, created="2023-02-24T23:36:39Z")
        with pytest.raises(ProofInvalid):
            verify_proof(
                spoiled,
                verification_key=signers[last["verificationMethod"].split("#")[1]].public_key,
                proof=last,
                keys=lambda method: signers[method.split("#")[1]].public_key,
                extra_contexts=examples,
            )


# --- sets


def test_a_proof_joins_others_only_where_that_is_asked_for():
    once = add(badge(), FIRST)
    twice = add(once, CURVE, cryptosuite="ecdsa-jcs-2019")
    assert twice["proof"][0] == once["proof"]
    for number in (0, 1):
        assert check(twice, number, keys=None).document == badge()
    with pytest.raises(ProofInvalid) as refused:
        add(once, SECOND, beside_others=False)
    assert refused.value.code == "already_secured"


def test_a_proof_joins_one_in_a_list_and_one_that_stands_alone():
    single = add(badge(), FIRST)
    assert isinstance(single["proof"], dict)
    listed = {**single, "proof": [single["proof"]]}
    assert add(single, SECOND) == add(listed, SECOND)
    assert add({**badge(), "proof": []}, FIRST) == single


def test_the_proofs_of_a_set_do_not_depend_on_each_other():
    both = add(add(badge(), FIRST), SECOND)
    assert check(without(both, 0)).document == badge()
    assert check(edited(both, 0, created="2020-01-01T00:00:00Z"), 1).document == badge()
    assert check(edited(both, 0, proofPurpose=None), 1).document == badge()


# --- chains


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_chain_holds_where_every_proof_before_holds(suite):
    document = chain(suite)
    verified = check(document)
    assert verified.document == badge()
    assert [one["id"] for one in verified.previous] == [ONE, TWO]
    assert check(document, 0).previous == ()
    assert check({**document, "proof": document["proof"][::-1]}, 0).document == badge()


def test_a_chain_may_cross_suites():
    document = add(badge(), CURVE, id=ONE, cryptosuite="ecdsa-rdfc-2019")
    document = add(document, FIRST, id=TWO, cryptosuite="eddsa-jcs-2022", previous_proof=ONE)
    document = add(document, SECOND, previous_proof=[ONE, TWO])
    assert [one["id"] for one in check(document).previous] == [ONE, TWO]
    assert code_of(edited(document, 0, created="2026-07-03T02:00:01Z")) == "previous_proof_fails"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_broken_chain_is_refused(suite):
    good = chain(suite)
    check(good)
    assert code_of(without(good, 1)) == "previous_proof_missing"
    assert code_of(without(good, 0)) == "previous_proof_missing"
    assert code_of(edited(good, 0, created="2026-07-03T02:00:01Z")) == "previous_proof_fails"
    assert code_of(edited(good, 1, created="2026-07-03T02:00:01Z")) == "previous_proof_fails"
    assert code_of(edited(good, 1, cryptosuite="eddsa-2023")) == "previous_proof_fails"
    assert code_of(edited(good, 2, previousProof=ONE)) == "signature_mismatch"
    resigned = add(badge(), FIRST, id=ONE, expires="2030-01-01T00:00:00Z", cryptosuite=suite)["proof"]
    assert code_of({**good, "proof": [resigned, *good["proof"][1:]]}) == "previous_proof_fails"
    taken_out = edited(good, 2)
    del taken_out["proof"][2]["previousProof"]
    assert code_of(taken_out) == "signature_mismatch"


def test_a_chain_is_refused_where_a_key_before_is_not_known():
    good = chain()
    unknown = {name: key for name, key in PUBLIC.items() if name != FIRST.signer().id}
    assert code_of(good, keys=unknown.get) == "previous_key"
    assert code_of(good, keys=None) == "proof_chain"
    wrong = {**PUBLIC, FIRST.signer().id: SECOND.public_key}
    assert code_of(good, keys=wrong.get) == "previous_proof_fails"


def test_a_chain_is_refused_where_a_proof_before_is_for_another_purpose():
    login = add(badge(), FIRST, id=ONE, purpose="authentication")
    assert code_of(add(login, SECOND, previous_proof=ONE)) == "previous_proof_fails"
    good = add(badge(), FIRST, id=ONE)
    assert check(add(good, SECOND, previous_proof=ONE)).previous == (good["proof"],)


def test_an_id_of_two_proofs_means_none():
    good = chain()
    twin = {**good, "proof": [*good["proof"], good["proof"][0]]}
    assert code_of(twin, 2) == "proof_id_twice"
    assert code_of(twin, 0) == "proof_id_twice"
    with pytest.raises(ProofInvalid) as refused:
        add(good, THIRD, id=ONE)
    assert refused.value.code == "proof_id_twice"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("urn:uuid:other", "previous_proof_missing"),
        ([ONE, "urn:uuid:other"], "previous_proof_missing"),
        ([], "malformed_previous_proof"),
        ([ONE, ONE], "malformed_previous_proof"),
        ([[ONE]], "malformed_previous_proof"),
        (7, "malformed_previous_proof"),
        ({"id": ONE}, "malformed_previous_proof"),
        (None, "malformed_previous_proof"),
    ],
)
def test_what_names_no_proof_is_refused(named, code):
    assert code_of(edited(chain(), 2, previousProof=named)) == code
    if isinstance(named, str) or (named and isinstance(named, list)):
        with pytest.raises(ProofInvalid) as refused:
            add(add(badge(), FIRST, id=ONE), SECOND, previous_proof=named)
        assert refused.value.code == code


@pytest.mark.parametrize("named", [ONE, TWO, THREE])
def test_a_cycle_is_refused(named):
    signed = add(badge(), FIRST, id=ONE)
    signed = add(signed, SECOND, id=TWO, previous_proof=ONE)
    signed = add(signed, THIRD, id=THREE, previous_proof=TWO)
    cycle = edited(signed, 0, previousProof=named)
    assert {code_of(cycle, number) for number in range(3)} == {"proof_cycle"}


def test_a_chain_without_end_is_refused():
    proofs = [{"id": f"urn:x:{number}", "previousProof": f"urn:x:{number + 1}"} for number in range(2_000)]
    with pytest.raises(ProofInvalid) as refused:
        ancestors_of(proofs[0], proofs)
    assert refused.value.code == "proof_chain_long"


@given(st.data())
def test_any_web_of_dependences_comes_to_an_end(data):
    ids = [f"urn:x:{number}" for number in range(8)]
    links = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True)
    proofs = [
        {"id": one, **({"previousProof": data.draw(links)} if data.draw(st.booleans()) else {})}
        for one in ids
    ]
    try:
        found = ancestors_of(proofs[0], proofs)
    except ProofInvalid as refused:
        code = refused.code
    else:
        code = None
    if code is not None:
        assert code == "proof_cycle"
        return
    assert proofs[0] not in found
    assert len({one["id"] for one in found}) == len(found)
    for at, one in enumerate(found):
        assert {*one.get("previousProof", ())} <= {other["id"] for other in found[:at]}


# --- for whom, and on which occasion


def test_a_proof_for_another_audience_is_refused_where_one_is_asked_for():
    document = add(
        badge(), FIRST, domain=["a.example", "b.example"], challenge="c-1", purpose="authentication"
    )
    asked = {"expected_purpose": "authentication", "domain": ["b.example", "a.example"], "challenge": "c-1"}
    assert check(document, **asked).document == badge()
    assert code_of(document, **{**asked, "domain": "a.example"}) == "wrong_domain"
    assert code_of(document, **{**asked, "challenge": "c-2"}) == "wrong_challenge"
    assert code_of(document, **{**asked, "expected_purpose": "assertionMethod"}) == "wrong_purpose"
    plain = add(badge(), FIRST)
    assert code_of(plain, domain="a.example") == "wrong_domain"
    assert code_of(plain, challenge="c-1") == "wrong_challenge"
    single = add(badge(), FIRST, domain="a.example")
    assert check(single, domain=["a.example"]).document == badge()


def test_what_is_said_of_a_proof_is_signed():
    document = add(badge(), FIRST, id=ONE, expires="2030-01-01T00:00:00Z", domain="a.example", challenge="c")
    check(document)
    for name in ("id", "expires", "domain", "challenge"):
        spoiled = edited(document, 0)
        del spoiled["proof"][0][name]
        assert code_of(spoiled) == "signature_mismatch"
