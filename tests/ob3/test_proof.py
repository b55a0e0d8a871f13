"""Data Integrity proofs: every rejection beside an accepted twin; the vectors are in `test_suite_vectors`."""

import copy
import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge

from keys import SecretKey
from keys.multibase import multibase_decode, multibase_encode
from ob3 import Ob3Error, add_proof, verify_proof
from ob3.errors import ContextRefused, JsonRefused, ProofInvalid, UndefinedTerm
from ob3.proof_options import is_date_time_stamp
from ob3.strict_json import dump, parse
from ob3.suites.rdfc import EDDSA_RDFC_2022

KEY = SecretKey.from_seed(bytes(range(32)))
CREATED = "2026-07-03T02:00:00Z"
ORDER = 2**252 + 27742317777372353535851937790883648493

# The whole text of one secured credential: a change of these bytes is a change of what is issued.
PINNED_VALUE = "z5JXzkhSd82wsRzeQdwU39az3zfHZDZRAcK3SsZC3pgaURNNaYmddTxnaSi4m7sJNNjJiaMiMSLuMdA3dFryDXuJi"
PINNED_SHA256 = "ccd9366dd09672f9ec65f1fa72d16dfd33b4a8f638e2944520d476f148b90edb"


def secured(document=None, **options):
    return add_proof(
        badge() if document is None else document, signer=KEY.signer(), created=CREATED, **options
    )


def check(document, **options):
    return verify_proof(document, verification_key=KEY.public_key, **options)


def resigned(proof):
    """Give a badge whose proof options are these, truly signed, so that only the options can be at fault."""
    document = badge()
    data = EDDSA_RDFC_2022.hash_data(document, proof, algorithm="Ed25519")
    return {**document, "proof": {**proof, "proofValue": multibase_encode(KEY.signer().sign(data))}}


def options(**changes):
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": CREATED,
        "verificationMethod": KEY.signer().id,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    return {key: value for key, value in proof.items() if value is not None}


def test_what_is_given_shares_nothing_with_the_document_unless_that_is_asked_for():
    document = secured()
    given, same = check(document), check(document, copy=False)
    assert (given.document, given.proof) == (same.document, same.proof) == (badge(), document["proof"])
    assert same.proof is document["proof"]
    assert same.document["credentialSubject"] is document["credentialSubject"]
    assert given.proof is not document["proof"]
    assert given.document["credentialSubject"] is not document["credentialSubject"]


def test_a_secured_credential_is_pinned_as_bytes():
    text = dump(secured())
    assert parse(text)["proof"]["proofValue"] == PINNED_VALUE
    assert hashlib.sha256(text.encode()).hexdigest() == PINNED_SHA256


def test_a_proof_is_added_to_a_copy_and_checked_against_what_was_hashed():
    credential = badge(endorsement=[ENDORSEMENT])
    before = copy.deepcopy(credential)
    document = secured(credential)
    assert credential == before
    assert list(document) == [*credential, "proof"]
    verified = check(document)
    assert verified.document == credential
    assert verified.proof == document["proof"]
    assert verified.document is not document


def test_a_proof_in_a_list_of_one_is_checked_and_one_of_more_is_chosen():
    document = secured()
    good = document["proof"]
    assert check({**document, "proof": [good]}).proof == good
    bad = {**good, "created": "2020-01-01T00:00:00Z"}
    both = {**document, "proof": [bad, good]}
    assert check(both, proof=good).proof == good
    for wrong, code in (
        (None, "which_proof"),
        (bad, "signature_mismatch"),
        ({**good, "id": "urn:x"}, "foreign_proof"),
    ):
        with pytest.raises(ProofInvalid) as refused:
            check(both, proof=wrong)
        assert refused.value.code == code


def with_proof(**changes):
    document = secured()
    proof = {**document["proof"], **changes}
    document["proof"] = {key: value for key, value in proof.items() if value is not None}
    return document


def high_s():
    """Give the same signature with S + L, which a careless verifier takes."""
    document = secured()
    raw = multibase_decode(document["proof"]["proofValue"])
    s = int.from_bytes(raw[32:], "little") + ORDER
    document["proof"]["proofValue"] = multibase_encode(raw[:32] + s.to_bytes(32, "little"))
    return document


VALUE = secured()["proof"]["proofValue"]

INVALID = {
    "no proof": (badge(), "no_proof"),
    "an empty list of proofs": (badge(proof=[]), "which_proof"),
    "a proof that is a text": (badge(proof="z1"), "malformed_proof"),
    "another type": (with_proof(type="DataIntegrityProofs"), "unsupported_proof_type"),
    "an older type": (with_proof(type="Ed25519Signature2020"), "malformed_proof"),
    "an older type as suite": (with_proof(cryptosuite="Ed25519Signature2020"), "unsupported_cryptosuite"),
    "a list of types": (with_proof(type=["DataIntegrityProof"]), "unsupported_proof_type"),
    "another suite for the key": (with_proof(cryptosuite="eddsa-jcs-2022"), "signature_mismatch"),
    "a suite for other keys": (with_proof(cryptosuite="ecdsa-rdfc-2019"), "wrong_key_type"),
    "a suite of no one": (with_proof(cryptosuite="eddsa-rdf-2022"), "unsupported_cryptosuite"),
    "a suite in capitals": (with_proof(cryptosuite="EDDSA-RDFC-2022"), "unsupported_cryptosuite"),
    "a suite that is a list": (with_proof(cryptosuite=["eddsa-rdfc-2022"]), "unsupported_cryptosuite"),
    "no suite": (with_proof(cryptosuite=None), "unsupported_cryptosuite"),
    "another purpose": (resigned(options(proofPurpose="authentication")), "wrong_purpose"),
    "a purpose as IRI": (
        with_proof(proofPurpose="https://w3id.org/security#assertionMethod"),
        "wrong_purpose",
    ),
    "no purpose": (with_proof(proofPurpose=None), "wrong_purpose"),
    "no method": (with_proof(verificationMethod=None), "malformed_method"),
    "a relative method": (with_proof(verificationMethod="#key"), "malformed_method"),
    "a method that is an object": (with_proof(verificationMethod={"id": "urn:x"}), "malformed_method"),
    "a time without a zone": (resigned(options(created="2026-07-03T02:00:00")), "malformed_time"),
    "an expiry that is a date": (resigned(options(expires="2030-01-01")), "malformed_time"),
    "a chain": (resigned(options(previousProof="urn:uuid:1")), "proof_chain"),
    "an id that is a number": (with_proof(id="1"), "malformed_option"),
    "a challenge that is an object": (with_proof(challenge={"id": "urn:x"}), "malformed_option"),
    "a domain of lists": (with_proof(domain=[["badges.example"]]), "malformed_option"),
    "another context in the proof": (with_proof(**{"@context": OB3_CONTEXTS[1:]}), "proof_context"),
    "more contexts in the proof": (with_proof(**{"@context": [*OB3_CONTEXTS, "urn:x"]}), "proof_context"),
    "no contexts in the proof": (with_proof(**{"@context": []}), "proof_context"),
    "no value": (with_proof(proofValue=None), "malformed_proof_value"),
    "a value in base64url": (with_proof(proofValue="u" + "A" * 86), "malformed_proof_value"),
    "a value without its letter": (with_proof(proofValue=VALUE[1:]), "malformed_proof_value"),
    "a value with a space": (with_proof(proofValue=VALUE + " "), "malformed_proof_value"),
    "a value with a leading zero": (with_proof(proofValue="z1" + VALUE[1:]), "malformed_proof_value"),
    "63 bytes": (with_proof(proofValue=multibase_encode(b"\1" * 63)), "malformed_proof_value"),
    "S + L": (high_s(), "signature_mismatch"),
    "an edited time": (with_proof(created="2026-07-03T02:00:01Z"), "signature_mismatch"),
    "an edited method": (with_proof(verificationMethod="did:example:other#1"), "signature_mismatch"),
    "an added expiry": (with_proof(expires="2030-01-01T00:00:00Z"), "signature_mismatch"),
    "a removed time": (with_proof(created=None), "signature_mismatch"),
    "an edited document": ({**secured(), "name": "Reading minds"}, "signature_mismatch"),
    "a proof of another document": (badge(name="Other", proof=secured()["proof"]), "signature_mismatch"),
}

ACCEPTED = {
    "as an object": secured(),
    "as a list of one": {**secured(), "proof": [secured()["proof"]]},
    "with the document's contexts": with_proof(**{"@context": OB3_CONTEXTS}),
    "with the first of its contexts": with_proof(**{"@context": OB3_CONTEXTS[0]}),
    "without a time": resigned(options(created=None)),
    "with an expiry": resigned(options(expires="2030-01-01T00:00:00+07:00")),
    "with a domain": resigned(options(domain="example.edu")),
    "with an id": resigned(options(id="urn:uuid:9a1e1a4d-0a3e-4e58-9a1e-5b2f6a520a3e")),
}


@pytest.mark.parametrize("name", INVALID)
def test_a_proof_that_does_not_hold_is_refused(name):
    document, code = INVALID[name]
    with pytest.raises(ProofInvalid) as refused:
        check(document)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_proof_that_holds_is_accepted(name):
    document = ACCEPTED[name]
    assert check(document).document == badge()


def test_another_key_does_not_fit():
    with pytest.raises(ProofInvalid) as refused:
        verify_proof(secured(), verification_key=SecretKey.generate().public_key)
    assert refused.value.code == "signature_mismatch"


def test_an_undefined_member_of_a_proof_is_refused():
    with pytest.raises(UndefinedTerm):
        check(with_proof(note="free text"))


def test_an_unsigned_addition_to_a_secured_document_is_refused():
    document = secured()
    for member, value in (("nickname", "x"), ("validUntil", None), ("@index", "x")):
        with pytest.raises(UndefinedTerm):
            check({**document, member: value})
    with pytest.raises(ContextRefused):
        check({**document, "@context": [*OB3_CONTEXTS, {"name": None}]})


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if not isinstance(item, dict | list):
            yield (*path, key)
        yield from places(item, (*path, key))


@given(st.data())
def test_changing_any_signed_value_is_noticed(data):
    document = secured(badge(endorsement=[ENDORSEMENT]))
    *parents, last = data.draw(st.sampled_from(list(places(document))))
    place = document
    for step in parents:
        place = place[step]
    place[last] = data.draw(st.text(max_size=12).filter(lambda text: text != place[last]))
    with pytest.raises(Ob3Error):
        check(document)


@given(
    st.dictionaries(
        st.sampled_from([*options(), "proofValue", "@context", "id", "x"]),
        st.none() | st.text() | st.lists(st.integers()),
    )
)
def test_a_hostile_proof_raises_our_own_errors_only(proof):
    with suppress(Ob3Error):
        check(badge(proof={**options(), **proof}))


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-03T02:00:00Z",
        "2026-07-03T02:00:00.123+07:00",
        "0001-01-01T00:00:00-14:00",
        "2024-02-29T23:59:59Z",
    ],
)
def test_a_time_with_a_zone_is_a_time(text):
    assert is_date_time_stamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-03T02:00:00",
        "2026-07-03",
        "2026-07-03 02:00:00Z",
        "2026-07-03t02:00:00z",
        "2026-02-29T00:00:00Z",
        "2026-07-03T24:00:00Z",
        "2026-07-03T23:59:60Z",
        "10000-01-01T00:00:00Z",
        "2026-07-03T02:00:00+15:00",
        "2026-07-03T02:00:00Z ",
        "２０２６-07-03T02:00:00Z",
        20260703,
        None,
    ],
)
def test_anything_else_is_not(text):
    assert not is_date_time_stamp(text)


class OtherSigner:
    id = "did:example:x#1"
    algorithm = "P-256"

    def sign(self, data):
        raise AssertionError("must not be asked")


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"credential": badge(proof={})}, ProofInvalid, "already_secured"),
        ({"signer": OtherSigner()}, ProofInvalid, "wrong_key_type"),
        ({"signer": KEY.signer(id="key-1")}, ProofInvalid, "malformed_method"),
        ({"created": "yesterday"}, ProofInvalid, "malformed_time"),
        ({"cryptosuite": "eddsa-rdf-2022"}, ProofInvalid, "unsupported_cryptosuite"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, ProofInvalid, "wrong_key_type"),
        ({"mandatory_pointers": ["/issuer"]}, ProofInvalid, "not_of_suite"),
        ({"credential": badge(name="vertical\x0btab")}, JsonRefused, "control_character"),
        ({"credential": badge(nickname="x")}, UndefinedTerm, "undefined_term"),
    ],
)
def test_what_must_not_be_signed_is_not(change, kind, code):
    given = {"credential": badge(), "signer": KEY.signer(), "created": CREATED, **change}
    with pytest.raises(kind) as refused:
        add_proof(given.pop("credential"), **given)
    assert refused.value.code == code
