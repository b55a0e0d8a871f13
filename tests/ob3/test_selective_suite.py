"""What a reader accepts and refuses with `ecdsa-sd-2023`: every refusal beside a twin that is accepted."""

import dataclasses

import pytest
from selective_badge import ANOTHER, MATERIAL, check, rich_badge, shown, signed

from keys import SecretKey
from ob3.errors import (
    ProofInvalid,
)
from ob3.selective import derive
from ob3.selective.proof_values import DerivedProof

SUBJECT = "/credentialSubject"
SOME = ("/evidence/0/name", "/evidence/1", f"{SUBJECT}/result/0")


def refused(document, code, **more):
    with pytest.raises(ProofInvalid) as error:
        check(document, **more)
    assert error.value.code == code


def changed(document, **parts):
    """Give a selection whose proof value has these parts in place of its own."""
    value = dataclasses.replace(DerivedProof.read(document["proof"]["proofValue"]), **parts).write()
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def parts_of(document):
    return DerivedProof.read(document["proof"]["proofValue"])


# --- what is accepted


@pytest.mark.parametrize(
    "pointers",
    [
        (),
        SOME,
        ("",),
        ("/evidence",),
        ("/evidence/2", "/evidence/0"),
        ("/endorsement/0",),
        ("/endorsement/0/proof",),
        ("/endorsement/0/credentialSubject/endorsementComment",),
        (f"{SUBJECT}/achievement/resultDescription/0/allowedValue",),
        (f"{SUBJECT}/achievement/tag/1",),
        ("/type/1", "/@context"),
    ],
    ids=lambda pointers: " ".join(pointers) or "mandatory",
)
def test_what_is_selected_is_accepted_and_stands_as_it_stood(pointers):
    document = shown(*pointers)
    check(document)
    assert document["issuer"] == rich_badge()["issuer"]
    if "" in pointers:
        assert {**document, "proof": None} == {**rich_badge(), "proof": None}


def test_only_what_is_selected_is_shown():
    document = shown("/evidence/1/name", f"{SUBJECT}/result/1/value")
    assert document["evidence"] == [{"type": ["Evidence"], "name": "A film"}]
    assert document["credentialSubject"]["result"] == [{"type": ["Result"], "value": "17"}]
    assert "endorsement" not in document
    assert document["credentialSubject"]["achievement"].keys() == {"id", "type", "name"}


def test_a_selection_can_be_shown_under_any_order_of_members():
    document = shown(*SOME)
    check(dict(reversed(document.items())))


def test_parts_that_look_alike_are_told_apart():
    """Two unnamed parts with the same content are two: showing one shows one."""
    document = rich_badge()
    document["evidence"] = [{"type": ["Evidence"], "name": "The same"}] * 3
    for pointers, count in ((("/evidence/1",), 1), (("/evidence/0", "/evidence/2"), 2), (("/evidence",), 3)):
        made = shown(*pointers, document=document)
        check(made)
        assert len(made["evidence"]) == count
    made = shown(document=document, mandatory=("/evidence/1",))
    check(made)
    assert len(made["evidence"]) == 1


def test_a_selection_from_a_copy_with_its_members_in_another_order_is_accepted():
    """A wallet may keep members in an order of its own."""

    def backwards(value):
        if isinstance(value, dict):
            return {name: backwards(inner) for name, inner in reversed(value.items())}
        return [backwards(one) for one in value] if isinstance(value, list) else value

    document = rich_badge()
    document["evidence"] = [{"type": ["Evidence"], "name": "The same"}] * 3
    copied = backwards(signed(document, mandatory=("/evidence/1", "/issuer")))
    made = derive(copied, selective_pointers=["/evidence/0"])
    check(made)
    assert len(made["evidence"]) == 2


# --- what a reader refuses


def test_a_base_proof_is_not_for_readers():
    refused(signed(), "base_proof")
    check(shown(*SOME))


def test_another_key_is_refused():
    refused(shown(*SOME), "signature_mismatch", key=ANOTHER)
    check(shown(*SOME, signer=ANOTHER.signer()), key=ANOTHER)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("created", "2026-07-03T02:00:01Z"),
        ("verificationMethod", ANOTHER.signer().id),
        ("proofPurpose", "authentication"),
        ("domain", "example.org"),
    ],
)
def test_changed_proof_options_are_refused(member, value):
    document = shown(*SOME)
    document["proof"][member] = value
    refused(document, "signature_mismatch")


def _alter(document, **members):
    return {**document, **members}


def test_changed_missing_and_added_statements_are_refused():
    good = shown(*SOME)
    check(good)
    first, second = good["evidence"]
    refused(_alter(good, evidence=[{**first, "name": "A novel"}, second]), "signature_mismatch")
    refused(_alter(good, evidence=[first]), "label_map_misfit")
    refused(_alter(good, evidence=[{**first, "narrative": "More."}, second]), "signature_count")
    refused(_alter(good, evidence=[{"type": ["Evidence"]}, second]), "signature_count")
    refused(
        _alter(good, evidence=[first, second, {"type": ["Evidence"], "name": "A song"}]), "label_map_misfit"
    )
    refused(_alter(good, description="A description."), "signature_count")


def test_a_changed_or_missing_mandatory_statement_is_refused():
    good = shown(*SOME)
    refused(_alter(good, issuer={**good["issuer"], "name": "Another"}), "signature_mismatch")
    refused(_alter(good, validFrom="2026-07-03T02:00:01Z"), "signature_mismatch")
    without = {name: value for name, value in good.items() if name != "validFrom"}
    refused(without, "signature_count")
    # its number taken out as well, so that the counts fit
    indexes = parts_of(good).mandatory_indexes
    refused(changed(without, mandatory_indexes=indexes[:-1]), "signature_mismatch")


def test_signatures_in_another_order_are_refused():
    good = shown(*SOME)
    signatures = parts_of(good).signatures
    for swapped in ([1, 0, *range(2, len(signatures))], [*range(len(signatures))][::-1]):
        refused(changed(good, signatures=tuple(signatures[one] for one in swapped)), "signature_mismatch")
    refused(changed(good, signatures=(signatures[1], *signatures[1:])), "signature_mismatch")
    check(changed(good, signatures=signatures))


def test_more_and_fewer_signatures_are_refused():
    good = shown(*SOME)
    signatures = parts_of(good).signatures
    refused(changed(good, signatures=signatures[1:]), "signature_count")
    refused(changed(good, signatures=(*signatures, signatures[0])), "signature_count")
    refused(changed(good, signatures=()), "signature_count")


def test_a_statement_cannot_change_between_mandatory_and_not():
    good = shown(*SOME)
    parts = parts_of(good)
    every = range(len(parts.signatures) + len(parts.mandatory_indexes))
    refused(changed(good, mandatory_indexes=parts.mandatory_indexes[1:]), "signature_count")
    refused(changed(good, mandatory_indexes=()), "signature_count")
    refused(changed(good, mandatory_indexes=tuple(every), signatures=()), "signature_mismatch")
    moved = tuple(sorted(set(every) - set(parts.mandatory_indexes)))[: len(parts.mandatory_indexes)]
    refused(changed(good, mandatory_indexes=moved), "signature_mismatch")


def test_a_mandatory_statement_that_is_not_there_is_refused():
    good = shown(*SOME)
    indexes = parts_of(good).mandatory_indexes
    refused(changed(good, mandatory_indexes=(*indexes, 1_000)), "mandatory_index")
    refused(changed(good, mandatory_indexes=(*indexes, 2**64 - 1)), "mandatory_index")
    check(changed(good, mandatory_indexes=indexes))


def test_labels_must_be_those_of_the_document_and_each_its_own():
    good = shown(*SOME)
    labels = dict(parts_of(good).labels)
    assert len(labels) == 3
    refused(changed(good, labels={**labels, 7: b"\x00" * 32}), "label_map_misfit")
    refused(changed(good, labels={0: labels[0], 1: labels[1]}), "label_map_misfit")
    refused(changed(good, labels={}), "label_map_misfit")
    refused(changed(good, labels={0: labels[0], 1: labels[1], 3: labels[2]}), "label_map_misfit")
    refused(changed(good, labels={**labels, 1: labels[0]}), "label_map_misfit")
    refused(changed(good, labels={**labels, -1: b"\x00" * 32}), "label_map_misfit")
    refused(changed(good, labels={**labels, 0: labels[1], 1: labels[0]}), "signature_mismatch")
    refused(changed(good, labels={**labels, 0: b"\x00" * 32}), "signature_mismatch")
    check(changed(good, labels=labels))


def test_two_parts_cannot_be_made_one_by_giving_them_one_label():
    """Else what was said of one could be shown as said of the other."""
    document = rich_badge()
    both = shown("/evidence/0/name", "/evidence/1/narrative", document=document)
    labels = parts_of(both).labels
    merged = changed(both, labels=dict.fromkeys(labels, labels[0]))
    refused(merged, "label_map_misfit")
    joined = {"type": ["Evidence"], "name": "A diary", "narrative": "Shot in a day."}
    for label in labels.values():
        for count in (2, 3, 4):
            signatures = parts_of(both).signatures[:count]
            one = _alter(changed(both, labels={0: label}, signatures=signatures), evidence=[joined])
            with pytest.raises(ProofInvalid):
                check(one)
    check(both)


def test_a_statement_of_one_credential_does_not_fit_another():
    """Each proof has a key of its own, so nothing can be moved between two credentials of one issuer."""
    mine, theirs = rich_badge(), rich_badge()
    theirs["credentialSubject"]["result"][0]["value"] = "1,0"
    one = shown(f"{SUBJECT}/result/0", document=mine, material=None)
    two = shown(f"{SUBJECT}/result/0", document=theirs, material=None)
    check(one)
    check(two)
    mixed = changed(_alter(one, credentialSubject=two["credentialSubject"]), labels=parts_of(two).labels)
    refused(mixed, "signature_mismatch")
    refused(changed(mixed, signatures=parts_of(two).signatures), "signature_mismatch")
    refused(
        changed(mixed, signatures=parts_of(two).signatures, public_key=parts_of(two).public_key),
        "signature_mismatch",
    )


def test_a_key_that_the_issuer_did_not_sign_counts_for_nothing():
    """Whoever makes a key pair can sign statements with it, but not have the issuer sign the key."""
    forged = rich_badge()
    forged["credentialSubject"]["result"][0]["value"] = "1,0"
    mine = dataclasses.replace(MATERIAL, proof_key=SecretKey.generate("P-256"))
    false = shown(f"{SUBJECT}/result", document=forged, material=mine, signer=ANOTHER.signer())
    check(false, key=ANOTHER)
    refused(false, "signature_mismatch")
    true = shown(f"{SUBJECT}/result")
    refused(changed(false, base_signature=parts_of(true).base_signature), "signature_mismatch")


@pytest.mark.parametrize("value", [None, 7, "", "z3", "u2V0B"], ids=repr)
def test_what_is_no_proof_value_is_refused(value):
    document = shown(*SOME)
    document["proof"]["proofValue"] = value
    refused(document, "malformed_proof_value")
