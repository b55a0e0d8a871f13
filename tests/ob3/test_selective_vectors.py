"""The vectors of the W3C for `ecdsa-sd-2023` reproduce at every stage; the official sample holds."""

import hashlib
import json

import pytest

from keys import PublicKey, SecretKey
from keys.multibase import multibase_decode
from ob3.canonical import canonicalize
from ob3.nquads import parse
from ob3.selective import ECDSA_SD_2023, derive
from ob3.selective.grouping import LabelledDocument
from ob3.selective.labels import compressed, label_of, relabelled
from ob3.selective.material import ProofMaterial
from ob3.selective.pointers import read_pointer
from ob3.selective.proof_values import BaseProof, DerivedProof

CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
POINTERS = {"employ": ("employMandatory", "employSelective"), "prc": ("prCredMandatory", "prCredSelective")}


def _terms(prefix, *names, **more):
    return {name: {"@id": prefix + name, **more} for name in names}


@pytest.fixture
def contexts():
    """Give the terms of these two credentials; their published context is in no package at hand."""
    vocabulary, schema = "https://w3id.org/citizenship#", "https://schema.org/"
    date = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    classes = ("EmployablePerson", "EmploymentAuthorizationDocument", "PermanentResident")
    members = ("lprCategory", "lprNumber", "birthCountry", "commuterClassification")
    objects = ("employmentAuthorizationDocument", "permanentResidentCard")
    cards = ("PermanentResidentCard", "PermanentResidentCardCredential")
    credential = "EmploymentAuthorizationDocumentCredential"
    terms = {
        **_terms(vocabulary, *classes, *members, *objects, *cards, credential),
        **_terms(vocabulary, "residentSince", **date),
        **_terms(schema, "Person", "identifier", "additionalName", "familyName", "gender", "givenName"),
        **_terms(schema, "birthDate", **date),
        **_terms(schema, "image", **{"@type": "@id"}),
    }
    return {CITIZENSHIP: {"@context": terms}}


class Vector:
    """The files of one of the two credentials."""

    def __init__(self, reference, name):
        self.folder = reference / "vectors/vc-di-ecdsa"
        self.name = name
        keys = json.loads((self.folder / "ecdsa-sd-2023/SDKeyMaterial.json").read_bytes())
        self.key, proof_key = (_secret(keys[pair]) for pair in ("baseKeyPair", "proofKeyPair"))
        self.material = ProofMaterial(bytes.fromhex(keys["hmacKeyString"]), proof_key)
        self.signed = self.read("addSignedSDBase")
        # `prCredUnsigned.json` differs in its description from what was signed, so that is not taken
        self.document = {name: value for name, value in self.signed.items() if name != "proof"}
        self.mandatory, self.selective = (self.pointers(one) for one in POINTERS[name])

    def read(self, name):
        return json.loads((self.folder / "ecdsa-sd-2023" / self.name / f"{name}.json").read_bytes())

    def pointers(self, name):
        return json.loads((self.folder / f"{name}.json").read_bytes())

    def text(self, name):
        return (self.folder / "ecdsa-sd-2023" / self.name / name).read_text()


def _secret(pair):
    key = SecretKey.from_seed(multibase_decode(pair["secretKeyMultibase"])[2:], "P-256")
    assert key.public_key.multikey == pair["publicKeyMultibase"]
    return key


def _hex(value):
    return hashlib.sha256(value.encode()).hexdigest()


@pytest.fixture(params=sorted(POINTERS))
def vector(request, reference):
    return Vector(reference, request.param)


@pytest.fixture
def labelled(vector, contexts):
    return LabelledDocument(vector.document, hmac_key=vector.material.hmac_key, extra_contexts=contexts)


def test_the_canonical_forms_are_those_of_the_vector(vector, labelled, contexts):
    form = canonicalize(vector.document, extra_contexts=contexts)
    assert form.splitlines(keepends=True) == vector.read("addBaseDocCanon")
    assert list(labelled.lines) == vector.read("addBaseDocHMACCanon")
    options = vector.read("addProofConfig")
    assert canonicalize(options, extra_contexts=contexts) == vector.text("addProofConfigCanon.txt")


def test_the_mandatory_statements_are_those_of_the_vector(vector, labelled, contexts):
    transform = vector.read("addBaseTransform")
    mandatory = labelled.part(vector.mandatory).indexes
    lines = dict(enumerate(labelled.lines))
    assert [[index, lines[index]] for index in sorted(mandatory)] == transform["mandatory"]["value"]
    others = [[index, line] for index, line in lines.items() if index not in mandatory]
    assert others == transform["nonMandatory"]["value"]
    for row in vector.read("addPointerValues"):
        value = vector.document
        for step in read_pointer(row["pointer"]):
            value = value[step]
        assert value == row["value"]
    hashes = vector.read("addHashData")
    assert _hex("".join(lines[index] for index in sorted(mandatory))) == hashes["mandatoryHash"]
    options = vector.read("addProofConfig")
    assert _hex(canonicalize(options, extra_contexts=contexts)) == hashes["proofHash"]


def test_the_base_proof_is_that_of_the_vector(vector, contexts):
    options = {name: value for name, value in vector.read("addProofConfig").items() if name != "@context"}
    value = ECDSA_SD_2023.sign(
        vector.document,
        options,
        vector.key.signer(),
        extra_contexts=contexts,
        mandatory_pointers=vector.mandatory,
        material=vector.material,
    )
    assert value == vector.signed["proof"]["proofValue"]
    base, raw = BaseProof.read(value), vector.read("addRawBaseSignatureInfo")
    assert base.write() == value
    assert base.base_signature.hex() == raw["baseSignature"]
    assert base.public_key.multikey == raw["publicKey"]
    assert [one.hex() for one in base.signatures] == raw["signatures"]
    assert list(base.mandatory_pointers) == raw["mandatoryPointers"]
    recovered = vector.read("derivedRecoveredBaseData")
    assert base.hmac_key.hex() == recovered["hmacKey"]
    assert [one.hex() for one in base.signatures] == recovered["signatures"]


def test_the_groups_are_those_of_the_vector(vector, labelled):
    groups = vector.read("derivedGroupIndexes")
    mandatory, selective, combined = (
        sorted(labelled.part(pointers).indexes)
        for pointers in (vector.mandatory, vector.selective, [*vector.mandatory, *vector.selective])
    )
    assert mandatory == groups["mandatoryIndexes"]
    assert selective == groups["selectiveIndexes"]
    assert combined == groups["combinedIndexes"]
    assert sorted(set(range(len(labelled.lines))) - set(mandatory)) == groups["nonMandatoryIndexes"]
    adjusted = [number for number, index in enumerate(combined) if index in mandatory]
    assert adjusted == vector.read("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    whole = vector.read("derivedAllGroupData")
    assert list(labelled.lines) == whole["nquads"]


def test_the_selection_is_that_of_the_vector(vector, contexts):
    made = derive(vector.signed, selective_pointers=vector.selective, extra_contexts=contexts)
    assert made == vector.read("derivedRevealDocument")
    unsigned = {name: value for name, value in made.items() if name != "proof"}
    assert unsigned == vector.read("derivedUnsignedReveal")
    derived = DerivedProof.read(made["proof"]["proofValue"])
    for data in (vector.read("derivedDisclosureData"), vector.read("verifyDerivedProofValue")):
        labels = data["labelMap"]["value"] if isinstance(data["labelMap"], dict) else data["labelMap"]
        assert derived.base_signature.hex() == data["baseSignature"]
        assert derived.public_key.multikey == data["publicKey"]
        assert [one.hex() for one in derived.signatures] == data["signatures"]
        assert compressed({f"_:{name}": f"_:{label}" for name, label in labels}) == derived.labels
        assert list(derived.mandatory_indexes) == data["mandatoryIndexes"]
    chosen = vector.read("derivedAdjSignatures")
    assert [one.hex() for one in derived.signatures] == chosen["filteredSignatures"]
    base = BaseProof.read(vector.signed["proof"]["proofValue"])
    assert [base.signatures.index(one) for one in derived.signatures] == chosen["adjSignatureIndexes"]


def test_the_reader_finds_what_the_vector_says(vector, contexts):
    shown = vector.read("derivedRevealDocument")
    proof = shown.pop("proof")
    ECDSA_SD_2023.check(shown, proof, vector.key.public_key, extra_contexts=contexts)
    derived = DerivedProof.read(proof["proofValue"])
    lines = relabelled(parse(canonicalize(shown, extra_contexts=contexts)), derived.labels)
    assert lines == vector.read("verifyNQuads")
    data = vector.read("verifyCreateVerifyData")
    mandatory = [line for index, line in enumerate(lines) if index in derived.mandatory_indexes]
    assert [line for line in lines if line not in mandatory] == data["nonMandatory"]
    assert _hex("".join(mandatory)) == data["mandatoryHash"]
    assert all(label_of(digest) in "".join(lines) for digest in derived.labels.values())


def test_the_official_sample_holds_under_its_key(reference):
    sample = json.loads((reference / "samples/valid/sd__derivedcredential.json").read_bytes())
    (proof,) = sample.pop("proof")
    key = PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])
    ECDSA_SD_2023.check(sample, proof, key)
