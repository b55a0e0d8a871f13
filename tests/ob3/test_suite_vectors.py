"""The published vectors of every cryptosuite, reproduced byte for byte: texts, hashes, signatures.

The ECDSA vectors were made with the deterministic nonces of RFC 6979, as we make them, so they are equal too.
"""

import hashlib
import json
from dataclasses import dataclass

import pytest

from keys import PublicKey, SecretKey
from keys.multibase import base58btc_decode, multibase_decode
from ob3 import add_proof, canonicalize, verify_proof
from ob3.canonical import canonicalize_nquads
from ob3.cryptosuite import cryptosuite_of
from ob3.proof_sets import proofs_of
from ob3.suites.jcs import JcsSuite

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
HASH = {"Ed25519": "sha256", "P-256": "sha256", "P-384": "sha384"}


@dataclass(frozen=True)
class Vector:
    """One folder of vectors, whose files end alike."""

    folder: str
    ending: str
    key_file: str
    algorithm: str = "Ed25519"

    @property
    def family(self):
        return self.folder.split("/")[0]


EDDSA = "vc-di-eddsa/keyPair.json"
P256, P384 = "vc-di-ecdsa/p256KeyPair.json", "vc-di-ecdsa/p384KeyPair.json"
VECTORS = (
    Vector("vc-di-eddsa/eddsa-rdfc-2022", "DataInt", EDDSA),
    Vector("vc-di-eddsa/eddsa-jcs-2022", "JCS", EDDSA),
    Vector("vc-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", P256, "P-256"),
    Vector("vc-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", P384, "P-384"),
    Vector("vc-di-ecdsa/ecdsa-jcs-2019-p256", "JCSECDSAP256", P256, "P-256"),
    Vector("vc-di-ecdsa/ecdsa-jcs-2019-p384", "JCSECDSAP384", P384, "P-384"),
)
OLDER = Vector("vc-di-eddsa/Ed25519Signature2020", "EdSig", EDDSA)
EMPLOYMENT = (
    Vector("vc-di-eddsa/eddsa-rdfc-2022/employ", "DataInt", EDDSA),
    Vector("vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ", "ECDSAP256", P256, "P-256"),
    Vector("vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", P384, "P-384"),
)


@pytest.fixture
def read(reference):
    """Give a function that reads one file of a vector."""

    def text(vector, name):
        return (reference / "vectors" / vector.folder / name).read_text()

    return text


@pytest.fixture
def examples(reference):
    """Give the W3C examples context, which only these vectors use."""
    return {EXAMPLES: context(reference, "credentials-examples-v2")}


def context(reference, name):
    return json.loads((reference / "contexts/w3c" / f"{name}.jsonld").read_bytes())


def secret_key(reference, vector):
    pair = json.loads((reference / "vectors" / vector.key_file).read_text())
    secret = pair.get("privateKeyMultibase") or pair["secretKeyMultibase"]
    key = SecretKey.from_seed(multibase_decode(secret)[2:], vector.algorithm)
    assert key.public_key.multikey == pair["publicKeyMultibase"]
    return key


def unsigned(reference, vector):
    return json.loads((reference / "vectors" / vector.family / "unsigned.json").read_text())


@pytest.mark.parametrize("vector", [*VECTORS, OLDER], ids=lambda one: one.folder)
def test_texts_and_hashes_of_the_w3c_vectors_are_reproduced(reference, read, examples, vector):
    signed = json.loads(read(vector, f"signed{vector.ending}.json"))
    config = json.loads(read(vector, f"proofConfig{vector.ending}.json"))
    document = {name: value for name, value in signed.items() if name != "proof"}
    suite, hash_name = cryptosuite_of(config), HASH[vector.algorithm]
    made = suite.transform(
        document, config, hash_name=hash_name, extra_contexts=examples, allow_keywords=False
    )
    texts = [one.text for one in made]
    assert texts[0] == read(vector, f"proofCanon{vector.ending}.txt")
    assert texts[1] == read(vector, f"canonDoc{vector.ending}.txt")
    hashes = [hashlib.new(hash_name, text.encode()).hexdigest() for text in texts]
    assert hashes[0] == read(vector, f"proofHash{vector.ending}.txt").strip()
    assert hashes[1] == read(vector, f"docHash{vector.ending}.txt").strip()
    assert "".join(hashes) == read(vector, f"combinedHash{vector.ending}.txt").strip()
    data = suite.hash_data(document, config, algorithm=vector.algorithm, extra_contexts=examples)
    assert data.hex() == "".join(hashes)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one.folder)
def test_the_w3c_vectors_are_signed_byte_for_byte(reference, read, examples, vector):
    signed = json.loads(read(vector, f"signed{vector.ending}.json"))
    key = secret_key(reference, vector)
    result = add_proof(
        unsigned(reference, vector),
        signer=key.signer(id=signed["proof"]["verificationMethod"]),
        created=signed["proof"]["created"],
        cryptosuite=signed["proof"]["cryptosuite"],
        extra_contexts=examples,
    )
    assert result == signed
    value = result["proof"]["proofValue"]
    assert value == read(vector, f"sigBTC58{vector.ending}.txt").strip()
    assert base58btc_decode(value[1:]).hex() == read(vector, f"sigHex{vector.ending}.txt").strip()


@pytest.mark.parametrize("vector", [*VECTORS, OLDER], ids=lambda one: one.folder)
def test_the_w3c_vectors_verify(reference, read, examples, vector):
    signed = json.loads(read(vector, f"signed{vector.ending}.json"))
    key = secret_key(reference, vector).public_key
    verified = verify_proof(signed, verification_key=key, extra_contexts=examples)
    assert verified.document == {name: value for name, value in signed.items() if name != "proof"}


@pytest.mark.parametrize("vector", EMPLOYMENT, ids=lambda one: one.folder)
def test_the_w3c_employment_vectors_hold_from_their_canonical_forms_on(reference, read, vector):
    """Their citizenship context is in no package here, so the forms are taken from the vectors themselves."""
    hash_name = HASH[vector.algorithm]
    forms = [read(vector, f"{name}{vector.ending}.txt") for name in ("proofCanon", "canonDoc")]
    assert [canonicalize_nquads(form, hash=hash_name) for form in forms] == forms
    data = b"".join(hashlib.new(hash_name, form.encode()).digest() for form in forms)
    assert data.hex() == read(vector, f"combinedHash{vector.ending}.txt").strip()
    signed = json.loads(read(vector, f"signed{vector.ending}.json"))
    signature = multibase_decode(signed["proof"]["proofValue"])
    assert PublicKey.from_multikey(signed["proof"]["verificationMethod"].split("#")[1]).verify(
        signature, data
    )
    assert secret_key(reference, vector).signer().sign(data) == signature


def test_every_published_folder_is_read(reference):
    families = ("vc-di-eddsa", "vc-di-ecdsa")
    found = {
        f"{family}/{one.name}"
        for family in families
        for one in (reference / "vectors" / family).iterdir()
        if one.is_dir()
    }
    read_elsewhere = {"vc-di-eddsa/proof-set-chain", "vc-di-ecdsa/ecdsa-sd-2023"}
    assert found - {one.folder for one in (*VECTORS, OLDER)} == read_elsewhere


def test_a_jcs_vector_carries_the_contexts_that_it_covers(read):
    signed = json.loads(read(VECTORS[1], "signedJCS.json"))
    assert isinstance(cryptosuite_of(signed["proof"]), JcsSuite)
    assert signed["proof"]["@context"] == signed["@context"]


def test_the_implementation_guides_vector_verifies_exactly(reference):
    folder = reference / "samples/impl-guide-vector"
    signed = json.loads((folder / "signed.json").read_bytes())
    expected = json.loads((folder / "expected.json").read_bytes())
    key = PublicKey.from_multikey(expected["publicKeyMultibase"])
    verified = verify_proof(signed, verification_key=key)
    config = {name: value for name, value in verified.proof.items() if name != "proofValue"}
    suite = cryptosuite_of(verified.proof)
    data = suite.hash_data(verified.document, config, algorithm="Ed25519")
    assert data.hex() == expected["proofHash"] + expected["documentHash"]
    assert multibase_decode(verified.proof["proofValue"]).hex() == expected["signature"]
    with_contexts = {**config, "@context": signed["@context"]}
    assert hashlib.sha256(canonicalize(with_contexts).encode()).hexdigest() == expected["proofHash"]


@pytest.mark.parametrize(
    ("sample", "suite"),
    [
        ("warning/simple-eddsa-2022.json", "eddsa-2022"),
        ("warning/simple_v1.json", "Ed25519Signature2020"),
        ("invalid/credential-status-revoked.json", "Ed25519Signature2020"),
    ],
)
def test_the_official_samples_in_older_suites_verify(reference, sample, suite):
    signed = json.loads((reference / "samples" / sample).read_bytes())
    for proof in proofs_of(signed):
        assert cryptosuite_of(proof).name == suite
        key = PublicKey.from_multikey(proof["verificationMethod"].split("#")[1])
        assert verify_proof(signed, verification_key=key, proof=proof).proof == proof
