"""Each cryptosuite on a badge of ours: what it signs, what it refuses, and what cannot pass for another."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge

from keys import SecretKey
from keys.multibase import multibase_decode, multibase_encode
from ob3 import Ob3Error, add_proof, canonicalize, verify_proof
from ob3.contexts import OB3_EXTENSIONS
from ob3.cryptosuite import CRYPTOSUITES, cryptosuite_of, cryptosuite_to_issue
from ob3.errors import ContextRefused, JsonRefused, ProofInvalid, UndefinedTerm
from ob3.selective import derive

CREATED = "2026-07-03T02:00:00Z"
SEEDS = {"Ed25519": bytes(range(32)), "P-256": bytes(range(1, 33)), "P-384": bytes(range(1, 49))}
KEYS = {name: SecretKey.from_seed(seed, name) for name, seed in SEEDS.items()}
ISSUED = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
]
JCS = [one for one in ISSUED if "jcs" in one[0]]
OLDER = ("eddsa-2022", "Ed25519Signature2020")
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
LENGTHS = {"Ed25519": 64, "P-256": 64, "P-384": 96}
ORDERS = {  # NIST SP 800-186, sections 3.2.1.3 and 3.2.1.4
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": int("FFFFFFFF" * 6 + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16),
}


def secured(suite, algorithm, document=None, **options):
    return add_proof(
        badge() if document is None else document,
        signer=KEYS[algorithm].signer(),
        created=CREATED,
        cryptosuite=suite,
        **options,
    )


def check(document, algorithm, **options):
    return verify_proof(document, verification_key=KEYS[algorithm].public_key, **options)


def with_proof(document, **changes):
    proof = {**document["proof"], **changes}
    return {**document, "proof": {name: value for name, value in proof.items() if value is not None}}


def code_of(document, algorithm, **options):
    with pytest.raises(ProofInvalid) as refused:
        check(document, algorithm, **options)
    return refused.value.code


@pytest.mark.parametrize(("suite", "algorithm"), ISSUED)
def test_a_badge_is_signed_and_checked(suite, algorithm):
    credential = badge(endorsement=[ENDORSEMENT])
    before = copy.deepcopy(credential)
    document = secured(suite, algorithm, credential)
    assert credential == before
    assert document == secured(suite, algorithm, credential), "signing again gives the same bytes"
    assert len(multibase_decode(document["proof"]["proofValue"])) == LENGTHS[algorithm]
    assert check(document, algorithm).document == credential


@pytest.mark.parametrize(("suite", "algorithm"), ISSUED)
def test_what_was_changed_does_not_fit(suite, algorithm):
    good = secured(suite, algorithm)
    check(good, algorithm)
    for spoiled in (
        {**good, "name": "Reading minds"},
        with_proof(good, created="2026-07-03T02:00:01Z"),
        with_proof(good, created=None),
        with_proof(good, verificationMethod="did:example:other#1"),
        with_proof(good, expires="2030-01-01T00:00:00Z"),
        {**badge(name="Other"), "proof": good["proof"]},
    ):
        assert code_of(spoiled, algorithm) == "signature_mismatch"


@pytest.mark.parametrize(("suite", "algorithm"), ISSUED)
def test_a_value_is_accepted_in_one_spelling_only(suite, algorithm):
    good = secured(suite, algorithm)
    value = good["proof"]["proofValue"]
    raw = multibase_decode(value)
    check(with_proof(good, proofValue=multibase_encode(raw)), algorithm)
    for other in (
        multibase_encode(raw, "u"),
        value[1:],
        value + " ",
        "z1" + value[1:],
        multibase_encode(raw[:-1]),
        multibase_encode(raw + b"\0"),
        multibase_encode(b"\x30" + raw),
        "",
        None,
        [value],
    ):
        assert code_of(with_proof(good, proofValue=other), algorithm) == "malformed_proof_value"


@pytest.mark.parametrize(("suite", "algorithm"), [one for one in ISSUED if one[0].startswith("ecdsa")])
def test_numbers_out_of_range_are_no_signature(suite, algorithm):
    """r and s must lie between 1 and the order; (r, n - s) is as good as (r, s) in ECDSA, so it is taken."""
    good = secured(suite, algorithm)
    order, size = ORDERS[algorithm], LENGTHS[algorithm] // 2
    raw = multibase_decode(good["proof"]["proofValue"])
    r, s = int.from_bytes(raw[:size]), int.from_bytes(raw[size:])
    for one, other in ((0, s), (r, 0), (order, s), (r, order), (0, 0)):
        value = multibase_encode(one.to_bytes(size) + other.to_bytes(size))
        assert code_of(with_proof(good, proofValue=value), algorithm) == "signature_mismatch"
    twin = multibase_encode(r.to_bytes(size) + (order - s).to_bytes(size))
    assert check(with_proof(good, proofValue=twin), algorithm).document == badge()


@pytest.mark.parametrize(("suite", "algorithm"), ISSUED)
def test_no_suite_passes_for_another(suite, algorithm):
    """The name of the suite is among what is signed, and each has its own kinds of keys (THREATS P3)."""
    good = secured(suite, algorithm)
    for other in CRYPTOSUITES.values():
        if other.name == suite:
            continue
        name = other.name if other.proof_type == "DataIntegrityProof" else None
        edited = with_proof(good, cryptosuite=name, type=other.proof_type)
        if other.name == "Ed25519Signature2020":
            edited["@context"] = [*OB3_CONTEXTS, ED25519_2020]
        found = code_of(edited, algorithm)
        assert found in ("signature_mismatch", "wrong_key_type", "malformed_proof_value", "proof_context")


def test_a_selective_proof_takes_its_pointers_and_others_take_none():
    base = secured("ecdsa-sd-2023", "P-256", mandatory_pointers=["/issuer"], secret=b"\5" * 32)
    assert base == secured("ecdsa-sd-2023", "P-256", mandatory_pointers=["/issuer"], secret=b"\5" * 32)
    assert code_of(base, "P-256") == "base_proof", "which is for the holder alone"
    assert "proof" not in check(derive(base, selective_pointers=["/name"]), "P-256").document
    for option in ({"mandatory_pointers": ["/issuer"]}, {"secret": b"\5" * 32}):
        with pytest.raises(ProofInvalid) as refused:
            secured("ecdsa-rdfc-2019", "P-256", **option)
        assert refused.value.code == "not_of_suite"
    for nothing in (None, (), []):
        assert secured("ecdsa-rdfc-2019", "P-256", mandatory_pointers=nothing)["proof"]


def test_what_a_reader_must_know_is_mandatory_unless_the_issuer_says_otherwise():
    shown = {
        name: derive(secured("ecdsa-sd-2023", "P-256", **option), selective_pointers=["/id"])
        for name, option in {
            "unsaid": {},
            "none": {"mandatory_pointers": None},
            "nothing": {"mandatory_pointers": ()},
        }.items()
    }
    assert {"issuer", "validFrom"} <= shown["unsaid"].keys() & shown["none"].keys()
    assert shown["nothing"].keys() == {"@context", "id", "type", "proof"}


@pytest.mark.parametrize(("suite", "algorithm"), ISSUED)
def test_a_key_of_another_kind_is_refused_for_that(suite, algorithm):
    good = secured(suite, algorithm)
    kinds = cryptosuite_to_issue(suite).key_algorithms
    for other in KEYS:
        if other not in kinds:
            assert code_of(good, other) == "wrong_key_type"
            with pytest.raises(ProofInvalid) as refused:
                secured(suite, other)
            assert refused.value.code == "wrong_key_type"
        elif other != algorithm:
            assert code_of(good, other) in ("malformed_proof_value", "signature_mismatch")


@pytest.mark.parametrize("name", OLDER)
def test_an_older_suite_is_read_and_never_made(name):
    assert not CRYPTOSUITES[name].may_issue
    with pytest.raises(ProofInvalid) as refused:
        secured(name, "Ed25519")
    assert refused.value.code == "unsupported_cryptosuite"


def older(name, **changes):
    """Give a badge truly signed in an older suite."""
    suite = CRYPTOSUITES[name]
    document = badge(**{"@context": [*OB3_CONTEXTS, ED25519_2020], **changes})
    signer = KEYS["Ed25519"].signer()
    options = {
        "type": suite.proof_type,
        "created": CREATED,
        "verificationMethod": signer.id,
        "proofPurpose": "assertionMethod",
    }
    if suite.proof_type == "DataIntegrityProof":
        options["cryptosuite"] = name
    return {**document, "proof": {**options, "proofValue": suite.sign(document, options, signer)}}


@pytest.mark.parametrize("name", OLDER)
def test_a_badge_in_an_older_suite_is_checked_like_any_other(name):
    good = older(name)
    assert cryptosuite_of(good["proof"]).name == name
    assert "proof" not in check(good, "Ed25519").document
    assert code_of({**good, "name": "Reading minds"}, "Ed25519") == "signature_mismatch"
    assert code_of(with_proof(good, created="2020-01-01T00:00:00Z"), "Ed25519") == "signature_mismatch"
    assert code_of(good, "P-256") == "wrong_key_type"


def test_an_older_proof_type_needs_the_context_that_defines_it():
    good = older("Ed25519Signature2020")
    with pytest.raises(UndefinedTerm):
        check({**good, "@context": OB3_CONTEXTS}, "Ed25519")


def test_an_older_proof_type_has_no_suite():
    good = older("Ed25519Signature2020")
    edited = with_proof(good, cryptosuite="eddsa-rdfc-2022")
    assert code_of(edited, "Ed25519") == "malformed_proof"


# --- JCS


@pytest.mark.parametrize(("suite", "algorithm"), JCS)
def test_a_jcs_proof_carries_the_contexts_and_others_do_not(suite, algorithm):
    assert secured(suite, algorithm)["proof"]["@context"] == OB3_CONTEXTS
    assert "@context" not in secured("eddsa-rdfc-2022", "Ed25519")["proof"]


@pytest.mark.parametrize(("suite", "algorithm"), JCS)
def test_a_jcs_proof_covers_the_document_under_its_own_contexts(suite, algorithm):
    good = secured(suite, algorithm)
    longer = {**good, "@context": [*OB3_CONTEXTS, OB3_EXTENSIONS]}
    assert check(longer, algorithm).document == badge(), "the context added behind was not signed"
    for sequence in (
        [OB3_EXTENSIONS, *OB3_CONTEXTS],
        OB3_CONTEXTS[:1],
        OB3_CONTEXTS[::-1],
        OB3_CONTEXTS[0],
        [],
    ):
        assert code_of({**good, "@context": sequence}, algorithm) == "proof_context"
    without = {name: value for name, value in good.items() if name != "@context"}
    assert code_of(without, algorithm) == "proof_context"


@pytest.mark.parametrize(("suite", "algorithm"), JCS)
def test_a_jcs_proof_made_without_contexts_covers_those_of_the_document(suite, algorithm):
    """Some implementations leave them out of the proof (VC-DI-EdDSA 1.0, section 3.3.1, note)."""
    document, signer = badge(), KEYS[algorithm].signer()
    options = secured(suite, algorithm)["proof"]
    options = {name: value for name, value in options.items() if name not in ("@context", "proofValue")}
    value = CRYPTOSUITES[suite].sign(document, options, signer)
    good = {**document, "proof": {**options, "proofValue": value}}
    assert check(good, algorithm).document == document
    longer = {**good, "@context": [*OB3_CONTEXTS, OB3_EXTENSIONS]}
    assert code_of(longer, algorithm) == "signature_mismatch"


def test_a_jcs_proof_may_stand_in_what_is_embedded():
    """The contexts that it repeats say nothing there, and anywhere else they would."""
    signed = secured("eddsa-jcs-2022", "Ed25519", ENDORSEMENT)
    bare = {name: value for name, value in signed["proof"].items() if name != "@context"}
    form = canonicalize(badge(endorsement=[signed]))
    assert form == canonicalize(badge(endorsement=[{**signed, "proof": [signed["proof"]]}]))
    assert form == canonicalize(badge(endorsement=[{**signed, "proof": bare}]))
    for stray in (
        badge(evidence=[{"type": "DataIntegrityProof", "@context": OB3_CONTEXTS}]),
        badge(endorsement=[{**signed, "proof": {**signed["proof"], "type": "Evidence"}}]),
        badge(endorsement=[{**signed, "proof": {**signed["proof"], "@context": OB3_CONTEXTS[1:]}}]),
        badge(endorsement=[{**signed, "proof": {**signed["proof"], "@context": ["urn:x"]}}]),
        badge(endorsement=[{**signed, "proof": {**signed["proof"], "@context": {"name": None}}}]),
    ):
        with pytest.raises(ContextRefused):
            canonicalize(stray)


def test_jcs_signs_what_no_context_defines_and_the_statements_do_not():
    """So a badge in JCS has to pass the canonical form as well, which the verifier makes first."""
    document = badge(nickname="x")
    assert check(secured("eddsa-jcs-2022", "Ed25519", document), "Ed25519").document == document
    with pytest.raises(UndefinedTerm):
        secured("eddsa-rdfc-2022", "Ed25519", document)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (2**53, "not_json"),
        (float("nan"), "number_not_finite"),
        ("\ud800", "control_character"),
        ({1: "x"}, "not_json"),
        (b"x", "not_json"),
    ],
)
def test_what_json_cannot_say_in_one_way_is_not_signed(value, code):
    with pytest.raises(JsonRefused) as refused:
        secured("eddsa-jcs-2022", "Ed25519", badge(nickname=value))
    assert refused.value.code == code
    good = secured("eddsa-jcs-2022", "Ed25519")
    with pytest.raises(Ob3Error):
        check({**good, "nickname": value}, "Ed25519")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=5).filter(str.isprintable),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, JSON)
def test_any_json_is_covered_whole_and_in_any_order(one, other):
    document = {"a": one, "b": other, "@context": OB3_CONTEXTS}
    good = secured("eddsa-jcs-2022", "Ed25519", document)
    turned = dict(reversed(good.items()))
    assert check(turned, "Ed25519").document == document
    if one != other:
        assert code_of({**good, "a": other, "b": one}, "Ed25519") == "signature_mismatch"
