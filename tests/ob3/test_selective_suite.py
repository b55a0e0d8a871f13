"""Sign, select and check with `ecdsa-sd-2023`: every refusal beside a twin that is accepted."""

import copy
import dataclasses
import hashlib

import pytest
from plain_badge import badge
from selective_badge import ANOTHER, KEY, MANDATORY, MATERIAL, OPTIONS, check, rich_badge, shown, signed

from keys import SecretKey
from ob3.canonical import canonicalize
from ob3.errors import (
    ContextRefused,
    JsonRefused,
    MalformedIri,
    Ob3Error,
    ProofInvalid,
    TooMuchWork,
    UndefinedTerm,
)
from ob3.selective import ECDSA_SD_2023, derive, mandatory_pointers_of
from ob3.selective.grouping import LabelledDocument
from ob3.selective.material import ProofMaterial, random_material
from ob3.selective.proof_values import BaseProof, DerivedProof

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


# --- safe mode


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"unknownTerm": "x"}, UndefinedTerm),
        ({"name": None}, UndefinedTerm),
        ({"@index": "hidden"}, UndefinedTerm),
        ({"id": "no address"}, MalformedIri),
        ({"id": "_:b0"}, MalformedIri),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/"]}, ContextRefused),
        ({"@context": [*badge()["@context"], {"x": "https://x.example/"}]}, ContextRefused),
        ({"evidence": [[{"type": ["Evidence"]}]]}, UndefinedTerm),
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_no_signature_would_cover_is_refused_at_every_door(change, kind):
    spoiled = {**rich_badge(), **change}
    with pytest.raises(kind):
        signed(spoiled)
    with pytest.raises(kind):
        derive({**signed(), **change}, selective_pointers=["/evidence"])
    good = shown(*SOME)
    with pytest.raises(kind):
        check({**good, **change})
    check(good)


def test_local_labels_are_refused_even_where_keywords_are_allowed():
    document = badge(evidence=[{"id": "_:x", "type": ["Evidence"]}])
    assert canonicalize(document, allow_keywords=True)
    with pytest.raises(MalformedIri) as error:
        signed(document, allow_keywords=True)
    assert error.value.code == "blank_node_label"
    assert signed(badge(evidence=[{"type": ["Evidence"]}]), allow_keywords=True)


def test_a_document_that_would_take_too_long_is_refused_at_every_door():
    """Parts that look alike and refer to each other must be told apart by trying orders."""
    names = [f"_:n{number}" for number in range(9)]
    poison = [{"id": one, "related": [{"id": other} for other in names if other != one]} for one in names]
    context = {"https://poison.example/": {"@context": {"id": "@id", "related": "https://poison.example/r"}}}
    document = {"@context": "https://poison.example/", "related": poison}
    more = {"extra_contexts": context, "allow_keywords": True}
    with pytest.raises(TooMuchWork):
        LabelledDocument(document, hmac_key=bytes(32), **more)
    proof = shown(*SOME)["proof"]
    with pytest.raises(Ob3Error):
        ECDSA_SD_2023.check(document, proof, KEY.public_key, **more)
    calm = {"@context": "https://poison.example/", "related": [{"related": [{"id": "urn:x:1"}]}]}
    assert LabelledDocument(calm, hmac_key=bytes(32), **more).lines


WORDS = {
    "https://words.example/": {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "titles": {"@id": "urn:t:titles", "@container": "@language"},
            "data": {"@id": "urn:t:data", "@type": "@json"},
            "items": {"@id": "urn:t:items", "@container": "@list"},
            "places": {"@id": "urn:t:places", "@container": "@id"},
            "parts": {"@id": "urn:t:parts", "@container": "@graph"},
            "title": "urn:t:title",
        }
    }
}
GENERIC = {"extra_contexts": WORDS, "allow_keywords": True}


def _words(**members):
    document = {"@context": "https://words.example/", "title": "Words", **members}
    return LabelledDocument(document, hmac_key=bytes(32), **GENERIC)


def test_one_language_of_several_is_shown_alone():
    """`id` is the code of Indonesian as well."""
    labelled = _words(titles={"en": "Maps", "id": "Peta", "vi": "Bản đồ"})
    part = labelled.part(["/titles/vi"])
    assert part.document["titles"] == {"vi": "Bản đồ"}
    assert [labelled.lines[index] for index in part.indexes] == [
        line for line in labelled.lines if "Bản đồ" in line
    ]
    assert labelled.part(["/titles/id"]).document["titles"] == {"id": "Peta"}


@pytest.mark.parametrize(
    ("members", "pointer", "whole"),
    [
        ({"data": {"a": 1, "b": 2}}, "/data/a", "/data"),
        ({"items": ["a", "b"]}, "/items/1", "/items"),
        ({"items": ["a", "b"]}, "/items/0", "/items"),
        ({"items": [{"items": ["a", "b"]}, "c"]}, "/items/0/items/0", "/items"),
        ({"title": {"@value": "a", "@language": "en"}}, "/title/@value", "/title"),
        ({"title": {"@value": "a", "@language": "en"}}, "/title/@language", "/title"),
    ],
    ids=["json", "last", "first", "inner", "value", "language"],
)
def test_a_part_of_a_value_is_not_shown_alone(members, pointer, whole):
    labelled = _words(**members)
    with pytest.raises(UndefinedTerm):
        labelled.part([pointer])
    assert labelled.part([whole]).document[whole[1:]] == members[whole[1:]]


def test_parts_in_graphs_of_their_own_are_shown_alone():
    labelled = _words(parts=[{"title": "a"}, {"title": "b"}])
    part = labelled.part(["/parts/1"])
    assert part.document["parts"] == [{"title": "b"}]
    assert len(part.indexes) == 2
    assert len(labelled.part(["/parts"]).indexes) == 4


def test_a_document_whose_parts_are_named_outside_them_is_refused():
    """Where the name of a member is the id of its value, the value alone does not tell what it is about."""
    with pytest.raises(UndefinedTerm) as error:
        _words(places={"urn:x:1": {"title": "y"}})
    assert error.value.code == "not_selectable"
    assert _words(places={"urn:x:1": {"id": "urn:x:1", "title": "y"}}).lines


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
    ],
    ids=repr,
)
def test_pointers_that_lead_nowhere_are_refused_when_signing_and_selecting(pointer, code):
    with pytest.raises(JsonRefused) as error:
        signed(mandatory=(pointer,))
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
