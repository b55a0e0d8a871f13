"""Signing with `ecdsa-sd-2023`, and selecting from what was signed: every refusal beside its twin."""

import copy
import dataclasses
import hashlib

import pytest
from plain_badge import badge
from selective_badge import MANDATORY, OPTIONS, check, rich_badge, shown, signed

from keys import SecretKey
from ob3.errors import (
    JsonRefused,
    ProofInvalid,
    UndefinedTerm,
)
from ob3.selective import derive, mandatory_pointers_of
from ob3.selective.material import ProofMaterial, random_material
from ob3.selective.proof_values import BaseProof, DerivedProof

SUBJECT = "/credentialSubject"
SOME = ("/evidence/0/name", "/evidence/1", f"{SUBJECT}/result/0")


def parts_of(document):
    return DerivedProof.read(document["proof"]["proofValue"])


# --- signing


def test_only_a_p256_key_signs():
    for algorithm in ("Ed25519", "P-384"):
        with pytest.raises(ProofInvalid) as error:
            signed(signer=SecretKey.generate(algorithm).signer())
        assert error.value.code == "wrong_key_type"
    assert signed()


@pytest.mark.parametrize(
    ("pointer", "code"),
    [
        ("/lost", "pointer_not_found"),
        ("/evidence/9", "pointer_not_found"),
        ("evidence", "malformed_pointer"),
        ("/evidence~2", "malformed_pointer"),
        ("/validFrom/0", "pointer_into_value"),
        ("/proof", "pointer_not_found"),
        (7, "malformed_pointer"),
        ("/\ud800", "pointer_not_found"),
    ],
    ids=repr,
)
def test_pointers_that_lead_nowhere_are_refused_when_signing_and_selecting(pointer, code):
    for more in ({}, {"material": None, "secret": bytes(32)}):
        with pytest.raises(JsonRefused) as error:
            signed(mandatory=(pointer,), **more)
        assert error.value.code == code
    with pytest.raises(JsonRefused) as error:
        shown(pointer)
    assert error.value.code == code
    check(shown("/evidence/0"))


def test_an_item_of_an_ordered_list_cannot_be_shown_alone():
    place = f"{SUBJECT}/achievement/resultDescription/0/allowedValue"
    for number in range(3):
        with pytest.raises(UndefinedTerm) as error:
            shown(f"{place}/{number}")
        assert error.value.code == "part_of_value"
    check(shown(place))
    check(shown(*(f"{place}/{number}" for number in range(3))))


def test_by_chance_two_proofs_differ_and_by_a_secret_they_are_equal():
    document, secret = rich_badge(), bytes(range(32))
    assert signed(document, material=None) != signed(document, material=None)
    one = signed(document, material=None, secret=secret)
    assert one == signed(document, material=None, secret=secret)
    check(derive(one, selective_pointers=SOME))


def _keys(document):
    base = BaseProof.read(document["proof"]["proofValue"])
    return base.hmac_key, base.public_key.raw


def test_from_one_secret_every_other_proof_has_keys_of_its_own():
    document, secret = rich_badge(), bytes(range(32))
    renamed = {**document, "name": "Another"}
    turned = {**document, "evidence": document["evidence"][::-1]}
    found = [
        _keys(signed(document, material=None, secret=secret)),
        _keys(signed(document, material=None, secret=secret, mandatory=MANDATORY[:1])),
        _keys(signed(document, material=None, secret=bytes(range(1, 33)))),
        _keys(signed(renamed, material=None, secret=secret)),
        _keys(signed(turned, material=None, secret=secret)),
    ]
    for each in zip(*found, strict=True):
        assert len(set(each)) == len(found)
    assert secret not in found[0]


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800", {1: "x"}, b"x"], ids=repr)
def test_what_cannot_be_signed_is_refused_in_words_with_a_secret_too(value):
    for more in ({}, {"material": None}, {"material": None, "secret": bytes(32)}):
        with pytest.raises(JsonRefused):
            signed({**rich_badge(), "name": value}, **more)
        assert signed({**rich_badge(), "name": "A name"}, **more)


def test_a_short_secret_is_refused():
    with pytest.raises(ProofInvalid) as error:
        signed(material=None, secret=bytes(31))
    assert error.value.code == "short_secret"
    assert signed(material=None, secret=bytes(32))


def test_secret_numbers_are_not_shown_by_repr():
    material = random_material()
    assert material.hmac_key != random_material().hmac_key
    assert material.hmac_key.hex() not in repr(material)
    assert repr(material.hmac_key) not in repr(ProofMaterial(material.hmac_key, material.proof_key))


# --- selecting


def test_a_selection_is_not_selected_from_again():
    with pytest.raises(ProofInvalid) as error:
        derive(shown(*SOME), selective_pointers=[])
    assert error.value.code == "not_a_base_proof"


def test_a_copy_that_was_changed_is_told_to_the_holder():
    good = signed()
    for spoiled in ({**good, "name": "Another"}, {**good, "validFrom": "2026-07-04T02:00:00Z", "name": "A"}):
        with pytest.raises(ProofInvalid) as error:
            derive(spoiled, selective_pointers=["/evidence"])
        assert error.value.code == "base_proof_misfit"
    without = {name: value for name, value in good.items() if name != "evidence"}
    with pytest.raises(ProofInvalid):
        derive(without, selective_pointers=["/name"])
    assert derive(good, selective_pointers=["/evidence"])


def test_a_base_proof_with_a_signature_too_few_or_too_many_is_told_to_the_holder():
    good = signed()
    base = BaseProof.read(good["proof"]["proofValue"])
    for signatures in (base.signatures[:-1], (*base.signatures, base.signatures[-1]), ()):
        value = dataclasses.replace(base, signatures=signatures).write()
        with pytest.raises(ProofInvalid) as error:
            derive({**good, "proof": {**good["proof"], "proofValue": value}}, selective_pointers=SOME)
        assert error.value.code == "base_proof_misfit"
    assert derive(good, selective_pointers=SOME)


def test_nothing_mandatory_and_nothing_selected_is_nothing():
    nothing = signed(mandatory=())
    with pytest.raises(ProofInvalid) as error:
        derive(nothing, selective_pointers=[])
    assert error.value.code == "nothing_selected"
    made = derive(nothing, selective_pointers=["/name"])
    check(made)
    assert parts_of(made).mandatory_indexes == ()


def test_the_proof_is_found_among_others():
    base = signed()
    other = {**OPTIONS, "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z3"}
    for proofs in ([base["proof"]], [other, base["proof"]], base["proof"]):
        made = derive({**base, "proof": proofs}, selective_pointers=SOME)
        check(made)
        assert isinstance(made["proof"], dict)
    for proofs, code in (
        ([other], "no_base_proof"),
        ([], "no_base_proof"),
        ("text", "no_base_proof"),
        ([base["proof"]] * 2, "which_proof"),
    ):
        with pytest.raises(ProofInvalid) as error:
            derive({**base, "proof": proofs}, selective_pointers=SOME)
        assert error.value.code == code
    two = {**base, "proof": [base["proof"], {**signed(material=None)["proof"]}]}
    check(derive(two, selective_pointers=SOME, proof=two["proof"][1]))
    with pytest.raises(ProofInvalid):
        derive(base, selective_pointers=SOME, proof=other)


def test_a_proof_that_depends_on_another_is_not_selected_from():
    base = signed()
    with pytest.raises(ProofInvalid) as error:
        derive({**base, "proof": {**base["proof"], "previousProof": "urn:uuid:1"}}, selective_pointers=SOME)
    assert error.value.code == "proof_chain"
    assert derive(base, selective_pointers=SOME)


def test_selecting_leaves_the_credential_as_it_was():
    base = signed()
    before = copy.deepcopy(base)
    made = derive(base, selective_pointers=[""])
    made["evidence"][0]["name"] = made["proof"]["created"] = "spoiled"
    assert base == before


def test_a_hidden_label_tells_nothing_of_what_is_hidden():
    """The labels in a selection are keyed digests: without the key of the base proof none can be computed."""
    made = shown("/evidence/0/name")
    base = BaseProof.read(signed()["proof"]["proofValue"])
    assert base.hmac_key not in made["proof"]["proofValue"].encode()
    for label in parts_of(made).labels.values():
        assert label not in {hashlib.sha256(f"c14n{number}".encode()).digest() for number in range(30)}


# --- what an issuer should make mandatory


def test_what_a_reader_must_know_is_mandatory_where_it_stands():
    document = badge(
        validUntil="2027-07-03T02:00:00Z",
        credentialStatus={"id": "https://x.example/1#2", "type": "BitstringStatusListEntry"},
    )
    assert mandatory_pointers_of(document) == (
        "/issuer",
        "/validFrom",
        "/validUntil",
        "/credentialStatus",
        f"{SUBJECT}/achievement/name",
        f"{SUBJECT}/achievement/description",
        f"{SUBJECT}/achievement/criteria",
    )
    document["credentialSubject"] = [{"identifier": [{}], "achievement": [{"name": "Maps"}]}, "text"]
    assert mandatory_pointers_of(document)[4:] == (
        f"{SUBJECT}/0/identifier",
        f"{SUBJECT}/0/achievement/0/name",
    )


def test_with_none_as_pointers_those_are_taken():
    made = shown(mandatory=None)
    check(made)
    assert made["credentialSubject"]["achievement"].keys() == {
        "id",
        "type",
        "name",
        "description",
        "criteria",
    }
    assert "evidence" not in made
